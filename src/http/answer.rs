//! Answers: JSON with a closed list of error codes, in the language of the client, and nothing of the server's inside.

use super::negotiate::Media;
use crate::domain::{CodeList, ErrorCode, Fault, Locale};
use crate::graph;
use crate::graph::engine::{Placed, json as splice};
use crate::policy::Meter;
use async_graphql::{PathSegment, ServerError};
use poem::http::{HeaderName, HeaderValue, StatusCode, header};
use poem::{Body, Response};
use serde::Serialize;
use serde_json::{Value, json};
use std::sync::{Arc, Mutex, PoisonError};

/// The header with the id of a request.
const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");
/// About how many headers an answer has in the end.
const HEADERS: usize = 12;

/// The most errors in one answer.
const MAX_ERRORS: usize = 10;

/// Of one request: its id, its language, its media type.
#[derive(Debug, Clone)]
pub struct Asked {
    /// Id of the request, for the log and for errors.
    pub id: String,
    /// Language of messages.
    pub locale: Locale,
    /// Media type of the answer.
    pub media: Media,
}

impl Asked {
    /// A refusal before anything was executed: errors and no data.
    pub fn refuse(&self, fault: &Fault) -> Response {
        let status = match (fault.code, self.media) {
            // Under application/json, what a document is refused for is an answer like any other.
            (
                ErrorCode::GraphqlParseFailed
                | ErrorCode::GraphqlValidationFailed
                | ErrorCode::OperationNotFound
                | ErrorCode::BadUserInput
                | ErrorCode::QueryTooLarge,
                Media::Json,
            ) => StatusCode::OK,
            _ => status_of(fault.code),
        };
        let mut response = self.write(status, &json!({ "errors": [self.error(fault)] }));
        let headers = response.headers_mut();
        if fault.code == ErrorCode::Unauthenticated {
            headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        if fault.code == ErrorCode::PayloadTooLarge {
            headers.insert(header::CONNECTION, HeaderValue::from_static("close"));
        }
        if fault.code == ErrorCode::MethodNotAllowed {
            headers.insert(header::ALLOW, HeaderValue::from_static("GET, POST"));
        }
        response
    }

    /// The answer of an execution.
    ///
    /// # Errors
    /// `QUERY_TOO_EXPENSIVE` for one that is too long: what the library answers by itself is not metered on the way.
    pub fn respond(&self, mut done: async_graphql::Response, meter: &Meter) -> Result<Response, Fault> {
        let errors = std::mem::take(&mut done.errors);
        let mut status = StatusCode::OK;
        // Without a path the document was refused before it ran, and there is no data.
        let refused = errors.iter().any(|e| e.path.is_empty()) && done.data == async_graphql::Value::Null;
        if refused && self.media == Media::GraphqlResponse {
            status = StatusCode::BAD_REQUEST;
        }
        let mut bytes = vec![b'{'];
        if !errors.is_empty() {
            let errors: Vec<Value> = errors.iter().take(MAX_ERRORS).map(|e| self.server_error(e)).collect();
            bytes.extend_from_slice(b"\"errors\":");
            bytes.extend(serde_json::to_vec(&errors).unwrap_or_default());
            bytes.extend_from_slice(if refused { b"" } else { b"," });
        }
        if !refused {
            bytes.extend_from_slice(b"\"data\":");
            splice(&done.data, &mut bytes);
        }
        meter.wrote(bytes.len())?;
        Ok(self.finish(status, bytes, &meter.masked()))
    }

    /// The answer to an event of a subscription, as an object.
    pub fn object(&self, mut done: async_graphql::Response, meter: &Mutex<Option<Arc<Meter>>>) -> Vec<u8> {
        let errors = std::mem::take(&mut done.errors);
        let mut bytes = vec![b'{'];
        if !errors.is_empty() {
            let errors: Vec<Value> = errors.iter().take(MAX_ERRORS).map(|e| self.server_error(e)).collect();
            bytes.extend_from_slice(b"\"errors\":");
            bytes.extend(serde_json::to_vec(&errors).unwrap_or_default());
            bytes.push(b',');
        }
        bytes.extend_from_slice(b"\"data\":");
        splice(&done.data, &mut bytes);
        let meter = meter.lock().unwrap_or_else(PoisonError::into_inner).take();
        let masked = meter.map_or_else(Vec::new, |meter| meter.masked());
        self.close(&mut bytes, &masked);
        bytes
    }

    /// The answer that was written as bytes: `{"data":…`.
    pub fn respond_bytes(&self, bytes: Vec<u8>, masked: &[String]) -> Response {
        self.finish(StatusCode::OK, bytes, masked)
    }

    /// Adds what comes after the data.
    fn finish(&self, status: StatusCode, mut bytes: Vec<u8>, masked: &[String]) -> Response {
        self.close(&mut bytes, masked);
        self.send(status, bytes)
    }

    #[expect(clippy::unused_self, reason = "a part of an answer like the others")]
    fn close(&self, bytes: &mut Vec<u8>, masked: &[String]) {
        if !masked.is_empty() {
            bytes.extend_from_slice(b",\"extensions\":");
            bytes.extend(serde_json::to_vec(&json!({ "masked": masked })).unwrap_or_default());
        }
        bytes.push(b'}');
    }

    fn write(&self, status: StatusCode, body: &impl Serialize) -> Response {
        self.send(status, serde_json::to_vec(body).unwrap_or_default())
    }

    fn send(&self, status: StatusCode, bytes: Vec<u8>) -> Response {
        let mut response = Response::builder().status(status).body(Body::from_vec(bytes));
        let headers = response.headers_mut();
        headers.reserve(HEADERS);
        let fixed = HeaderValue::from_static;
        headers.insert(header::CONTENT_TYPE, fixed(self.media.content_type()));
        headers.insert(header::CACHE_CONTROL, fixed("no-store"));
        headers.insert(header::VARY, fixed("Accept, Accept-Language, Authorization, X-Tiaokuai-As-Of"));
        if let Ok(id) = HeaderValue::from_str(&self.id) {
            headers.insert(REQUEST_ID, id);
        }
        if status == StatusCode::SERVICE_UNAVAILABLE {
            headers.insert(header::RETRY_AFTER, fixed("1"));
        }
        response
    }

    fn extensions(&self, code: ErrorCode) -> Value {
        json!({ "code": code.value(), "requestId": self.id, "retryable": code.retryable() })
    }

    /// An error, as it stands in an answer.
    pub fn error(&self, fault: &Fault) -> Value {
        json!({ "message": fault.message(self.locale), "extensions": self.extensions(fault.code) })
    }

    fn server_error(&self, error: &ServerError) -> Value {
        let placed = error.source::<Placed>();
        let fault = placed.and_then(|p| p.fault.clone()).unwrap_or_else(|| fault_of(error));
        let path = placed.map_or(&error.path, |placed| &placed.path);
        let mut out = self.error(&fault);
        if !error.locations.is_empty() {
            let places = error.locations.iter().map(|p| json!({ "line": p.line, "column": p.column }));
            out["locations"] = places.collect();
        }
        if !path.is_empty() {
            let path = path.iter().map(|segment| match segment {
                PathSegment::Field(name) => Value::String(name.clone()),
                PathSegment::Index(at) => json!(at),
            });
            out["path"] = path.collect();
        }
        out
    }
}

/// The code of an error.
pub fn code_of(error: &ServerError) -> ErrorCode {
    told(error).code
}

/// What an error is about, wherever in an answer it stands.
pub fn told(error: &ServerError) -> Fault {
    let placed = error.source::<Placed>().and_then(|placed| placed.fault.clone());
    placed.unwrap_or_else(|| fault_of(error))
}

/// The fault inside an error. What the library says of a client's own document or value is passed on; it knows nothing of
/// the database. Anything else would be a fault of ours.
fn fault_of(error: &ServerError) -> Fault {
    if let Some(fault) = error.source::<Fault>() {
        return fault.clone();
    }
    let code =
        if error.path.is_empty() { ErrorCode::GraphqlValidationFailed } else { ErrorCode::BadUserInput };
    if let Some((en, zh)) = no_value(&error.message) {
        return Fault::new(code, en, zh);
    }
    let text: String = error.message.chars().take(300).collect();
    Fault::new(code, text.clone(), format!("{}：{text}", code.item().zh))
}

/// What the library says of a value that an enumeration does not have, with those that may be meant, and of a dimension by its bare name.
fn no_value(message: &str) -> Option<(String, String)> {
    if let Some(found) = message.strip_prefix("Expected input type \"DimensionInput\", found ") {
        let found = found.split(['.', ' ']).next().unwrap_or_default();
        return Some((
            format!("Dimensions are objects: write `{{dimension: {found}}}` instead of `{found}`."),
            format!("维度须写作对象：请将 {found} 写为 {{dimension: {found}}}。"),
        ));
    }
    let rest = message.strip_prefix("Invalid value for argument \"")?;
    let (place, rest) = rest.split_once("\", enumeration type \"")?;
    let (of, rest) = rest.split_once("\" does not contain the value \"")?;
    graph::no_value(place, of, rest.strip_suffix('"')?)
}

fn status_of(code: ErrorCode) -> StatusCode {
    match code {
        ErrorCode::Unauthenticated => StatusCode::UNAUTHORIZED,
        ErrorCode::Forbidden => StatusCode::FORBIDDEN,
        ErrorCode::NotFound => StatusCode::NOT_FOUND,
        ErrorCode::MethodNotAllowed => StatusCode::METHOD_NOT_ALLOWED,
        ErrorCode::NotAcceptable => StatusCode::NOT_ACCEPTABLE,
        ErrorCode::PayloadTooLarge => StatusCode::PAYLOAD_TOO_LARGE,
        ErrorCode::UnsupportedMediaType => StatusCode::UNSUPPORTED_MEDIA_TYPE,
        ErrorCode::Timeout | ErrorCode::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
        ErrorCode::Internal => StatusCode::INTERNAL_SERVER_ERROR,
        ErrorCode::BadRequest
        | ErrorCode::GraphqlParseFailed
        | ErrorCode::GraphqlValidationFailed
        | ErrorCode::OperationNotFound
        | ErrorCode::BadUserInput
        | ErrorCode::CursorInvalid
        | ErrorCode::QueryTooLarge
        | ErrorCode::QueryTooExpensive => StatusCode::BAD_REQUEST,
    }
}
