//! Reports over HTTP: drilling down, pages, the catalog, saved reports, and errors that say what is right.

use crate::harness::{BACKENDS, Client, own_server, server};
use crate::reports::{DIRECTOR, QUERY, label, report};
use serde_json::{Value, json};

/// Why a report is refused: code and sentence.
fn refused(client: &Client, input: &str) -> (String, String) {
    let answer = client.ask(&format!("{{ report(input: {input}) {{ groupCount }} }}"));
    let error = &answer["errors"][0];
    let text = |of: &Value| of.as_str().unwrap_or_else(|| panic!("{input}: {answer}")).to_owned();
    (text(&error["extensions"]["code"]), text(&error["message"]))
}

#[test]
fn every_number_opens_to_its_records() {
    let client = server(BACKENDS[0]).role(DIRECTOR, None);
    let query = r#"{ report(input: {dimensions: [{dimension: COUNTY}], pivot: [{dimension: KIND}], measures: [BODIES, OVER_BODIES], within: "99"}) {
        columns { measure pivot { code } }
        rows { records(first: 100) { totalCount } values { text records(first: 100) { totalCount nodes { kind name } } } value(of: OVER_BODIES) { text records { totalCount nodes { name } } } } } }"#;
    let data = client.data(query);
    let row = &data["report"]["rows"][0];
    let columns = data["report"]["columns"].as_array().unwrap();
    for (at, column) in columns.iter().enumerate().filter(|(_, column)| column["measure"] == "BODIES") {
        let value = &row["values"][at];
        let (count, nodes) = (&value["records"]["totalCount"], value["records"]["nodes"].as_array().unwrap());
        assert_eq!(count.to_string(), value["text"].as_str().unwrap());
        assert!(nodes.iter().all(|node| node["kind"] == column["pivot"][0]["code"]), "{column}");
    }
    let over = &row["value"];
    assert_eq!((&over["text"], &over["records"]["totalCount"]), (&json!("1"), &json!(1)));
}

#[test]
fn pages_go_on_where_the_last_one_ended() {
    let client = server(BACKENDS[0]).role(DIRECTOR, None);
    let mut input = json!({ "dimensions": ["TOWNSHIP"], "measures": ["APPROVED"], "within": "2106",
        "orderBy": [{ "measure": "APPROVED", "direction": "DESC" }], "first": 30 });
    let mut names = Vec::new();
    loop {
        let page = report(&client, input.clone());
        names.extend(page["rows"].as_array().unwrap().iter().map(|row| label(row, 0).to_owned()));
        assert_eq!(page["truncated"], true);
        if page["pageInfo"]["hasNextPage"] == false {
            break;
        }
        input["after"] = page["pageInfo"]["endCursor"].clone();
        input["dimensions"] = json!(["TOWNSHIP"]);
    }
    input["after"] = Value::Null;
    input["first"] = json!(1000);
    input["dimensions"] = json!(["TOWNSHIP"]);
    let whole = report(&client, input.clone());
    assert_eq!(whole["truncated"], false);
    assert_eq!(
        names,
        whole["rows"].as_array().unwrap().iter().map(|row| label(row, 0).to_owned()).collect::<Vec<_>>()
    );
    assert_eq!(names.len(), 84);
    let foreign =
        refused(&client, r#"{dimensions: [{dimension: COUNTY}], measures: [APPROVED], after: "AAAA"}"#);
    assert_eq!(foreign.0, "CURSOR_INVALID");
}

#[test]
fn a_wrong_report_says_what_would_be_right() {
    let client = server(BACKENDS[0]).role(DIRECTOR, None);
    let clerk = server(BACKENDS[0]).role("ESTABLISHMENT_CLERK", Some("990101"));
    for (who, input, code, says) in [
        (
            &client,
            r#"{dimensions: [{dimension: POST_LEVEL}], measures: [APPROVED]}"#,
            "BAD_USER_INPUT",
            "It can be grouped by PROVINCE",
        ),
        (
            &client,
            r#"{dimensions: [{dimension: POST_LEVEL}], measures: [APPROVED]}"#,
            "BAD_USER_INPUT",
            "LEADERSHIP_QUOTA",
        ),
        (
            &client,
            r#"{dimensions: [{dimension: YEAR}], measures: [APPROVED]}"#,
            "BAD_USER_INPUT",
            "state of one day",
        ),
        (&clerk, r#"{dimensions: [], measures: [APPROVED], within: "2106"}"#, "FORBIDDEN", "that is 990101"),
        (&server(BACKENDS[0]), r#"{dimensions: [], measures: [APPROVED]}"#, "FORBIDDEN", "reportCatalog"),
        (
            &client,
            r#"{dimensions: [], measures: [APPROVED], having: [{measure: OVER, gte: 1}]}"#,
            "BAD_USER_INPUT",
            "add it to `measures`",
        ),
        (
            &client,
            r#"{dimensions: [], measures: [APPROVED], orderBy: [{dimension: COUNTY}]}"#,
            "BAD_USER_INPUT",
            "add it to `dimensions`",
        ),
        (
            &client,
            r#"{dimensions: [], measures: [APPROVED], orderBy: [{delta: APPROVED}]}"#,
            "BAD_USER_INPUT",
            "give `compareTo`",
        ),
        (
            &client,
            r#"{dimensions: [{dimension: COUNTY}], measures: [APPROVED], totals: [FIRST]}"#,
            "BAD_USER_INPUT",
            "needs 2",
        ),
        (
            &client,
            r#"{dimensions: [{dimension: COUNTY}], measures: [APPROVED], compareTo: {within: "2106"}}"#,
            "BAD_USER_INPUT",
            "leave COUNTY out",
        ),
        (
            &client,
            r#"{dimensions: [{dimension: COUNTY}], measures: [APPROVED], compareTo: {peers: {}}}"#,
            "BAD_USER_INPUT",
            "add TOWNSHIP",
        ),
        (
            &client,
            r#"{dimensions: [], measures: [TOWNSHIPS], where: {leadershipPost: {title: {eq: "镇长"}}}}"#,
            "BAD_USER_INPUT",
            "`where.leadershipPost`",
        ),
        (
            &client,
            r#"{dimensions: [{dimension: COUNTRY}], measures: [BODIES]}"#,
            "GRAPHQL_VALIDATION_FAILED",
            "Do you mean COUNTY",
        ),
        (
            &client,
            r#"{dimensions: [], measures: [BODIES], asOf: "1700-01-01", having: [{measure: BODY, gte: 1}]}"#,
            "GRAPHQL_VALIDATION_FAILED",
            "`input.having.0.measure`: ReportMeasure has no value `BODY`. Do you mean BODIES",
        ),
        (&client, r#"{dimensions: [], measures: []}"#, "BAD_USER_INPUT", "1 to 80 measures"),
        (
            &client,
            r#"{dimensions: [], measures: [BODIES, APPROVED, BODIES]}"#,
            "BAD_USER_INPUT",
            "BODIES stands twice",
        ),
        (
            &client,
            r#"{dimensions: [{dimension: OFFICE_XYZ}], measures: [BODIES]}"#,
            "GRAPHQL_VALIDATION_FAILED",
            "`reportCatalog` lists them",
        ),
        (
            &client,
            r#"{dimensions: [], measures: [BODIES], within: "8888"}"#,
            "BAD_USER_INPUT",
            "No division has the code",
        ),
        (
            &client,
            r#"{dimensions: [], measures: [BODIES], first: 0}"#,
            "BAD_USER_INPUT",
            "between 1 and 1000",
        ),
        (
            &client,
            r#"{dimensions: [], measures: [BODIES], knownAt: "2026-11-01T00:00:00Z"}"#,
            "BAD_USER_INPUT",
            "one county",
        ),
        (
            &client,
            r#"{dimensions: [], measures: [BODIES], compareTo: {reform: "rf_nothing"}}"#,
            "BAD_USER_INPUT",
            "there is no Reform",
        ),
    ] {
        let (found, message) = refused(who, input);
        assert_eq!(found, code, "{input}: {message}");
        assert!(message.contains(says), "{input}: {message}");
    }
}

#[test]
fn peers_are_townships_of_the_same_type_and_size() {
    let client = server(BACKENDS[0]).role(DIRECTOR, None);
    let input = json!({ "dimensions": ["TOWNSHIP"], "measures": ["APPROVED", "APPROVED_PER_TOWNSHIP"], "within": "513428",
        "compareTo": { "peers": { "within": "513428", "samePopulationBand": false } } });
    let answer = report(&client, input);
    let rows = answer["rows"].as_array().unwrap();
    let plain = report(
        &client,
        json!({ "dimensions": ["TOWNSHIP", "TOWNSHIP_TYPE"], "measures": ["APPROVED"], "within": "513428" }),
    );
    for (row, other) in rows.iter().zip(plain["rows"].as_array().unwrap()) {
        let kind = &other["keys"][1]["code"];
        let peers: Vec<i64> = plain["rows"]
            .as_array()
            .unwrap()
            .iter()
            .filter(|peer| {
                peer["keys"][1]["code"] == *kind && peer["keys"][0]["code"] != other["keys"][0]["code"]
            })
            .map(|peer| peer["values"][0]["numerator"].as_i64().unwrap())
            .collect();
        let mean = peers.iter().sum::<i64>() as f64 / peers.len() as f64;
        for at in [0, 1] {
            assert!((row["values"][at]["previous"].as_f64().unwrap() - mean).abs() < 0.006, "{row} {mean}");
        }
    }
}

#[test]
fn catalog_and_saved_reports_are_for_who_may_run_them() {
    let query = "{ reportCatalog { measures { name label unit additivity definition } dimensions { name label } segments { name label } } savedReports { id name input } }";
    let public = server(BACKENDS[0]).data(query);
    let director = server(BACKENDS[0]).role(DIRECTOR, None).data(query);
    let names = |data: &Value, of: &str| -> Vec<String> {
        data["reportCatalog"][of]
            .as_array()
            .unwrap()
            .iter()
            .map(|m| m["name"].as_str().unwrap().to_owned())
            .collect()
    };
    let (few, many) = (names(&public, "measures"), names(&director, "measures"));
    assert!(many.len() >= 60 && few.len() >= 25 && !few.contains(&"APPROVED".to_owned()), "{few:?}");
    assert!(names(&director, "dimensions").len() >= 30);
    assert!(!names(&public, "dimensions").contains(&"GENDER".to_owned()));
    let client = server(BACKENDS[0]).role("ORGANIZATION_DEPT", Some("990101"));
    for saved in director["savedReports"].as_array().unwrap() {
        let mut input: Value = serde_json::from_str(saved["input"].as_str().unwrap()).unwrap();
        input["within"] = json!("990101");
        let answer = client.raw(QUERY, json!({ "input": input })).json();
        assert!(answer.get("errors").is_none(), "{saved}: {answer}");
        // Nobody is over quota or rank there.
        let some = answer["data"]["report"]["groupCount"].as_i64().unwrap() > 0;
        assert!(some || saved["id"] == "over-quota-and-over-rank", "{saved}");
    }
}

#[test]
fn reports_are_saved_shared_and_removed() {
    for backend in BACKENDS {
        let origin = own_server(backend, "saved_reports");
        let owner = origin.person("li.si", DIRECTOR, Some("990101"));
        let near = origin.person("wang.wu", "TOWNSHIP_CLERK", Some("990101103"));
        let far = origin.person("zhao.liu", "TOWNSHIP_CLERK", Some("610902111"));
        let save = "mutation($input: ReportSaveInput!) { reportSave(input: $input) { savedReport { id name owner sharing sharedWithin savedAt official input } } }";
        let input = json!({ "dimensions": [{ "dimension": "TOWNSHIP" }], "measures": ["OWN_BODIES"], "within": "990101" });
        let mut wanted = json!({ "name": "本县机构数", "description": "各镇", "report": input });
        let saved = owner.raw(save, json!({ "input": wanted })).json();
        let saved = &saved["data"]["reportSave"]["savedReport"];
        assert_eq!(
            (&saved["owner"], &saved["sharing"], &saved["official"]),
            (&json!("li.si"), &json!("NONE"), &json!(false)),
            "{backend:?}"
        );
        let id = saved["id"].as_str().unwrap().to_owned();
        let names = |client: &Client| {
            let data = client.data("{ savedReports { id name official } }");
            data["savedReports"].as_array().unwrap().iter().filter(|r| r["official"] == false).count()
        };
        assert_eq!((names(&owner), names(&near), names(&far), names(&origin)), (1, 0, 0, 0));
        let path = format!("/v1/reports/{id}.csv");
        assert_eq!((owner.get(&path, &[]).status, near.get(&path, &[]).status), (200, 404));
        wanted["id"] = json!(id);
        wanted["sharing"] = json!("TERRITORY");
        wanted["sharedWithin"] = json!("990101");
        assert!(owner.raw(save, json!({ "input": wanted })).json().get("errors").is_none());
        assert_eq!((names(&owner), names(&near), names(&far)), (1, 1, 0));
        // Who runs it sees what they may see; only its owner changes it.
        assert!(near.get(&path, &[]).text.contains("甲示镇"));
        let stolen = near.raw(save, json!({ "input": wanted })).json();
        assert_eq!(stolen["errors"][0]["extensions"]["code"], "BAD_USER_INPUT");
        let remove = format!("mutation {{ reportRemove(id: \"{id}\") {{ savedReport {{ id }} }} }}");
        assert_eq!(near.code(&remove), "BAD_USER_INPUT");
        wanted["report"]["measures"] = json!(["APPROVED"]);
        wanted["report"]["dimensions"] = json!([{ "dimension": "POST_LEVEL" }]);
        let wrong = owner.raw(save, json!({ "input": wanted })).json();
        assert!(wrong["errors"][0]["message"].as_str().unwrap().contains("cannot be grouped"), "{wrong}");
        for (name, value, says) in [
            ("first", json!(5000), "between 1 and 1000"),
            ("within", json!("219999"), "No division has the code"),
        ] {
            let mut report = input.clone();
            report[name] = value;
            let wrong = owner.raw(save, json!({ "input": { "name": "x", "report": report } })).json();
            assert!(wrong["errors"][0]["message"].as_str().unwrap().contains(says), "{wrong}");
        }
        let public = origin.raw(save, json!({ "input": { "name": "x", "report": input } })).json();
        assert_eq!(public["errors"][0]["extensions"]["code"], "FORBIDDEN");
        assert!(owner.data(&remove)["reportRemove"]["savedReport"].is_null());
        assert_eq!((names(&owner), names(&near), owner.get(&path, &[]).status), (0, 0, 404));
    }
}

#[test]
fn a_report_of_what_was_known_has_the_error() {
    let client = own_server(BACKENDS[0], "known_reports").role(DIRECTOR, Some("990101"));
    let bodies = client.data(r#"{ internalOffices(within: "990101101", first: 1) { nodes { id establishment(type: ADMINISTRATIVE) { approved } } } }"#);
    let body = &bodies["internalOffices"]["nodes"][0];
    let approved = body["establishment"]["approved"].as_i64().unwrap();
    let input = json!({ "organization": body["id"], "establishmentType": "ADMINISTRATIVE", "approved": approved + 5,
        "basis": { "number": "虚编办〔2026〕9号", "title": "更正", "issuer": "虚构县委编办" } });
    let done = client.act("mutation($input: EstablishmentCorrectInput!) { establishmentCorrect(input: $input) { errors { message } } }", input);
    assert_eq!(done["errors"], json!([]));
    let of = |known: Value| {
        let input =
            json!({ "dimensions": [], "measures": ["APPROVED"], "within": "990101", "knownAt": known });
        report(&client, input)["rows"][0]["values"][0]["numerator"].as_i64().unwrap()
    };
    assert_eq!(of(Value::Null) - of(json!("2026-01-01T00:00:00Z")), 5);
}
