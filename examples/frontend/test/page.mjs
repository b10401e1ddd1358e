// Opens the built page in headless Chromium against a running server and uses it like a reader.
// Usage: node test/page.mjs http://127.0.0.1:PORT TOKEN [SCREENSHOT]
import { preview } from "vite";
import { launch } from "../../../web/test/chromium.mjs";

const [origin, token, screenshot] = process.argv.slice(2);
process.env.TIAOKUAI_ORIGIN = origin;
const root = new URL("..", import.meta.url).pathname;
const server = await preview({ root, preview: { port: 0, host: "127.0.0.1", proxy: { "/graphql": origin } } });
const address = `http://127.0.0.1:${server.httpServer.address().port}/`;
const { page, problems, close } = await launch({ width: 1200, height: 800 });
page.setDefaultTimeout(15000);

const must = (what, is) => {
  if (!is) throw new Error(what);
};
const rows = () => page.locator("#townships li button").allTextContents();
const settled = (text) => page.getByText(text, { exact: false }).first().waitFor();

async function use() {
  await page.goto(address);
  await settled("乡镇、街道（84）");
  const first = await rows();
  must(`the first page has 10 townships, not ${first.length}`, first.length === 10);
  const collator = new Intl.Collator("zh-CN-u-co-pinyin");
  must(`the order is pinyin: ${first}`, [...first].sort(collator.compare).join() === first.join());

  await page.getByRole("button", { name: "下一页" }).click();
  await page.waitForFunction((name) => document.querySelector("#townships button")?.textContent !== name, first[0]);
  must("the second page is another one", (await rows()).every((name) => !first.includes(name)));
  await page.getByRole("button", { name: "上一页" }).click();
  await page.waitForFunction((name) => document.querySelector("#townships button")?.textContent === name, first[0]);
  must("the page before is the first", (await rows()).join() === first.join());
  must("nothing stands before the first page", await page.getByRole("button", { name: "上一页" }).isDisabled());

  await page.locator("#within").fill("513428100");
  await page.locator("#within").press("Tab");
  await settled("乡镇、街道（1）");
  await page.getByRole("button", { name: "普基镇" }).click();
  await settled("编制数据仅有权限的角色可见");
  await page.locator("#agencies li").first().waitFor();
  const total = Number(/（(\d+)）/.exec(await page.locator("h3").textContent())?.[1]);
  must(`there is more than a page of agencies: ${total}`, total > 3);
  while (await page.locator("#more").count()) {
    const before = await page.locator("#agencies li").count();
    await page.locator("#more").click();
    await page.waitForFunction((n) => document.querySelectorAll("#agencies li").length > n, before);
  }
  const ids = await page.locator("#agencies li").evaluateAll((all) => all.map((li) => li.getAttribute("data-id")));
  must(`all agencies once each: ${ids.length} of ${total}`, ids.length === total && new Set(ids).size === total);

  await page.locator("#token").fill(token);
  await page.locator("#token").press("Tab");
  await settled("乡镇、街道（1）");
  await page.getByRole("button", { name: "普基镇" }).click();
  await page.getByText(/编制 \d+，实有 \d+/).waitFor();
  const now = await page.locator("#township p").first().textContent();
  await page.locator("#as-of").fill("2020-12-31");
  await page.locator("#as-of").press("Tab");
  await page.getByRole("button", { name: "普基镇" }).click();
  await page.getByText(/编制 \d+，实有 \d+/).waitFor();
  must("another day has other numbers", (await page.locator("#township p").first().textContent()) !== now);

  await page.locator("#search").fill("puji");
  await settled("检索结果");
  await page.locator("mark", { hasText: "普基" }).first().waitFor();
  await page.locator("#search").fill("");
  await settled("乡镇、街道（1）");

  await page.locator("#within").fill("2199");
  await page.locator("#within").press("Tab");
  await page.getByRole("alert").getByText("2199").waitFor();
}

let failed = true;
try {
  await use();
  // A refused question is a 200 or 400 of ours, shown on the page; nothing else may stand in the console.
  const others = problems.filter((text) => !text.includes("400 (Bad Request)"));
  must(`errors in the console: ${others.join("\n")}`, others.length === 0);
  failed = false;
  console.log("the page lists, pages, opens, searches and says what was refused");
} catch (error) {
  console.error(`${error}\n${problems.join("\n")}\n${await page.locator("body").innerText()}`);
} finally {
  if (screenshot) await page.screenshot({ path: screenshot });
  await close();
  await server.close();
  process.exit(failed ? 1 : 0);
}
