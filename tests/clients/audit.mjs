// GraphQL over HTTP, by the audits of the reference implementation graphql-http: all of MUST, SHOULD and MAY.
// Usage: node audit.mjs ORIGIN [TOKEN]
import { serverAudits } from "graphql-http";
import { check, endpoint, headers, summary } from "./check.mjs";

const audits = serverAudits({
  url: endpoint,
  fetchFn: (url, { headers: given, ...init } = {}) => fetch(url, { ...init, headers: { ...headers, ...given } }),
});
// After an update of the package it may be more or fewer: look which, then change the number.
if (audits.length !== 61) await check("there are 61 audits", () => Promise.reject(new Error(`there are ${audits.length}`)));
for (const { id, name, fn } of audits) {
  await check(`${id} ${name}`, async () => {
    const { status, reason } = await fn();
    if (status !== "ok") throw new Error(`${status}: ${reason}`);
  });
}
summary();
