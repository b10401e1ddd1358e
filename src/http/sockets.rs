//! WebSockets by the protocol graphql-transport-ws, with its own close codes. What a client does not take is not made: each operation
//! waits until its last answer was sent.

use super::answer::Asked;
use super::execute::Visit;
use super::gate::Limits;
use super::graphql::locale;
use super::negotiate::Media;
use super::operation::{Answer, Sending, error, operate};
use super::request::GraphqlRequest;
use super::server::App;
use crate::domain::date::now_seconds;
use crate::domain::{ErrorCode, Fault, Locale};
use crate::policy::Viewer;
use futures_util::{SinkExt, StreamExt};
use poem::http::{StatusCode, header};
use poem::web::websocket::{CloseCode, Message, WebSocket, WebSocketConfig, WebSocketStream};
use poem::{FromRequest, IntoResponse, Request, Response};
use serde::Deserialize;
use serde_json::value::RawValue;
use serde_json::{Value, json};
use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{mpsc, watch};
use tokio::task::AbortHandle;
use tokio::time::{Instant, timeout};

/// The protocol.
const PROTOCOL: &str = "graphql-transport-ws";
/// How long a client may take to say who it is.
const PATIENCE: Duration = Duration::from_secs(3);
/// How long a client may take to take a message.
const TAKEN: Duration = Duration::from_secs(10);
/// After how much silence a client is asked whether it is there; when it says nothing for as long again, it is not.
const SILENCE: Duration = Duration::from_secs(25);
/// The most operations of one socket at a time.
const OPERATIONS: usize = 20;
/// The most messages that are read in a second; the others wait for the next one.
const MESSAGES: u32 = 100;
/// Answers that wait to be sent.
const WAITING: usize = 4;

/// What a client sends.
#[derive(Deserialize)]
struct Said {
    r#type: String,
    id: Option<String>,
    payload: Option<Box<RawValue>>,
}

/// Why a socket is closed: the code of the protocol, and its words.
type Close = (u16, String);

/// Takes a request to a socket, from our own pages, from origins on the list, or from what is no browser.
pub async fn upgrade(app: Arc<App>, request: Request, allowed: bool) -> Response {
    if !allowed {
        return StatusCode::FORBIDDEN.into_response();
    }
    let Ok(room) = app.sockets.clone().try_acquire_owned() else {
        return StatusCode::SERVICE_UNAVAILABLE.into_response();
    };
    let socket = match WebSocket::from_request_without_body(&request).await {
        Ok(socket) => socket,
        Err(error) => return error.into_response(),
    };
    let largest = Limits::SIGNED_IN.body + (1 << 10);
    let config = WebSocketConfig::default()
        .max_message_size(Some(largest))
        .max_frame_size(Some(largest))
        .read_buffer_size(4 << 10)
        .write_buffer_size(0);
    let speaks = request.headers().get(header::SEC_WEBSOCKET_PROTOCOL).and_then(|value| value.to_str().ok());
    let speaks = speaks.is_some_and(|all| all.split(',').any(|one| one.trim() == PROTOCOL));
    let locale = locale(request.headers());
    let authorization = request.headers().get(header::AUTHORIZATION).map(|value| value.as_bytes().to_vec());
    socket
        .config(config)
        .protocols([PROTOCOL])
        .on_upgrade(move |stream| async move {
            let _room = room;
            let mut socket = Socket {
                app,
                stream,
                locale,
                authorization,
                viewer: None,
                running: HashMap::new(),
                started: 0,
            };
            let (code, reason) =
                if speaks { socket.talk().await } else { closed(4406, "Subprotocol not acceptable") };
            socket.running.values().for_each(|(_, running)| running.abort());
            let close = Message::Close(Some((CloseCode::from(code), reason)));
            // Both sides say that they close before either is gone: else the other one hears of an accident.
            let part = async {
                let _ = socket.stream.send(close).await;
                while let Some(Ok(_)) = socket.stream.next().await {}
            };
            let _ = timeout(PATIENCE, part).await;
        })
        .into_response()
}

fn closed(code: u16, reason: impl Into<String>) -> Close {
    (code, reason.into())
}

struct Socket {
    app: Arc<App>,
    stream: WebSocketStream,
    locale: Locale,
    /// The token that came with the request to open it.
    authorization: Option<Vec<u8>>,
    /// Who it is, once that was said, and when the token ends.
    viewer: Option<(Arc<Viewer>, Option<i64>)>,
    /// Operations by id, each with a number of its own: an id may be used again.
    running: HashMap<String, (u64, AbortHandle)>,
    started: u64,
}

impl Socket {
    /// Talks until there is a reason to close.
    async fn talk(&mut self) -> Close {
        let (send, mut answers) = mpsc::channel::<Answer>(WAITING);
        let began = Instant::now();
        let (mut heard, mut asked) = (Instant::now(), false);
        let (mut second, mut messages) = (Instant::now(), 0);
        let mut ending = self.app.ended();
        loop {
            let patience = if self.viewer.is_some() { heard + SILENCE } else { began + PATIENCE };
            tokio::select! {
                message = self.stream.next() => {
                    heard = Instant::now();
                    asked = false;
                    if second.elapsed() > Duration::from_secs(1) {
                        (second, messages) = (Instant::now(), 0);
                    }
                    messages += 1;
                    if messages > MESSAGES {
                        tokio::time::sleep_until(second + Duration::from_secs(1)).await;
                    }
                    let text = match message {
                        Some(Ok(Message::Text(text))) => text,
                        Some(Ok(Message::Ping(_) | Message::Pong(_))) => continue,
                        Some(Ok(Message::Binary(_))) => return closed(4400, "Invalid message received"),
                        Some(Ok(Message::Close(_)) | Err(_)) | None => return closed(1000, ""),
                    };
                    if let Err(close) = self.hear(&text, &send).await {
                        return close;
                    }
                }
                Some(answer) = answers.recv() => {
                    // What was told to end says nothing more.
                    let known = self.running.get(&answer.id).is_some_and(|(number, _)| *number == answer.number);
                    if known && answer.last {
                        self.running.remove(&answer.id);
                    }
                    if known && let Err(close) = self.send(answer.message).await {
                        return close;
                    }
                }
                () = tokio::time::sleep_until(patience) => {
                    if self.viewer.is_none() {
                        return closed(4408, "Connection initialisation timeout");
                    }
                    if asked {
                        return closed(1001, "");
                    }
                    (heard, asked) = (Instant::now(), true);
                    if self.stream.send(Message::Ping(Vec::new())).await.is_err() {
                        return closed(1001, "");
                    }
                }
                () = until(self.viewer.as_ref().and_then(|(_, ends)| *ends)) => return closed(4403, "Forbidden"),
                () = told(&mut ending) => return closed(1001, "Going away"),
            }
        }
    }

    async fn send(&mut self, message: Vec<u8>) -> Result<(), Close> {
        // JSON is UTF-8.
        let text = String::from_utf8(message).unwrap_or_default();
        let sent = timeout(TAKEN, self.stream.send(Message::Text(text))).await;
        if matches!(sent, Ok(Ok(()))) { Ok(()) } else { Err(closed(1008, "")) }
    }

    async fn say(&mut self, message: Value) -> Result<(), Close> {
        self.send(serde_json::to_vec(&message).unwrap_or_default()).await
    }

    /// Hears one message.
    async fn hear(&mut self, text: &str, send: &mpsc::Sender<Answer>) -> Result<(), Close> {
        let invalid = || closed(4400, "Invalid message received");
        let said: Said = serde_json::from_str(text).map_err(|_| invalid())?;
        match said.r#type.as_str() {
            "connection_init" => {
                if self.viewer.is_some() {
                    return Err(closed(4429, "Too many initialisation requests"));
                }
                let header = token(said.payload.as_deref()).or_else(|| self.authorization.take());
                let admitted = self.app.visitors.admit(header.as_deref());
                self.viewer = Some(admitted.map_err(|_| closed(4403, "Forbidden"))?);
                self.say(json!({ "type": "connection_ack" })).await
            }
            "ping" => self.say(json!({ "type": "pong" })).await,
            "pong" => Ok(()),
            "complete" => {
                let id = said.id.ok_or_else(invalid)?;
                if let Some((_, running)) = self.running.remove(&id) {
                    running.abort();
                }
                Ok(())
            }
            "subscribe" => {
                let Some((viewer, _)) = self.viewer.clone() else { return Err(closed(4401, "Unauthorized")) };
                let (id, payload) = said.id.zip(said.payload).ok_or_else(invalid)?;
                if self.running.contains_key(&id) {
                    return Err(closed(4409, format!("Subscriber for {id} already exists")));
                }
                if id.is_empty() || id.len() > 64 {
                    return Err(invalid());
                }
                let wanted = GraphqlRequest::from_json(payload.get().as_bytes()).map_err(|_| invalid())?;
                self.run(id, wanted, payload.get().len(), viewer, send.clone()).await
            }
            _ => Err(invalid()),
        }
    }

    /// Starts an operation.
    async fn run(
        &mut self,
        id: String,
        wanted: GraphqlRequest,
        size: usize,
        viewer: Arc<Viewer>,
        send: mpsc::Sender<Answer>,
    ) -> Result<(), Close> {
        let limits = if viewer.is_signed_in() { &Limits::SIGNED_IN } else { &Limits::PUBLIC };
        let asked = Asked { id: self.app.next_request_id(), locale: self.locale, media: Media::Json };
        if self.running.len() >= OPERATIONS || size > limits.body {
            let fault = Fault::new(
                ErrorCode::QueryTooLarge,
                format!(
                    "A socket has at most {OPERATIONS} operations at a time, of {} KiB each.",
                    limits.body >> 10
                ),
                format!("每个连接最多同时 {OPERATIONS} 项操作，每项不超过 {} KiB。", limits.body >> 10),
            );
            return self.send(error(&id, &asked, &fault)).await;
        }
        let visit = Visit { viewer, limits, size, is_get: false, as_of: None };
        self.started += 1;
        let (app, key, number) = (self.app.clone(), id.clone(), self.started);
        let running = tokio::spawn(async move {
            let sending = Sending { id: key, number, send };
            operate(&app, wanted, visit, asked, &sending).await;
        });
        self.running.insert(id, (number, running.abort_handle()));
        Ok(())
    }
}

/// The token of a greeting: `authorization` in any case, as a header would have it.
fn token(payload: Option<&RawValue>) -> Option<Vec<u8>> {
    let payload: serde_json::Map<String, Value> = serde_json::from_str(payload?.get()).ok()?;
    let (_, value) = payload.iter().find(|(name, _)| name.eq_ignore_ascii_case("authorization"))?;
    // What is no text is no token either. The scheme may be left out.
    let text = value.as_str().unwrap_or_default();
    let scheme = if text.contains(' ') || text.is_empty() { "" } else { "Bearer " };
    Some(format!("{scheme}{text}").into_bytes())
}

/// Ends when it is said.
pub async fn told(ending: &mut watch::Receiver<bool>) {
    drop(ending.wait_for(|ended| *ended).await);
}

/// Ends at a second of the clock; never without one.
pub async fn until(second: Option<i64>) {
    match second {
        None => std::future::pending().await,
        Some(second) => {
            let left = u64::try_from(second - now_seconds()).unwrap_or(0);
            tokio::time::sleep(Duration::from_secs(left)).await;
        }
    }
}
