//! A township that is changed while the nation is in memory: how long an act takes, and how soon after its commit it is seen.

use crate::process::Server;
use std::path::Path;
use std::time::Instant;

/// How many acts.
const ACTS: usize = 20;

/// Changes a township again and again, and prints how long it took, as clients see it and as the server says.
pub fn measure(name: &str, url: &str, directory: &Path) {
    let log = directory.join("change.log");
    let server = Server::start_logged(url, &log);
    let token = server.token("ESTABLISHMENT_DIRECTOR", None);
    let ask = |query: &str, variables: serde_json::Value| -> serde_json::Value {
        let body = serde_json::json!({ "query": query, "variables": variables });
        let request = ureq::post(format!("{}/graphql", server.origin));
        let mut answer =
            request.header("authorization", format!("Bearer {token}")).send_json(body).expect("an answer");
        answer.body_mut().read_json().expect("JSON")
    };
    let town = ask(
        "{ townships(within: \"210681\", first: 1) { nodes { code: divisionCode internalOffices(first: 1) { nodes { id } } } } }",
        serde_json::Value::Null,
    );
    let office = town["data"]["townships"]["nodes"][0]["internalOffices"]["nodes"][0]["id"].clone();
    let rename = "mutation($input: OrganizationRenameInput!) { organizationRename(input: $input) { organization { name } errors { message } } }";
    let mut whole = Vec::new();
    for at in 0..ACTS {
        let began = Instant::now();
        let name = format!("第{at}办公室");
        let done = ask(rename, serde_json::json!({ "input": { "organization": office, "name": name } }));
        assert_eq!(done["data"]["organizationRename"]["organization"]["name"], name.as_str(), "{done}");
        whole.push(began.elapsed().as_secs_f64() * 1e3);
    }
    let text = std::fs::read_to_string(&log).expect("the log");
    let lines = text.lines().filter_map(|line| serde_json::from_str::<serde_json::Value>(line).ok());
    let lines = lines.filter(|line| line["message"] == "the change is seen");
    let mut seen: Vec<f64> =
        lines.filter_map(|line| line["micros"].as_f64()).map(|micros| micros / 1e3).collect();
    assert_eq!(seen.len(), ACTS);
    for all in [&mut whole, &mut seen] {
        all.sort_by(f64::total_cmp);
    }
    println!(
        "{name}: a township is changed in {:.1} ms (at most {:.1}); seen {:.1} ms after the commit (at most {:.1})",
        whole[ACTS / 2],
        whole[ACTS - 1],
        seen[ACTS / 2],
        seen[ACTS - 1]
    );
}
