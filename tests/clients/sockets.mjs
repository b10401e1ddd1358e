// Subscriptions as front ends take them: graphql-ws, graphql-sse, and the close codes of the protocol.
// Usage: node sockets.mjs ORIGIN TOKEN ENDING; the token is one of an ESTABLISHMENT_DIRECTOR, ENDING one that ends in a few seconds.
// The server is changed: give one of your own.
import assert from "node:assert/strict";
import { createClient as createSseClient } from "graphql-sse";
import { createClient } from "graphql-ws";
import WebSocket from "ws";
import { ask, check, headers, summary, token } from "./check.mjs";

const origin = process.argv[2];
const ending = process.argv[4];
const socket = origin.replace(/^http/, "ws") + "/graphql";
const COUNTY = "990101";
const CHANGES = "subscription($within: DivisionCode, $kinds: [RecordKind!], $since: Int) { changes(within: $within, kinds: $kinds, since: $since) { revision gone change { act principal basis { number } records { kind } } } }";

const mutate = async (name, type, input, selection = "organization { id }") => {
  const answer = await ask(`mutation($input: ${type}!) { ${name}(input: $input) { ${selection} errors { code message } revision } }`, { input });
  const payload = answer[name];
  assert.deepEqual(payload.errors, []);
  return payload;
};
let count = 0;
const found = async (extra = {}) => {
  const { township } = await ask('{ township(code: "990101101") { id } }');
  count += 1;
  return mutate("organizationEstablish", "OrganizationEstablishInput", {
    divisionCode: "990101101", kind: "INTERNAL_OFFICE", name: `订阅办公室${count}`, parent: township.id, ...extra,
  });
};

const client = (auth = `Bearer ${token}`, options = {}) =>
  createClient({ url: socket, webSocketImpl: WebSocket, connectionParams: auth ? { Authorization: auth } : undefined, retryAttempts: 0, lazy: true, ...options });

/** Subscribes, lets something be done once the server listens, and gives the first events. */
const events = async (of, variables, wanted, act) => {
  const iterator = of.iterate({ query: CHANGES, variables });
  const out = [];
  const first = iterator.next();
  // Handled below; it may fail before that.
  first.catch(() => {});
  await new Promise((resolve) => setTimeout(resolve, 400));
  const acted = await act();
  for (let next = await first; !next.done; next = await iterator.next()) {
    assert.equal(next.value.errors, undefined, JSON.stringify(next.value));
    out.push(next.value);
    if (out.length === wanted) break;
  }
  await iterator.return();
  return [out.map((answer) => answer.data.changes), acted, out];
};

await check("graphql-ws: a change comes to who may see it", async () => {
  const own = client();
  const [[event], made] = await events(own, { within: COUNTY }, 1, () => found({ basis: { number: "虚编发〔2026〕9号", title: "通知", issuer: "虚构县编委" } }));
  // The document is registered first, then the office is founded.
  assert.equal(event.revision, made.revision);
  assert.equal(event.change.act, "DOCUMENT_REGISTER");
  const public_ = client(null);
  const [[seen], , [raw]] = await events(public_, { within: COUNTY, kinds: ["ORGANIZATION"] }, 1, () => found());
  assert.deepEqual([seen.change.act, seen.change.principal], ["ORGANIZATION_ESTABLISH", null]);
  assert.deepEqual(raw.extensions.masked, ["Change.principal"]);
  await Promise.all([own.dispose(), public_.dispose()]);
});

await check("graphql-ws: what is hidden is not told, what ends is gone", async () => {
  const public_ = client(null);
  const [told, made] = await events(public_, { within: COUNTY }, 1, async () => {
    await found({ disclosed: false });
    return found();
  });
  assert.equal(told[0].revision, made.revision, "the office that is not published was told of");
  const [[gone]] = await events(public_, { within: COUNTY }, 1, () =>
    mutate("organizationAbolish", "OrganizationAbolishInput", { organization: made.organization.id }));
  assert.deepEqual(gone.gone, [made.organization.id]);
  await public_.dispose();
});

await check("graphql-ws: it goes on where it broke off", async () => {
  const own = client();
  const { register } = await ask("{ register { revision } }");
  const made = [await found(), await found(), await found()];
  const [told] = await events(own, { within: COUNTY, since: register.revision, kinds: ["ORGANIZATION"] }, 4, () => found());
  assert.deepEqual(told.slice(0, 3).map((event) => event.revision), made.map((payload) => payload.revision));
  await own.dispose();
});

await check("graphql-ws: queries, mutations and errors", async () => {
  const own = client();
  const once = async (query) => (await own.iterate({ query }).next()).value;
  assert.equal((await once('{ township(code: "990101101") { name } }')).data.township.name, "甲示镇");
  const wrong = await once('{ township(code: "990101") { name } }');
  assert.equal(wrong.errors[0].extensions.code, "BAD_USER_INPUT");
  await assert.rejects(once("{ nothing {"), (errors) => errors[0].extensions.code === "GRAPHQL_PARSE_FAILED");
  await assert.rejects(once("subscription { a: changes { revision } b: changes { revision } }"), (errors) => errors[0].extensions.code === "GRAPHQL_VALIDATION_FAILED");
  const late = await once("subscription { changes(since: 99999) { revision } }");
  assert.equal(late.errors[0].extensions.code, "BAD_USER_INPUT");
  await own.dispose();
});

await check("graphql-sse: a change comes as an event", async () => {
  const own = createSseClient({ url: `${origin}/graphql`, headers, retryAttempts: 0 });
  const [[event], made] = await events(own, { within: COUNTY, kinds: ["ORGANIZATION"] }, 1, () => found());
  assert.equal(event.revision, made.revision);
  own.dispose();
});

/** Opens a socket, sends messages one after the other, and gives the code with which it is closed. */
const closes = (messages, { protocols = ["graphql-transport-ws"], options = {} } = {}) =>
  new Promise((resolve, reject) => {
    const raw = new WebSocket(socket, protocols, options);
    const send = () => {
      const next = messages.shift();
      if (next !== undefined) raw.send(typeof next === "object" && !Buffer.isBuffer(next) ? JSON.stringify(next) : next);
    };
    raw.on("open", () => { send(); });
    raw.on("message", () => send());
    raw.on("close", (code, reason) => resolve([code, reason.toString()]));
    raw.on("error", reject);
    setTimeout(() => reject(new Error("it is not closed")), 12_000);
  });
const INIT = { type: "connection_init" };
const LISTEN = { type: "subscribe", id: "a", payload: { query: "subscription { changes { revision } }" } };
const PING = { type: "ping" };

await check("close codes are those of the protocol", async () => {
  for (const [messages, code, words, more] of [
    [["nonsense"], 4400, "Invalid message received"],
    [[{ type: "start" }], 4400, "Invalid message received"],
    [[Buffer.from([1, 2, 3])], 4400, "Invalid message received"],
    [[INIT, { type: "subscribe", id: "a" }], 4400, "Invalid message received"],
    [[INIT, { type: "subscribe", id: "a", payload: [1] }], 4400, "Invalid message received"],
    [[LISTEN], 4401, "Unauthorized"],
    [[{ type: "connection_init", payload: { authorization: "Bearer x" } }], 4403, "Forbidden"],
    [[{ type: "connection_init", payload: { authorization: 7 } }], 4403, "Forbidden"],
    [[{ type: "connection_init", payload: { authorization: `Bearer ${ending}` } }], 4403, "Forbidden"],
    [[], 4408, "Connection initialisation timeout"],
    [[PING, PING], 4408, "Connection initialisation timeout"],
    [[INIT, INIT], 4429, "Too many initialisation requests"],
    [[INIT], 4406, "Subprotocol not acceptable", { protocols: [] }],
  ]) {
    const told = await closes([...messages], more).catch((error) => [error.message]);
    assert.deepEqual(told, [code, words], JSON.stringify(messages));
  }
  // Two messages at once, since a subscription is not acknowledged.
  const twice = await new Promise((resolve) => {
    const raw = new WebSocket(socket, ["graphql-transport-ws"]);
    raw.on("open", () => raw.send(JSON.stringify(INIT)));
    raw.on("message", () => { raw.send(JSON.stringify(LISTEN)); raw.send(JSON.stringify(LISTEN)); });
    raw.on("close", (code, reason) => resolve([code, reason.toString()]));
  });
  assert.deepEqual(twice, [4409, "Subscriber for a already exists"]);
});

await check("a page of another origin opens no socket", async () => {
  const refused = (host) => closes([INIT], { options: { origin: host } }).then(() => 0, (error) => Number(/\d{3}/.exec(error.message)[0]));
  assert.equal(await refused("https://evil.example"), 403);
  assert.deepEqual(await closes([INIT, INIT], { options: { origin: "https://allowed.example" } }), [4429, "Too many initialisation requests"]);
  assert.deepEqual(await closes([INIT, INIT], { options: { origin } }), [4429, "Too many initialisation requests"]);
});

await check("one socket has a bounded number of operations", async () => {
  const refused = await new Promise((resolve) => {
    const raw = new WebSocket(socket, ["graphql-transport-ws"]);
    raw.on("open", () => raw.send(JSON.stringify(INIT)));
    raw.on("message", (text) => {
      const message = JSON.parse(text);
      if (message.type === "connection_ack") {
        for (let at = 0; at <= 20; at += 1) raw.send(JSON.stringify({ ...LISTEN, id: `s${at}` }));
      } else {
        resolve(message);
        raw.close();
      }
    });
  });
  assert.deepEqual([refused.type, refused.id, refused.payload[0].extensions.code], ["error", "s20", "QUERY_TOO_LARGE"]);
});

summary();
