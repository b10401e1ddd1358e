//! Runs a request at the fastest level that can answer it. What a level cannot answer, the next one runs from the beginning.

use super::answer::{Asked, code_of};
use super::documents::{Known, Unanswered, operation, shape};
use super::gate::{self, Limits};
use super::request::GraphqlRequest;
use super::server::App;
use crate::domain::{Day, ErrorCode, Fault, Locale};
use crate::graph::engine::{Bytes, CursorKey, bind};
use crate::policy::{Means, Meter, View, Viewer};
use async_graphql::Variables;
use async_graphql::parser::parse_query;
use async_graphql::parser::types::{OperationDefinition, OperationType};
use poem::Response;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// The fastest level that may answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub enum Level {
    /// The library's executor alone.
    Ordinary,
    /// The library validates and dispatches; the fields of the root are written as bytes.
    Bytes,
    /// Documents that were validated before are compiled and written without the library.
    #[default]
    Direct,
}

/// Who asks, and how.
pub struct Visit {
    /// The viewer.
    pub viewer: Arc<Viewer>,
    /// What the request may cost.
    pub limits: &'static Limits,
    /// Bytes of the request.
    pub size: usize,
    /// Whether it came by GET.
    pub is_get: bool,
    /// The day of the whole request.
    pub as_of: Option<Day>,
}

/// How many steps a request may take among the others, on the thread that reads from the network: less than a millisecond. One
/// that needs more begins again on a thread given up for it.
const SLICE: u64 = 8_192;

/// A request of more bytes is answered on a thread given up for it: reading the values of its variables takes long.
const LARGE: usize = 16 << 10;

/// Finds the document among those known, or parses one that is not too large; and whether it was known.
pub fn find(app: &App, query: &str, limits: &Limits) -> Result<(Arc<Known>, bool), Fault> {
    if let Some(known) = app.documents.get(query) {
        known.measure.check(limits)?;
        return Ok((known, true));
    }
    let tokens = gate::check_text(query, limits)?;
    let document = parse_query(query).map_err(|error| {
        let place = error.positions().next().unwrap_or_default();
        Fault::new(
            ErrorCode::GraphqlParseFailed,
            format!("The document has a syntax error at line {}, column {}.", place.line, place.column),
            format!("查询在第{}行第{}列有语法错误。", place.line, place.column),
        )
    })?;
    let measure = gate::measure(&document, tokens)?;
    measure.check(limits)?;
    Ok((Arc::new(Known::new(document, measure)), false))
}

/// Answers a request.
///
/// # Errors
/// Whatever is refused before anything is executed, `TIMEOUT`, and `QUERY_TOO_EXPENSIVE` for an answer that is too long.
pub async fn execute(
    app: &App,
    wanted: GraphqlRequest,
    visit: Visit,
    asked: &Asked,
) -> Result<Response, Fault> {
    keep_step().await;
    let prepared = Prepared::new(app, wanted, visit)?;
    let unanswered = match prepared.run(app, asked)?.at_once() {
        Ok(response) => {
            keep_step().await;
            return Ok(response);
        }
        Err(unanswered) => unanswered,
    };
    // Boxed: most requests never come here, and should not carry its state.
    Box::pin(prepared.answer_in_turn(app, asked, unanswered)).await
}

/// Lets the other requests that have come in get as far as this one. So all of them are read, then all are executed, then all are
/// sent: the same code runs for one after the other and is in the processor's caches, which hold no whole request. Under load an
/// answer takes a seventh less time so; a request that is alone waits for nobody.
async fn keep_step() {
    tokio::task::yield_now().await;
}

/// Why a request was not answered at once.
#[derive(Clone, Copy)]
enum Attempt {
    /// The direct level needs more time than there is among other requests, or has to compile first.
    TooLong,
    /// The direct level gave up: the library has to run it alone.
    GaveUp,
    /// The document, or what it is asked with, is new.
    New,
}

/// A request with its document found and its variables bound.
struct Prepared {
    visit: Visit,
    query: String,
    name: Option<String>,
    variables: Variables,
    known: Arc<Known>,
    /// Whether the document is among those kept.
    is_kept: bool,
    /// The shape of the variables, and whether the document is known to be allowed with it.
    shape: u64,
    validated: bool,
}

impl Prepared {
    fn new(app: &App, wanted: GraphqlRequest, visit: Visit) -> Result<Self, Fault> {
        let (known, is_kept) = find(app, &wanted.query, visit.limits)?;
        let operation = operation(known.document(), wanted.operation_name.as_deref())?;
        if visit.is_get && operation.node.ty != OperationType::Query {
            return Err(Fault::new(
                ErrorCode::MethodNotAllowed,
                "GET is for queries; use POST.",
                "GET 仅用于查询，请使用 POST。",
            ));
        }
        if operation.node.ty == OperationType::Subscription {
            return Err(Fault::new(
                ErrorCode::NotAcceptable,
                "A subscription has many answers: ask with `Accept: text/event-stream`, or over a WebSocket with graphql-transport-ws.",
                "订阅有多个应答：请使用 Accept: text/event-stream，或经 WebSocket（graphql-transport-ws）订阅。",
            ));
        }
        let variables = bind(&operation.node, wanted.variables)?;
        let shape = shape(&operation.node, &variables);
        let validated = is_kept && known.allows(shape);
        let (query, name) = (wanted.query, wanted.operation_name);
        Ok(Self { visit, query, name, variables, known, is_kept, shape, validated })
    }

    fn run<'r>(&'r self, app: &'r App, asked: &'r Asked) -> Result<Run<'r>, Fault> {
        let operation = &operation(self.known.document(), self.name.as_deref())?.node;
        let secret = CursorKey(app.visitors.key().cursor_secret());
        Ok(Run { app, asked, of: self, operation, end: Instant::now(), secret })
    }

    async fn answer_in_turn(self, app: &App, asked: &Asked, attempt: Attempt) -> Result<Response, Fault> {
        let (response, allowed) = self.run(app, asked)?.in_turn(attempt).await?;
        if allowed && !self.validated {
            self.known.allow(self.shape);
        }
        if allowed && !self.is_kept {
            app.documents.keep(self.query, self.known);
        }
        Ok(response)
    }
}

/// What is said of an act whose answer is too long.
fn done_but_long() -> Fault {
    Fault::new(
        ErrorCode::QueryTooExpensive,
        "The answer is too long, and what was asked for may have been done. Ask again with the same `idempotencyKey` for less.",
        "应答过长，所请求的操作可能已办理。请以相同的 idempotencyKey 重新请求较少的字段。",
    )
}

/// The register as somebody sees it, in a request that has to be answered by a time.
pub fn look(app: &App, visit: &Visit, meter: Meter, locale: Locale, request: String, end: Instant) -> View {
    let means = Means { registrar: app.register.clone(), request, end };
    View::new(app.snapshot(), visit.viewer.clone(), Arc::new(meter), locale).dated(visit.as_of).able(means)
}

/// A request that is about to run.
struct Run<'r> {
    app: &'r App,
    asked: &'r Asked,
    of: &'r Prepared,
    operation: &'r OperationDefinition,
    end: Instant,
    secret: CursorKey,
}

impl Run<'_> {
    fn is_query(&self) -> bool {
        self.operation.ty == OperationType::Query
    }

    /// Tries to answer on the thread that reads from the network: by a plan that is there, in few steps.
    fn at_once(&self) -> Result<Response, Attempt> {
        if !self.of.validated || self.app.level != Level::Direct || !self.is_query() {
            return Err(Attempt::New);
        }
        if self.of.visit.size > LARGE {
            return Err(Attempt::TooLong);
        }
        let view = self.look(Meter::new(SLICE).at_most(self.of.visit.limits.answer));
        self.direct(&view, false).map_err(|reason| match reason {
            Unanswered::NoPlan => Attempt::TooLong,
            Unanswered::GaveUp if view.meter().spent() > SLICE => Attempt::TooLong,
            Unanswered::GaveUp => Attempt::GaveUp,
        })
    }

    /// The answer, on a thread given up for it when its turn has come, and whether the schema allows the document.
    async fn in_turn(mut self, attempt: Attempt) -> Result<(Response, bool), Fault> {
        let time = Duration::from_secs(self.of.visit.limits.seconds);
        self.end += time;
        let turns = if self.is_query() { &self.app.turns } else { &self.app.writers };
        let turn = tokio::time::timeout(time, turns.acquire()).await.map_err(|_| self.late())?;
        // Neither the writer nor the library pauses on the way: on a thread given up for it, it keeps nobody else waiting.
        let done = tokio::task::block_in_place(|| {
            let gave_up = match attempt {
                Attempt::TooLong => {
                    let view = self.look(self.meter());
                    let written = self.direct(&view, true);
                    view.meter().fits()?;
                    match written {
                        Ok(response) => return Ok((response, true)),
                        Err(reason) => reason == Unanswered::GaveUp,
                    }
                }
                Attempt::GaveUp => true,
                Attempt::New => false,
            };
            self.library(!gave_up)
        });
        drop(turn);
        done
    }

    fn meter(&self) -> Meter {
        Meter::new(self.of.visit.limits.steps).until(self.end).at_most(self.of.visit.limits.answer)
    }

    /// The register as the viewer sees it. Each attempt has its own, with a meter of its own.
    fn look(&self, meter: Meter) -> View {
        look(self.app, &self.of.visit, meter, self.asked.locale, self.asked.id.clone(), self.end)
    }

    fn direct(&self, view: &View, compile: bool) -> Result<Response, Unanswered> {
        let name = self.of.name.as_deref();
        let bytes = self.of.known.direct(name, &self.of.variables, &self.secret, view, compile)?;
        Ok(self.asked.respond_bytes(bytes, &view.meter().masked()))
    }

    /// The library: with the fields of the root as bytes, unless the same gave up already; alone when that fails.
    fn library(&self, with_bytes: bool) -> Result<(Response, bool), Fault> {
        // What changes something is run once.
        if with_bytes && self.app.level >= Level::Bytes && self.is_query() {
            let bytes = Arc::new(Bytes::default());
            let (done, view) = self.run(Some(bytes.clone()))?;
            if !bytes.gave_up() {
                let allowed = done.errors.iter().all(|e| !e.path.is_empty());
                return Ok((self.asked.respond(done, view.meter())?, allowed));
            }
            view.meter().fits()?;
        }
        let (done, view) = self.run(None)?;
        if self.is_query() {
            view.meter().fits()?;
        }
        let allowed = done.errors.iter().all(|e| !e.path.is_empty());
        let response = self.asked.respond(done, view.meter());
        Ok((response.map_err(|fault| if self.is_query() { fault } else { done_but_long() })?, allowed))
    }

    fn run(&self, bytes: Option<Arc<Bytes>>) -> Result<(async_graphql::Response, Arc<View>), Fault> {
        let view = Arc::new(self.look(self.meter()));
        let mut request = async_graphql::Request::new("")
            .variables(self.of.variables.clone())
            .data(view.clone())
            .data(self.secret.clone());
        if let Some(bytes) = bytes {
            request = request.data(bytes);
        }
        request.operation_name.clone_from(&self.of.name);
        request.set_parsed_query(self.of.known.document().clone());
        let run = async { tokio::time::timeout_at(self.end.into(), self.app.schema.execute(request)).await };
        let done = tokio::runtime::Handle::current().block_on(run).map_err(|_| self.late())?;
        // What an act says of itself stays: it may have been done.
        if self.is_query() && done.errors.iter().any(|error| code_of(error) == ErrorCode::Timeout) {
            return Err(self.late());
        }
        if self.is_query() && done.errors.is_empty() {
            // What was walked over last counts too: an answer that the budget cut short is none.
            view.meter().charge(0)?;
        }
        Ok((done, view))
    }

    fn late(&self) -> Fault {
        let seconds = self.of.visit.limits.seconds;
        Fault::new(
            ErrorCode::Timeout,
            format!("Answering took longer than {seconds} seconds. Ask for less."),
            format!("应答超过 {seconds} 秒，请缩小查询范围。"),
        )
    }
}
