//! A reform over HTTP, of the kind that Dandong describes: three stations of departments become part of the township's institution.
//! Whoever reads meanwhile sees the township before it or after it, and nothing in between; later the register tells what it said when.

use crate::harness::{BACKENDS, Client, own_server};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

pub const COUNTY: &str = "990101";
pub const TOWN: &str = "990101101";

/// The result of an act: its errors and its revision.
pub const SAID: &str =
    "errors { code path message changes { revision act principal } } warnings { code path } revision";

pub fn reform() -> String {
    format!(
        "mutation($input: ReformInput!) {{ reformCarryOut(input: $input) {{ reform {{ id name basis {{ number }} changes {{ totalCount }} }} objects {{ __typename id }} {SAID} }} }}"
    )
}

pub fn mutation(name: &str, selection: &str) -> String {
    let input = format!("{}{}Input", name[..1].to_uppercase(), &name[1..]);
    format!("mutation($input: {input}!) {{ {name}(input: $input) {{ {selection} {SAID} }} }}")
}

pub fn director(client: &Client) -> Client {
    client.person("director", "ESTABLISHMENT_DIRECTOR", Some(COUNTY))
}

/// Nothing was refused; gives the answer back.
pub fn done(answer: Value) -> Value {
    assert_eq!(answer["errors"], json!([]), "{answer:#}");
    answer
}

/// The codes of what was refused.
pub fn refused(answer: &Value) -> Vec<&str> {
    assert_eq!(answer["revision"], Value::Null, "{answer:#}");
    answer["errors"].as_array().unwrap().iter().map(|e| e["code"].as_str().unwrap()).collect()
}

pub fn basis(number: &str) -> Value {
    json!({ "number": number, "title": "关于乡镇机构改革的实施方案", "issuer": "虚构县机构编制委员会", "issuedOn": "2026-11-20" })
}

/// Before the reform: three stations that belong to departments, with their posts and heads.
pub fn stations() -> Value {
    let mut acts = Vec::new();
    for (at, (name, kind)) in [
        ("甲示水利站", "WATER_STATION"),
        ("甲示动物卫生监督所", "ANIMAL_HEALTH"),
        ("甲示退役军人工作站", "VETERANS_STATION"),
    ]
    .into_iter()
    .enumerate()
    {
        let made = format!("#{}", at * 3 + 1);
        acts.push(
            json!({ "organizationEstablish": { "divisionCode": TOWN, "kind": "SECONDED_AGENCY", "name": name,
            "rank": "SUBSECTION_CHIEF", "agencyKind": kind, "managementMode": "DUAL" } }),
        );
        acts.push(
            json!({ "establishmentSet": { "organization": made, "establishmentType": "PUBLIC_INSTITUTION",
            "approved": at + 3, "occupied": at + 2 } }),
        );
        acts.push(json!({ "leadershipPostCreate": { "organization": made, "title": "站长", "position": "PRINCIPAL", "level": "SUBSECTION" } }));
    }
    json!({ "within": COUNTY, "name": "设立三站", "effectiveOn": "2026-01-01", "acts": acts, "basis": basis("虚编发〔2026〕1号") })
}

/// What a reader sees of the three stations and of the centre: all in one answer.
const SIGHT: &str = r#"{ register { revision } township(code: "990101101") {
    secondedAgencies(first: 50, where: {name: {in: ["甲示水利站", "甲示动物卫生监督所", "甲示退役军人工作站"]}}) { nodes { name validTo } }
    publicInstitutions(where: {name: {contains: "农业农村"}}) { nodes { name establishment(type: PUBLIC_INSTITUTION) { approved occupied } leadershipPosts { totalCount } } } } }"#;

fn sight(answer: &Value) -> String {
    answer["township"].to_string()
}

fn known(as_of: &str, known_at: &str) -> String {
    SIGHT.replace(
        "township(code: \"990101101\")",
        &format!("township(code: \"990101101\", asOf: \"{as_of}\", knownAt: \"{known_at}\")"),
    )
}

fn now(client: &Client) -> String {
    std::thread::sleep(Duration::from_millis(1_100));
    let revision = client.data("{ register { revision } }");
    let last = client.data("{ changes(within: \"990101\", first: 1) { nodes { at } } }");
    assert!(revision["register"]["revision"].as_i64() > Some(0));
    last["changes"]["nodes"][0]["at"].as_str().unwrap().to_owned()
}

#[test]
fn everybody_sees_a_reform_as_a_whole_and_the_register_remembers() {
    for backend in BACKENDS {
        let client = own_server(backend, "reform");
        let clerk = director(&client);
        let made = done(clerk.act(&reform(), stations()));
        let ids: Vec<String> =
            [0, 3, 6].map(|at| made["objects"][at]["id"].as_str().unwrap().to_owned()).into();
        assert_eq!(made["objects"][2]["__typename"], "LeadershipPost");
        let before = sight(&clerk.data(SIGHT));
        assert_eq!(before.matches("甲示").count(), 3, "{before}");
        let (then, ending) = (now(&clerk), AtomicBool::new(false));
        std::thread::sleep(Duration::from_millis(1_100));

        let mut acts = vec![
            json!({ "organizationEstablish": { "divisionCode": TOWN, "kind": "PUBLIC_INSTITUTION",
            "name": "甲示镇农业农村综合服务中心", "parent": township(&clerk), "rank": "SUBSECTION_CHIEF", "category": "CENTRE" } }),
        ];
        acts.extend(
            ids.iter().map(|id| json!({ "organizationTransfer": { "organization": id, "successor": "#1" } })),
        );
        let input = json!({ "within": COUNTY, "name": "2026年甲示镇机构改革", "effectiveOn": "2026-11-25", "acts": acts, "basis": basis("虚编发〔2026〕12号") });
        // A trial says the same, and changes nothing.
        let mut trial = input.clone();
        trial["dryRun"] = json!(true);
        let tried = done(clerk.act(&reform(), trial));
        assert_eq!(
            (tried["revision"].clone(), tried["reform"]["basis"]["number"].as_str()),
            (Value::Null, Some("虚编发〔2026〕12号"))
        );
        assert_eq!(sight(&clerk.data(SIGHT)), before);

        let (seen, carried) = std::thread::scope(|scope| {
            let read = || {
                let mut seen = Vec::new();
                while !ending.load(Ordering::Relaxed) {
                    seen.push(sight(&clerk.data(SIGHT)));
                }
                seen
            };
            let readers: Vec<_> = (0..4).map(|_| scope.spawn(read)).collect();
            std::thread::sleep(Duration::from_millis(200));
            let carried = done(clerk.act(&reform(), input.clone()));
            // Who wrote reads it at once.
            let after = sight(&clerk.data(SIGHT));
            assert_ne!(after, before, "read your own write");
            std::thread::sleep(Duration::from_millis(200));
            ending.store(true, Ordering::Relaxed);
            let seen: BTreeSet<String> = readers.into_iter().flat_map(|r| r.join().unwrap()).collect();
            (seen, carried)
        });
        let after = sight(&clerk.data(SIGHT));
        assert_eq!(seen, BTreeSet::from([before.clone(), after.clone()]), "{backend:?}");
        assert!(after.contains("\"approved\":12") && after.contains("\"totalCount\":3"), "{after}");
        assert_eq!(carried["reform"]["changes"]["totalCount"], 4);

        // Four answers: as of before and after the reform, known before and after it was registered.
        let later = now(&clerk);
        let view = |as_of: &str, known_at: &str| sight(&clerk.data(&known(as_of, known_at)));
        let answers = [
            view("2026-11-24", &then),
            view("2026-11-27", &then),
            view("2026-11-24", &later),
            view("2026-11-27", &later),
        ];
        assert_eq!(answers[0], before);
        assert_eq!(answers[1], before, "the register did not know of it");
        assert_eq!(answers[2], before.replace("\"validTo\":null", "\"validTo\":\"2026-11-25\""));
        assert_eq!(answers[3], after);
        who_changed_it(&clerk, &client, &ids[0], carried["revision"].as_i64().unwrap());
    }
}

pub fn township(client: &Client) -> String {
    client.data("{ township(code: \"990101101\") { id } }")["township"]["id"].as_str().unwrap().to_owned()
}

/// "Who changed this record, when, on what document" is a query of its own.
fn who_changed_it(clerk: &Client, public: &Client, station: &str, revision: i64) {
    let query = std::fs::read_to_string(concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/examples/queries/who-changed-it.graphql"
    ))
    .unwrap();
    let ask = |client: &Client| client.raw(&query, json!({ "id": station })).json();
    let answer = ask(clerk);
    let newest = &answer["data"]["changes"]["nodes"][0];
    assert_eq!(newest["act"], "ORGANIZATION_TRANSFER", "{answer:#}");
    assert_eq!(
        (newest["principal"].as_str(), newest["role"].as_str()),
        (Some("director"), Some("ESTABLISHMENT_DIRECTOR"))
    );
    assert_eq!(
        (newest["revision"].as_i64(), newest["basis"]["number"].as_str()),
        (Some(revision), Some("虚编发〔2026〕12号"))
    );
    let ended = json!({ "name": "valid_to", "before": null, "after": "2026-11-25" });
    let records = newest["records"].as_array().unwrap();
    assert!(records.iter().any(|r| r["fields"].as_array().unwrap().contains(&ended)), "{newest:#}");
    assert!(records.iter().any(|r| r["kind"] == "ESTABLISHMENT"));
    // The public knows of the station, not of its numbers nor of who did it.
    let answer = ask(public);
    let newest = &answer["data"]["changes"]["nodes"][0];
    assert_eq!(
        (newest["act"].as_str(), newest["principal"].clone()),
        (Some("ORGANIZATION_TRANSFER"), Value::Null)
    );
    assert!(newest["records"].as_array().unwrap().iter().all(|r| r["kind"] != "ESTABLISHMENT"), "{newest:#}");
    assert_eq!(answer["extensions"]["masked"], json!(["Change.principal", "Change.role"]));
}
