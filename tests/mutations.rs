//! Acts over HTTP: who may do what, what is refused and how, and that nothing hidden shows.

use crate::contract::introspect;
use crate::harness::{BACKENDS, Backend, Client, own_server};
use crate::reform::{COUNTY, TOWN, basis, director, done, mutation, reform, refused, stations, township};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use tiaokuai::domain::{ActKind, CodeList, Role};
use tiaokuai::policy::{Hand, hand};

/// Objects of the fictional county, by what they are.
struct Objects {
    office: String,
    empty: String,
    other: String,
    free_post: String,
    person: String,
    held: String,
    proposed: String,
    consulted: String,
    publicised: String,
    pattern: String,
    division: String,
    draft: String,
    change: String,
    document: String,
}

fn first<'v>(value: &'v Value, path: &str) -> &'v str {
    value.pointer(path).and_then(Value::as_str).unwrap_or_else(|| panic!("{path}: {value:#}"))
}

/// Finds objects, and makes those that the demonstration does not have.
fn objects(client: &Client) -> Objects {
    let (director, personnel) =
        (director(client), client.person("personnel", "ORGANIZATION_DEPT", Some(COUNTY)));
    let found = |name: &str| {
        let input = json!({ "divisionCode": TOWN, "kind": "INTERNAL_OFFICE", "name": name, "parent": township(&director), "effectiveOn": "2026-01-01" });
        let made = done(director.act(&mutation("organizationEstablish", "organization { id }"), input));
        made["organization"]["id"].as_str().unwrap().to_owned()
    };
    let (empty, other) = (found("临时办公室"), found("备用办公室"));
    let post = json!({ "organization": other, "title": "副主任", "position": "DEPUTY", "level": "SUBSECTION", "effectiveOn": "2026-01-01" });
    let post = done(director.act(&mutation("leadershipPostCreate", "leadershipPost { id }"), post));
    let free_post = first(&post, "/leadershipPost/id").to_owned();
    let newest = format!("{{ changes(within: \"{COUNTY}\", first: 1) {{ nodes {{ id }} }} }}");
    let change = first(&director.data(&newest), "/changes/nodes/0/id").to_owned();
    let person = json!({ "countyCode": COUNTY, "name": "示例新一" });
    let person = done(personnel.act(&mutation("personAdd", "person { id name }"), person));
    let person = first(&person, "/person/id").to_owned();
    let state = |state: &str| {
        let query = format!(
            "{{ appointments(within: \"{COUNTY}\", first: 1, where: {{state: {{eq: {state}}}}}) {{ nodes {{ id }} }} }}"
        );
        first(&personnel.data(&query), "/appointments/nodes/0/id").to_owned()
    };
    let documents = format!("{{ documents(within: \"{COUNTY}\", first: 1) {{ nodes {{ id }} }} }}");
    let document = first(&director.data(&documents), "/documents/nodes/0/id").to_owned();
    let town = director.data(
        r#"{ township(code: "990101101") { id division { id } settingPattern { id }
        internalOffices(where: {name: {eq: "经济发展办公室"}}) { nodes { id } } } }"#,
    );
    let town = &town["township"];
    Objects {
        office: first(town, "/internalOffices/nodes/0/id").to_owned(),
        division: first(town, "/division/id").to_owned(),
        pattern: pattern(&director, first(town, "/settingPattern/id")),
        held: state("CONFIRMED"),
        proposed: state("PROPOSED"),
        consulted: state("CONSULTED"),
        publicised: state("PUBLICISED"),
        draft: draft(client),
        change,
        document,
        empty,
        other,
        free_post,
        person,
    }
}

/// A draft that somebody submitted.
fn draft(client: &Client) -> String {
    let drafter = client.person("drafter", "ESTABLISHMENT_CLERK", Some(COUNTY));
    let written = done(crate::drafts::write(&drafter, json!({ "reform": stations() })));
    let id = first(&written, "/reformDraft/id").to_owned();
    let submit = crate::drafts::step("reformDraftSubmit", "ReformDraftStepInput");
    done(drafter.act(&submit, json!({ "reformDraft": id })));
    id
}

/// The mutation of a name, with the type of its input.
fn asked(name: &str) -> String {
    match name {
        "reformCarryOut" => reform(),
        "reformDraftWrite" => crate::drafts::step(name, "ReformDraftWriteInput"),
        name if name.starts_with("reformDraft") => crate::drafts::step(name, "ReformDraftStepInput"),
        name => mutation(name, "__typename"),
    }
}

/// Another pattern than the one that holds.
fn pattern(client: &Client, now: &str) -> String {
    let everywhere = client.role("ESTABLISHMENT_DIRECTOR", None);
    let of = |province: &str| {
        let query = format!(
            "{{ townships(within: \"{province}\", first: 100) {{ nodes {{ settingPattern {{ id }} }} }} }}"
        );
        let towns = everywhere.data(&query);
        let ids = towns["townships"]["nodes"]
            .as_array()
            .unwrap()
            .iter()
            .filter_map(|t| t["settingPattern"]["id"].as_str());
        ids.map(str::to_owned).collect::<Vec<_>>()
    };
    let mut all = ["21", "35", "51", "61", "99"].into_iter().flat_map(of);
    all.find(|id| id != now).unwrap()
}

/// An input for each act which somebody who may do it can do.
fn inputs(at: &Objects) -> BTreeMap<&'static str, (ActKind, Value)> {
    use ActKind as A;
    let numbers = json!({ "organization": at.office, "establishmentType": "ADMINISTRATIVE", "approved": 9 });
    let merged = json!({ "organizations": [at.empty, at.other], "into": at.office });
    BTreeMap::from([
        ("reformDraftWrite", (A::ReformDraftWrite, json!({ "reform": stations() }))),
        ("reformDraftSubmit", (A::ReformDraftSubmit, json!({ "reformDraft": at.draft }))),
        ("reformDraftReturn", (A::ReformDraftReturn, json!({ "reformDraft": at.draft, "opinion": "有误" }))),
        ("reformDraftRelease", (A::ReformDraftRelease, json!({ "reformDraft": at.draft }))),
        (
            "reformCarryOut",
            (
                A::OrganizationAbolish,
                json!({ "within": COUNTY, "name": "试", "acts": [{ "organizationAbolish": { "organization": at.empty } }] }),
            ),
        ),
        (
            "organizationEstablish",
            (
                A::OrganizationEstablish,
                json!({ "divisionCode": TOWN, "kind": "SECONDED_AGENCY", "name": "试设站", "agencyKind": "OTHER", "managementMode": "DUAL" }),
            ),
        ),
        (
            "organizationRename",
            (A::OrganizationRename, json!({ "organization": at.office, "name": "试名办公室" })),
        ),
        (
            "organizationRerank",
            (A::OrganizationRerank, json!({ "organization": at.office, "rank": "UNRANKED" })),
        ),
        (
            "organizationTransfer",
            (A::OrganizationTransfer, json!({ "organization": at.empty, "successor": at.office })),
        ),
        ("organizationMerge", (A::OrganizationMerge, merged)),
        (
            "organizationSplit",
            (A::OrganizationSplit, json!({ "organization": at.empty, "into": [at.office, at.other] })),
        ),
        ("organizationAbolish", (A::OrganizationAbolish, json!({ "organization": at.empty }))),
        ("establishmentSet", (A::EstablishmentSet, numbers)),
        (
            "establishmentTransfer",
            (
                A::EstablishmentTransfer,
                json!({ "from": at.office, "to": at.other, "establishmentType": "ADMINISTRATIVE", "approved": 1 }),
            ),
        ),
        (
            "leadershipPostCreate",
            (
                A::LeadershipPostCreate,
                json!({ "organization": at.office, "title": "副主任", "position": "DEPUTY", "level": "SUBSECTION" }),
            ),
        ),
        ("leadershipPostClose", (A::LeadershipPostClose, json!({ "leadershipPost": at.free_post }))),
        ("personAdd", (A::PersonAdd, json!({ "countyCode": COUNTY, "name": "示例新二" }))),
        ("personCorrect", (A::PersonCorrect, json!({ "person": at.person, "name": "示例新三" }))),
        (
            "appointmentPropose",
            (
                A::AppointmentPropose,
                json!({ "leadershipPost": at.free_post, "person": at.person, "kind": "PROMOTE", "mode": "APPOINTED" }),
            ),
        ),
        (
            "appointmentRecord",
            (
                A::AppointmentRecord,
                json!({ "leadershipPost": at.free_post, "person": at.person, "kind": "PROMOTE", "mode": "APPOINTED", "effectiveOn": "2026-02-01" }),
            ),
        ),
        (
            "appointmentConsult",
            (A::AppointmentConsult, json!({ "appointment": at.proposed, "kind": "OPINION" })),
        ),
        (
            "appointmentAnswer",
            (A::AppointmentAnswer, json!({ "appointment": at.consulted, "answer": "同意" })),
        ),
        ("appointmentDiscuss", (A::AppointmentDiscuss, json!({ "appointment": at.proposed }))),
        ("appointmentPublicise", (A::AppointmentPublicise, json!({ "appointment": at.proposed }))),
        ("appointmentTakeUp", (A::AppointmentTakeUp, json!({ "appointment": at.publicised }))),
        ("appointmentProbation", (A::AppointmentProbation, json!({ "appointment": at.publicised }))),
        ("appointmentConfirm", (A::AppointmentConfirm, json!({ "appointment": at.publicised }))),
        ("appointmentWithdraw", (A::AppointmentWithdraw, json!({ "appointment": at.proposed }))),
        ("appointmentRemove", (A::AppointmentRemove, json!({ "appointment": at.held }))),
        (
            "settingPatternAssign",
            (A::SettingPatternAssign, json!({ "township": township_id(at), "settingPattern": at.pattern })),
        ),
        ("divisionChange", (A::DivisionChange, json!({ "division": at.division, "name": "甲示新镇" }))),
        (
            "organizationCorrect",
            (A::OrganizationCorrect, json!({ "organization": at.office, "name": "试正办公室" })),
        ),
        (
            "establishmentCorrect",
            (
                A::EstablishmentCorrect,
                json!({ "organization": at.office, "establishmentType": "ADMINISTRATIVE", "approved": 11 }),
            ),
        ),
        (
            "leadershipPostCorrect",
            (A::LeadershipPostCorrect, json!({ "leadershipPost": at.free_post, "title": "副职" })),
        ),
        (
            "appointmentCorrect",
            (A::AppointmentCorrect, json!({ "appointment": at.held, "nominator": "示例提名机关" })),
        ),
        (
            "documentCorrect",
            (A::DocumentCorrect, json!({ "document": at.document, "title": "关于试行更正的通知" })),
        ),
        ("divisionCorrect", (A::DivisionCorrect, json!({ "division": at.division, "name": "甲示正镇" }))),
        ("changeReverse", (A::ChangeReverse, json!({ "change": at.change }))),
        ("divisionMerge", (A::DivisionMerge, json!({ "divisions": [at.division], "into": at.division }))),
    ])
}

fn township_id(at: &Objects) -> String {
    at.division.clone()
}

/// The mutations of the contract.
fn mutations() -> Vec<String> {
    let schema = introspect();
    let types = schema["types"].as_array().unwrap();
    let mutation = types.iter().find(|t| t["name"] == "Mutation").unwrap();
    let all = mutation["fields"].as_array().unwrap().iter().map(|f| f["name"].as_str().unwrap().to_owned());
    // Reports are no part of the register: see `reports_asked`.
    all.filter(|name| !name.starts_with("report")).collect()
}

#[test]
fn every_act_is_tried_as_every_role() {
    for backend in BACKENDS {
        let client = own_server(backend, "roles");
        let at = objects(&client);
        let mut inputs = inputs(&at);
        inputs.get_mut("settingPatternAssign").unwrap().1["township"] = json!(township(&director(&client)));
        assert_eq!(inputs.keys().map(|k| (*k).to_owned()).collect::<Vec<_>>(), {
            let mut all = mutations();
            all.sort();
            all
        });
        let before = client.data("{ register { revision } }");
        for (name, (act, input)) in &inputs {
            let mut tried = input.clone();
            tried["dryRun"] = json!(true);
            let query = asked(name);
            for role in (0..).map_while(Role::at) {
                for (scope, inside) in [(Some(COUNTY), true), (None, true), (Some("610902"), false)] {
                    let who =
                        if role == Role::Public { client.clone() } else { client.role(role.value(), scope) };
                    let mut may = if inside { hand(*act, role) } else { Hand::None };
                    if *act == ActKind::ChangeReverse {
                        // What is taken back has to be allowed too.
                        may = may.min(hand(ActKind::LeadershipPostCreate, role));
                    }
                    let answer = who.raw(&query, json!({ "input": tried })).json();
                    verdict(&answer, may, &format!("{backend:?} {name} {role:?} {scope:?}"));
                    if may == Hand::Try {
                        let answer = who.raw(&query, json!({ "input": input })).json();
                        assert_eq!(answer["errors"][0]["extensions"]["code"], "FORBIDDEN", "{name} {role:?}");
                    }
                }
            }
        }
        assert_eq!(client.data("{ register { revision } }"), before, "a trial changed something");
    }
}

/// Acts whose input above is refused by a rule, which only those hear who may do it.
const RULED_OUT: &[&str] = &[
    "divisionMerge",
    "reformDraftSubmit",
    "appointmentDiscuss",
    "appointmentPublicise",
    "appointmentProbation",
    "appointmentConfirm",
    "appointmentTakeUp",
    "appointmentWithdraw",
];

fn verdict(answer: &Value, may: Hand, what: &str) {
    let forbidden = answer["errors"][0]["extensions"]["code"] == "FORBIDDEN";
    let payload = answer["data"].as_object().and_then(|data| data.values().next());
    let codes: Vec<&str> = payload
        .and_then(|p| p["errors"].as_array())
        .into_iter()
        .flatten()
        .map(|e| e["code"].as_str().unwrap())
        .collect();
    if may == Hand::None {
        // What is not seen is not there; what is seen may not be touched.
        assert!(forbidden || codes == ["NOT_FOUND"], "{what}: {answer:#}");
        return;
    }
    assert!(!forbidden, "{what}: {answer:#}");
    let ruled_out = RULED_OUT.iter().any(|name| what.contains(name));
    assert!(payload.is_some_and(|p| p["revision"].is_null()), "{what}: {answer:#}");
    assert!(codes.is_empty() || ruled_out, "{what}: {answer:#}");
}

#[test]
fn a_stale_change_conflicts_and_a_key_is_answered_once() {
    for backend in BACKENDS {
        let client = own_server(backend, "stale");
        let clerk = director(&client);
        let made = done(clerk.act(&reform(), stations()));
        let station = made["objects"][0]["id"].as_str().unwrap();
        let read = made["revision"].as_i64().unwrap();
        let rename = mutation("organizationRename", "organization { name }");
        let input = |name: &str, extra: Value| {
            let mut input = json!({ "organization": station, "name": name });
            input.as_object_mut().unwrap().extend(extra.as_object().unwrap().clone());
            input
        };
        // Another one was faster.
        let colleague = client.person("colleague", "ESTABLISHMENT_DIRECTOR", Some(COUNTY));
        let faster = done(colleague.act(&rename, input("甲示水务站", json!({}))));
        let stale = clerk.act(&rename, input("甲示水利工作站", json!({ "expectedVersion": read })));
        assert_eq!(refused(&stale), ["CONFLICT"]);
        assert_eq!(
            stale["errors"][0]["changes"],
            json!([{ "revision": faster["revision"], "act": "ORGANIZATION_RENAME", "principal": "colleague" }])
        );
        // What others changed elsewhere is no conflict.
        let fresh = json!({ "expectedVersion": faster["revision"], "idempotencyKey": "k1" });
        let once = done(clerk.act(&rename, input("甲示水利工作站", fresh.clone())));
        assert_eq!(once["revision"].as_i64(), faster["revision"].as_i64().map(|n| n + 1));
        let again = done(clerk.act(&rename, input("甲示水利工作站", fresh.clone())));
        assert_eq!(again, once, "the same key with the same input");
        let other = clerk.act(&rename, input("别的站", fresh.clone()));
        assert_eq!(refused(&other), ["IDEMPOTENCY_MISMATCH"]);
        // The key of another person is another key.
        assert_eq!(
            refused(&colleague.act(&rename, input("甲示水利工作站", json!({ "idempotencyKey": "k1" })))),
            ["NO_CHANGE"]
        );
        assert_eq!(client.data("{ register { revision } }")["register"]["revision"], once["revision"]);
    }
}

#[test]
fn what_is_refused_says_where_and_nothing_hidden_shows() {
    let client = own_server(Backend::Sqlite, "refused");
    let clerk = director(&client);
    let mut input = stations();
    input["acts"][4]["establishmentSet"]["establishmentType"] = json!("ADMINISTRATIVE");
    input["acts"][4]["establishmentSet"]["organization"] = json!("#9");
    let answer = clerk.act(&reform(), input);
    assert_eq!(answer["errors"][0]["path"], json!(["input", "acts", "4", "organization"]), "{answer:#}");
    assert_eq!(refused(&answer), ["NOT_FOUND"]);
    let count = client.data("{ changes(within: \"990101\") { totalCount } }");
    assert_eq!(count["changes"]["totalCount"], 0);
    // An office that is not published: for the public, and for a director elsewhere, it is like one that never was.
    let hidden = clerk.data(r#"{ internalOffices(within: "990101002", first: 50) { nodes { id name } } }"#);
    let hidden = hidden["internalOffices"]["nodes"]
        .as_array()
        .unwrap()
        .iter()
        .find(|o| o["name"] == "综合协调办公室")
        .unwrap();
    let id = hidden["id"].as_str().unwrap();
    let absent = format!("{}{}", &id[..id.len() - 3], if id.ends_with("AAA") { "BBB" } else { "AAA" });
    let rename = mutation("organizationRename", "organization { id }");
    let elsewhere = client.role("ESTABLISHMENT_DIRECTOR", Some("610902"));
    let ask = |id: &str| {
        let mut answer =
            elsewhere.raw(&rename, json!({ "input": { "organization": id, "name": "新名" } })).json();
        answer["extensions"].take();
        answer
    };
    assert_eq!(ask(id), ask(&absent));
    // What is done to it is not told to those who may not see it.
    done(clerk.act(&rename, json!({ "organization": id, "name": "综合协调和档案办公室" })));
    let changes = "{ changes(within: \"990101\") { totalCount nodes { act records { kind } } } }";
    assert_eq!(clerk.data(changes)["changes"]["totalCount"], 1);
    assert_eq!(client.data(changes)["changes"]["totalCount"], 0);
    let of = format!("{{ changes(of: \"{id}\") {{ totalCount }} }}");
    assert_eq!(
        (clerk.data(&of)["changes"]["totalCount"].clone(), client.data(&of)["changes"]["totalCount"].clone()),
        (json!(1), json!(0))
    );
    // The auditor sees that it was done and by whom, and no value.
    let auditor = client
        .role("AUDITOR", None)
        .data("{ changes(within: \"990101\") { nodes { act principal records { kind } } } }");
    assert_eq!(
        auditor["changes"]["nodes"],
        json!([{ "act": "ORGANIZATION_RENAME", "principal": "director", "records": [] }])
    );
}

#[test]
fn a_document_is_registered_once_and_the_public_changes_nothing() {
    let client = own_server(Backend::Sqlite, "papers");
    let clerk = director(&client);
    let found = |name: &str, basis: Value| json!({ "divisionCode": TOWN, "kind": "INTERNAL_OFFICE", "name": name, "parent": township(&clerk), "basis": basis });
    let query = mutation(
        "organizationEstablish",
        "organization { basis { id number } history { nodes { basis { id } } } }",
    );
    let one = done(clerk.act(&query, found("甲办公室", basis("虚编发〔2026〕7号"))));
    let two = done(clerk.act(&query, found("乙办公室", basis("虚编发〔2026〕7号"))));
    assert_eq!(one["organization"]["basis"], two["organization"]["basis"]);
    assert_eq!(two["organization"]["history"]["nodes"][0]["basis"]["id"], one["organization"]["basis"]["id"]);
    let mut other = basis("虚编发〔2026〕7号");
    other["title"] = json!("另一标题");
    assert_eq!(refused(&clerk.act(&query, found("丙办公室", other))), ["DUPLICATE"]);
    let input = json!({ "input": found("丁办公室", Value::Null) });
    assert_eq!(client.raw(&query, input.clone()).code(), "FORBIDDEN");
    let dated = clerk.raw_with(&query, input, &[("X-Tiaokuai-As-Of", "2026-01-01")]);
    assert_eq!(dated.code(), "BAD_USER_INPUT");
    let get = clerk.get(&format!("/graphql?query={}", "mutation%7B__typename%7D"), &[]);
    assert_eq!(get.status, 405);
}

#[test]
fn a_reader_can_ask_for_a_revision() {
    let client = own_server(Backend::Sqlite, "least");
    let ask = |least: &str| {
        client.raw_with("{ register { revision } }", json!({}), &[("X-Tiaokuai-Min-Revision", least)])
    };
    let now = client.data("{ register { revision } }")["register"]["revision"].as_i64().unwrap();
    assert_eq!(ask(&now.to_string()).json()["data"]["register"]["revision"], now);
    assert_eq!(ask(&now.to_string()).header("x-tiaokuai-revision"), now.to_string());
    for bad in ["", "-1", "x", "99999999999999999999"] {
        assert_eq!(ask(bad).code(), "BAD_USER_INPUT", "{bad}");
    }
    let late = ask(&(now + 1).to_string());
    assert_eq!((late.status, late.code().as_str()), (503, "UNAVAILABLE"));
}
