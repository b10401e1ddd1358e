//! Personal data as files: by whom, from where, and never without a note in the log.

use crate::harness::{BACKENDS, Client, own_server};
use serde_json::json;

#[test]
fn personal_data_leave_as_files_only_with_a_note_in_the_log() {
    for backend in BACKENDS {
        let origin = own_server(backend, "personal_files");
        let keeper = origin.person("keeper", "ORGANIZATION_DEPT", Some("990101"));
        let ask = |client: &Client, query: &str| {
            let body = json!({ "query": query }).to_string();
            client.post_to(
                "/v1/lists.csv?encoding=utf-8",
                body.as_bytes(),
                &[("content-type", "application/json")],
            )
        };
        let query = r#"{ appointments(within: "990101") { nodes { person { name private { birthDate } } post { title } } } }"#;
        let answer = ask(&keeper, query);
        assert_eq!(answer.status, 200, "{backend:?}: {}", answer.text);
        assert!(answer.text.lines().nth(1).unwrap().contains("示例"));
        let log = keeper.data(
            r#"{ changes(within: "990101", first: 1) { nodes { act principal role records { kind } } } }"#,
        );
        let entry = &log["changes"]["nodes"][0];
        assert_eq!((&entry["act"], &entry["principal"]), (&json!("PERSONAL_DATA_EXPORT"), &json!("keeper")));
        assert_eq!(entry["records"], json!([]));
        // Who may not read the log learns nothing of it.
        let public = origin.data(r#"{ changes(within: "990101", first: 100) { nodes { act } } }"#);
        assert!(!public["changes"].to_string().contains("PERSONAL_DATA_EXPORT"));
        let clerk = origin.role("TOWNSHIP_CLERK", Some("990101103"));
        let refused = ask(
            &clerk,
            r#"{ appointments(within: "990101103") { nodes { person { name private { birthDate } } } } }"#,
        );
        assert_eq!(refused.status, 403, "{}", refused.text);
        // Persons elsewhere are not reached from a list here: of them nothing would be noted there.
        let roams = r#"{ divisions(within: "990101") { nodes { parent { children { nodes { townships { nodes { leadershipPosts { nodes { incumbents { person { private { phone } } } } } } } } } } } } }"#;
        let refused = ask(&keeper, roams);
        assert!(refused.status == 400 && refused.text.contains("downwards"), "{}", refused.text);
        // Nor may they choose by it, nor order, nor take it out of the log, nor count by it.
        for query in [
            r#"{ appointments(within: "990101103", where: {person: {private: {gender: {eq: "女"}}}}) { nodes { person { name } } } }"#,
            r#"query($w: AppointmentWhere = {person: {private: {gender: {eq: "女"}}}}) { appointments(within: "990101103", where: $w) { nodes { person { name } } } }"#,
            r#"{ changes(within: "990101") { nodes { records { fields { name before after } } } } }"#,
        ] {
            assert_eq!(ask(&clerk, query).status, 403, "{query}");
        }
        let counted = r#"{report(input: {dimensions: [{dimension: LEADERSHIP_POST}], measures: [LEADERS], within: "990101103",
            where: {appointment: {person: {private: {gender: {eq: "女"}}}}}}) { export(format: CSV) { url } }}"#;
        let link = clerk.data(counted)["report"]["export"]["url"].as_str().unwrap().to_owned();
        assert_eq!(clerk.get(&link, &[]).status, 403);
        // The territory that is compared with is told of too, and in each county of a prefecture.
        let inspector = origin.person("inspector", "INSPECTOR", None);
        let noted = |county: &str| {
            let query = format!(
                "{{ changes(within: \"{county}\", where: {{act: {{eq: PERSONAL_DATA_EXPORT}}}}) {{ totalCount }} }}"
            );
            inspector.data(&query)["changes"]["totalCount"].as_i64().unwrap()
        };
        let compared = r#"{report(input: {dimensions: [{dimension: GENDER}], measures: [PERSONS], within: "210681", compareTo: {within: "610902"}}) { export(format: CSV) { url } }}"#;
        let link = inspector.data(compared)["report"]["export"]["url"].as_str().unwrap().to_owned();
        assert_eq!((noted("210681"), noted("610902")), (0, 0));
        assert_eq!(inspector.get(&link, &[]).status, 200);
        assert_eq!((noted("210681"), noted("610902"), noted("210602")), (1, 1, 0));
        let prefecture = r#"query($w: DivisionCode = "2106") { appointments(within: $w) { nodes { person { private { birthDate } } } } }"#;
        assert_eq!(ask(&inspector, prefecture).status, 200);
        assert_eq!((noted("210681"), noted("610902"), noted("210602")), (2, 1, 1));
        // Of a file that there is not nothing is noted, of whatever territory.
        for query in [
            r#"{ appointments(within: "999999") { nodes { person { private { birthDate } } } } }"#,
            r#"{ appointments(within: "990101") { nodes { person { private { birthDay } } } } }"#,
        ] {
            assert!(ask(&keeper, query).status >= 400, "{query}");
        }
        // Without personal data nothing is noted.
        assert_eq!(
            ask(&keeper, r#"{ appointments(within: "990101") { nodes { person { name } } } }"#).status,
            200
        );
        let again = keeper.data(r#"{ changes(within: "990101", first: 2) { totalCount } }"#);
        assert_eq!(again["changes"]["totalCount"], 1);
    }
}
