// A page over the graph: a list of townships, one of them opened, its seconded agencies page by page. No framework: what
// matters here is that every field below is typed from the contract.
import type { Client } from "@urql/core";
import { AGENCIES, SEARCH, TOWNSHIP, TOWNSHIPS, ask, graph } from "./graph";
import type { TownshipsQueryVariables } from "./gql/graphql";

const PAGE = 10;

function element<E extends HTMLElement>(id: string): E {
  const found = document.getElementById(id);
  if (!found) throw new Error(`#${id} is missing`);
  return found as E;
}

/** An element with attributes and children; texts are never read as HTML. */
function make(tag: string, attributes: Record<string, string> = {}, ...children: (Node | string)[]): HTMLElement {
  const out = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) out.setAttribute(name, value);
  out.append(...children);
  return out;
}

function button(label: string, enabled: boolean, act: () => void): HTMLElement {
  const out = make("button", enabled ? { type: "button" } : { type: "button", disabled: "" }, label);
  out.addEventListener("click", act);
  return out;
}

const within = element<HTMLInputElement>("within");
const search = element<HTMLInputElement>("search");
const asOf = element<HTMLInputElement>("as-of");
const token = element<HTMLInputElement>("token");
let client: Client;
/** Counts what the reader asked for: an answer that comes too late is not shown. */
let asked = 0;

async function show(act: (current: () => boolean) => Promise<void>): Promise<void> {
  const mine = ++asked;
  try {
    await act(() => mine === asked);
    if (mine === asked) element("problem").textContent = "";
  } catch (problem) {
    if (mine === asked) element("problem").textContent = problem instanceof Error ? problem.message : String(problem);
  }
}

async function list(paging: Omit<TownshipsQueryVariables, "within">): Promise<void> {
  await show(async (current) => {
    const { townships, register } = await ask(client, TOWNSHIPS, { within: within.value.trim(), ...paging });
    if (!current()) return;
    const { pageInfo, nodes, totalCount } = townships;
    element("notice").textContent = register.notice ?? "";
    element("list-title").textContent = `乡镇、街道（${totalCount}）`;
    element("townships").replaceChildren(
      ...nodes.map((t) => make("li", {}, button(t.name, true, () => void open(t.id)), " ", make("small", {}, t.typeLabel ?? ""))),
    );
    if (nodes.length === 0) element("townships").append(make("li", { class: "empty" }, "该范围内没有已登记的乡镇。"));
    element("township-pages").replaceChildren(
      button("上一页", pageInfo.hasPreviousPage, () => void list({ last: PAGE, before: pageInfo.startCursor })),
      " ",
      button("下一页", pageInfo.hasNextPage, () => void list({ first: PAGE, after: pageInfo.endCursor })),
    );
  });
}

async function find(): Promise<void> {
  await show(async (current) => {
    const { search: found } = await ask(client, SEARCH, { text: search.value });
    if (!current()) return;
    element("list-title").textContent = `检索结果（${found.totalCount}）`;
    const row = (hit: (typeof found.edges)[number]) => {
      const name = make("button", { type: "button" }, ...hit.fragments.map((f) => (f.marked ? make("mark", {}, f.text) : f.text)));
      name.addEventListener("click", () => void open(hit.node.id));
      return make("li", {}, name);
    };
    element("townships").replaceChildren(...found.edges.map(row));
    if (found.edges.length === 0) element("townships").append(make("li", { class: "empty" }, "没有找到。"));
    element("township-pages").replaceChildren();
  });
}

async function open(id: string): Promise<void> {
  await show(async (current) => {
    const { node } = await ask(client, TOWNSHIP, { id });
    if (!current()) return;
    const section = element("township");
    if (node?.__typename !== "Township") {
      section.replaceChildren(make("p", { class: "empty" }, "该乡镇在所选时点不存在，或您无权查看。"));
      return;
    }
    const { establishment, deviations } = node;
    const numbers = establishment
      ? `编制 ${establishment.approved}，实有 ${establishment.occupied}，${establishment.stateLabel ?? ""}`
      : node.viewerCan.readNumbers
        ? "未登记编制"
        : "编制数据仅有权限的角色可见";
    const fits = deviations && deviations.length > 0 ? deviations.map((d) => d.text).join("；") : "";
    const agencies = make("ul", { id: "agencies" });
    section.replaceChildren(
      make("h2", {}, node.name),
      make("p", {}, `代码 ${node.divisionCode ?? ""} · ${numbers}`),
      ...(fits ? [make("p", {}, `与模式不符：${fits}`)] : []),
      make("h3", {}, "派驻机构"),
      agencies,
    );
    await more(id, agencies, null);
  });
}

/** Appends the next page of agencies, and a button while there are more. */
async function more(id: string, into: HTMLElement, after: string | null): Promise<void> {
  const { node } = await ask(client, AGENCIES, { id, after });
  if (node?.__typename !== "Township") return;
  const { nodes, pageInfo, totalCount } = node.secondedAgencies;
  into.previousElementSibling?.replaceChildren(`派驻机构（${totalCount}）`);
  for (const agency of nodes) {
    const departments = agency.competentDepartments.map((d) => d.name).join("、");
    into.append(make("li", { "data-id": agency.id }, agency.name, " ", make("small", {}, `${agency.managementModeLabel ?? ""} ${departments}`)));
  }
  into.parentElement?.querySelector("#more")?.remove();
  if (totalCount === 0) into.append(make("li", { class: "empty" }, "没有派驻机构。"));
  if (pageInfo.hasNextPage) {
    const next = button("更多", true, () => void show(() => more(id, into, pageInfo.endCursor ?? null)));
    next.id = "more";
    into.after(next);
  }
}

function start(): void {
  client = graph({ token: token.value.trim(), asOf: asOf.value });
  element("township").replaceChildren();
  void list({ first: PAGE });
}

for (const input of [within, asOf, token]) input.addEventListener("change", start);
search.addEventListener("input", () => void (search.value.trim() ? find() : list({ first: PAGE })));
start();
