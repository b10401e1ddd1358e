//! Reports over HTTP: the published figures, the questions that officials ask, comparison.

use crate::harness::{BACKENDS, Client, server};
use serde_json::{Value, json};

pub const DIRECTOR: &str = "ESTABLISHMENT_DIRECTOR";

pub const QUERY: &str = "query($input: ReportInput!) { report(input: $input) {
  columns { label measure unit additivity definition legalBasis pivot { label } }
  rows { keys { dimension code label isNull isTotal object { __typename id } } isTotal
    values { measure value text numerator denominator previous delta deltaPercent rank state } }
  totals { keys { code label isTotal } isTotal values { value text numerator denominator previous delta state rank } }
  groupCount truncated suppressedCells appliedScope warnings { code text } asOf revision pageInfo { hasNextPage hasPreviousPage endCursor } } }";

/// The report of an input; a list of names stands for dimensions.
pub fn report(client: &Client, mut input: Value) -> Value {
    for name in ["dimensions", "pivot"] {
        let named = input[name].as_array().cloned().unwrap_or_default();
        input[name] = named.into_iter().map(|dimension| json!({ "dimension": dimension })).collect();
    }
    let mut answer = client.raw(QUERY, json!({ "input": input })).json();
    assert!(answer.get("errors").is_none(), "{input:#}\n{answer:#}");
    answer["data"]["report"].take()
}

/// The text of a value of a row.
pub fn text(row: &Value, column: usize) -> &str {
    row["values"][column]["text"].as_str().unwrap_or("-")
}

pub fn label(row: &Value, at: usize) -> &str {
    row["keys"][at]["label"].as_str().unwrap()
}

#[test]
fn the_published_averages_are_reports() {
    for backend in BACKENDS {
        let client = server(backend).role(DIRECTOR, None);
        let measures = json!(["APPROVED_PER_TOWNSHIP", "APPROVED", "TOWNSHIPS"]);
        let then = json!({ "asOf": "2019-11-30" });
        let input =
            json!({ "dimensions": ["COUNTY"], "measures": measures, "within": "2106", "compareTo": then });
        let dandong = report(&client, input);
        let total = &dandong["totals"][0]["values"];
        assert_eq!((&total[0]["value"], &total[0]["text"]), (&json!(63), &json!("63.00")), "{backend:?}");
        assert_eq!((&total[0]["numerator"], &total[0]["denominator"]), (&json!(5292), &json!(84)));
        // 2,973 posts were sent down: 35.39 a township.
        assert_eq!((&total[1]["delta"], &total[0]["delta"]), (&json!(2973), &json!(35.39)));
        let mean: f64 = dandong["rows"]
            .as_array()
            .unwrap()
            .iter()
            .map(|r| r["values"][0]["value"].as_f64().unwrap())
            .sum();
        assert!((mean / 6.0 - 63.0).abs() > 0.01, "the total is no mean of ratios");
        let puge = json!({ "dimensions": [], "measures": ["APPROVED_PER_TOWNSHIP"], "within": "513428", "decimals": 1,
            "asOf": "2022-03-01", "compareTo": { "asOf": "2022-02-28" }, "totals": [] });
        let puge = report(&client, puge);
        let value = &puge["rows"][0]["values"][0];
        assert_eq!(
            (&value["text"], &value["previous"], &value["delta"]),
            (&json!("51.8"), &json!(18.7), &json!(33.1))
        );
        assert_eq!(puge["totals"], json!([]));
    }
}

#[test]
fn before_a_reform_is_the_day_before_it_and_bodies_are_followed() {
    for backend in BACKENDS {
        let client = server(backend).role(DIRECTOR, None);
        let reforms = client.data(r#"{ reforms(within: "513428") { nodes { id } } }"#);
        let reform = &reforms["reforms"]["nodes"][0]["id"];
        let input = json!({ "dimensions": ["ORGANIZATION"], "measures": ["APPROVED"], "within": "513428100",
            "compareTo": { "reform": reform }, "first": 1000 });
        let followed = report(&client, input.clone());
        let rows = followed["rows"].as_array().unwrap();
        let row =
            |name: &str| rows.iter().find(|row| label(row, 0) == name).unwrap_or_else(|| panic!("{name}"));
        // The old stations were merged into the centre: what they had before is what it is compared with.
        let centre = &row("普基镇农业综合服务中心")["values"][0];
        let old = client.data(
            r#"{ publicInstitutions(within: "513428100", asOf: "2022-02-28") { nodes { name establishment { approved } } } }"#,
        );
        let old: i64 = old["publicInstitutions"]["nodes"]
            .as_array()
            .unwrap()
            .iter()
            .map(|o| o["establishment"]["approved"].as_i64().unwrap_or(0))
            .sum();
        assert!(old > 0);
        assert_eq!(centre["previous"], json!(old), "{backend:?}");
        assert!(rows.iter().all(|row| label(row, 0) != "普基镇农业技术推广站"));
        let mut plain = input;
        plain["compareTo"] = json!({ "asOf": "2022-02-28" });
        let plain = report(&client, plain);
        let gone = plain["rows"]
            .as_array()
            .unwrap()
            .iter()
            .find(|row| label(row, 0) == "普基镇农业技术推广站")
            .unwrap();
        assert_eq!(gone["values"][0]["text"], "0", "what is gone stands among the rows, with what it had");
        assert!(gone["values"][0]["previous"].as_i64().unwrap() >= 0);
    }
}

#[test]
fn another_territory_is_compared_by_what_both_have() {
    let client = server(BACKENDS[0]);
    let there = json!({ "within": "610902" });
    let input = json!({ "dimensions": ["TOWNSHIP_TYPE"], "measures": ["TOWNSHIPS", "BODIES_PER_TOWNSHIP"], "within": "513428", "compareTo": there });
    let answer = report(&client, input);
    let town = &answer["rows"][0]["values"];
    assert_eq!(
        (&town[0]["value"], &town[0]["previous"], &town[0]["delta"]),
        (&json!(8), &json!(24), &json!(-16))
    );
    let total = &answer["totals"][0]["values"][0];
    assert_eq!((&total["value"], &total["previous"]), (&json!(13), &json!(28)));
}

#[test]
fn bodies_are_counted_against_their_patterns() {
    for backend in BACKENDS {
        let client = server(backend).role(DIRECTOR, None);
        let input = json!({ "dimensions": ["TOWNSHIP"], "measures": ["OWN_BODIES", "PATTERN_MOST", "DEVIATIONS"],
            "within": "990101", "totals": [] });
        let county = report(&client, input);
        let of = |name: &str| {
            let row = county["rows"].as_array().unwrap().iter().find(|row| label(row, 0) == name).unwrap();
            [text(row, 0), text(row, 1), text(row, 2)].map(str::to_owned)
        };
        assert_eq!(of("甲示镇"), ["12", "12", "0"], "{backend:?}");
        assert_eq!(of("示范镇"), ["14", "14", "0"]);
        assert_eq!(
            (of("辛示乡"), of("壬示乡")),
            (["11", "12", "1"].map(Into::into), ["13", "12", "1"].map(Into::into))
        );
        let pilots = json!({ "dimensions": ["TOWNSHIP"], "measures": ["OWN_BODIES", "PATTERN_MOST", "DEVIATIONS"], "within": "610902",
            "segments": ["PATTERNED_TOWNSHIPS"] });
        let pilots = report(&client, pilots);
        let rows = pilots["rows"].as_array().unwrap();
        assert_eq!(rows.iter().map(|row| text(row, 0)).collect::<Vec<_>>(), ["9", "9"]);
        let patterns = client.data(r#"{ township(code: "990101101") { settingPattern { id } } }"#);
        let standard = json!({ "standard": patterns["township"]["settingPattern"]["id"] });
        let input = json!({ "dimensions": ["TOWNSHIP"], "measures": ["OWN_BODIES", "INTERNAL_OFFICES", "APPROVED"],
            "within": "990101", "compareTo": standard, "orderBy": [{ "delta": "OWN_BODIES", "direction": "DESC" }] });
        let against = report(&client, input);
        let first = &against["rows"][0];
        assert_eq!(
            (label(first, 0), &first["values"][0]["previous"], &first["values"][0]["delta"]),
            ("示范镇", &json!(12), &json!(2))
        );
        assert_eq!(
            (&first["values"][1]["previous"], &first["values"][2]["previous"]),
            (&json!(7), &Value::Null)
        );
    }
}

#[test]
fn townships_by_type_and_the_questions_of_officials() {
    for backend in BACKENDS {
        let client = server(backend).role(DIRECTOR, None);
        // CQ1: how many townships, by type.
        let types = json!({ "dimensions": ["TOWNSHIP_TYPE"], "measures": ["TOWNSHIPS"], "within": "2106" });
        let types = report(&client, types);
        let found: Vec<(&str, &str)> =
            types["rows"].as_array().unwrap().iter().map(|row| (label(row, 0), text(row, 0))).collect();
        assert_eq!(found, [("镇", "59"), ("乡", "2"), ("民族乡", "3"), ("街道", "20")], "{backend:?}");
        // CQ2: which depart from their pattern.
        let deviating = json!({ "dimensions": ["TOWNSHIP"], "measures": ["DEVIATIONS"], "within": "990101",
            "having": [{ "measure": "DEVIATIONS", "gte": 1 }] });
        let deviating = report(&client, deviating);
        assert_eq!(
            deviating["rows"].as_array().unwrap().iter().map(|row| label(row, 0)).collect::<Vec<_>>(),
            ["示例二街道", "辛示乡", "壬示乡"]
        );
        assert!(deviating["warnings"].as_array().unwrap().iter().any(|w| w["code"] == "HAVING_LEFT_OUT"));
        // CQ9: vacant leadership posts, as many as the list has.
        let vacant = json!({ "dimensions": ["ORGANIZATION", "LEADERSHIP_POST"], "measures": ["VACANT_LEADERSHIP_POSTS"],
            "segments": ["VACANT_POSTS"], "within": "2106", "first": 1000 });
        let vacant = report(&client, vacant);
        let list = client
            .data(r#"{ leadershipPosts(within: "2106", where: {isVacant: {eq: true}}) { totalCount } }"#);
        assert_eq!(vacant["groupCount"], list["leadershipPosts"]["totalCount"]);
        assert_eq!(vacant["rows"][0]["keys"][1]["object"]["__typename"], "LeadershipPost");
        // CQ10: over quota and above rank: none in a lawful register.
        let over = json!({ "dimensions": [], "measures": ["LEADERSHIP_OVER", "OVER_RANK_POSTS", "LEADERSHIP_QUOTA"], "within": "99" });
        let over = report(&client, over);
        assert_eq!((text(&over["rows"][0], 0), text(&over["rows"][0], 1)), ("0", "0"));
        assert!(text(&over["rows"][0], 2).parse::<i64>().unwrap() > 100);
        // Old and new in parallel: one is planted.
        let parallel = json!({ "dimensions": ["TOWNSHIP", "ORGANIZATION"], "measures": ["PARALLEL_BODIES"], "within": "99",
            "having": [{ "measure": "PARALLEL_BODIES", "gt": 0 }] });
        let parallel = report(&client, parallel);
        assert_eq!(parallel["groupCount"], 1);
        assert!(label(&parallel["rows"][0], 1).ends_with("水利站"));
    }
}

#[test]
fn the_report_of_the_issue_is_one_query() {
    let client = server(BACKENDS[0]).role(DIRECTOR, None);
    let input = json!({ "dimensions": ["COUNTY", "CATEGORY"], "measures": ["APPROVED", "OCCUPIED", "VACANCY_RATE", "LEADERSHIP_FILL_RATE", "OWN_BODIES"],
        "within": "2106", "segments": ["BORDER_TOWNSHIPS"], "asOf": "2025-12-31", "compareTo": { "asOf": "2019-11-30" },
        "having": [{ "measure": "OWN_BODIES", "gte": 3 }], "totals": ["FIRST", "GRAND"] });
    let answer = report(&client, input);
    let rows = answer["rows"].as_array().unwrap();
    assert!(rows.len() >= 4, "{answer:#}");
    for row in rows {
        assert!(text(row, 4).parse::<i64>().unwrap() >= 3);
        let value = &row["values"][2];
        let (n, d) = (value["numerator"].as_f64().unwrap(), value["denominator"].as_f64().unwrap());
        assert!((value["value"].as_f64().unwrap() - n * 100.0 / d).abs() < 0.006, "{value}");
    }
    let totals = answer["totals"].as_array().unwrap();
    assert!(totals.iter().all(|row| row["isTotal"] == true) && totals.len() >= 3);
    let grand = totals.last().unwrap();
    assert_eq!(grand["keys"][0]["label"], "合计");
    assert_eq!(grand["keys"][0]["isTotal"], true);
    assert!(answer["columns"][2]["definition"].as_str().unwrap().contains("空编"));
    assert_eq!(answer["asOf"], "2025-12-31");
}

#[test]
fn changes_add_up_to_those_of_totals_whatever_else_is_asked_for() {
    for backend in BACKENDS {
        let client = server(backend).role(DIRECTOR, None);
        let of = |measures: Value| {
            let answer = report(
                &client,
                json!({ "dimensions": ["COUNTY", "CATEGORY"], "measures": measures, "within": "2106", "asOf": "2025-12-31",
                    "compareTo": { "asOf": "2019-11-30" }, "totals": ["GRAND"], "first": 1000 }),
            );
            let delta = |row: &Value| row["values"][0]["delta"].as_i64();
            let rows = answer["rows"].as_array().unwrap().iter().filter_map(delta).sum::<i64>();
            assert_eq!(Some(rows), delta(&answer["totals"][0]), "{backend:?} {measures}");
            rows
        };
        // Stations there were before too, but no places of leaders were registered for them.
        let alone = of(json!(["LEADERSHIP_QUOTA"]));
        assert_eq!(alone, of(json!(["LEADERSHIP_QUOTA", "BODIES", "LEADERSHIP_FILL_RATE"])));
        assert!(alone > 0);
    }
}
