// Clients that front ends use, asking real questions: what they hand out has to be what the server said.
// Usage: node clients.mjs ORIGIN [TOKEN]; the token is one of an ESTABLISHMENT_DIRECTOR without scope, or none.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readFileSync, readdirSync, rmSync } from "node:fs";
import { isDeepStrictEqual } from "node:util";
import { ApolloClient, HttpLink, InMemoryCache } from "@apollo/client";
import { relayStylePagination } from "@apollo/client/utilities";
import { generate } from "@graphql-codegen/cli";
import { CriticalityLevel, diff, validate } from "@graphql-inspector/core";
import { cacheExchange, Client, fetchExchange } from "@urql/core";
import { buildASTSchema, buildSchema, isInterfaceType, parse, print, separateOperations, Source, visit } from "graphql";
import { filter, firstValueFrom } from "rxjs";
import { ask, check, endpoint, headers, here, schemaFile, sdl, summary, token } from "./check.mjs";

const schema = buildSchema(sdl);
/** The operations of src/questions.graphql by name, each with its fragments; and what the server says to them, plainly asked. */
const questions = separateOperations(parse(readFileSync(here("src/questions.graphql"), "utf8")));
const plainly = (name, variables) => ask(print(questions[name]), variables);

/** An answer without the `__typename` that caches add to every selection. */
const bare = (data) => JSON.parse(JSON.stringify(data, (key, value) => (key === "__typename" ? undefined : value)));

const DANDONG = { within: "2106", first: 20 };

/** Published totals: 84 townships, and 5,292 posts that only a token shows. */
function assertNumbers({ division, register }) {
  assert.deepEqual([division.name, division.registeredTownships], ["丹东市", 84]);
  assert.equal(division.establishment?.approved, token ? 5292 : undefined);
  assert.match(register.loadedAt, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
}

for (const [method, preferGetMethod] of [["POST", false], ["GET", "force"]]) {
  await check(`urql by ${method}: numbers, and a page that the cache keeps`, async () => {
    const methods = [];
    const noting = (url, options) => methods.push(options.method ?? "GET") && fetch(url, options);
    const exchanges = [cacheExchange, fetchExchange];
    const client = new Client({ url: endpoint, exchanges, fetchOptions: { headers }, preferGetMethod, fetch: noting });
    const query = async (name, variables) => {
      const { data, error, operation } = await client.query(questions[name], variables);
      if (error) throw error;
      return { data, cache: operation.context.meta.cacheOutcome };
    };
    assertNumbers((await query("Numbers", { code: "2106" })).data);
    assert.deepEqual(bare((await query("Townships", DANDONG)).data), await plainly("Townships", DANDONG));
    assert.equal((await query("Townships", DANDONG)).cache, "hit");
    assert.deepEqual(methods, [method, method], "one request for each question, the third from the cache");
  });
}

const interfaces = Object.values(schema.getTypeMap()).filter(isInterfaceType);
const possibleTypes = Object.fromEntries(interfaces.map((type) => [type.name, schema.getPossibleTypes(type).map(({ name }) => name)]));
const townships = relayStylePagination(["within", "asOf", "where", "orderBy"]);
const cache = new InMemoryCache({ possibleTypes, typePolicies: { Query: { fields: { townships } } } });
const apollo = new ApolloClient({ link: new HttpLink({ uri: endpoint, headers }), cache });
let rows;

await check("Apollo: numbers", async () => {
  assertNumbers((await apollo.query({ query: questions.Numbers, variables: { code: "2106" } })).data);
});
await check("Apollo: fetchMore joins the second page to the first", async () => {
  const list = apollo.watchQuery({ query: questions.Townships, variables: DANDONG });
  const { data } = await firstValueFrom(list.pipe(filter(({ loading }) => !loading)));
  assert.deepEqual(bare(data), await plainly("Townships", DANDONG));
  await list.fetchMore({ variables: { after: data.townships.pageInfo.endCursor } });
  ({ townships: rows } = cache.readQuery({ query: questions.Townships, variables: DANDONG }));
  assert.deepEqual(bare(rows), (await plainly("Townships", { ...DANDONG, first: 40 })).townships);
  return `${rows.edges.length} of ${rows.totalCount} townships`;
});
await check("Apollo: what `node` finds is the entry that the list made", async () => {
  const [{ node: row }] = rows.edges;
  const entries = () => Object.keys(cache.extract()).filter((key) => key.startsWith("Township:"));
  const before = entries();
  await apollo.query({ query: questions.Body, variables: { id: row.id } });
  const { node } = await plainly("Body", { id: row.id });
  const all = cache.extract();
  assert.deepEqual(all.ROOT_QUERY[`node({"id":"${row.id}"})`], { __ref: `Township:${row.id}` });
  const { name, divisionCode, "kindLabel({\"locale\":\"EN\"})": label } = all[`Township:${row.id}`];
  assert.deepEqual([name, divisionCode, label], [row.name, row.divisionCode, node.kindLabel], "fields of both questions");
  assert.deepEqual(entries(), before);
});
await check("Apollo: with `asOf` in the key, one town on two days is two things to its cache", async () => {
  const dated = Object.fromEntries(possibleTypes.Node.map((name) => [name, { keyFields: ["id", "asOf"] }]));
  const link = new HttpLink({ uri: endpoint, headers });
  const apollo = new ApolloClient({ link, cache: new InMemoryCache({ possibleTypes, typePolicies: dated }) });
  const variables = { code: "610902111", before: "2022-05-31", after: "2022-06-01" };
  const plain = await plainly("TwoDays", variables);
  const names = (town) => town.organizations.nodes.map(({ name }) => name);
  assert.notDeepEqual(names(plain.before), names(plain.after));
  const { data } = await apollo.query({ query: questions.TwoDays, variables });
  for (const day of ["before", "after"]) {
    const same = isDeepStrictEqual(bare(data[day].organizations), plain[day].organizations);
    assert.ok(same, `\`${day}\` shows the bodies of the other day: both have the same id, so the cache takes them for one object`);
  }
});

await check("graphql-codegen: client-preset makes TypeScript that a strict compiler takes", async () => {
  rmSync(here("generated"), { recursive: true, force: true });
  // A scalar that is missing here is an error, not an `any`.
  const scalars = { Date: "string", DateTime: "string", DivisionCode: "string", CreditCode: "string" };
  const config = { scalars, strictScalars: true, useTypeImports: true };
  const generates = { [here("generated/")]: { preset: "client", config } };
  await generate({ schema: schemaFile, documents: here("src/*.graphql"), generates, cwd: here("."), silent: true }, true);
  const tsc = spawnSync(process.execPath, [here("node_modules/typescript/bin/tsc"), "--noEmit", "-p", here(".")], { encoding: "utf8" });
  assert.equal(tsc.status, 0, tsc.stdout + tsc.stderr);
});

await check("graphql-inspector: the documents of the web application and of these tests are valid", () => {
  const files = ["../../web/queries/", "src/"].flatMap((directory) =>
    readdirSync(here(directory)).filter((name) => name.endsWith(".graphql")).map((name) => here(directory + name)),
  );
  const problems = files.flatMap((file) => validate(schema, [new Source(readFileSync(file, "utf8"), file)]));
  const faults = problems.map(({ source, errors, deprecated }) => `${source.name}: ${[...errors, ...deprecated].join("; ")}`);
  assert.deepEqual(faults, []);
  assert.equal(validate(schema, [new Source("{ nonsense }")]).length, 1, "it finds what is wrong, too");
  return `${files.length} files`;
});
await check("graphql-inspector: nothing differs from itself, and to remove a field is breaking", async () => {
  assert.deepEqual(await diff(schema, buildSchema(sdl)), []);
  const less = buildASTSchema(visit(parse(sdl), { FieldDefinition: ({ name }) => (name.value === "typeLabel" ? null : undefined) }));
  const changes = await diff(schema, less);
  const breaking = changes.filter(({ criticality }) => criticality.level === CriticalityLevel.Breaking).map(({ path }) => path);
  assert.ok(breaking.includes("Township.typeLabel"), `breaking: ${breaking}`);
  assert.deepEqual((await diff(less, schema)).filter(({ criticality }) => criticality.level === CriticalityLevel.Breaking), []);
});
summary();
