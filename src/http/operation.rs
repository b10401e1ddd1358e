//! An operation over a socket: it is run, and its answers are handed on as messages of the protocol.

use super::answer::Asked;
use super::execute::{Visit, execute};
use super::request::GraphqlRequest;
use super::server::App;
use super::subscribe::{is_subscription, subscribe};
use crate::domain::Fault;
use futures_util::{StreamExt, stream};
use serde_json::json;
use tokio::sync::mpsc;

/// An answer on its way: of which operation, and whether it is its last.
pub struct Answer {
    pub id: String,
    pub number: u64,
    pub message: Vec<u8>,
    pub last: bool,
}

/// Where the answers of an operation go.
pub struct Sending {
    pub id: String,
    pub number: u64,
    pub send: mpsc::Sender<Answer>,
}

impl Sending {
    /// Hands on a message; nothing when nobody takes it any more.
    async fn hand(&self, message: Vec<u8>, last: bool) -> Option<()> {
        let (id, number) = (self.id.clone(), self.number);
        self.send.send(Answer { id, number, message, last }).await.ok()
    }
}

/// Runs an operation and hands on its answers.
pub async fn operate(
    app: &App,
    wanted: GraphqlRequest,
    visit: Visit,
    asked: Asked,
    sending: &Sending,
) -> Option<()> {
    let id = &sending.id;
    let answers = if is_subscription(app, &wanted, &visit) {
        subscribe(app, wanted, &visit, asked.clone())
    } else {
        let done = execute(app, wanted, visit, &asked).await;
        match done {
            Ok(response) => {
                Ok(stream::iter([response.into_body().into_vec().await.unwrap_or_default()]).boxed())
            }
            Err(fault) => Err(fault),
        }
    };
    match answers {
        Ok(mut answers) => {
            while let Some(answer) = answers.next().await {
                sending.hand(next(id, &answer), false).await?;
            }
            sending.hand(complete(id), true).await
        }
        Err(fault) => sending.hand(error(id, &asked, &fault), true).await,
    }
}

/// A message with an answer, which is JSON already.
fn next(id: &str, answer: &[u8]) -> Vec<u8> {
    let id = serde_json::to_vec(id).unwrap_or_default();
    [b"{\"type\":\"next\",\"id\":", id.as_slice(), b",\"payload\":", answer, b"}"].concat()
}

fn complete(id: &str) -> Vec<u8> {
    serde_json::to_vec(&json!({ "type": "complete", "id": id })).unwrap_or_default()
}

pub fn error(id: &str, asked: &Asked, fault: &Fault) -> Vec<u8> {
    let message = json!({ "type": "error", "id": id, "payload": [asked.error(fault)] });
    serde_json::to_vec(&message).unwrap_or_default()
}
