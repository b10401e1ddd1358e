// What changed in the contract since the last release, by graphql-inspector. Exit code 1 when a change breaks clients.
// Usage: node diff.mjs [OLD.graphql]; the newest file in docs/contract when absent.
import { readFileSync, readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { CriticalityLevel, diff } from "@graphql-inspector/core";
import { buildSchema } from "graphql";

const root = new URL("../../", import.meta.url);
const releases = readdirSync(new URL("docs/contract/", root)).filter((name) => name.endsWith(".graphql"));
releases.sort((a, b) => a.localeCompare(b, "en", { numeric: true }));
const old = process.argv[2] ?? fileURLToPath(new URL(`docs/contract/${releases.at(-1)}`, root));
const read = (file) => buildSchema(readFileSync(file, "utf8"));
const changes = await diff(read(old), read(new URL("schema.graphql", root)));

/** Changes by their type. */
function grouped(found) {
  const out = {};
  for (const change of found) (out[change.type] ??= []).push(change);
  return out;
}

const kinds = [
  [CriticalityLevel.Breaking, "breaking"],
  [CriticalityLevel.Dangerous, "dangerous"],
  [CriticalityLevel.NonBreaking, "not breaking"],
];
console.log(`schema.graphql against ${old}`);
for (const [level, name] of kinds) {
  const found = changes.filter(({ criticality }) => criticality.level === level);
  console.log(`\n${found.length} ${name}`);
  // What is merely new is long and harmless: its number is enough. Of many alike a few are.
  if (level === CriticalityLevel.NonBreaking) continue;
  for (const [type, alike] of Object.entries(grouped(found))) {
    const shown = level === CriticalityLevel.Breaking ? alike : alike.slice(0, 5);
    for (const { message } of shown) console.log(`  ${message}`);
    if (shown.length < alike.length) console.log(`  … and ${alike.length - shown.length} more of ${type}`);
  }
}
process.exit(changes.some(({ criticality }) => criticality.level === CriticalityLevel.Breaking) ? 1 : 0);
