//! A township that is changed while the nation is in memory: how long an act takes, and how soon after its commit it is seen.

use crate::process::Server;
use serde_json::{Value, json};
use std::path::Path;
use std::time::Instant;

/// How many acts.
const ACTS: usize = 20;
/// How many reforms of as many acts as one may have make the log of the county a long one.
const REFORMS: usize = 25;
const MOST: usize = 200;

/// Changes a township again and again, while the log of its county is short and when it is long, and prints how long it took, as clients
/// see it and as the server says.
pub fn measure(name: &str, url: &str, directory: &Path) {
    let log = directory.join("change.log");
    let server = Server::start_logged(url, &log);
    let token = server.token("ESTABLISHMENT_DIRECTOR", None);
    let ask = |query: &str, variables: Value| -> Value {
        let body = json!({ "query": query, "variables": variables });
        let request = ureq::post(format!("{}/graphql", server.origin));
        let mut answer =
            request.header("authorization", format!("Bearer {token}")).send_json(body).expect("an answer");
        answer.body_mut().read_json().expect("JSON")
    };
    let town = ask(
        "{ townships(within: \"210681\", first: 1) { nodes { code: divisionCode internalOffices(first: 1) { nodes { id } } } } }",
        Value::Null,
    );
    let office = town["data"]["townships"]["nodes"][0]["internalOffices"]["nodes"][0]["id"].clone();
    let first = rename(&ask, &office, "甲");
    row(name, "a short log", first, &log);
    for at in 0..REFORMS {
        let acts: Vec<Value> = (0..MOST)
            .map(|act| json!({ "organizationRename": { "organization": office, "name": format!("第{at}次{act}办公室") } }))
            .collect();
        let reform =
            "mutation($input: ReformInput!) { reformCarryOut(input: $input) { errors { message } } }";
        let done = ask(
            reform,
            json!({ "input": { "within": "210681", "name": format!("改革{at}"), "acts": acts } }),
        );
        assert_eq!(done["data"]["reformCarryOut"]["errors"], json!([]), "{done}");
    }
    let later = rename(&ask, &office, "乙");
    row(name, &format!("a log of {} entries", REFORMS * (MOST + 1)), later, &log);
}

/// How long each of some acts took, in milliseconds.
fn rename(ask: &impl Fn(&str, Value) -> Value, office: &Value, name: &str) -> Vec<f64> {
    let rename = "mutation($input: OrganizationRenameInput!) { organizationRename(input: $input) { organization { name } errors { message } } }";
    let mut whole = Vec::new();
    for at in 0..ACTS {
        let began = Instant::now();
        let name = format!("{name}第{at}办公室");
        let done = ask(rename, json!({ "input": { "organization": office, "name": name } }));
        assert_eq!(done["data"]["organizationRename"]["organization"]["name"], name.as_str(), "{done}");
        whole.push(began.elapsed().as_secs_f64() * 1e3);
    }
    whole
}

/// Prints the acts that were done last.
fn row(name: &str, with: &str, mut whole: Vec<f64>, log: &Path) {
    let text = std::fs::read_to_string(log).expect("the log");
    let lines = text.lines().filter_map(|line| serde_json::from_str::<Value>(line).ok());
    let lines = lines.filter(|line| line["message"] == "the change is seen");
    let seen: Vec<f64> =
        lines.filter_map(|line| line["micros"].as_f64()).map(|micros| micros / 1e3).collect();
    let mut seen = seen[seen.len() - ACTS..].to_vec();
    for all in [&mut whole, &mut seen] {
        all.sort_by(f64::total_cmp);
    }
    println!(
        "{name}, {with}: a township is changed in {:.1} ms (at most {:.1}); seen {:.1} ms after the commit (at most {:.1})",
        whole[ACTS / 2],
        whole[ACTS - 1],
        seen[ACTS / 2],
        seen[ACTS - 1]
    );
}
