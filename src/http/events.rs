//! Answers as server-sent events (`text/event-stream`), one request for each connection, as graphql-sse has it.

use super::answer::Asked;
use super::execute::{Visit, execute};
use super::request::GraphqlRequest;
use super::server::App;
use super::sockets::{told, until};
use super::subscribe::{is_subscription, subscribe};
use crate::domain::Fault;
use futures_util::stream::{self, BoxStream};
use futures_util::{Stream, StreamExt};
use poem::http::{HeaderValue, header};
use poem::{Body, Response};
use std::time::Duration;

/// After how much silence a comment is sent, so that nobody on the way thinks the connection dead.
const SILENCE: Duration = Duration::from_secs(12);

/// Whether a client asks for events.
pub fn wants_events(accept: Option<&str>) -> bool {
    accept.is_some_and(|accept| {
        accept.split(',').any(|part| {
            part.split(';').next().is_some_and(|media| media.trim().eq_ignore_ascii_case("text/event-stream"))
        })
    })
}

/// Answers with events: those of a subscription, or the one answer of another operation.
///
/// # Errors
/// Whatever is refused before anything is executed.
pub async fn answer(
    app: &App,
    wanted: GraphqlRequest,
    visit: Visit,
    asked: &Asked,
    ends: Option<i64>,
) -> Result<Response, Fault> {
    let answers: BoxStream<'static, Vec<u8>> = if is_subscription(app, &wanted, &visit) {
        subscribe(app, wanted, &visit, asked.clone())?
    } else {
        let body = execute(app, wanted, visit, asked).await?.into_body();
        let bytes = body.into_vec().await.unwrap_or_default();
        stream::iter([bytes]).boxed()
    };
    let over = Box::pin(until_over(app, ends));
    let answers = answers.take_until(over);
    let told = answers.map(|answer| event("next", &answer)).chain(stream::iter([event("complete", b"")]));
    let body = Body::from_bytes_stream(with_comments(told).map(Ok::<_, std::io::Error>));
    let mut response = Response::builder().content_type("text/event-stream; charset=utf-8").body(body);
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    Ok(response)
}

/// Ends when the token does, or the server is told to.
fn until_over(app: &App, ends: Option<i64>) -> impl Future<Output = ()> + Send + 'static {
    let mut ending = app.ended();
    async move {
        tokio::select! {
            () = until(ends) => {}
            () = told(&mut ending) => {}
        }
    }
}

/// An event. JSON has no line break of its own.
fn event(name: &str, data: &[u8]) -> Vec<u8> {
    [b"event: ", name.as_bytes(), b"\ndata: ", data, b"\n\n"].concat()
}

fn with_comments(told: impl Stream<Item = Vec<u8>> + Send + 'static) -> impl Stream<Item = Vec<u8>> + Send {
    stream::unfold(told.boxed(), |mut told| async move {
        match tokio::time::timeout(SILENCE, told.next()).await {
            Ok(next) => Some((next?, told)),
            Err(_) => Some((b":\n\n".to_vec(), told)),
        }
    })
}
