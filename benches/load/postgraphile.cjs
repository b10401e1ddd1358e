// PostGraphile with aggregates on one schema of a database, to compare reports with: `node postgraphile.cjs URL DIRECTORY`, where DIRECTORY
// is where npm installed it. Says on which address it serves, at /graphql.

const { createServer } = require("node:http");
const { createRequire } = require("node:module");

const [url, directory] = process.argv.slice(2);
const installed = createRequire(`${directory}/package.json`);
const { postgraphile } = installed("postgraphile");
const aggregates = installed("@graphile/pg-aggregates").default;

const answer = postgraphile(url, "bench", {
  appendPlugins: [aggregates],
  disableDefaultMutations: true,
  disableQueryLog: true,
  graphiql: false,
});
const server = createServer(answer);
server.listen(0, "127.0.0.1", () => console.log(`serves on http://127.0.0.1:${server.address().port}`));
