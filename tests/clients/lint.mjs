// The contract in the eyes of @graphql-eslint: its recommended rules for schemas and its Relay rules, all of them switched on.
// Usage: node lint.mjs ORIGIN [TOKEN]. It reads the file schema.graphql, and asks the server only whether it serves the same.
import assert from "node:assert/strict";
import plugin from "@graphql-eslint/eslint-plugin";
import { ESLint } from "eslint";
import { buildSchema } from "graphql";
import { check, here, origin, schemaFile, sdl, summary } from "./check.mjs";

// Types without identity. They have no `id`, because nobody can ask for one of them alone: it comes with what it belongs to.
const VALUES = [
  // Relay lays down the shape of a page; it has none of its own to be found by.
  "PageInfo",
  // There is one in a whole answer: the register, its counts, and whoever asks, with what the token grants.
  "RegisterInfo", "RegisterCounts", "Viewer", "ViewerCan", "Grant",
  // Vocabulary: a list is known by its name, a value by its code.
  "CodeList", "CodeValue",
  // Computed at each query from other records, for a day and a viewer: nothing stored bears that identity.
  "Establishment", "PatternDeviation", "SearchFragment",
  // Parts of one record, which has the id: of a person, an appointment, a body, a division, a pattern.
  // Of a change: what it wrote, and the event that tells of it; of a payload what was said of an act.
  "ChangeRecord", "ChangedField", "ChangeEvent", "UserError",
  // How far one's own import is, which has a name and no place in the register.
  "ImportProgress",
  // Reports are worked out at each query, for a day and a viewer; the catalog is vocabulary; a link ends by itself.
  "Report", "ReportColumn", "ReportRow", "MeasureValue", "DimensionValue", "ReportNotice", "ExportLink",
  "ReportCatalog", "ReportDimensionInfo", "ReportMeasureInfo", "ReportSegmentInfo",
  "PersonPrivate", "Consultation", "DatedName", "DivisionStatistics", "SettingSlot",
];
// What came of an act, which is said once; its objects have ids.
const EXCEPTIONS = { suffixes: ["Connection", "Edge", "Payload"], types: VALUES };

const rules = { ...plugin.configs["flat/schema-recommended"].rules, ...plugin.configs["flat/schema-relay"].rules };
rules["@graphql-eslint/strict-id-in-types"] = ["error", { exceptions: EXCEPTIONS }];
// Without this every list is refused that is not one of edges, `nodes` in a connection and `values` of a code list alike.
// The rule knows no finer exception; what else it asks of edges stays on.
rules["@graphql-eslint/relay-edge-types"] = ["error", { listTypeCanWrapOnlyEdgeType: false }];

const eslint = new ESLint({
  cwd: here("../.."),
  overrideConfigFile: true, // no configuration from a directory above
  overrideConfig: {
    files: ["**/*.graphql"],
    plugins: { "@graphql-eslint": plugin },
    languageOptions: { parser: plugin.parser, parserOptions: { graphQLConfig: { schema: schemaFile } } },
    // A comment that switches a rule off where nothing is to be switched off is an error too.
    linterOptions: { reportUnusedDisableDirectives: "error" },
    rules,
  },
});
const [{ messages, suppressedMessages }] = await eslint.lintFiles([schemaFile]);

for (const rule of Object.keys(rules)) {
  await check(rule.replace("@graphql-eslint/", ""), () => {
    const found = messages.filter((message) => message.ruleId === rule);
    const shown = found.slice(0, 5).map(({ line, message }) => `line ${line}: ${message.split("\n")[0]}`);
    if (found.length > 0) throw new Error([`${found.length} complaints`, ...shown].join("\n"));
  });
}
await check("nothing else is reported", () => {
  const others = messages.filter(({ ruleId }) => !(ruleId in rules));
  assert.deepEqual(others.map(({ line, message }) => `line ${line}: ${message}`), []);
});
await check("a comment in the file excuses one field and no more", () => {
  // Townships inherit it from the interface Organization, where it is not the prefix of anything.
  const expected = ['Field "township" starts with the name of the parent type "Township"'];
  assert.deepEqual(suppressedMessages.map(({ message }) => message), expected);
});
await check("every type named as a value exists and has no id", () => {
  const schema = buildSchema(sdl);
  assert.deepEqual(VALUES.filter((name) => schema.getType(name)?.getFields().id !== undefined || !schema.getType(name)), []);
});
await check("the server serves the schema that was checked", async () => {
  const served = await (await fetch(`${origin}/schema.graphql`)).text();
  assert.ok(served === sdl, "schema.graphql differs from ORIGIN/schema.graphql: build the server again, or `make golden`");
});
summary();
