//! Bad input: a clear error with a code, at once, and the server goes on.

use crate::harness::{BACKENDS, server};
use serde_json::json;
use std::fmt::Write as _;
use std::io::{Read, Write};
use std::time::{Duration, Instant};

/// Ten times what it should take, on a noisy machine with a build that is not optimised.
const AT_ONCE: Duration = Duration::from_millis(500);

/// Filters through relations of relations, each with many conditions: the budget counts every one of them.
#[test]
fn a_filter_cannot_hide_its_work() {
    let deep = |inner: serde_json::Value| {
        let children = |inner| json!({ "children": { "some": inner } });
        json!({ "parent": children(json!({ "ancestors": { "some": children(children(children(inner))) } })) })
    };
    let many = |one: serde_json::Value| json!({ "or": vec![one; 90] });
    let client = server(BACKENDS[0]);
    let query = "query($w: DivisionWhere) { divisions(within: \"513428100\", where: $w, first: 1) { nodes { name } } }";
    for inner in
        [many(json!({ "registeredTownships": { "eq": 123_456 } })), many(json!({ "id": { "eq": "x" } }))]
    {
        let began = Instant::now();
        let answer = client.raw(query, json!({ "w": deep(inner.clone()) }));
        assert_eq!(answer.code(), "QUERY_TOO_EXPENSIVE", "{inner}: {}", answer.text);
        // Ten times what it takes alone.
        assert!(began.elapsed() < Duration::from_secs(5), "{inner}: {:?}", began.elapsed());
    }
    // What is written is counted: cursors too, under as many names as somebody likes.
    let level = "children(first: 100) { nodes {";
    let query = format!(
        "{{ divisions(first: 100, where: {{level: {{eq: PROVINCE}}}}) {{ nodes {{ {level} {level} children(first: 100) {{ edges {{ a: cursor b: cursor c: cursor d: cursor e: cursor f: cursor }} }} }} }} }} }} }} }} }}"
    );
    let answer = client.raw(&query, json!({}));
    assert_eq!(answer.code(), "QUERY_TOO_EXPENSIVE", "{} bytes", answer.text.len());
}

fn bomb(steps: usize) -> String {
    let mut text = "query { ...F0 }".to_owned();
    for step in 0..steps {
        write!(text, " fragment F{step} on Query {{ ...F{n} ...F{n} }}", n = step + 1).unwrap();
    }
    write!(text, " fragment F{steps} on Query {{ __typename }}").unwrap();
    text
}

#[test]
fn values_that_make_no_sense_are_named() {
    for backend in BACKENDS {
        let client = server(backend);
        for (query, code) in [
            (r#"{ division(code: "21x") { name } }"#, "BAD_USER_INPUT"),
            (r#"{ division(code: "123") { name } }"#, "BAD_USER_INPUT"),
            (r#"{ division(code: 2106) { name } }"#, "BAD_USER_INPUT"),
            (r#"{ division(code: "２１０６") { name } }"#, "BAD_USER_INPUT"),
            (r#"{ division(code: null) { name } }"#, "GRAPHQL_VALIDATION_FAILED"),
            (r#"{ division { name } }"#, "GRAPHQL_VALIDATION_FAILED"),
            (r#"{ townships(within: "219999") { totalCount } }"#, "BAD_USER_INPUT"),
            (r#"{ townships(within: "2106", asOf: "2021-02-29") { totalCount } }"#, "BAD_USER_INPUT"),
            (r#"{ townships(within: "2106", asOf: "01.01.2021") { totalCount } }"#, "BAD_USER_INPUT"),
            (r#"{ division(code: "2106", asOf: "2021-13-01") { name } }"#, "BAD_USER_INPUT"),
            (r#"{ townships(first: 0) { totalCount } }"#, "BAD_USER_INPUT"),
            (r#"{ townships(first: 101) { totalCount } }"#, "BAD_USER_INPUT"),
            (r#"{ townships(first: -1) { totalCount } }"#, "BAD_USER_INPUT"),
            (r#"{ townships(first: 99999999999) { totalCount } }"#, "BAD_USER_INPUT"),
            (r#"{ division(code: "2106") { townships(first: 0) { totalCount } } }"#, "BAD_USER_INPUT"),
            (r#"{ townships(after: "x") { totalCount } }"#, "CURSOR_INVALID"),
            (r#"{ townships(after: "") { totalCount } }"#, "CURSOR_INVALID"),
            (r#"{ node(id: "Township:1") { id } }"#, "BAD_USER_INPUT"),
            (r#"{ node(id: "") { id } }"#, "BAD_USER_INPUT"),
            (r#"{ nodes(ids: ["tw_1"]) { id } }"#, "BAD_USER_INPUT"),
            (r#"{ organization(uscc: "91350100I000100Y43") { name } }"#, "BAD_USER_INPUT"),
            (
                r#"{ townships(where: {type: {eq: VILLAGE_PEOPLE}}) { totalCount } }"#,
                "GRAPHQL_VALIDATION_FAILED",
            ),
            (r#"{ townships(where: {type: {like: "x"}}) { totalCount } }"#, "GRAPHQL_VALIDATION_FAILED"),
            (r#"{ townships(where: {colour: {eq: "red"}}) { totalCount } }"#, "GRAPHQL_VALIDATION_FAILED"),
            (r#"{ townships(orderBy: [{field: COLOUR}]) { totalCount } }"#, "GRAPHQL_VALIDATION_FAILED"),
            (r#"{ nothing }"#, "GRAPHQL_VALIDATION_FAILED"),
            (r#"{ division(code: "2106") { nothing } }"#, "GRAPHQL_VALIDATION_FAILED"),
            (r#"{ division(code: "2106") }"#, "GRAPHQL_VALIDATION_FAILED"),
            ("{ register { revision }", "GRAPHQL_PARSE_FAILED"),
            ("", "GRAPHQL_PARSE_FAILED"),
            ("\u{0}", "GRAPHQL_PARSE_FAILED"),
            ("query A { __typename } query B { __typename }", "OPERATION_NOT_FOUND"),
            ("mutation { x }", "GRAPHQL_VALIDATION_FAILED"),
        ] {
            let began = Instant::now();
            let answer = client.raw(query, json!({}));
            assert!(began.elapsed() < AT_ONCE, "{query} took {:?}", began.elapsed());
            let body = answer.json();
            let error = &body["errors"][0];
            assert_eq!(error["extensions"]["code"], code, "{backend:?} {query}: {body}");
            assert!(
                error["extensions"]["requestId"].is_string() && error["extensions"]["retryable"] == false
            );
            assert!(!error["message"].as_str().unwrap().is_empty());
            // A request error has a status of its own and no data.
            assert_eq!(answer.status == 400, body.get("data").is_none(), "{query}: {body}");
        }
    }
}

#[test]
fn a_subscription_is_not_answered_once() {
    let answer = server(BACKENDS[0]).raw("subscription { changes { revision } }", json!({}));
    assert_eq!((answer.status, answer.code().as_str()), (406, "NOT_ACCEPTABLE"));
}

#[test]
fn variables_are_checked_before_anything_runs() {
    let client = server(BACKENDS[0]);
    let query = "query($code: DivisionCode!, $first: Int = 3) { division(code: $code) { townships(first: $first) { nodes { name } } } }";
    let good = client.raw(query, json!({ "code": "2106" })).json();
    assert_eq!(good["data"]["division"]["townships"]["nodes"].as_array().unwrap().len(), 3);
    for (variables, code) in [
        (json!({}), "BAD_USER_INPUT"),
        (json!({ "code": null }), "BAD_USER_INPUT"),
        (json!({ "code": "no" }), "BAD_USER_INPUT"),
        (json!({ "code": ["2106"] }), "BAD_USER_INPUT"),
        (json!({ "code": "2106", "first": "many" }), "GRAPHQL_VALIDATION_FAILED"),
        (json!({ "code": "2106", "first": 1000 }), "BAD_USER_INPUT"),
    ] {
        assert_eq!(client.raw(query, variables.clone()).code(), code, "{variables}");
    }
}

#[test]
fn directives_with_defaults_work() {
    let client = server(BACKENDS[0]);
    let query = "query($with: Boolean = false) { register { revision synthetic @include(if: $with) } }";
    assert_eq!(client.raw(query, json!({})).json()["data"]["register"], json!({ "revision": 2 }));
    assert_eq!(
        client.raw(query, json!({ "with": true })).json()["data"]["register"],
        json!({ "revision": 2, "synthetic": true })
    );
}

#[test]
fn attacks_are_refused_at_once_and_the_server_goes_on() {
    let client = server(BACKENDS[0]);
    let aliases: String = (0..200).map(|i| format!("a{i}: register {{ revision }} ")).collect();
    let attacks = [
        bomb(30),
        bomb(200),
        bomb(30).replacen("query {", "query A { __typename } query B {", 1),
        format!("#\r{}", "{a".repeat(20_000)),
        format!("{{ a(b: \"\"\"\\\"\"\" \"\"\") {}", "{a".repeat(20_000)),
        format!("{{ {}: __typename }}", "a".repeat(3_000)),
        "{ ...A } fragment A on Query { ...B } fragment B on Query { ...A }".to_owned(),
        format!("{}{}", "{a".repeat(2_000), "}".repeat(2_000)),
        format!("{{ {aliases} }}"),
        format!("{{ {} }}", "__typename ".repeat(5_000)),
        format!("{{ __typename {} }}", "@skip(if: false) ".repeat(300)),
        "{ __schema { types { fields { type { fields { type { fields { type { name } } } } } } } } }"
            .to_owned(),
        format!("{{ division(code: \"2106\") {} name {} }}", "{ parent ".repeat(30), "}".repeat(30)),
        format!("{{ divisions(where: {{code: {{in: [{}]}}}}) {{ totalCount }} }}", "\"2106\",".repeat(300)),
    ];
    for attack in &attacks {
        let began = Instant::now();
        let answer = client.raw(attack, json!({}));
        let took = began.elapsed();
        let body = answer.json();
        assert!(body.get("errors").is_some(), "{}: {body}", &attack[..80.min(attack.len())]);
        assert!(took < AT_ONCE * 4, "{} took {took:?}", &attack[..80.min(attack.len())]);
        assert_eq!(client.data("{ register { revision } }")["register"]["revision"], 2);
    }
}

#[test]
fn bodies_that_are_no_requests_are_refused() {
    let client = server(BACKENDS[0]);
    let json = [("content-type", "application/json")];
    for (body, status, code) in [
        (&b"\xff\xfe{}"[..], 400, "BAD_REQUEST"),
        (b"{\"query\":\"\xc3\x28\"}", 400, "BAD_REQUEST"),
        (b"", 400, "BAD_REQUEST"),
        (b"null", 400, "BAD_REQUEST"),
        (b"[]", 400, "BAD_REQUEST"),
        (b"[{\"query\":\"{__typename}\"}]", 400, "BAD_REQUEST"),
        (b"{\"query\":1}", 400, "BAD_REQUEST"),
        (b"{\"query\":\"{__typename}\",\"variables\":[]}", 400, "BAD_REQUEST"),
        (b"{\"query\":\"{__typename}\",\"operationName\":1}", 400, "BAD_REQUEST"),
        (b"{\"query\":\"{__typename}\",\"extensions\":1}", 400, "BAD_REQUEST"),
        (b"{\"query\":\"{__typename}\",\"query\":\"{__typename}\"}", 400, "BAD_REQUEST"),
    ] {
        let answer = client.post(body, &json);
        assert_eq!(
            (answer.status, answer.code().as_str()),
            (status, code),
            "{}",
            String::from_utf8_lossy(body)
        );
    }
    let deep = format!(
        "{{\"query\":\"{{__typename}}\",\"variables\":{}1{}}}",
        "{\"a\":".repeat(500),
        "}".repeat(500)
    );
    assert_eq!(client.post(deep.as_bytes(), &json).status, 400);
    for kind in ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", ""] {
        let answer = client.post(b"{\"query\":\"{__typename}\"}", &[("content-type", kind)]);
        assert_eq!((answer.status, answer.code().as_str()), (415, "UNSUPPORTED_MEDIA_TYPE"), "{kind}");
    }
}

#[test]
fn a_body_of_ten_megabytes_is_refused_while_it_is_sent() {
    let client = server(BACKENDS[0]);
    let address = client.origin.trim_start_matches("http://");
    for announce in [true, false] {
        let began = Instant::now();
        let mut socket = std::net::TcpStream::connect(address).unwrap();
        socket.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
        let length = if announce {
            "content-length: 10485760".to_owned()
        } else {
            "transfer-encoding: chunked".to_owned()
        };
        let head = format!(
            "POST /graphql HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\n{length}\r\n\r\n"
        );
        socket.write_all(head.as_bytes()).unwrap();
        let block = vec![b' '; 64 << 10];
        for _ in 0..160 {
            let sent = if announce {
                socket.write_all(&block)
            } else {
                socket
                    .write_all(b"10000\r\n")
                    .and_then(|()| socket.write_all(&block))
                    .and_then(|()| socket.write_all(b"\r\n"))
            };
            if sent.is_err() {
                break;
            }
        }
        let mut answer = [0; 512];
        let read = socket.read(&mut answer).unwrap_or(0);
        let answer = String::from_utf8_lossy(&answer[..read]);
        // The server may hang up before its answer is read; what it must not do is take the body in.
        assert!(answer.is_empty() || answer.starts_with("HTTP/1.1 413"), "{answer}");
        assert!(began.elapsed() < Duration::from_secs(5), "{:?}", began.elapsed());
        assert_eq!(client.data("{ register { revision } }")["register"]["revision"], 2);
    }
}

#[test]
fn errors_come_in_the_language_of_the_client_with_the_same_code() {
    let client = server(BACKENDS[0]);
    let query = r#"{ townships(first: 101) { totalCount } }"#;
    let (zh, en) = (client.in_language("zh-CN").ask(query), client.in_language("en").ask(query));
    assert!(zh["errors"][0]["message"].as_str().unwrap().contains("必须在 1 到 100 之间"));
    assert!(en["errors"][0]["message"].as_str().unwrap().contains("between 1 and 100"));
    assert_eq!(zh["errors"][0]["extensions"]["code"], en["errors"][0]["extensions"]["code"]);
}

#[test]
fn nothing_of_the_server_stands_in_an_error() {
    let client = server(BACKENDS[0]);
    for query in [
        "{ nothing }",
        "{",
        r#"{ node(id: "tw_zz") { id } }"#,
        r#"{ division(code: "x") { name } }"#,
        "{ persn { id } }",
    ] {
        let text = client.raw(query, json!({})).text;
        for hidden in
            ["SELECT", "sqlx", "sea_orm", "panicked", "/src/", "src/", ".rs", "Did you mean", "sqlite"]
        {
            assert!(!text.contains(hidden), "{query}: {text}");
        }
    }
}
