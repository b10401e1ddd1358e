//! A GraphQL client that shows everything: status, headers, bytes.

use serde_json::{Value, json};
use std::time::Duration;

#[derive(Clone)]
pub struct Client {
    pub origin: String,
    agent: ureq::Agent,
    token: Option<String>,
    pub language: Option<String>,
}

pub struct Answer {
    pub status: u16,
    pub headers: ureq::http::HeaderMap,
    pub text: String,
}

impl Client {
    pub fn new(origin: &str) -> Self {
        let config = ureq::Agent::config_builder()
            .http_status_as_error(false)
            .timeout_global(Some(Duration::from_secs(60)))
            .build();
        Self { origin: origin.to_owned(), agent: config.into(), token: None, language: None }
    }

    pub fn with_token(&self, token: &str) -> Self {
        Self { token: Some(format!("Bearer {token}")), ..self.clone() }
    }

    /// The same client as a role.
    pub fn role(&self, role: &str, scope: Option<&str>) -> Self {
        self.with_token(&super::token(role, scope, None))
    }

    /// The same client as somebody in a role.
    pub fn person(&self, subject: &str, role: &str, scope: Option<&str>) -> Self {
        self.with_token(&super::token_of(subject, role, scope))
    }

    /// Asks with an input, and returns the data; there must be no error of the request.
    pub fn act(&self, query: &str, input: Value) -> Value {
        let mut answer = self.raw(query, json!({ "input": input })).json();
        assert!(answer.get("errors").is_none(), "{query}\n{input:#}\n{answer:#}");
        answer["data"].as_object_mut().and_then(|data| Some(data.values_mut().next()?.take())).unwrap()
    }

    /// The same client as a role in a line.
    pub fn line(&self, role: &str, line: i64) -> Self {
        self.with_token(&super::token(role, None, Some(line)))
    }

    pub fn with_authorization(&self, value: &str) -> Self {
        Self { token: Some(value.to_owned()), ..self.clone() }
    }

    pub fn in_language(&self, language: &str) -> Self {
        Self { language: Some(language.to_owned()), ..self.clone() }
    }

    /// Posts bytes with headers.
    pub fn post(&self, body: &[u8], headers: &[(&str, &str)]) -> Answer {
        let mut request = self.agent.post(format!("{}/graphql", self.origin));
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        if let Some(token) = &self.token {
            request = request.header("authorization", token);
        }
        if let Some(language) = &self.language {
            request = request.header("accept-language", language);
        }
        read(request.send(body).unwrap())
    }

    /// Posts bytes to a path.
    pub fn post_to(&self, path: &str, body: &[u8], headers: &[(&str, &str)]) -> Answer {
        read(self.posted(path, body, headers))
    }

    /// Posts bytes to a path, and takes bytes back.
    pub fn post_bytes(&self, path: &str, body: &[u8], headers: &[(&str, &str)]) -> Vec<u8> {
        self.posted(path, body, headers).body_mut().read_to_vec().unwrap()
    }

    fn posted(&self, path: &str, body: &[u8], headers: &[(&str, &str)]) -> ureq::http::Response<ureq::Body> {
        let mut request = self.agent.post(format!("{}{path}", self.origin));
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        if let Some(token) = &self.token {
            request = request.header("authorization", token);
        }
        request.send(body).unwrap()
    }

    /// Gets bytes.
    pub fn get_bytes(&self, path: &str) -> Vec<u8> {
        let mut request = self.agent.get(format!("{}{path}", self.origin));
        if let Some(token) = &self.token {
            request = request.header("authorization", token);
        }
        request.call().unwrap().body_mut().read_to_vec().unwrap()
    }

    /// Posts JSON; nothing when nobody answers to the end.
    pub fn try_post(&self, body: &[u8]) -> Option<Answer> {
        let mut request = self.agent.post(format!("{}/graphql", self.origin));
        request = request.header("content-type", "application/json");
        if let Some(token) = &self.token {
            request = request.header("authorization", token);
        }
        let mut response = request.send(body).ok()?;
        let text = response.body_mut().read_to_string().ok()?;
        Some(Answer { status: response.status().as_u16(), headers: response.headers().clone(), text })
    }

    pub fn get(&self, path: &str, headers: &[(&str, &str)]) -> Answer {
        let mut request = self.agent.get(format!("{}{path}", self.origin));
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        if let Some(token) = &self.token {
            request = request.header("authorization", token);
        }
        read(request.call().unwrap())
    }

    pub fn options(&self, path: &str, headers: &[(&str, &str)]) -> Answer {
        let mut request = self.agent.options(format!("{}{path}", self.origin));
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        read(request.call().unwrap())
    }

    /// Asks and returns the bytes.
    pub fn raw(&self, query: &str, variables: Value) -> Answer {
        self.raw_with(query, variables, &[])
    }

    /// Asks with more headers and returns the bytes.
    pub fn raw_with(&self, query: &str, variables: Value, headers: &[(&str, &str)]) -> Answer {
        let body = json!({ "query": query, "variables": variables }).to_string();
        let media = "application/graphql-response+json";
        let own = [("content-type", "application/json"), ("accept", media)];
        self.post(body.as_bytes(), &[&own, headers].concat())
    }

    /// Asks and returns the whole answer.
    pub fn ask(&self, query: &str) -> Value {
        let answer = self.raw(query, json!({}));
        serde_json::from_str(&answer.text).unwrap_or_else(|e| panic!("{e}: {}", answer.text))
    }

    /// Asks and returns the data; there must be no error.
    pub fn data(&self, query: &str) -> Value {
        let mut answer = self.ask(query);
        assert!(answer.get("errors").is_none(), "{query}\n{answer:#}");
        answer["data"].take()
    }

    /// Asks and returns the code of the first error.
    pub fn code(&self, query: &str) -> String {
        let answer = self.ask(query);
        answer["errors"][0]["extensions"]["code"]
            .as_str()
            .unwrap_or_else(|| panic!("no error: {answer:#}"))
            .to_owned()
    }
}

fn read(mut response: ureq::http::Response<ureq::Body>) -> Answer {
    Answer {
        status: response.status().as_u16(),
        headers: response.headers().clone(),
        text: response.body_mut().read_to_string().unwrap(),
    }
}

impl Answer {
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_else(|e| panic!("{e}: {}", self.text))
    }

    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |v| v.to_str().unwrap())
    }

    pub fn code(&self) -> String {
        self.json()["errors"][0]["extensions"]["code"].as_str().unwrap_or_default().to_owned()
    }
}

/// The strings of a list, by a pointer in each element.
pub fn texts<'v>(list: &'v Value, pointer: &str) -> Vec<&'v str> {
    let list = list.as_array().unwrap_or_else(|| panic!("no list: {list}"));
    list.iter().map(|v| v.pointer(pointer).and_then(Value::as_str).unwrap_or_else(|| panic!("{v}"))).collect()
}
