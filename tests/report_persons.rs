//! Personal data as files: by whom, from where, and never without a note in the log.

use crate::harness::{BACKENDS, Client, own_server, server};
use serde_json::{Value, json};
use std::collections::BTreeMap;

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

/// Rows of a report by their keys: number and state of each value.
type Rows = BTreeMap<Vec<String>, Vec<(Option<i64>, String)>>;

fn rows_of(client: &Client, input: &Value) -> Rows {
    let query = "query($i: ReportInput!) { report(input: $i) { rows { keys { label } values { numerator state } } } }";
    let mut answer = client.raw(query, json!({ "i": input })).json();
    assert!(answer.get("errors").is_none(), "{input}\n{answer:#}");
    let rows = answer["data"]["report"]["rows"].take();
    let row = |row: &Value| {
        let keys =
            row["keys"].as_array().unwrap().iter().map(|key| key["label"].as_str().unwrap().to_owned());
        let values = row["values"].as_array().unwrap().iter();
        let value = |v: &Value| (v["numerator"].as_i64(), v["state"].as_str().unwrap().to_owned());
        (keys.collect(), values.map(value).collect())
    };
    rows.as_array().unwrap().iter().map(row).collect()
}

fn by(dimensions: &[&str], measures: &[&str], within: &str, totals: &[&str]) -> Value {
    let dimensions: Vec<Value> = dimensions.iter().map(|d| json!({ "dimension": d })).collect();
    json!({ "dimensions": dimensions, "measures": measures, "within": within, "totals": totals, "asOf": "2026-09-30", "first": 1000 })
}

/// What an attacker found: the name of a hidden row is a secret itself, and so is how many there are.
#[test]
fn groups_of_few_persons_are_not_even_named() {
    let server = server(BACKENDS[0]);
    let (analyst, all) = (server.role("ANALYST", None), server.role("ORGANIZATION_DEPT", None));
    let four = ["ETHNICITY", "GENDER", "AGE_BAND", "PERSONNEL_IDENTITY"];
    let mut left_out = 0;
    for county in ["990101", "210602", "210604", "513428"] {
        let fine = by(&four, &["PERSONS", "AVERAGE_AGE"], county, &["GRAND"]);
        let (listed, whole) = (rows_of(&analyst, &fine), rows_of(&all, &fine));
        for (keys, values) in &listed {
            // An analyst does not see the undisclosed body, whose leader is one of these.
            let own = &whole[keys][0];
            assert!(
                values[0].0 >= Some(3) && values[0].0 <= own.0,
                "{county} {keys:?}: {values:?} of {own:?}"
            );
            // What is said of a row is said by all measures, or it takes no few to hide it.
            assert!(values.iter().all(|(_, state)| state == "OK"), "{county} {keys:?}: {values:?}");
        }
        left_out += whole.len() - listed.len();
        // Which totals are asked for makes no difference.
        let totals = by(&four, &["PERSONS", "AVERAGE_AGE"], county, &["GRAND", "FIRST", "SECOND", "THIRD"]);
        assert_eq!(rows_of(&analyst, &totals), listed, "{county}");
        // Nor does a dimension less tell of one or two.
        for at in 0..four.len() {
            let coarse = rows_of(&analyst, &by(&four[at..=at], &["PERSONS"], county, &["GRAND"]));
            for other in (0..four.len()).filter(|other| *other != at) {
                let pair = rows_of(&analyst, &by(&[four[at], four[other]], &["PERSONS"], county, &["GRAND"]));
                for (keys, values) in &coarse {
                    let parts = pair.iter().filter(|(part, _)| part[0] == keys[0]);
                    let rest =
                        values[0].0.unwrap() - parts.map(|(_, values)| values[0].0.unwrap()).sum::<i64>();
                    assert!(rest == 0 || rest > 2, "{county} {keys:?} by {}: {rest} left over", four[other]);
                }
            }
        }
    }
    assert!(left_out > 20, "{left_out}");
    // In columns, a zero beside what is hidden would say where it is not.
    let mut pivot = by(&["ETHNICITY"], &["PERSONS"], "990101", &["GRAND"]);
    pivot["pivot"] = json!([{ "dimension": "GENDER" }, { "dimension": "AGE_BAND" }]);
    for (keys, values) in rows_of(&analyst, &pivot) {
        let hidden = values.iter().any(|(_, state)| state == "SUPPRESSED");
        assert!(!hidden || values.iter().all(|(number, _)| *number != Some(0)), "{keys:?}: {values:?}");
    }
}

#[test]
fn persons_of_two_territories_are_compared_in_groups() {
    let analyst = server(BACKENDS[0]).role("ANALYST", None);
    let query = "query($i: ReportInput!) { report(input: $i) { rows { values { value previous state } } } }";
    let ask = |other: &str| {
        let mut input = by(&["GENDER"], &["PERSONS"], "210602", &["GRAND"]);
        input["compareTo"] = json!({ "within": other });
        analyst.raw(query, json!({ "i": input })).json()
    };
    let rows = ask("210604")["data"]["report"]["rows"].take();
    let told = |row: &Value| {
        row["values"][0]["value"].as_i64() > Some(2) && row["values"][0]["previous"].as_i64() > Some(2)
    };
    assert!(rows.as_array().is_some_and(|rows| rows.len() == 2 && rows.iter().all(told)), "{rows:#}");
    for (other, says) in [("2106", "outside of this one"), ("210604001", "county or above")] {
        let refused = ask(other);
        assert!(refused["errors"][0]["message"].as_str().unwrap().contains(says), "{refused:#}");
    }
}
