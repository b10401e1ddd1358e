// Questions to the graph. `graphql(…)` gives each its own type; `npm run codegen` makes them from schema.graphql.
import { Client, type AnyVariables, cacheExchange, fetchExchange } from "@urql/core";
import type { TypedDocumentNode } from "@graphql-typed-document-node/core";
import { graphql } from "./gql";

export const TOWNSHIPS = graphql(`
  query Townships($within: DivisionCode!, $where: TownshipWhere, $first: Int, $after: String, $last: Int, $before: String) {
    register {
      notice
    }
    townships(
      within: $within
      where: $where
      orderBy: [{ field: NAME }]
      first: $first
      after: $after
      last: $last
      before: $before
    ) {
      totalCount
      pageInfo {
        hasNextPage
        hasPreviousPage
        startCursor
        endCursor
      }
      nodes {
        id
        name
        typeLabel
      }
    }
  }
`);

export const TOWNSHIP = graphql(`
  query Township($id: ID!) {
    node(id: $id) {
      __typename
      id
      ... on Township {
        name
        divisionCode
        viewerCan {
          readNumbers
        }
        establishment {
          approved
          occupied
          stateLabel
        }
        deviations {
          text
        }
      }
    }
  }
`);

export const AGENCIES = graphql(`
  query Agencies($id: ID!, $after: String) {
    node(id: $id) {
      __typename
      id
      ... on Township {
        secondedAgencies(first: 3, after: $after) {
          totalCount
          pageInfo {
            hasNextPage
            endCursor
          }
          nodes {
            id
            name
            managementModeLabel
            competentDepartments {
              id
              name
            }
          }
        }
      }
    }
  }
`);

export const SEARCH = graphql(`
  query Search($text: String!) {
    search(text: $text, in: [TOWNSHIP], first: 10) {
      totalCount
      edges {
        fragments {
          text
          marked
        }
        node {
          id
        }
      }
    }
  }
`);

/** What a reader chose for the whole page. */
export interface Reader {
  token: string;
  asOf: string;
}

/** A client for a reader: the day goes in a header, so that every question of the page is of the same day. */
export function graph(reader: Reader): Client {
  const headers: Record<string, string> = { "accept-language": "zh-CN" };
  if (reader.token) headers["authorization"] = `Bearer ${reader.token}`;
  if (reader.asOf) headers["x-tiaokuai-as-of"] = reader.asOf;
  return new Client({
    url: "/graphql",
    preferGetMethod: false,
    exchanges: [cacheExchange, fetchExchange],
    fetchOptions: { headers },
  });
}

/** Asks; a refusal comes as an error with the words of the server, which say what to do. */
export async function ask<Data, Variables extends AnyVariables>(
  client: Client,
  document: TypedDocumentNode<Data, Variables>,
  variables: Variables,
): Promise<Data> {
  const { data, error } = await client.query(document, variables).toPromise();
  if (error) throw new Error(error.graphQLErrors.map((e) => e.message).join(" ") || "无法连接服务器。");
  if (!data) throw new Error("没有应答。");
  return data;
}
