//! Corrections over HTTP: everybody sees them, the error stays readable, they are taken back, and nothing hidden shows.

use crate::harness::{BACKENDS, Client, demo_database, start_on};
use crate::reform::{COUNTY, TOWN, basis, director, done, mutation, reform, refused, stations};
use serde_json::{Value, json};
use std::time::Duration;

#[test]
fn corrections_are_taken_back_and_stand_in_nobodys_way() {
    let client = crate::harness::own_server(crate::harness::Backend::Sqlite, "undone");
    let clerk = director(&client);
    let newest = || {
        let query = format!("{{ changes(within: \"{COUNTY}\", first: 1) {{ nodes {{ id act }} }} }}");
        clerk.data(&query)["changes"]["nodes"][0].take()
    };
    let reverse = |change: &Value| {
        clerk.act(&mutation("changeReverse", "__typename"), json!({ "change": change["id"] }))
    };
    let documents =
        format!("{{ documents(within: \"{COUNTY}\", first: 1) {{ nodes {{ id number title }} }} }}");
    let document = clerk.data(&documents)["documents"]["nodes"][0].take();
    let correct = |more: Value| {
        let mut input = json!({ "document": document["id"] });
        input.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        clerk.act(&mutation("documentCorrect", "document { title }"), input)
    };
    let wrong = correct(json!({ "title": "长".repeat(201), "issuer": "虚构县" }));
    assert_eq!(refused(&wrong), ["OUT_OF_RANGE"]);
    assert_eq!(wrong["errors"][0]["path"], json!(["input", "title"]));
    // A document keeps its place in the file, and what it said before comes back.
    assert_eq!(done(correct(json!({ "title": "更正后的标题" })))["document"]["title"], "更正后的标题");
    let first = newest();
    done(correct(json!({ "number": "虚编发〔2026〕88号" })));
    assert_eq!(refused(&reverse(&first)), ["LATER_CHANGE"]);
    let second = newest();
    // Its number is another's by now.
    let office = crate::mended::office(&clerk, TOWN);
    let mut taken = basis(document["number"].as_str().unwrap());
    taken["title"] = json!("另一文件");
    let rename = json!({ "organization": office, "name": "更正试办公室", "basis": taken });
    done(clerk.act(&mutation("organizationRename", "__typename"), rename));
    let renamed = newest();
    assert_eq!(refused(&reverse(&second)), ["LATER_CHANGE"]);
    // A name of a division that is corrected ends nothing that bodies lean on.
    let town = clerk.data(&format!("{{ division(code: \"{TOWN}\") {{ id }} }}"))["division"]["id"].take();
    let input = json!({ "division": town, "name": "甲示正镇" });
    done(clerk.act(&mutation("divisionCorrect", "division { name }"), input));
    let named = newest();
    assert_eq!(named["act"], "DIVISION_CORRECT");
    done(reverse(&renamed));
    done(reverse(&named));
    // A credit code that was freed and given to another is not given back.
    let other = json!({ "organization": office, "uscc": "11210681MB0000000X" });
    let code = mutation("organizationCorrect", "__typename");
    done(clerk.act(&code, other.clone()));
    done(clerk.act(&code, json!({ "organization": office, "uscc": "" })));
    let freed = newest();
    let agency = json!({ "divisionCode": TOWN, "kind": "SECONDED_AGENCY", "name": "更正试站", "agencyKind": "WATER_STATION", "managementMode": "DUAL", "effectiveOn": "2026-01-01" });
    let agency = done(clerk.act(&mutation("organizationEstablish", "organization { id }"), agency));
    let given = json!({ "organization": agency["organization"]["id"], "uscc": "11210681MB0000000X" });
    done(clerk.act(&code, given));
    assert_eq!(refused(&reverse(&freed)), ["LATER_CHANGE"]);
}

#[test]
fn who_listens_hears_what_goes_with_a_body_that_is_hidden() {
    let client = crate::harness::own_server(crate::harness::Backend::Sqlite, "hidden");
    let clerk = director(&client);
    let made = done(clerk.act(&reform(), stations()));
    let (station, post) = (made["objects"][0]["id"].clone(), made["objects"][2]["id"].clone());
    let query = format!("subscription {{ changes(within: \"{COUNTY}\") {{ gone }} }}");
    let mut socket = crate::subscribers::Socket::listen(&client.origin, &query);
    std::thread::sleep(Duration::from_millis(300));
    let hide = json!({ "organization": station, "disclosed": false });
    done(clerk.act(&mutation("organizationCorrect", "__typename"), hide));
    let message: Value = serde_json::from_str(&socket.text()).unwrap();
    let gone = &message["payload"]["data"]["changes"]["gone"];
    assert!([station, post].iter().all(|id| gone.as_array().unwrap().contains(id)), "{message}");
}

/// The whole log, with all that is told of it.
fn log(client: &Client) -> Value {
    client.data(&format!(
        "{{ changes(within: \"{COUNTY}\", first: 100) {{ totalCount nodes {{ id revision at act principal role request basis {{ number }} reverses {{ id }} reversedBy {{ id }}
            records {{ kind created removed object {{ id }} fields {{ name before after }} }} }} }} }}"
    ))
}

#[test]
fn an_error_is_corrected_for_all_and_stays_readable() {
    for backend in BACKENDS {
        let url = demo_database(backend, "corrected");
        let client = Client::new(&start_on(&url));
        let clerk = director(&client);
        let made = done(clerk.act(&reform(), stations()));
        let station = made["objects"][0]["id"].clone();
        let then = clerk.data(&format!("{{ changes(within: \"{COUNTY}\", first: 1) {{ nodes {{ at }} }} }}"));
        let then = then["changes"]["nodes"][0]["at"].as_str().unwrap().to_owned();
        std::thread::sleep(Duration::from_millis(1_100));
        let query = mutation("organizationCorrect", "organization { name asOf }");
        let input = json!({ "organization": station, "name": "甲示水务站", "effectiveOn": "2026-02-01", "basis": basis("虚编办〔2026〕8号") });
        let tried = clerk.act(&query, {
            let mut tried = input.clone();
            tried["dryRun"] = json!(true);
            tried
        });
        assert_eq!(done(tried)["organization"]["name"], "甲示水务站");
        let stale =
            json!({ "organization": station, "name": "甲示水务所", "expectedVersion": made["revision"] });
        let corrected = done(clerk.act(&query, input));
        assert_eq!(corrected["organization"]["asOf"], "2026-02-01", "as of the day that was corrected");
        assert_eq!(refused(&clerk.act(&query, stale)), ["CONFLICT"]);
        // Everybody sees it on every day; as it was known, the error.
        let seen = |more: &str| {
            let query = format!("{{ node(id: {station}{more}) {{ ... on SecondedAgency {{ name }} }} }}");
            client.data(&query)["node"]["name"].take()
        };
        assert_eq!(seen(""), "甲示水务站");
        assert_eq!(seen(", asOf: \"2026-01-01\""), "甲示水务站");
        assert_eq!(seen(&format!(", knownAt: \"{then}\"")), "甲示水利站");
        let history = client.data(&format!(
            "{{ changes(of: {station}, first: 1) {{ nodes {{ act revision basis {{ number }} records {{ fields {{ name before after }} }} }} }} }}"
        ));
        let entry = &history["changes"]["nodes"][0];
        assert_eq!(
            (&entry["act"], &entry["revision"]),
            (&json!("ORGANIZATION_CORRECT"), &corrected["revision"])
        );
        assert_eq!(entry["basis"]["number"], "虚编办〔2026〕8号");
        let fields = json!([{ "name": "name", "before": "甲示水利站", "after": "甲示水务站" }]);
        assert_eq!(entry["records"][0]["fields"], fields);
        // What is found to be no matter for the public is not remembered by the public either.
        let entries = || {
            let log = format!(
                "{{ changes(of: {station}, first: 50) {{ totalCount nodes {{ revision records {{ fields {{ before after }} }} }} }} }}"
            );
            client.data(&log)["changes"].take()
        };
        let before = entries();
        done(clerk.act(&query, json!({ "organization": station, "disclosed": false })));
        assert_eq!(seen(""), Value::Null);
        assert_eq!(seen(&format!(", knownAt: \"{then}\"")), Value::Null);
        let hidden = client.data(&format!("{{ changes(of: {station}) {{ totalCount }} }}"));
        assert_eq!(hidden["changes"]["totalCount"], 0);
        // What was done while it was hidden is not told when it is disclosed.
        done(clerk.act(&query, json!({ "organization": station, "name": "密名站" })));
        done(clerk.act(&query, json!({ "organization": station, "name": "甲示水务站", "disclosed": true })));
        assert_eq!(seen(""), "甲示水务站");
        assert_eq!(entries(), before);
        // A correction is taken back like anything else.
        done(clerk.act(&query, json!({ "organization": station, "name": "误更站" })));
        let newest = format!("{{ changes(within: \"{COUNTY}\", first: 1) {{ nodes {{ id act }} }} }}");
        let newest = clerk.data(&newest)["changes"]["nodes"][0].take();
        let reverse = mutation("changeReverse", "__typename");
        done(clerk.act(&reverse, json!({ "change": newest["id"] })));
        assert_eq!(seen(""), "甲示水务站");
        // The log that grew in memory is the one that another process reads.
        let other = director(&Client::new(&start_on(&url)));
        assert_eq!(log(&clerk), log(&other), "{backend:?}");
        assert_eq!(log(&client), log(&Client::new(&other.origin)), "{backend:?}");
    }
}
