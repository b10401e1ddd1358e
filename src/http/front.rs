//! The front door. `/graphql` is what nearly everybody comes for: it is reached without the routes, each layer of which would keep the
//! whole request for as long as it is answered.

use super::cors::{self, Origins};
use super::server::App;
use super::{graphql, pages, sockets, v1};
use crate::domain::ErrorCode;
use futures_util::FutureExt;
use futures_util::future::{Either, ready};
use poem::http::{HeaderName, HeaderValue, header};
use poem::{Endpoint, Request, Response};
use std::panic::AssertUnwindSafe;
use std::sync::Arc;

/// Headers of every answer: what a browser may do with it.
const PROTECTION: [(HeaderName, &str); 4] = [
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::REFERRER_POLICY, "no-referrer"),
    (header::X_FRAME_OPTIONS, "DENY"),
    (header::CONTENT_SECURITY_POLICY, pages::CONTENT_SECURITY_POLICY),
];

/// `/graphql`, and the routes to everything else.
pub struct Front<R> {
    pub app: Arc<App>,
    pub origins: Origins,
    pub rest: R,
}

impl<R: Endpoint<Output = Response>> Endpoint for Front<R> {
    type Output = Response;

    // Not an `async fn`, which would keep the request beside what is taken from it.
    fn call(&self, request: Request) -> impl Future<Output = poem::Result<Response>> + Send {
        if request.uri().path().starts_with("/v1/") {
            return Either::Right(guarded(v1::endpoint(self.app.clone(), request).boxed(), None).boxed());
        }
        if request.uri().path() != "/graphql" {
            return Either::Right(guarded(self.rest.get_response(request), None).boxed());
        }
        // Some clients ask on every request whether the other side speaks HTTP/2.
        let upgrade = request.headers().get(header::UPGRADE);
        if upgrade.is_some_and(|to| to.as_bytes().eq_ignore_ascii_case(b"websocket")) {
            let allowed = self.origins.may_open(&request);
            let upgraded = sockets::upgrade(self.app.clone(), request, allowed);
            return Either::Right(guarded(upgraded.boxed(), None).boxed());
        }
        match self.origins.preflight(&request) {
            Some(preflight) => Either::Right(guarded(ready(preflight), None).boxed()),
            None => {
                let origin = self.origins.allowed(&request);
                Either::Left(guarded(graphql::endpoint(&self.app, request), origin))
            }
        }
    }
}

/// A response with the headers that every one has, also when making it broke off.
fn guarded(
    response: impl Future<Output = Response>,
    origin: Option<HeaderValue>,
) -> impl Future<Output = poem::Result<Response>> {
    AssertUnwindSafe(response).catch_unwind().map(|done| {
        let mut response = done.unwrap_or_else(|_| pages::plain_error(ErrorCode::Internal));
        if let Some(origin) = origin {
            cors::permit(&mut response, origin);
        }
        let headers = response.headers_mut();
        for (name, value) in PROTECTION {
            headers.insert(name, HeaderValue::from_static(value));
        }
        Ok(response)
    })
}
