//! Files while they are written: streamed part by part, never more at a time than a few, and noted where they hold personal data.

use super::answer::Asked;
use super::graphql::REVISION;
use super::server::App;
use super::turns::Turn;
use crate::domain::{ActKind, CodeList, CodeRange, ErrorCode, Fault, Role};
use crate::policy::{Hand, Place, View, Viewer, carriers};
use crate::report::{Facts, Written};
use crate::store::{Author, Desk, Wish};
use futures_util::StreamExt;
use futures_util::stream;
use poem::http::{HeaderValue, StatusCode, header};
use poem::{Body, Response};
use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::sync::mpsc;

/// How many pieces of a file wait for who reads it, and how many bytes a piece has at most.
const WAITING: usize = 4;
const PIECE: usize = 1 << 18;

/// For how long a file may be written and read, and for how long nobody may take a part of it.
pub const LONGEST: Duration = Duration::from_secs(900);
const STALLED: Duration = Duration::from_secs(60);

/// What is to be noted of a file with personal data.
pub struct Noting {
    /// Where.
    pub app: Arc<App>,
    /// Who takes it.
    pub viewer: Arc<Viewer>,
    /// By which request.
    pub asked: Asked,
}

impl Noting {
    /// Notes in the logs of territories that personal data are taken out as a file, from a thread that may wait: in those of all counties
    /// of a prefecture, and in those of provinces for what is larger. It is done when it is known that there is a file, and before its
    /// first byte.
    ///
    /// # Errors
    /// As below.
    pub fn note(&self, view: &View, ranges: &[CodeRange]) -> Result<(), Fault> {
        tokio::runtime::Handle::current().block_on(note_personal(self, view, ranges))
    }
}

/// # Errors
/// `FORBIDDEN` for who may not, `UNAVAILABLE` where it cannot be noted: then there is no file.
async fn note_personal(noting: &Noting, view: &View, ranges: &[CodeRange]) -> Result<(), Fault> {
    let Noting { app, viewer, asked } = noting;
    let hands = ranges.iter().map(|range| view.hand(ActKind::PersonalDataExport, Place::Territory(*range)));
    let hands: Vec<(Hand, Role)> = hands.collect();
    let Some((_, role)) = hands.first().filter(|_| hands.iter().all(|(hand, _)| *hand == Hand::Carry)) else {
        let roles = carriers(ActKind::PersonalDataExport).join(", ");
        return Err(Fault::new(
            ErrorCode::Forbidden,
            format!(
                "Personal data are taken out as a file only by {roles}, within their scope: narrow `within` to it, or ask for other columns."
            ),
            format!("个人信息仅 {roles} 可在其授权范围内导出：请限定 within，或去掉个人信息列。"),
        ));
    };
    let counties: BTreeSet<i32> = ranges.iter().flat_map(|range| view.logs_of(*range)).collect();
    let author = Author {
        principal: viewer.subject.clone().unwrap_or_default(),
        role: role.value().to_owned(),
        request: asked.id.clone(),
    };
    let wish =
        Wish { shards: counties.clone(), author, once: None, seen: None, dry_run: false, with_log: false };
    let noted = app.register.change_by(wish, move |desk: &mut Desk| {
        desk.note(ActKind::PersonalDataExport, counties);
        Ok::<(), ()>(())
    });
    noted.await.map(drop)
}

/// Who takes the parts of a file, and is told first whether there is one.
pub struct Parts {
    told: Option<tokio::sync::oneshot::Sender<Result<Option<Facts>, Fault>>>,
    /// What is said of the file before its first part.
    facts: Option<Facts>,
    turn: Turn,
    sender: mpsc::Sender<std::io::Result<Vec<u8>>>,
    /// Until when it is taken.
    end: Instant,
    /// Whether a part was not taken: nothing more is sent then, not even the end, so that nobody takes the rest for the whole.
    lost: bool,
}

impl Parts {
    /// Says what holds for all of the file, before its first part.
    pub fn about(&mut self, facts: Facts) {
        self.facts = Some(facts);
    }

    /// Hands out a part; whether anybody still takes it, which an empty one only asks.
    pub fn take(&mut self, part: Vec<u8>) -> bool {
        if part.is_empty() {
            return !self.lost && !self.sender.is_closed();
        }
        self.begin();
        // In pieces: how much waits for who reads is bounded by bytes, and so is how slowly they may read.
        part.chunks(PIECE).all(|piece| self.send(Ok(piece.to_vec())))
    }

    /// There is a file.
    fn begin(&mut self) {
        if let Some(told) = self.told.take() {
            self.turn.took();
            let _ = told.send(Ok(self.facts.take()));
        }
    }

    /// The file is whole. Without that it counts as broken off, whatever became of who wrote it.
    pub fn finish(&mut self) {
        self.begin();
        self.send(Ok(Vec::new()));
    }

    /// Waits for who reads, but not for ever: a turn to write is needed by others.
    fn send(&mut self, part: std::io::Result<Vec<u8>>) -> bool {
        let time = STALLED.min(self.end.saturating_duration_since(Instant::now()));
        let sent = || tokio::runtime::Handle::current().block_on(self.sender.send_timeout(part, time));
        self.lost = self.lost || sent().is_err();
        !self.lost
    }

    /// There is no file. What was handed out already cannot be called back: then it breaks off.
    pub fn refuse(&mut self, fault: Fault) {
        match self.told.take() {
            Some(told) => drop(told.send(Err(fault))),
            None => self.break_off(&fault),
        }
    }

    /// The file ends before its end, and the connection with it, so that nobody takes it for whole.
    pub fn break_off(&mut self, fault: &Fault) {
        tracing::warn!(problem = fault.en, "a file broke off");
        self.send(Err(broken_off()));
    }
}

fn broken_off() -> std::io::Error {
    std::io::Error::other("broke off")
}

/// Streams what is written on a thread of its own. The file is called by its title and its day.
///
/// # Errors
/// What it is refused for, before the first part.
pub async fn stream(
    turn: Turn,
    written: Written,
    title: &str,
    work: impl FnOnce(Parts) + Send + 'static,
) -> Result<Response, Fault> {
    let (sender, receiver) = mpsc::channel::<std::io::Result<Vec<u8>>>(WAITING);
    let (told, hear) = tokio::sync::oneshot::channel();
    let end = Instant::now() + LONGEST;
    tokio::task::spawn_blocking(move || {
        work(Parts { told: Some(told), facts: None, turn, sender, end, lost: false })
    });
    // Whatever is refused is refused before the first byte.
    let facts = hear.await.map_err(|_| Fault::plain(ErrorCode::Internal))??;
    let parts = stream::unfold(Some(receiver), |from| async move {
        let mut from = from?;
        match from.recv().await {
            // The last part is an empty one; who wrote it may have ended otherwise.
            Some(Ok(part)) if part.is_empty() => None,
            Some(Ok(part)) => Some((Ok(part), Some(from))),
            Some(Err(error)) => Some((Err(error), None)),
            None => Some((Err(broken_off()), None)),
        }
    })
    .boxed();
    let media = written.format.media(written.encoding);
    let mut response =
        Response::builder().status(StatusCode::OK).content_type(media).body(Body::from_bytes_stream(parts));
    let headers = response.headers_mut();
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    let day = facts.as_ref().map(|facts| format!("-{}", facts.as_of)).unwrap_or_default();
    let ending = written.format.extension();
    let name = super::imports::percent(&format!("{title}{day}.{ending}"));
    for (name, value) in facts.iter().flat_map(said).filter(|(_, value)| !value.is_empty()) {
        if let Ok(value) = HeaderValue::from_str(&value) {
            headers.insert(name, value);
        }
    }
    if let Ok(value) = HeaderValue::from_str(&format!(
        "attachment; filename=\"tiaokuai{day}.{ending}\"; filename*=UTF-8''{name}"
    )) {
        headers.insert(header::CONTENT_DISPOSITION, value);
    }
    Ok(response)
}

/// What is said of a file beside it: formats of text have no place for it.
fn said(facts: &Facts) -> Vec<(&'static str, String)> {
    vec![
        ("x-tiaokuai-as-of", facts.as_of.to_string()),
        (REVISION, facts.revision.to_string()),
        ("x-tiaokuai-scope", facts.scope.clone()),
        ("x-tiaokuai-warnings", facts.warnings.clone()),
    ]
}
