// Runs a query in GraphiQL in headless Chromium and asks that nothing is requested from another host.
// Usage: node test/graphiql.mjs http://127.0.0.1:PORT TOKEN [SCREENSHOT]
import { launch } from "./chromium.mjs";

const [origin, token, screenshot] = process.argv.slice(2);
const { page, problems, close } = await launch({ width: 1400, height: 900 });
const foreign = [];
const fail = async (message) => {
  console.error(message);
  if (screenshot) await page.screenshot({ path: screenshot });
  await close();
  process.exit(1);
};
page.context().on("request", (request) => {
  const url = request.url();
  if (!url.startsWith(origin) && !url.startsWith("data:") && !url.startsWith("blob:")) foreign.push(url);
});

page.setDefaultTimeout(20000);
process.on("uncaughtException", (error) => fail(`${error}\n${problems.join("\n")}\nother hosts: ${foreign.join(" ")}`));

await page.goto(origin);
const links = await page.locator("ol a").count();
if (links !== 3) await fail(`the start page has ${links} queries to try, not 3`);
await page.locator("ol a").nth(2).click();
await page.getByLabel("令牌 Token").fill(token);
await page.locator(".graphiql-execute-button").waitFor();
await page.locator(".graphiql-query-editor .view-line").first().waitFor();
await page.locator(".graphiql-execute-button").click();
try {
  await page.waitForFunction(
    () => (document.querySelector(".graphiql-response .view-lines")?.textContent ?? "").includes("5292"),
    { timeout: 20000 },
  );
} catch {
  const shown = await page.locator(".graphiql-response").textContent();
  await fail(`the answer does not show 5292 posts: ${shown}\n${problems.join("\n")}`);
}
if (page.url().includes(token)) await fail("the token stands in the address");
if (screenshot) await page.screenshot({ path: screenshot });
if (foreign.length > 0) await fail(`requests to other hosts: ${foreign.join(" ")}`);
if (problems.length > 0) await fail(`errors in the console: ${problems.join("\n")}`);
await close();
console.log("GraphiQL runs a query; no request to another host; no error in the console");
