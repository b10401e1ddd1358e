// Relay: its compiler takes a pagination fragment for every list of the contract, forwards and backwards; the queries that it
// makes of them are answered; and ids, cursors and both directions keep at run time what they promise.
// Usage: node relay.mjs ORIGIN [TOKEN]
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { stripVTControlCharacters } from "node:util";
import { buildSchema, getNamedType, isInterfaceType, isObjectType, isRequiredArgument } from "graphql";
import { ask, check, here, sdl, summary } from "./check.mjs";

const schema = buildSchema(sdl);
const root = schema.getQueryType();
const isNode = (type) => type.getInterfaces().some(({ name }) => name === "Node");
// Rows of a report are worked out anew each time: what is behind them is paged by asking for the report again.
const WORKED_OUT = ["ReportRow.records", "MeasureValue.records"];
const lists = Object.values(schema.getTypeMap())
  .filter((type) => isObjectType(type) || isInterfaceType(type))
  .flatMap((type) => Object.values(type.getFields()).map((field) => ({ type, field, name: `${type.name}.${field.name}` })))
  .filter(({ field, name }) => getNamedType(field.type).name.endsWith("Connection") && !WORKED_OUT.includes(name));

await check("`node` takes an id and nothing else", () => {
  // relay-compiler looks for exactly one argument, and refuses @refetchable on every type but Query when it finds a second.
  assert.deepEqual(root.getFields().node.args.map(({ name, type }) => `${name}: ${type}`), ["id: ID!"]);
});
await check(`the ${lists.length} lists stand at the root or in something that \`node\` finds again`, () => {
  assert.ok(lists.length > 0);
  assert.deepEqual(lists.filter(({ type }) => type !== root && !isNode(type)).map(({ name }) => name), []);
});
await check(`the ${lists.length} lists have first, after, last and before`, () => {
  const lacking = ({ field }) => ["first", "after", "last", "before"].filter((name) => !field.args.some((arg) => arg.name === name));
  const short = lists.filter((list) => lacking(list).length > 0).map((list) => `${list.name} lacks ${lacking(list).join(" and ")}`);
  if (short.length > 0) throw new Error(short.join("\n"));
});

/** What lists cannot be asked without, by the name of the argument. */
const REQUIRED = { text: '"大竹园"' };
const required = ({ field }) => field.args.filter(isRequiredArgument).map(({ name }) => `${name}: ${REQUIRED[name]}, `).join("");

/** What a front end writes for `usePaginationFragment`. Relay wants every name to begin with that of the module. */
const fragment = (module, count, cursor) => ({ type, field }) => `graphql\`
  fragment ${module}_${type.name}_${field.name} on ${type.name}
  @refetchable(queryName: "${module}_${type.name}_${field.name}_Query")
  @argumentDefinitions(count: { type: "Int", defaultValue: 3 }, cursor: { type: "String" }) {
    ${field.name}(${required({ field })}${count}: $count, ${cursor}: $cursor) @connection(key: "${module}_${field.name}") { edges { node { __typename } } }
  }\`;\n`;

/** Runs relay-compiler over one module, and returns the texts of the queries that it made. */
function compile(module, source) {
  const directory = mkdtempSync(join(tmpdir(), "tiaokuai-relay-"));
  const file = (name) => join(directory, name);
  try {
    mkdirSync(file("src"));
    writeFileSync(file(`src/${module}.js`), source);
    writeFileSync(file("schema.graphql"), sdl);
    // Persisted queries are asked for only because they come in one file of JSON.
    const persistConfig = { file: "queries.json", algorithm: "SHA256" };
    writeFileSync(file("queries.json"), "{}");
    const config = { src: "src", schema: "schema.graphql", language: "javascript", persistConfig };
    writeFileSync(file("relay.config.json"), JSON.stringify(config));
    const command = [here("node_modules/relay-compiler/cli.js"), "relay.config.json"];
    const { status, stdout, stderr } = spawnSync(process.execPath, command, { cwd: directory, encoding: "utf8" });
    if (status !== 0) throw new Error(`${stripVTControlCharacters(stdout + stderr).slice(0, 1500)} …`);
    return Object.values(JSON.parse(readFileSync(file("queries.json"), "utf8")));
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

/** An id for each type that has lists: the first object of each list at the root, and a person. */
async function sampleIds() {
  const ids = {};
  for (const list of lists.filter((list) => list.type === root && !required(list))) {
    const person = list.field.name === "appointments" ? "person { __typename id }" : "";
    const { nodes } = (await ask(`{ ${list.field.name}(first: 1) { nodes { __typename id ${person} } } }`))[list.field.name];
    // Nothing was changed or drafted yet: those lists are empty.
    if (nodes.length === 0 && ["changes", "reformDrafts"].includes(list.field.name)) continue;
    for (const { __typename, id } of [nodes[0], nodes[0].person ?? nodes[0]]) ids[__typename] = id;
  }
  return { ...ids, Organization: ids.Township };
}

for (const [module, count, cursor, from] of [["forwards", "first", "after", "endCursor"], ["backwards", "last", "before", "startCursor"]]) {
  let queries;
  await check(`relay-compiler takes ${lists.length} lists ${module}`, () => {
    queries = compile(module, lists.map(fragment(module, count, cursor)).join(""));
    assert.equal(queries.length, lists.length);
  });
  await check(`the server answers what it made of them ${module}, two pages of each list`, async () => {
    assert.ok(queries, "nothing was compiled");
    const ids = await sampleIds();
    for (const { type, field, name } of lists) {
      assert.ok(type === root || ids[type.name], `there is no ${type.name} to try ${name} on`);
      const text = queries.find((text) => text.startsWith(`query ${module}_${type.name}_${field.name}_Query`));
      const page = async (cursor) => {
        const data = await ask(text, { id: ids[type.name], count: 3, cursor });
        return (type === root ? data : data.node)[field.name];
      };
      const first = await page(null);
      const second = await page(first.pageInfo[from]);
      const seen = [...first.edges, ...second.edges].map(({ cursor }) => cursor);
      assert.equal(new Set(seen).size, seen.length, `${name}: the second page does not go on where the first ends`);
    }
  });
}

// Lists to walk from end to end. PAGE stands for the arguments of a page, SELECTION for what is asked of it.
const walks = [
  { path: ["townships"], text: 'townships(within: "2106", PAGE) SELECTION' },
  { path: ["townships"], text: 'townships(within: "2106", orderBy: [{ field: TYPE, direction: DESC }, { field: NAME }], PAGE) SELECTION' },
  { path: ["divisions"], text: 'divisions(within: "2106", where: { level: { eq: TOWNSHIP } }, PAGE) SELECTION' },
  { path: ["township", "leadershipPosts"], text: 'township(code: "610902111") { leadershipPosts(PAGE) SELECTION }' },
  {
    path: ["township", "organizations"],
    text: 'township(code: "610902111", asOf: "2022-05-31") { organizations(PAGE) SELECTION }',
    asOf: "2022-05-31",
  },
];
const WHOLE = "fragment Whole on Node { __typename id ... on Temporal { validFrom validTo } ... on Organization { name } }";
const SELECTION = "{ totalCount pageInfo { hasNextPage hasPreviousPage startCursor endCursor } edges { cursor node { ...Whole } } }";

for (const { path, text, asOf } of walks) {
  const page = async (definitions, args, variables) => {
    const query = `query ${definitions} { ${text.replace("PAGE", args).replace("SELECTION", SELECTION)} } ${WHOLE}`;
    return path.reduce((data, name) => data[name], await ask(query, variables));
  };
  await check(`every object of a page is found again by its id: ${text}`, async () => {
    const { edges } = await page("", "first: 5");
    assert.ok(edges.length > 0);
    // Where `nodes` takes a day, a thing of another day is asked for with it; `node` has no room for one.
    const dated = asOf && root.getFields().nodes.args.some(({ name }) => name === "asOf");
    const field = dated ? `nodes(ids: [$id], asOf: "${asOf}")` : "node(id: $id)";
    for (const { node } of edges) {
      const { again } = await ask(`query ($id: ID!) { again: ${field} { ...Whole } } ${WHOLE}`, { id: node.id });
      assert.deepEqual(dated ? again[0] : again, node);
    }
  });
  await check(`forwards and backwards it is the same list: ${text}`, async () => {
    // Relay names all four in a list that goes both ways, and sends null for the two that it does not mean.
    const definitions = "($first: Int, $after: String, $last: Int, $before: String)";
    const args = "first: $first, after: $after, last: $last, before: $before";
    const walk = async (count, cursor, more, from) => {
      const pages = [];
      for (let variables = { first: null, last: null, [count]: 7 }; variables; ) {
        const { edges, pageInfo, totalCount } = await page(definitions, args, variables);
        assert.deepEqual([pageInfo.startCursor, pageInfo.endCursor], [edges[0]?.cursor, edges.at(-1)?.cursor]);
        pages.push(edges.map(({ node }) => node.id));
        variables = pageInfo[more] ? { ...variables, [cursor]: pageInfo[from] } : undefined;
        if (variables) assert.ok(edges.length === 7 && pages.flat().length < totalCount, "the walk does not end where the list does");
        else assert.equal(new Set(pages.flat()).size, totalCount, "not every object was seen once");
      }
      return pages;
    };
    const forwards = (await walk("first", "after", "hasNextPage", "endCursor")).flat();
    const backwards = (await walk("last", "before", "hasPreviousPage", "startCursor")).reverse().flat();
    assert.deepEqual(backwards, forwards);
    return `${forwards.length} objects`;
  });
}
summary();
