//! Cross-origin calls by an allow-list, for `/graphql` only.
//!
//! poem's own middleware answers 403 to every origin that is not listed, and a browser names the origin on its own pages
//! too: GraphiQL would be locked out. Here an origin that is not listed simply gets no permission.

use poem::http::{HeaderValue, Method, StatusCode, header};
use poem::{Request, Response};

/// The headers that a browser may send.
const MAY_SEND: &str =
    "authorization, content-type, accept-language, x-tiaokuai-as-of, x-tiaokuai-min-revision";

/// The origins that may call from a browser.
pub struct Origins(Vec<HeaderValue>);

impl Origins {
    /// Reads the allow-list.
    pub fn new(origins: &[String]) -> Self {
        Self(origins.iter().filter_map(|o| HeaderValue::from_str(o.trim_end_matches('/')).ok()).collect())
    }

    /// The origin of a request, when it is on the list.
    pub fn allowed(&self, request: &Request) -> Option<HeaderValue> {
        request.headers().get(header::ORIGIN).filter(|o| self.0.contains(o)).cloned()
    }

    /// Whether a page may open a socket: one of our own, or one of an origin on the list. What is no browser names no origin.
    pub fn may_open(&self, request: &Request) -> bool {
        let Some(origin) = request.headers().get(header::ORIGIN) else { return true };
        let host = request.headers().get(header::HOST).and_then(|host| host.to_str().ok());
        let own = origin.to_str().ok().and_then(|origin| origin.split_once("://")).map(|(_, host)| host);
        self.0.contains(origin) || (own.is_some() && own == host)
    }

    /// The answer to a preflight; `None` when the request is none.
    pub fn preflight(&self, request: &Request) -> Option<Response> {
        let asks = request.method() == Method::OPTIONS
            && request.headers().contains_key(header::ACCESS_CONTROL_REQUEST_METHOD);
        if !asks {
            return None;
        }
        let mut response = Response::builder().status(StatusCode::NO_CONTENT).finish();
        if let Some(origin) = self.allowed(request) {
            permit(&mut response, origin);
            let headers = response.headers_mut();
            headers.insert(header::ACCESS_CONTROL_ALLOW_METHODS, HeaderValue::from_static("GET, POST"));
            headers.insert(header::ACCESS_CONTROL_ALLOW_HEADERS, HeaderValue::from_static(MAY_SEND));
            headers.insert(header::ACCESS_CONTROL_MAX_AGE, HeaderValue::from_static("3600"));
        }
        Some(response)
    }
}

/// Lets the origin read the response.
pub fn permit(response: &mut Response, origin: HeaderValue) {
    let headers = response.headers_mut();
    headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, origin);
    headers.insert(
        header::ACCESS_CONTROL_EXPOSE_HEADERS,
        HeaderValue::from_static("content-disposition, x-request-id, x-tiaokuai-as-of, x-tiaokuai-revision, x-tiaokuai-scope, x-tiaokuai-warnings"),
    );
    headers.append(header::VARY, HeaderValue::from_static("Origin"));
}
