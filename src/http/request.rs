//! What a client sends: a GraphQL request in a JSON body or in the query of the address.

use crate::domain::{ErrorCode, Fault};
use async_graphql::Variables;
use serde::Deserialize;
use serde_json::{Map, Value};

/// A GraphQL request.
#[derive(Debug)]
pub struct GraphqlRequest {
    /// The document.
    pub query: String,
    /// Values of its variables.
    pub variables: Variables,
    /// Which of its operations is to run.
    pub operation_name: Option<String>,
}

/// The parameters as they are sent. Unknown ones are ignored, as the draft asks.
#[derive(Deserialize)]
struct Body {
    query: Option<Value>,
    variables: Option<Value>,
    #[serde(rename = "operationName")]
    operation_name: Option<Value>,
    extensions: Option<Value>,
}

fn bad(en: &str, zh: &str) -> Fault {
    Fault::new(ErrorCode::BadRequest, en, zh)
}

impl GraphqlRequest {
    /// Reads a JSON body.
    ///
    /// # Errors
    /// `BAD_REQUEST`.
    pub fn from_json(bytes: &[u8]) -> Result<Self, Fault> {
        let text = std::str::from_utf8(bytes)
            .map_err(|_| bad("The body is not UTF-8.", "请求体不是 UTF-8 编码。"))?;
        if text.trim_start().starts_with('[') {
            return Err(bad(
                "Several requests in one body are not supported. Send one object.",
                "不支持批量请求，请每次发送一个请求对象。",
            ));
        }
        let body: Body = serde_json::from_str(text).map_err(|e| {
            let (line, column) = (e.line(), e.column());
            bad(
                &format!("The body is not a GraphQL request in JSON (line {line}, column {column}). Send {{\"query\": \"…\"}}."),
                &format!("请求体不是 JSON 格式的 GraphQL 请求（第{line}行第{column}列）。请发送 {{\"query\": \"…\"}}。"),
            )
        })?;
        Self::from_parts(body.query, body.variables, body.operation_name, body.extensions)
    }

    /// Reads the query of an address.
    ///
    /// # Errors
    /// `BAD_REQUEST`.
    pub fn from_query(pairs: Vec<(String, String)>) -> Result<Self, Fault> {
        let mut parts: [Option<Value>; 4] = [None, None, None, None];
        for (name, text) in pairs {
            let json = |text: &str| {
                let refuse = |_| bad(&format!("`{name}` is not JSON."), &format!("{name} 不是 JSON。"));
                if text.is_empty() { Ok(Value::Null) } else { serde_json::from_str(text).map_err(refuse) }
            };
            match name.as_str() {
                "query" => parts[0] = Some(Value::String(text)),
                "variables" => parts[1] = Some(json(&text)?),
                "operationName" => parts[2] = (!text.is_empty()).then_some(Value::String(text)),
                "extensions" => parts[3] = Some(json(&text)?),
                _ => {}
            }
        }
        let [query, variables, operation_name, extensions] = parts;
        Self::from_parts(query, variables, operation_name, extensions)
    }

    fn from_parts(
        query: Option<Value>,
        variables: Option<Value>,
        operation_name: Option<Value>,
        extensions: Option<Value>,
    ) -> Result<Self, Fault> {
        let Some(Value::String(query)) = query else {
            return Err(bad(
                "`query` has to be a text with a GraphQL document.",
                "query 必须是 GraphQL 查询文本。",
            ));
        };
        let operation_name = match operation_name {
            None | Some(Value::Null) => None,
            Some(Value::String(name)) => Some(name),
            Some(_) => return Err(bad("`operationName` has to be a text.", "operationName 必须是文本。")),
        };
        let variables = match variables {
            None | Some(Value::Null) => Map::new(),
            Some(Value::Object(map)) => map,
            Some(_) => return Err(bad("`variables` has to be an object.", "variables 必须是对象。")),
        };
        if !matches!(extensions, None | Some(Value::Null | Value::Object(_))) {
            return Err(bad("`extensions` has to be an object.", "extensions 必须是对象。"));
        }
        Ok(Self { query, variables: Variables::from_json(Value::Object(variables)), operation_name })
    }
}
