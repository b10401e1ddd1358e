//! HTTP around GraphQL: methods, media types, pages, CORS, health.

use crate::harness::{BACKENDS, server};
use serde_json::json;

const TYPENAME: &[u8] = b"{\"query\":\"{__typename}\"}";

#[test]
fn media_types_are_negotiated() {
    let client = server(BACKENDS[0]);
    let ask =
        |accept: &str| client.post(TYPENAME, &[("content-type", "application/json"), ("accept", accept)]);
    for (accept, kind) in [
        ("application/json", "application/json"),
        ("*/*", "application/json"),
        ("application/graphql-response+json", "application/graphql-response+json"),
        ("application/graphql-response+json, application/json;q=0.5", "application/graphql-response+json"),
    ] {
        let answer = ask(accept);
        assert_eq!(answer.status, 200);
        assert!(
            answer.header("content-type").starts_with(kind),
            "{accept}: {}",
            answer.header("content-type")
        );
        assert_eq!(answer.json(), json!({ "data": { "__typename": "Query" } }));
    }
    assert_eq!((ask("text/html").status, ask("text/html").code().as_str()), (406, "NOT_ACCEPTABLE"));
    // Under application/json a refused document is an answer like any other.
    let body = br#"{"query":"{nothing}"}"#;
    assert_eq!(
        client.post(body, &[("content-type", "application/json"), ("accept", "application/json")]).status,
        200
    );
    let other = [("content-type", "application/json"), ("accept", "application/graphql-response+json")];
    assert_eq!(client.post(body, &other).status, 400);
}

#[test]
fn get_is_for_queries() {
    let client = server(BACKENDS[0]);
    let answer = client.get("/graphql?query=query($c:DivisionCode!)%7Bdivision(code:$c)%7Bname%7D%7D&variables=%7B%22c%22:%222106%22%7D", &[]);
    assert_eq!(answer.json(), json!({ "data": { "division": { "name": "丹东市" } } }));
    assert_eq!(client.get("/graphql", &[]).status, 400);
    assert_eq!(client.get("/graphql?query=%7B__typename%7D&variables=x", &[]).status, 400);
    let answer = client.get("/graphql?query=mutation%7Bx%7D", &[]);
    assert_eq!((answer.status, answer.header("allow")), (405, "GET, POST"));
    let agent = ureq::Agent::config_builder().http_status_as_error(false).build().new_agent();
    let answer = agent.put(format!("{}/graphql", client.origin)).send(TYPENAME).unwrap();
    assert_eq!(answer.status(), 405);
}

#[test]
fn the_order_of_the_query_is_the_order_of_the_answer() {
    let client = server(BACKENDS[0]);
    let text = client
        .raw("{ register { synthetic revision } z: __typename a: register { revision } }", json!({}))
        .text;
    assert_eq!(
        text,
        r#"{"data":{"register":{"synthetic":true,"revision":2},"z":"Query","a":{"revision":2}}}"#
    );
}

#[test]
fn pages_health_and_contract_are_served() {
    for backend in BACKENDS {
        let client = server(backend);
        assert_eq!((client.get("/healthz", &[]).status, client.get("/readyz", &[]).status), (200, 200));
        let start = client.get("/", &[("accept-language", "zh")]).text;
        assert!(start.contains("44719"), "{start}");
        assert!(start.contains("演示数据") && start.matches("/graphiql#query=").count() == 3, "{start}");
        assert!(client.get("/", &[]).text.contains("synthetic"));
        assert_eq!(client.get("/schema.graphql", &[]).text, tiaokuai::graph::sdl());
        let answer = client.get("/nothing", &[]);
        assert_eq!((answer.status, answer.code().as_str()), (404, "NOT_FOUND"));
        assert_eq!(client.get("/graphiql/../Cargo.toml", &[]).status, 404);
        assert_eq!(client.get("/graphiql/assets/none.js", &[]).status, 404);
        for name in ["content-security-policy", "x-content-type-options", "referrer-policy"] {
            for path in ["/", "/nothing", "/graphiql/", "/graphql"] {
                assert!(!client.get(path, &[]).header(name).is_empty(), "{path} {name}");
            }
            let refused = client.post(b"", &[("content-type", "application/json")]);
            assert!(!refused.header(name).is_empty(), "{name}");
        }
        // Packed for who takes it, the same for who does not, time and again.
        let plain = client.get("/graphiql/index.html", &[("accept-encoding", "identity")]);
        assert!(plain.status == 404 || plain.text.contains("<html"), "{}", plain.text);
        assert_eq!(client.get("/graphiql/index.html", &[("accept-encoding", "identity")]).text, plain.text);
    }
}

#[test]
fn what_the_library_answers_by_itself_is_bounded_too() {
    let long =
        |n: usize| (0..n).map(|at| format!("{}{at:03}: description", "x".repeat(96))).collect::<Vec<_>>();
    let ask = |n: usize| {
        let fields = long(n).join(" ");
        server(BACKENDS[0]).raw(
            &format!(
                "{{ __schema {{ types {{ inputFields {{ type {{ inputFields {{ {fields} }} }} }} }} }} }}"
            ),
            json!({}),
        )
    };
    let short = ask(1);
    assert!(
        short.status == 200 && short.code().is_empty() && short.text.len() > 500_000,
        "{}",
        short.text.len()
    );
    let refused = ask(30);
    assert_eq!(refused.code(), "QUERY_TOO_EXPENSIVE", "{} bytes", refused.text.len());
    assert!(refused.text.len() < 1_000 && refused.json().get("data").is_none(), "{}", refused.text);
}

#[test]
fn origins_are_allowed_by_a_list() {
    let client = server(BACKENDS[0]);
    let ask = |origin| client.post(TYPENAME, &[("content-type", "application/json"), ("origin", origin)]);
    let good = ask("https://allowed.example");
    assert_eq!((good.status, good.header("access-control-allow-origin")), (200, "https://allowed.example"));
    let other = ask("https://evil.example");
    // Answered, as a browser sends the origin of the server's own pages too; but no page elsewhere may read it.
    assert_eq!((other.status, other.header("access-control-allow-origin")), (200, ""));
    let preflight =
        |origin| client.options("/graphql", &[("origin", origin), ("access-control-request-method", "POST")]);
    assert_eq!(preflight("https://allowed.example").header("access-control-allow-methods"), "GET, POST");
    assert_eq!(preflight("https://evil.example").header("access-control-allow-origin"), "");
}

#[test]
fn requests_have_ids() {
    let client = server(BACKENDS[0]);
    let (a, b) = (client.raw("{ nothing }", json!({})), client.raw("{ nothing }", json!({})));
    assert_eq!(a.header("x-request-id"), a.json()["errors"][0]["extensions"]["requestId"]);
    assert_ne!(a.header("x-request-id"), b.header("x-request-id"));
}
