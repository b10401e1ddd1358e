//! Files have bounds, and names that nobody stumbles over.

use crate::harness::{BACKENDS, own_server, server};
use calamine::{Reader, Xlsx};
use serde_json::json;
use std::io::Cursor;

#[test]
fn files_have_bounds() {
    let public = server(BACKENDS[0]);
    let ask = |query: String| {
        let body = json!({ "query": query }).to_string();
        public.post_to("/v1/lists.jsonl", body.as_bytes(), &[("content-type", "application/json")])
    };
    // A tree of fragments that ends in one that is not there has no fields, and more branches than anybody can walk over.
    let each = |n: usize| format!("fragment F{n} on Township {{ ...F{} ...F{} }} ", n + 1, n + 1);
    let tree: String = (0..40).map(each).collect();
    let begun = std::time::Instant::now();
    let answer = ask(format!("{{ townships {{ nodes {{ ...F0 }} }} }} {tree}"));
    assert!(answer.status >= 400 && begun.elapsed().as_secs() < 5, "{}", answer.text);
    // A page costs what a query may.
    let mut deep = "name".to_owned();
    for _ in 0..4 {
        deep = format!("township {{ organizations(first: 100) {{ nodes {{ {deep} }} }} }}");
    }
    let answer = ask(format!("{{ organizations(within: \"990101\") {{ nodes {{ {deep} }} }} }}"));
    assert!(answer.text.contains("QUERY_TOO_EXPENSIVE"), "{}: {:.300}", answer.status, answer.text);
}

#[test]
fn odd_names_of_reports_are_names_of_files() {
    let origin = own_server(BACKENDS[0], "odd_names");
    let client = origin.person("somebody", "ESTABLISHMENT_DIRECTOR", Some("990101"));
    let save = |name: &str| {
        let text = serde_json::to_string(name).unwrap();
        client.raw(&format!(
            "mutation {{ reportSave(input: {{name: {text}, report: {{dimensions: [{{dimension: COUNTY}}], measures: [BODIES], within: \"990101\"}}}}) {{ savedReport {{ id }} }} }}"
        ), json!({})).json()
    };
    for name in ["说明".to_owned(), "😀".repeat(40), "[a]*?/\\':".to_owned()] {
        let saved = save(&name);
        let id = saved["data"]["reportSave"]["savedReport"]["id"]
            .as_str()
            .unwrap_or_else(|| panic!("{saved}"))
            .to_owned();
        let bytes = client.get_bytes(&format!("/v1/reports/{id}.xlsx"));
        let book: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).unwrap();
        assert_eq!(book.sheet_names().len(), 2, "{name}");
    }
    for name in ["a\u{0}b", "gnp\u{202e}exe"] {
        assert!(save(name)["errors"].to_string().contains("control characters"), "{name:?}");
    }
}
