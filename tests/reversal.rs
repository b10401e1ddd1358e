//! Reversals: what was registered in error is taken back as a whole, the newest first, and the log keeps the error.

use crate::acts::{basis as on, found, post, set};
use crate::changes::wish;
use crate::harness::process::tiaokuai;
use crate::harness::register::{pick, seeds};
use crate::harness::{BACKENDS, Client, block_on, demo_database, empty_database, scratch, start_on};
use crate::reform::{COUNTY, TOWN, basis, director, done, mutation, reform, refused, stations};
use crate::subscribers::Socket;
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{RngCore, SeedableRng};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::time::Duration;
use tiaokuai::act::{Act, Object, OrganizationCorrection, carry_out};
use tiaokuai::domain::{CodeList, EstablishmentType, OrganizationKind};
use tiaokuai::store::{Desk, Outcome, Rows, Store, Wish};

fn reverse(client: &Client, change: &Value, more: Value) -> Value {
    let mut input = json!({ "change": change });
    input.as_object_mut().unwrap().extend(more.as_object().cloned().unwrap_or_default());
    client.act(&mutation("changeReverse", "change { id revision act reverses { id revision } }"), input)
}

/// The newest change of the county, or the first of a revision.
fn change(client: &Client, revision: Option<i64>) -> Value {
    let list = format!(
        "{{ changes(within: \"{COUNTY}\", first: 50) {{ nodes {{ id revision at act reverses {{ revision }} reversedBy {{ revision }} records {{ removed created }} }} }} }}"
    );
    let found = client.data(&list)["changes"]["nodes"].take();
    let nodes = found.as_array().unwrap();
    nodes.iter().find(|node| revision.is_none_or(|wanted| node["revision"] == wanted)).unwrap().clone()
}

/// The newest change of an object.
fn change_of(client: &Client, id: &Value) -> Value {
    client.data(&format!("{{ changes(of: {id}, first: 1) {{ nodes {{ id }} }} }}"))["changes"]["nodes"][0]
        .take()
}

fn names(client: &Client, when: &str) -> Vec<String> {
    let list = format!(
        "{{ township(code: \"{TOWN}\"{when}) {{ secondedAgencies(first: 50, where: {{name: {{in: [\"甲示水利站\", \"甲示动物卫生监督所\", \"甲示退役军人工作站\", \"甲示水务站\", \"甲示新站\"]}}}}) {{ nodes {{ name }} }} }} }}"
    );
    let found = client.data(&list)["township"]["secondedAgencies"]["nodes"].take();
    found.as_array().unwrap().iter().map(|node| node["name"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn an_error_is_taken_back_as_a_whole_and_stays_readable() {
    for backend in BACKENDS {
        let url = demo_database(backend, "reversal");
        let client = Client::new(&start_on(&url));
        let clerk = director(&client);
        let made = done(clerk.act(&reform(), stations()));
        let revision = made["revision"].as_i64().unwrap();
        let station = made["objects"][0]["id"].clone();
        let error = change(&clerk, Some(revision));
        let then = error["at"].as_str().unwrap().to_owned();
        assert_eq!(names(&clerk, "").len(), 3);
        std::thread::sleep(Duration::from_millis(1_100));

        // Who may do it: what is taken back has to be allowed too.
        for (other, code) in [
            (client.clone(), "FORBIDDEN"),
            (client.role("INSPECTOR", Some(COUNTY)), "FORBIDDEN"),
            (client.role("ORGANIZATION_DEPT", Some(COUNTY)), "FORBIDDEN"),
            (client.role("ESTABLISHMENT_CLERK", Some(COUNTY)), "FORBIDDEN"),
        ] {
            let query = mutation("changeReverse", "__typename");
            assert_eq!(other.raw(&query, json!({ "input": { "change": error["id"] } })).code(), code);
        }
        let elsewhere = client.role("ESTABLISHMENT_DIRECTOR", Some("610902"));
        let query = mutation("changeReverse", "__typename");
        assert_eq!(elsewhere.raw(&query, json!({ "input": { "change": error["id"] } })).code(), "FORBIDDEN");
        done(reverse(&clerk, &error["id"], json!({ "dryRun": true })));
        assert_eq!(names(&clerk, "").len(), 3, "a trial changes nothing");

        // What builds on it comes first.
        let rename = json!({ "organization": station, "name": "甲示水务站", "effectiveOn": "2026-02-01" });
        done(clerk.act(&mutation("organizationRename", "__typename"), rename));
        let later = change(&clerk, None);
        let answer = reverse(&clerk, &error["id"], json!({}));
        assert_eq!(refused(&answer), ["LATER_CHANGE"]);
        assert_eq!(answer["errors"][0]["path"], json!(["input", "change"]));
        assert_eq!(answer["errors"][0]["changes"][0]["revision"], later["revision"]);
        done(reverse(&clerk, &later["id"], json!({})));
        assert!(names(&clerk, "").contains(&"甲示水利站".to_owned()), "the old name is back");

        // All of it is taken back at once, and whoever listens hears it.
        let query =
            format!("subscription {{ changes(within: \"{COUNTY}\") {{ revision gone change {{ act }} }} }}");
        let mut socket = Socket::listen(&client.origin, &query);
        std::thread::sleep(Duration::from_millis(300));
        let key = json!({ "basis": basis("虚编办〔2026〕7号"), "idempotencyKey": "undo" });
        let undone = done(reverse(&clerk, &error["id"], key.clone()));
        assert_eq!(undone["change"]["reverses"]["revision"], revision);
        assert_eq!(done(reverse(&clerk, &error["id"], key)), undone, "{backend:?}: asked again, told again");
        let mut next = || -> Value {
            let message: Value = serde_json::from_str(&socket.text()).unwrap();
            message["payload"]["data"]["changes"].clone()
        };
        assert_eq!(next()["change"]["act"], "DOCUMENT_REGISTER");
        let event = next();
        assert!(event["gone"].as_array().unwrap().contains(&station), "{event}");
        assert_eq!(event["change"], Value::Null, "what is there no more is not told");
        assert_eq!(refused(&reverse(&clerk, &error["id"], json!({}))), ["NO_CHANGE"]);
        assert!(names(&clerk, "").is_empty(), "the stations are there no more");
        let id = station.as_str().unwrap();
        let gone = format!(
            "{{ node(id: \"{id}\") {{ id }} reforms(within: \"{COUNTY}\", where: {{name: {{eq: \"设立三站\"}}}}) {{ totalCount }} }}"
        );
        let seen = clerk.data(&gone);
        assert_eq!((seen["node"].clone(), seen["reforms"]["totalCount"].as_i64()), (Value::Null, Some(0)));

        // The error can be read: in the log, and as it was known.
        let error = change(&clerk, Some(revision));
        assert_eq!(error["reversedBy"]["revision"], undone["revision"]);
        let records = change(&clerk, undone["revision"].as_i64())["records"].take();
        assert!(records.as_array().unwrap().iter().any(|record| record["removed"] == true), "{records}");
        assert_eq!(names(&clerk, &format!(", knownAt: \"{then}\"")).len(), 3);
        let known = format!(
            "{{ node(id: \"{id}\", knownAt: \"{then}\") {{ ... on SecondedAgency {{ name }} }} nodes(ids: [\"{id}\"], knownAt: \"{then}\") {{ id }} }}"
        );
        let known = clerk.data(&known);
        assert_eq!(known["node"]["name"], "甲示水利站");
        assert_eq!(known["nodes"][0]["id"], id);
        let hidden = client.data(&format!("{{ changes(of: \"{id}\") {{ totalCount }} }}"));
        assert_eq!(hidden["changes"]["totalCount"], 0, "the public does not hear of what is not there");
        assert!(client.data(&gone)["node"].is_null());

        // No id is given out twice, and what was taken back can come again.
        let input = json!({ "divisionCode": TOWN, "kind": "SECONDED_AGENCY", "name": "甲示新站", "agencyKind": "WATER_STATION", "managementMode": "DUAL", "effectiveOn": "2026-01-01" });
        let new = done(clerk.act(&mutation("organizationEstablish", "organization { id }"), input));
        let olds: Vec<&Value> =
            made["objects"].as_array().unwrap().iter().map(|object| &object["id"]).collect();
        assert!(!olds.contains(&&new["organization"]["id"]), "{backend:?}");
        let undone = change(&clerk, undone["revision"].as_i64());
        assert_eq!(refused(&reverse(&clerk, &undone["id"], json!({}))), ["LATER_CHANGE"]);
        done(reverse(&clerk, &change(&clerk, None)["id"], json!({})));
        done(reverse(&clerk, &undone["id"], json!({})));
        assert_eq!(names(&clerk, "").len(), 3);
        assert_eq!(clerk.data(&gone)["node"]["id"], id, "the same as before");
        assert_eq!(change(&clerk, Some(revision))["reversedBy"], Value::Null);
        let verified = tiaokuai(&scratch("verify-reversal"), &["--database-url", &url, "audit", "verify"]);
        assert!(verified.status.success(), "{}", String::from_utf8_lossy(&verified.stderr));
    }
}

#[test]
fn taking_back_makes_nothing_that_acts_may_not_make() {
    let client = crate::harness::own_server(crate::harness::Backend::Sqlite, "lawful");
    let (clerk, personnel) = (director(&client), client.role("ORGANIZATION_DEPT", Some(COUNTY)));
    // What a reversal undid is needed to undo the reversal.
    let establish = |name: &str| {
        let input = json!({ "divisionCode": TOWN, "kind": "SECONDED_AGENCY", "name": name, "agencyKind": "WATER_STATION", "managementMode": "DUAL", "effectiveOn": "2026-01-01" });
        done(clerk.act(&mutation("organizationEstablish", "organization { id }"), input))
    };
    establish("误设站");
    let error = change(&clerk, None);
    done(reverse(&clerk, &error["id"], json!({})));
    let undone = change(&clerk, None);
    for role in ["HR_SOCIAL", "ORGANIZATION_DEPT", "ESTABLISHMENT_CLERK"] {
        let other = client.role(role, Some(COUNTY));
        let input = json!({ "input": { "change": undone["id"] } });
        assert_eq!(other.raw(&mutation("changeReverse", "__typename"), input).code(), "FORBIDDEN", "{role}");
    }
    // A reversal is taken back only while it is the last.
    establish("后设站");
    assert_eq!(refused(&reverse(&clerk, &undone["id"], json!({}))), ["LATER_CHANGE"]);
    // An identity number that was freed and given to another is not given back.
    let person = |name: &str, number: &str| {
        let input = json!({ "countyCode": COUNTY, "name": name, "idNumber": number });
        done(personnel.act(&mutation("personAdd", "person { id }"), input))["person"]["id"].clone()
    };
    let first = person("示例错号", "990101199001019917");
    let correct = json!({ "person": first, "idNumber": "990101199001019925" });
    done(personnel.act(&mutation("personCorrect", "__typename"), correct));
    let correction = change(&personnel, None);
    person("示例他人", "990101199001019917");
    assert_eq!(refused(&reverse(&personnel, &correction["id"], json!({}))), ["LATER_CHANGE"]);
    // What was published in error is remembered by nobody who may not see what is pending.
    let post = crate::refusals::free_post(&clerk, &client);
    let appointment = crate::refusals::publicised(&personnel, &post, &first);
    let then = change(&personnel, None)["at"].as_str().unwrap().to_owned();
    std::thread::sleep(Duration::from_millis(1_100));
    let known = format!("{{ node(id: {appointment}, knownAt: \"{then}\") {{ id }} }}");
    assert_eq!(client.data(&known)["node"]["id"], appointment);
    done(reverse(&personnel, &change(&personnel, None)["id"], json!({})));
    assert_eq!(client.data(&known)["node"], Value::Null);
    assert_eq!(personnel.data(&known)["node"]["id"], appointment);
    let told = reverse(&clerk, &change_of(&clerk, &post)["id"], json!({ "dryRun": true }));
    assert_eq!(refused(&told), ["LATER_CHANGE"]);
    assert_eq!(
        told["errors"][0]["changes"],
        json!([]),
        "who is proposed is not told by what stands in the way"
    );
}

/// The rows of the county, without documents: they stay on file.
async fn rows(store: &Store) -> Value {
    let desk = store.desk(990_101).await.unwrap();
    let mut all = BTreeMap::new();
    let rows = desk.rows();
    for table in Rows::TABLES.iter().filter(|table| **table != "document") {
        let mut csv = Vec::new();
        rows.write_csv(table, &mut csv).unwrap();
        all.insert(*table, String::from_utf8(csv).unwrap());
    }
    json!(all)
}

async fn take_back(store: &Store, revision: i64) -> Result<i64, String> {
    let wish = Wish { with_log: true, ..wish() };
    let done = store.change(wish, move |desk: &mut Desk| {
        let done = carry_out(desk, &on("2026-12-01"), &[Act::ChangeReverse { revision }]);
        done.map(|_| 0).map_err(|all| format!("{}: {}", all[0].1.code.value(), all[0].1.en))
    });
    match done.await.unwrap() {
        Outcome::Done { revision, .. } => Ok(revision),
        Outcome::Refused(why) => Err(why),
        other => panic!("{other:?}"),
    }
}

#[test]
fn random_changes_are_taken_back_until_all_is_as_it_was() {
    let (seed, cases) = seeds(24);
    for backend in BACKENDS {
        let mut rng = ChaCha8Rng::seed_from_u64(seed);
        block_on(async {
            let url = empty_database(backend, "takenback");
            let store = Store::connect(&url).await.unwrap();
            store.migrate().await.unwrap();
            store.load(&tiaokuai::data::divisions()).await.unwrap();
            store.load(&tiaokuai::data::demo()).await.unwrap();
            let mut states = vec![rows(&store).await];
            let mut done: Vec<i64> = Vec::new();
            let mut refusals = 0;
            for case in 0..cases {
                // Somewhere in between an older one is tried: refused, or its county can still be read.
                if case % 4 == 3 && !done.is_empty() {
                    let revision = done[pick(&mut rng, &done)];
                    match take_back(&store, revision).await {
                        Err(why) => {
                            assert!(why.contains("LATER_CHANGE"), "seed {seed}: {why}");
                            refusals += 1;
                        }
                        Ok(own) => {
                            let again = take_back(&store, own).await;
                            assert!(again.is_ok(), "seed {seed}: a reversal is taken back: {again:?}");
                        }
                    }
                    assert_eq!(rows(&store).await, *states.last().unwrap(), "seed {seed}, case {case}");
                }
                let acts = acts(&mut rng, &store.desk(990_101).await.unwrap());
                let outcome = store.change(wish(), move |desk: &mut Desk| {
                    carry_out(desk, &on("2026-12-01"), &acts).map(|_| 0).map_err(|_| "refused")
                });
                if let Outcome::Done { revision, .. } = outcome.await.unwrap()
                    && done.last() != Some(&revision)
                {
                    done.push(revision);
                    states.push(rows(&store).await);
                }
            }
            println!("{backend:?}: {} changes, {refusals} refused in between", done.len());
            assert!(done.len() * 3 > usize::try_from(cases).unwrap(), "seed {seed}: {}", done.len());
            while let Some(revision) = done.pop() {
                states.pop();
                take_back(&store, revision).await.unwrap_or_else(|why| panic!("seed {seed}: {why}"));
                assert_eq!(
                    rows(&store).await,
                    *states.last().unwrap(),
                    "seed {seed}, {backend:?}: {revision}"
                );
            }
            let (_, broken) = store.verify(&[]).await.unwrap();
            assert!(broken.is_empty(), "seed {seed}: {broken:?}");
        });
    }
}

/// Random acts on what was founded before, or on the bodies of the township.
fn acts(rng: &mut ChaCha8Rng, desk: &Desk) -> Vec<Act> {
    let of_town =
        desk.organization_version.iter().filter(|v| v.division_code == TOWN && v.valid_to.is_none());
    let bodies: Vec<i64> = of_town.map(|v| v.organization_id).collect();
    let body = |rng: &mut ChaCha8Rng| Object::Id(bodies[pick(rng, &bodies)]);
    let (a, b) = (body(rng), body(rng));
    let number = i32::try_from(rng.next_u32() % 9).unwrap();
    let name = format!("撤销{}站", rng.next_u32() % 1_000);
    match rng.next_u32() % 9 {
        0 => vec![Act::OrganizationRename { organization: a, name, short_name: None }],
        1 | 2 => vec![Act::OrganizationTransfer { organization: a, successor: b }],
        3 => vec![set(a, EstablishmentType::Worker, number, 0)],
        4 => vec![post(a, "副主任")],
        7 => vec![Act::OrganizationCorrect {
            organization: a,
            correction: Box::new(OrganizationCorrection { name: Some(name), ..Default::default() }),
        }],
        8 => {
            let (kind, approved) = (EstablishmentType::Worker, Some(number + 1));
            vec![Act::EstablishmentCorrect { organization: a, kind, approved, occupied: None }]
        }
        5 => vec![
            Act::OrganizationEstablish(found(OrganizationKind::SecondedAgency, &name)),
            post(Object::Made(0), "站长"),
            set(Object::Made(0), EstablishmentType::PublicInstitution, number, 0),
        ],
        _ => vec![
            set(a, EstablishmentType::Worker, 5, 2),
            Act::EstablishmentTransfer {
                from: a,
                to: b,
                kind: EstablishmentType::Worker,
                approved: 2,
                occupied: 1,
            },
        ],
    }
}
