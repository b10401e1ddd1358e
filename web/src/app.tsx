import { createGraphiQLFetcher } from "@graphiql/toolkit";
import { GraphiQL } from "graphiql";
import "graphiql/graphiql.css";
import "@graphiql/react/style.css";
import "@graphiql/plugin-doc-explorer/style.css";
import "@graphiql/plugin-history/style.css";
import { useMemo, useState } from "react";
import before from "../queries/before.graphql?raw";
import dandong from "../queries/dandong.graphql?raw";
import township from "../queries/township.graphql?raw";
import "./app.css";

/** The query and its variables stand in the part of the address after #; tokens and headers never do. */
function fromAddress(): { query?: string; variables?: string } {
  const parts = new URLSearchParams(window.location.hash.slice(1));
  return { query: parts.get("query") ?? undefined, variables: parts.get("variables") ?? undefined };
}

export function App() {
  const [token, setToken] = useState("");
  const start = useMemo(fromAddress, []);
  const fetcher = useMemo(() => {
    const bearer = token.trim().replace(/^bearer\s+/i, "");
    return createGraphiQLFetcher({
      url: "/graphql",
      enableIncrementalDelivery: false,
      headers: bearer ? { authorization: `Bearer ${bearer}` } : {},
    });
  }, [token]);
  const keep = (query: string) => {
    window.history.replaceState(null, "", `#query=${encodeURIComponent(query)}`);
  };
  return (
    <main className="page">
      <header className="bar">
        <h1>
          <a href="/">条块 Tiaokuai</a>
        </h1>
        <label>
          令牌 Token
          <input
            type="password"
            autoComplete="off"
            spellCheck={false}
            placeholder="公开数据无需令牌 · none needed for public data"
            value={token}
            onChange={(event) => setToken(event.target.value)}
          />
        </label>
      </header>
      <div className="editor">
        <GraphiQL
          fetcher={fetcher}
          initialQuery={start.query}
          initialVariables={start.variables}
          defaultQuery={township}
          defaultTabs={start.query ? undefined : [{ query: township }, { query: before }, { query: dandong }]}
          shouldPersistHeaders={false}
          onEditQuery={keep}
        />
      </div>
    </main>
  );
}
