// How a front end uses what graphql-codegen makes. It is compiled and not run: every line is a question to the type checker,
// and @ts-expect-error says that the answer has to be no.
import type { ResultOf, VariablesOf } from "@graphql-typed-document-node/core";
import { useFragment, type FragmentType } from "../generated/fragment-masking.js";
import { BodyCardFragmentDoc, BodyDocument, NumbersDocument, TownshipRowFragmentDoc, TownshipsDocument } from "../generated/graphql.js";

declare function ask<Document>(document: Document, variables: VariablesOf<Document>): ResultOf<Document>;

// A component names the fragment that it shows, and sees nothing else.
function row(township: FragmentType<typeof TownshipRowFragmentDoc>): string {
  const { name, divisionCode, type } = useFragment(TownshipRowFragmentDoc, township);
  const code: string | null = divisionCode; // a DivisionCode is a string
  // @ts-expect-error the values of an enum are a closed list
  if (type === "METROPOLIS") return name;
  return `${code} ${name}`;
}

const page = ask(TownshipsDocument, { within: "2106", first: 20, after: null });
const rows: string[] = page.townships.edges.map(({ node }) => row(node));
const cursor: string | null = page.townships.pageInfo.endCursor;
// @ts-expect-error what the fragment asks for is masked outside of it
page.townships.edges[0]?.node.name;
// @ts-expect-error a code is text, not a number
ask(TownshipsDocument, { within: 2106 });
// @ts-expect-error within is required by the operation
ask(TownshipsDocument, {});

const { node } = ask(BodyDocument, { id: "…" });
// @ts-expect-error node may be null, and need not be an organisation
useFragment(BodyCardFragmentDoc, node).validFrom;
if (node !== null && node.__typename === "Township") {
  const since: string | null = useFragment(BodyCardFragmentDoc, node).validFrom; // a Date is a string
  console.log(since);
}

const numbers = ask(NumbersDocument, { code: "2106" });
const loaded: string = numbers.register.loadedAt; // a DateTime is a string
// @ts-expect-error what not everybody may read can be null
const approved: number = numbers.division.establishment.approved;
console.log(rows, cursor, loaded, approved);
