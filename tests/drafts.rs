//! Drafts of reforms: one writes and submits, another returns or releases; nobody does both.

use crate::harness::{BACKENDS, Client, own_server};
use crate::reform::{COUNTY, SAID, TOWN, director, done, refused, stations};
use serde_json::{Value, json};

pub fn step(name: &str, input: &str) -> String {
    format!(
        "mutation($input: {input}!) {{ {name}(input: $input) {{ reformDraft {{ id name state author reviewer opinion reform {{ name }} }} reform {{ id name }} {SAID} }} }}"
    )
}

pub fn write(client: &Client, input: Value) -> Value {
    client.act(&step("reformDraftWrite", "ReformDraftWriteInput"), input)
}

fn take(client: &Client, name: &str, draft: &Value, opinion: Value) -> Value {
    let input = json!({ "reformDraft": draft, "opinion": opinion });
    client.act(&step(name, "ReformDraftStepInput"), input)
}

#[test]
fn one_drafts_and_another_releases() {
    for backend in BACKENDS {
        let client = own_server(backend, "drafts");
        let clerk = client.person("clerk", "ESTABLISHMENT_CLERK", Some(COUNTY));
        let colleague = client.person("colleague", "ESTABLISHMENT_CLERK", Some(COUNTY));
        let director = director(&client);
        // What would be refused is said, and the draft is kept all the same.
        let mut reform = stations();
        reform["acts"][1]["establishmentSet"]["approved"] = json!(-1);
        let written = done(write(&clerk, json!({ "reform": reform })));
        let id = written["reformDraft"]["id"].clone();
        assert_eq!(
            (written["reformDraft"]["state"].as_str(), written["reformDraft"]["author"].as_str()),
            (Some("DRAFT"), Some("clerk"))
        );
        assert_eq!(
            written["warnings"],
            json!([{ "code": "OUT_OF_RANGE", "path": ["input", "reform", "acts", "1", "approved"] }])
        );
        assert!(written["revision"].is_i64());
        let offices = format!(
            "{{ secondedAgencies(within: \"{TOWN}\", where: {{name: {{eq: \"甲示水利站\"}}}}) {{ totalCount }} }}"
        );
        assert_eq!(director.data(&offices)["secondedAgencies"]["totalCount"], 0, "a draft does nothing");
        // Only its author writes and submits it.
        assert_eq!(
            refused(&write(&colleague, json!({ "reformDraft": id, "reform": stations() }))),
            ["WRONG_PERSON"]
        );
        assert_eq!(refused(&take(&colleague, "reformDraftSubmit", &id, Value::Null)), ["WRONG_PERSON"]);
        assert_eq!(refused(&take(&director, "reformDraftRelease", &id, Value::Null)), ["WRONG_STATE"]);
        done(take(&clerk, "reformDraftSubmit", &id, Value::Null));
        assert_eq!(
            refused(&write(&clerk, json!({ "reformDraft": id, "reform": stations() }))),
            ["WRONG_STATE"]
        );
        // Its acts are carried out as a whole, or it stays what it is.
        let released = take(&director, "reformDraftRelease", &id, Value::Null);
        assert_eq!(
            (refused(&released), released["errors"][0]["path"].clone()),
            (vec!["OUT_OF_RANGE"], json!(["input", "reform", "acts", "1", "approved"]))
        );
        assert_eq!(
            refused(&take(&director, "reformDraftReturn", &id, Value::Null)),
            ["OUT_OF_RANGE"],
            "without a reason"
        );
        let returned = done(take(&director, "reformDraftReturn", &id, json!("编制数有误")));
        assert_eq!(
            (returned["reformDraft"]["state"].as_str(), returned["reformDraft"]["reviewer"].as_str()),
            (Some("RETURNED"), Some("director"))
        );
        let written = done(write(&clerk, json!({ "reformDraft": id, "reform": stations() })));
        assert_eq!(written["warnings"], json!([]));
        done(take(&clerk, "reformDraftSubmit", &id, Value::Null));
        // Who wrote it does not release it, in whatever role.
        let same = client.person("clerk", "ESTABLISHMENT_DIRECTOR", Some(COUNTY));
        assert_eq!(refused(&take(&same, "reformDraftRelease", &id, Value::Null)), ["WRONG_PERSON"]);
        let forbidden = colleague.raw(
            &step("reformDraftRelease", "ReformDraftStepInput"),
            json!({ "input": { "reformDraft": id } }),
        );
        assert_eq!(forbidden.code(), "FORBIDDEN");
        let elsewhere = client.person("other", "ESTABLISHMENT_DIRECTOR", Some("610902"));
        assert_eq!(refused(&take(&elsewhere, "reformDraftRelease", &id, Value::Null)), ["NOT_FOUND"]);
        let released = done(take(&director, "reformDraftRelease", &id, Value::Null));
        assert_eq!(
            (released["reformDraft"]["state"].as_str(), released["reform"]["name"].as_str()),
            (Some("RELEASED"), Some("设立三站"))
        );
        assert_eq!(director.data(&offices)["secondedAgencies"]["totalCount"], 1);
        assert_eq!(
            refused(&take(&director, "reformDraftRelease", &id, Value::Null)),
            ["WRONG_STATE"],
            "once"
        );
        seen(&client, &director, &id);
    }
}

/// The draft and its history are for those who prepare and approve establishment.
fn seen(client: &Client, director: &Client, id: &Value) {
    let list = format!(
        "{{ reformDrafts(within: \"{COUNTY}\") {{ totalCount nodes {{ content }} }} node(id: {id}) {{ id }} changes(of: {id}) {{ nodes {{ act principal }} }} }}"
    );
    let own = director.data(&list);
    assert_eq!(own["reformDrafts"]["totalCount"], 1);
    let content: Value =
        serde_json::from_str(own["reformDrafts"]["nodes"][0]["content"].as_str().unwrap()).unwrap();
    assert_eq!(content["name"], "设立三站");
    let acts: Vec<(&str, &str)> = own["changes"]["nodes"]
        .as_array()
        .unwrap()
        .iter()
        .map(|c| (c["act"].as_str().unwrap(), c["principal"].as_str().unwrap()))
        .collect();
    assert_eq!(
        acts,
        [
            ("REFORM_DRAFT_RELEASE", "director"),
            ("REFORM_DRAFT_SUBMIT", "clerk"),
            ("REFORM_DRAFT_WRITE", "clerk"),
            ("REFORM_DRAFT_RETURN", "director"),
            ("REFORM_DRAFT_SUBMIT", "clerk"),
            ("REFORM_DRAFT_WRITE", "clerk"),
        ]
    );
    for other in [
        client.clone(),
        client.role("INSPECTOR", Some(COUNTY)),
        client.role("ESTABLISHMENT_DIRECTOR", Some("610902")),
    ] {
        let hidden = other.data(&list);
        assert_eq!(
            (hidden["reformDrafts"]["totalCount"].as_i64(), hidden["node"].is_null()),
            (Some(0), true)
        );
        let acts = hidden["changes"]["nodes"].as_array().unwrap();
        assert!(
            acts.is_empty()
                || other.data("{ viewer { grants { role } } }")["viewer"]["grants"][0]["role"] == "INSPECTOR"
        );
    }
}
