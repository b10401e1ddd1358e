//! What is asked: a township page, a county page, and fifty agencies after a random cursor.

use crate::process::Server;
use serde_json::{Value, json};

/// A query of the bench.
pub struct Query {
    pub name: &'static str,
    text: &'static str,
    /// Which codes it takes: townships, counties, or none.
    codes: Codes,
}

enum Codes {
    Townships,
    Counties,
    Cursors,
}

/// A query with its requests made ready.
pub struct Question {
    pub name: &'static str,
    text: &'static str,
    variables: Vec<Value>,
    /// The same as of a past day.
    past: Vec<Value>,
    /// Whole requests, as the analyst of the whole register.
    pub requests: Vec<Vec<u8>>,
    /// Bytes of a typical answer.
    pub size: usize,
}

pub const QUERIES: &[Query] = &[
    Query {
        name: "Q1 township",
        codes: Codes::Townships,
        text: "query Q1($code: DivisionCode!, $asOf: Date) { township(code: $code, asOf: $asOf) {
            id name type typeLabel rank divisionCode division { id name code parent { name code } }
            establishment { approved occupied vacant over state }
            leadershipPosts { nodes { title level organ position isVacant incumbents { validFrom person { name } } } }
            internalOffices { totalCount nodes { id name rank category slot leadershipPosts { nodes { title quota incumbents { person { name } } } } } }
            publicInstitutions { nodes { name class establishment { approved occupied vacant } leadershipPosts { nodes { title incumbents { person { name } } } } } }
            AGENCIES } }",
    },
    Query {
        name: "Q2 county",
        codes: Codes::Counties,
        text: "query Q2($code: DivisionCode!, $asOf: Date) { division(code: $code, asOf: $asOf) {
            id name code type parent { name code }
            departments { nodes { id name } }
            townships(first: 100) { totalCount pageInfo { hasNextPage endCursor } nodes {
                id name type typeLabel rank divisionCode validFrom
                internalOffices { totalCount nodes { id name slot rank } }
                publicInstitutions { nodes { id name class } }
                AGENCIES
                leadershipPosts { nodes { title level incumbents { validFrom person { name } } } }
            } } } }",
    },
    Query {
        name: "Q3 agencies",
        codes: Codes::Cursors,
        text: "query Q3($after: String, $asOf: Date) { seconded(first: 50, after: $after, asOf: $asOf) {
            pageInfo { hasNextPage endCursor }
            nodes { id name agencyKind managementMode headAppointmentRule appraisalWeight competentDepartments { name } } } }",
    },
];

impl Query {
    fn text(&self) -> &'static str {
        let agencies =
            "secondedAgencies { nodes { name agencyKind managementMode competentDepartments { name } } }";
        let text = self.text.replace("AGENCIES", agencies).replace("seconded(", "secondedAgencies(");
        Box::leak(text.split_whitespace().collect::<Vec<_>>().join(" ").into_boxed_str())
    }

    /// Makes the requests, asks each question once at this server, and looks whether its answer is right.
    pub fn prepare(&self, server: &Server) -> Question {
        let (text, token) = (self.text(), server.token("ESTABLISHMENT_DIRECTOR", None));
        let asking = Asking { server, token: &token };
        let variables = match self.codes {
            Codes::Townships => asking.codes("TOWNSHIP", 400),
            Codes::Counties => asking.codes("COUNTY", 200),
            Codes::Cursors => asking.cursors(200, None),
        };
        let mut sizes: Vec<usize> = variables.iter().map(|v| asking.check(text, v, None)).collect();
        sizes.sort_unstable();
        let requests = variables.iter().map(|v| request(server, &token, text, v)).collect();
        let past = match self.codes {
            Codes::Cursors => asking.cursors(200, Some(PAST)),
            Codes::Townships | Codes::Counties => variables.clone(),
        };
        let past = past.into_iter().map(|variables| dated(variables, PAST)).collect();
        Question { name: self.name, text, variables, past, requests, size: sizes[sizes.len() / 2] }
    }
}

impl Question {
    /// The question as a director of the whole register, as a clerk of one province, and as of a past day.
    pub fn variants(&self, server: &Server) -> Vec<(&'static str, Question)> {
        let everywhere = server.token("ESTABLISHMENT_DIRECTOR", None);
        let clerk = server.token("ESTABLISHMENT_CLERK", Some(PROVINCE));
        let inside = |v: &&Value| v["code"].as_str().is_none_or(|code| code.starts_with(PROVINCE));
        let asking = |token: &str, variables: &mut dyn Iterator<Item = &Value>| Question {
            name: self.name,
            text: self.text,
            variables: Vec::new(),
            past: Vec::new(),
            requests: variables.map(|v| request(server, token, self.text, v)).collect(),
            size: self.size,
        };
        vec![
            ("", asking(&everywhere, &mut self.variables.iter())),
            (" clerk", asking(&clerk, &mut self.variables.iter().filter(inside))),
            (" 2024", asking(&everywhere, &mut self.past.iter())),
        ]
    }
}

/// The past day that is asked for.
const PAST: &str = "2024-06-01";
/// The province of the clerk: one with many townships, and among the first in the order of codes.
const PROVINCE: &str = "13";

fn dated(mut variables: Value, day: &str) -> Value {
    variables["asOf"] = json!(day);
    variables
}

/// A request as it goes over the wire.
fn request(server: &Server, token: &str, text: &str, variables: &Value) -> Vec<u8> {
    let body = json!({ "query": text, "variables": variables }).to_string();
    let head = format!(
        "POST /graphql HTTP/1.1\r\nhost: {}\r\ncontent-type: application/json\r\nauthorization: Bearer {token}\r\ncontent-length: {}\r\n\r\n",
        server.address,
        body.len()
    );
    [head.into_bytes(), body.into_bytes()].concat()
}

struct Asking<'a> {
    server: &'a Server,
    token: &'a str,
}

impl Asking<'_> {
    fn ask(&self, text: &str, variables: &Value) -> (usize, Value) {
        let body = json!({ "query": text, "variables": variables }).to_string();
        let mut answer = ureq::post(format!("{}/graphql", self.server.origin))
            .header("content-type", "application/json")
            .header("authorization", format!("Bearer {}", self.token))
            .send(body.as_bytes())
            .expect("an answer");
        let text = answer.body_mut().read_to_string().expect("an answer");
        let value: Value = serde_json::from_str(&text).expect("JSON");
        assert!(value.get("errors").is_none(), "{value:#}");
        (text.len(), value)
    }

    /// Asks twice: the first answer comes by way of the library, the second is written directly. Both have to be the same, whole,
    /// and nothing in them masked.
    fn check(&self, text: &str, variables: &Value, _: Option<&str>) -> usize {
        let (size, first) = self.ask(text, variables);
        let (_, second) = self.ask(text, variables);
        assert_eq!(first, second);
        assert!(first["data"].as_object().is_some_and(|d| d.values().all(|v| !v.is_null())), "{first}");
        assert!(first.get("extensions").is_none(), "masked: {first}");
        size
    }

    /// Codes of divisions of a level that have townships, spread over the register.
    fn codes(&self, level: &str, count: usize) -> Vec<Value> {
        let text = "query($level: DivisionLevel!, $after: String) {
            divisions(first: 100, after: $after, where: {level: {eq: $level}, organizations: {some: {kind: {in: [GOVERNMENT, SUBDISTRICT_OFFICE]}}}}) {
                nodes { code } pageInfo { endCursor hasNextPage } } }";
        let mut all = Vec::new();
        let mut after = Value::Null;
        loop {
            let (_, answer) = self.ask(text, &json!({ "level": level, "after": after }));
            let page = &answer["data"]["divisions"];
            all.extend(page["nodes"].as_array().expect("nodes").iter().map(|n| n["code"].clone()));
            after = page["pageInfo"]["endCursor"].clone();
            if page["pageInfo"]["hasNextPage"] == json!(false) || all.len() > 20 * count {
                break;
            }
        }
        let step = (all.len() / count).max(1);
        all.into_iter().step_by(step).map(|code| json!({ "code": code })).collect()
    }

    /// Cursors all over the list of agencies.
    fn cursors(&self, count: usize, day: Option<&str>) -> Vec<Value> {
        let text = "query($after: String, $asOf: Date) { secondedAgencies(first: 100, after: $after, asOf: $asOf) { pageInfo { endCursor } } }";
        let mut out = Vec::new();
        let mut after = Value::Null;
        for _ in 0..count {
            let (_, answer) = self.ask(text, &json!({ "after": after, "asOf": day }));
            after = answer["data"]["secondedAgencies"]["pageInfo"]["endCursor"].clone();
            if after.is_null() {
                break;
            }
            out.push(json!({ "after": after }));
        }
        out
    }
}
