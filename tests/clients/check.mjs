// What the scripts beside it share: arguments, one plain question to the server, a line per check, a summary.
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

export const [origin, token] = process.argv.slice(2);
if (!/^https?:\/\/[^/]+$/.test(origin ?? "")) {
  console.error(`usage: node ${process.argv[1]} ORIGIN [TOKEN]      such as http://127.0.0.1:8000`);
  process.exit(2);
}
export const endpoint = `${origin}/graphql`;
export const headers = token ? { authorization: `Bearer ${token}` } : {};

/** A path relative to this directory. */
export const here = (path) => fileURLToPath(new URL(path, import.meta.url));
export const schemaFile = here("../../schema.graphql");
export const sdl = readFileSync(schemaFile, "utf8");

/** Asks without any client library: what the clients say is compared with this. */
export async function ask(query, variables) {
  const response = await fetch(endpoint, {
    method: "POST",
    headers: { ...headers, "content-type": "application/json" },
    body: JSON.stringify({ query, variables }),
  });
  const { data, errors } = await response.json();
  if (errors) throw new Error(errors.map((error) => `${error.extensions?.code}: ${error.message}`).join("\n"));
  return data;
}

let passed = 0;
let failed = 0;

/** Runs one check. It fails by throwing; a text it returns is printed beside its name. */
export async function check(name, run) {
  try {
    const remark = await run();
    passed += 1;
    console.log(`ok    ${name}${remark ? `  (${remark})` : ""}`);
  } catch (error) {
    failed += 1;
    console.log(`FAIL  ${name}\n      ${String(error.message ?? error).trim().replaceAll("\n", "\n      ")}`);
  }
}

/** The last line, and the exit code. */
export function summary() {
  console.log(`${passed} of ${passed + failed} checks passed`);
  process.exitCode = failed === 0 && passed > 0 ? 0 : 1;
}
