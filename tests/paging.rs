//! Paging forward gives exactly the unpaged list, once each; cursors of other lists are refused.

use crate::harness::client::texts;
use crate::harness::{BACKENDS, server};

/// Walks a list page by page and returns the ids.
fn walk(client: &crate::harness::Client, list: &str, args: &str, first: usize) -> Vec<String> {
    let mut ids = Vec::new();
    let mut after = String::new();
    loop {
        let data = client.data(&format!(
            "{{ {list}(first: {first} {args} {after}) {{ totalCount pageInfo {{ hasNextPage hasPreviousPage endCursor startCursor }} edges {{ cursor node {{ id }} }} nodes {{ id }} }} }}"
        ));
        let page = &data[list];
        let edges = page["edges"].as_array().unwrap();
        assert!(edges.len() <= first);
        assert_eq!(texts(&page["edges"], "/node/id"), texts(&page["nodes"], "/id"));
        assert_eq!(page["pageInfo"]["hasPreviousPage"], !after.is_empty());
        ids.extend(texts(&page["nodes"], "/id").into_iter().map(str::to_owned));
        if page["pageInfo"]["hasNextPage"] == false {
            assert_eq!(page["totalCount"].as_u64().unwrap() as usize, ids.len(), "{list} {args}");
            return ids;
        }
        assert_eq!(page["pageInfo"]["endCursor"], edges.last().unwrap()["cursor"]);
        after = format!("after: {}", page["pageInfo"]["endCursor"]);
    }
}

#[test]
fn every_list_pages_to_its_end() {
    for backend in BACKENDS {
        let client = server(backend).role("ORGANIZATION_DEPT", None);
        for (list, args) in [
            ("townships", "within: \"2106\""),
            ("townships", "within: \"2106\" orderBy: [{field: TYPE, direction: DESC}, {field: NAME}]"),
            ("internalOffices", "within: \"990101\""),
            ("internalOffices", "within: \"990101\" asOf: \"2020-12-31\" orderBy: {field: NAME}"),
            ("publicInstitutions", "within: \"513428\" where: {category: {eq: CENTRE}}"),
            ("secondedAgencies", "within: \"610902111\" asOf: \"2020-01-01\""),
            ("departments", ""),
            ("organizations", "within: \"990101100\" orderBy: [{field: KIND, direction: DESC}]"),
            ("leadershipPosts", "within: \"990101101\" orderBy: [{field: QUOTA}]"),
            ("appointments", "within: \"990101101\""),
            ("divisions", "within: \"2106\""),
            ("reforms", ""),
            ("documents", "within: \"990101\""),
        ] {
            let whole = walk(&client, list, args, 100);
            assert!(!whole.is_empty(), "{list} {args}");
            let mut unique = whole.clone();
            unique.sort();
            unique.dedup();
            assert_eq!(unique.len(), whole.len(), "{backend:?} {list} {args}: an object came twice");
            for first in [1, 7] {
                if whole.len() / first < 60 {
                    assert_eq!(
                        walk(&client, list, args, first),
                        whole,
                        "{backend:?} {list} {args} by {first}"
                    );
                }
            }
        }
    }
}

#[test]
fn orders_are_followed() {
    let client = server(BACKENDS[0]);
    let data = client.data(
        r#"{ up: townships(within: "2106", first: 100, orderBy: [{field: NAME}]) { nodes { name } }
             down: townships(within: "2106", first: 100, orderBy: [{field: NAME, direction: DESC}]) { nodes { name } } }"#,
    );
    let up = texts(&data["up"]["nodes"], "/name");
    let mut sorted = up.clone();
    sorted.sort_by_key(|name| tiaokuai::domain::reading::sort_key(name));
    assert_eq!(up, sorted);
    let mut down = texts(&data["down"]["nodes"], "/name");
    down.reverse();
    let keys =
        |names: &[&str]| names.iter().map(|n| tiaokuai::domain::reading::sort_key(n)).collect::<Vec<_>>();
    assert_eq!(keys(&up), keys(&down));
}

#[test]
fn a_cursor_of_another_list_is_refused() {
    let client = server(BACKENDS[0]);
    let data = client.data(r#"{ townships(within: "2106", first: 2) { pageInfo { endCursor } } }"#);
    let cursor = data["townships"]["pageInfo"]["endCursor"].as_str().unwrap().to_owned();
    let with = |list: &str, args: &str| {
        format!("{{ {list}(first: 2, after: \"{cursor}\" {args}) {{ totalCount }} }}")
    };
    assert!(client.ask(&with("townships", "within: \"2106\"")).get("errors").is_none());
    for (list, args) in [
        ("townships", "within: \"21\""),
        ("townships", ""),
        ("townships", "within: \"2106\", asOf: \"2020-01-01\""),
        ("townships", "within: \"2106\", where: {type: {eq: TOWN}}"),
        ("townships", "within: \"2106\", orderBy: [{field: NAME}]"),
        ("divisions", "within: \"2106\""),
        ("internalOffices", "within: \"2106\""),
    ] {
        assert_eq!(client.code(&with(list, args)), "CURSOR_INVALID", "{list} {args}");
    }
}
