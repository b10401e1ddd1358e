//! `POST /graphql` and `GET /graphql`: who asks, for what, and how.

use super::answer::Asked;
use super::events::wants_events;
use super::execute::{Visit, execute};
use super::gate::Limits;
use super::negotiate::{Media, is_json};
use super::request::GraphqlRequest;
use super::server::App;
use super::subscribe::is_subscription;
use crate::domain::{Day, ErrorCode, Fault, Locale};
use crate::policy::Viewer;
use bytes::{Bytes, BytesMut};
use futures_util::StreamExt;
use poem::http::{Method, header};
use poem::{Body, Response, web::headers::HeaderMap};
use std::sync::Arc;
use std::time::{Duration, Instant};

/// The header by which a client asks for all of a request as of a day. `asOf` in the document goes before it.
pub const AS_OF: &str = "X-Tiaokuai-As-Of";
/// The header by which a client asks for at least a revision: one that it wrote, perhaps through another server.
pub const MIN_REVISION: &str = "X-Tiaokuai-Min-Revision";
/// The header which says the revision that an answer is at least of.
pub const REVISION: &str = "x-tiaokuai-revision";

/// Which answers are sent as events.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Events {
    Always,
    OfSubscriptions,
    Never,
}

/// What came with a request.
pub struct Came {
    pub headers: HeaderMap,
    body: Body,
    way: Way,
}

impl Came {
    /// What came with a request that is not one of GraphQL.
    pub fn other(request: &mut poem::Request) -> Self {
        Self { headers: std::mem::take(request.headers_mut()), body: request.take_body(), way: Way::Other }
    }

    /// Who asks.
    pub fn viewer(&self, app: &App) -> Result<Arc<Viewer>, Fault> {
        viewer(app, &self.headers)
    }
}

/// How a request came.
enum Way {
    Post,
    /// With the query of its address; nothing when that cannot be read.
    Get(Option<Vec<(String, String)>>),
    Other,
}

/// Answers one request.
// Not an `async fn`, which would keep the request beside what is taken from it.
pub fn endpoint(app: &App, mut request: poem::Request) -> impl Future<Output = Response> + Send {
    let way = match *request.method() {
        Method::POST => Way::Post,
        Method::GET => Way::Get(request.params().ok()),
        _ => Way::Other,
    };
    respond(app, Came { headers: std::mem::take(request.headers_mut()), body: request.take_body(), way })
}

async fn respond(app: &App, mut came: Came) -> Response {
    let began = Instant::now();
    let mut asked = Asked { id: app.next_request_id(), locale: locale(&came.headers), media: Media::Json };
    let mut revision = app.snapshot().state.revision;
    let accept = text(&came.headers, header::ACCEPT);
    // Clients that take events mostly take JSON too, and mean events for subscriptions only.
    let (json, events) = (Media::choose(accept), wants_events(accept));
    let events = if json.is_none() && events {
        Events::Always
    } else if events {
        Events::OfSubscriptions
    } else {
        Events::Never
    };
    let media = json.or((events == Events::Always).then_some(Media::Json));
    let outcome = match media {
        None => Err(Fault::new(
            ErrorCode::NotAcceptable,
            "Ask with `Accept: application/graphql-response+json` or `application/json`.",
            "请使用 Accept: application/graphql-response+json 或 application/json。",
        )),
        Some(media) => {
            asked.media = media;
            answer(app, &mut came, &asked, &mut revision, events).await
        }
    };
    let mut response = outcome.unwrap_or_else(|fault| asked.refuse(&fault));
    response.headers_mut().insert(REVISION, revision.into());
    tracing::info!(
        request = asked.id,
        status = response.status().as_u16(),
        micros = u64::try_from(began.elapsed().as_micros()).unwrap_or(u64::MAX),
        "graphql"
    );
    response
}

fn text(headers: &HeaderMap, name: header::HeaderName) -> Option<&str> {
    headers.get(name).and_then(|v| v.to_str().ok())
}

/// Language of messages by `Accept-Language`.
pub fn locale(headers: &HeaderMap) -> Locale {
    Locale::from_accept_language(text(headers, header::ACCEPT_LANGUAGE).unwrap_or_default())
}

async fn answer(
    app: &App,
    came: &mut Came,
    asked: &Asked,
    revision: &mut i64,
    events: Events,
) -> Result<Response, Fault> {
    let (wanted, visit) = read(app, came).await?;
    if let Some(least) = min_revision(&came.headers)? {
        app.register.reach(least).await?;
        *revision = app.snapshot().state.revision;
    }
    let told = match events {
        Events::Always => true,
        Events::OfSubscriptions => is_subscription(app, &wanted, &visit),
        Events::Never => false,
    };
    if !told {
        return execute(app, wanted, visit, asked).await;
    }
    let token = came.headers.get(header::AUTHORIZATION).map(poem::http::HeaderValue::as_bytes);
    let (_, ends) = app.visitors.admit(token)?;
    super::events::answer(app, wanted, visit, asked, ends).await
}

/// Reads what is asked for, and who asks.
async fn read(app: &App, came: &mut Came) -> Result<(GraphqlRequest, Visit), Fault> {
    let viewer = viewer(app, &came.headers);
    let signed_in = viewer.as_ref().is_ok_and(|viewer| viewer.is_signed_in());
    let limits = if signed_in { &Limits::SIGNED_IN } else { &Limits::PUBLIC };
    // Read first, refuse then: a connection with an unread body cannot be used again.
    let sent = if matches!(came.way, Way::Post) { body(came, limits).await? } else { Bytes::new() };
    let viewer = viewer?;
    let headers = &came.headers;
    let wanted = match &mut came.way {
        Way::Get(pairs) => {
            let pairs = pairs.take().ok_or_else(|| Fault::plain(ErrorCode::BadRequest))?;
            GraphqlRequest::from_query(pairs)?
        }
        Way::Post => {
            if text(headers, header::CONTENT_ENCODING).is_some_and(|e| !e.eq_ignore_ascii_case("identity")) {
                return Err(Fault::plain(ErrorCode::UnsupportedMediaType));
            }
            if !is_json(text(headers, header::CONTENT_TYPE)) {
                return Err(Fault::new(
                    ErrorCode::UnsupportedMediaType,
                    "Send the request as `Content-Type: application/json`.",
                    "请以 Content-Type: application/json 发送请求。",
                ));
            }
            GraphqlRequest::from_json(&sent)?
        }
        Way::Other => {
            return Err(Fault::new(
                ErrorCode::MethodNotAllowed,
                "Use POST, or GET for queries.",
                "请使用 POST（查询亦可用 GET）。",
            ));
        }
    };
    let is_get = matches!(came.way, Way::Get(_));
    Ok((wanted, Visit { size: sent.len(), viewer, limits, is_get, as_of: as_of(headers)? }))
}

/// Who asks, by the one token that was sent.
fn viewer(app: &App, headers: &HeaderMap) -> Result<Arc<Viewer>, Fault> {
    if headers.get_all(header::AUTHORIZATION).iter().count() > 1 {
        return Err(Fault::plain(ErrorCode::Unauthenticated));
    }
    let token = headers.get(header::AUTHORIZATION).map(poem::http::HeaderValue::as_bytes);
    app.visitors.viewer(token)
}

/// The day of the whole request by its header, so that a client's refetch keeps the date.
pub fn as_of(headers: &HeaderMap) -> Result<Option<Day>, Fault> {
    let Some(value) = headers.get(AS_OF) else { return Ok(None) };
    let day = value.to_str().ok().and_then(Day::parse);
    let single = headers.get_all(AS_OF).iter().count() == 1;
    day.filter(|_| single).map(Some).ok_or_else(|| {
        Fault::input(
            format!("The header {AS_OF} takes a date that exists, such as 2026-03-01."),
            format!("请求头 {AS_OF} 应为存在的日期，如 2026-03-01。"),
        )
    })
}

/// The revision that a client asks for at least.
fn min_revision(headers: &HeaderMap) -> Result<Option<i64>, Fault> {
    let Some(value) = headers.get(MIN_REVISION) else { return Ok(None) };
    let revision =
        value.to_str().ok().and_then(|text| text.parse::<i64>().ok()).filter(|number| *number >= 0);
    let single = headers.get_all(MIN_REVISION).iter().count() == 1;
    revision.filter(|_| single).map(Some).ok_or_else(|| {
        Fault::input(
            format!("The header {MIN_REVISION} takes a revision, such as 3."),
            format!("请求头 {MIN_REVISION} 应为修订号，如 3。"),
        )
    })
}

async fn body(came: &mut Came, limits: &Limits) -> Result<Bytes, Fault> {
    whole_body(came, limits.body).await
}

/// All of a body that is not larger than it may be.
pub async fn whole_body(came: &mut Came, largest: usize) -> Result<Bytes, Fault> {
    let too_large = || {
        let (en, zh) = (largest >> 10, largest >> 10);
        Fault::new(
            ErrorCode::PayloadTooLarge,
            format!("The body is larger than {en} KiB."),
            format!("请求体超过 {zh} KiB。"),
        )
    };
    let announced = text(&came.headers, header::CONTENT_LENGTH).and_then(|t| t.parse::<usize>().ok());
    if announced.is_some_and(|n| n > largest) {
        return Err(too_large());
    }
    let mut parts = std::mem::take(&mut came.body).into_bytes_stream();
    let read = async {
        // Mostly it comes in one part, which is taken as it is.
        let (mut whole, mut joined) = (Bytes::new(), BytesMut::new());
        while let Some(part) = parts.next().await {
            let part = part.map_err(|_| Fault::plain(ErrorCode::BadRequest))?;
            if whole.len() + joined.len() + part.len() > largest {
                return Err(too_large());
            }
            if whole.is_empty() && joined.is_empty() {
                whole = part;
            } else {
                joined.extend_from_slice(&std::mem::take(&mut whole));
                joined.extend_from_slice(&part);
            }
        }
        Ok(if joined.is_empty() { whole } else { joined.freeze() })
    };
    let read = tokio::time::timeout(Duration::from_secs(10), read).await;
    read.unwrap_or_else(|_| Err(Fault::plain(ErrorCode::Timeout)))
}
