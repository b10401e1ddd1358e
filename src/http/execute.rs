//! Runs a request at the fastest level that can answer it. What a level cannot answer, the next one runs from the beginning.

use super::answer::{Asked, code_of};
use super::documents::{Known, shape};
use super::gate::{self, Limits};
use super::request::GraphqlRequest;
use super::server::App;
use crate::domain::{Day, ErrorCode, Fault};
use crate::graph::Query;
use crate::graph::engine::{Bytes, CursorKey, Request, bind, direct};
use crate::policy::{Meter, View, Viewer};
use async_graphql::parser::parse_query;
use async_graphql::parser::types::{
    DocumentOperations, ExecutableDocument, OperationDefinition, OperationType,
};
use async_graphql::{Positioned, Variables};
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
    pub limits: Limits,
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

/// A request of more bytes is compiled on a thread given up for it: values of variables are read wherever they are named.
const LARGE: usize = 16 << 10;

/// Finds the document among those known, or parses one that is not too large; and whether it was known.
fn find(app: &App, query: &str, limits: &Limits) -> Result<(Arc<Known>, bool), Fault> {
    if let Some(known) = app.documents.get(query) {
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
    Ok((Arc::new(Known::new(document, measure)), false))
}

/// The operation that is to run.
fn operation<'d>(
    document: &'d ExecutableDocument,
    name: Option<&str>,
) -> Result<&'d Positioned<OperationDefinition>, Fault> {
    let missing = || {
        Fault::new(
            ErrorCode::OperationNotFound,
            "Name the operation that is to run with `operationName`: the document has none of that name, or several.",
            "请用 operationName 指定要执行的操作：查询中没有该操作，或有多个操作。",
        )
    };
    match (&document.operations, name) {
        (DocumentOperations::Single(operation), None) => Ok(operation),
        (DocumentOperations::Multiple(all), Some(name)) => all.get(name).ok_or_else(missing),
        (DocumentOperations::Multiple(all), None) if all.len() == 1 => {
            all.values().next().ok_or_else(missing)
        }
        _ => Err(missing()),
    }
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
    let (known, is_known) = find(app, &wanted.query, &visit.limits)?;
    known.measure.check(&visit.limits)?;
    let operation = operation(&known.document, wanted.operation_name.as_deref())?;
    if visit.is_get && operation.node.ty != OperationType::Query {
        return Err(Fault::new(
            ErrorCode::MethodNotAllowed,
            "GET is for queries; use POST.",
            "GET 仅用于查询，请使用 POST。",
        ));
    }
    let variables = bind(&operation.node, wanted.variables)?;
    let shape = shape(&operation.node, &variables);
    let validated = is_known && known.allows(shape);
    let run = Run {
        app,
        visit,
        asked,
        end: Instant::now(),
        operation: &operation.node,
        known: &known,
        name: wanted.operation_name,
        variables,
        secret: CursorKey(app.visitors.key().cursor_secret()),
    };
    let (response, allowed) = run.answer(validated).await?;
    if allowed && !validated {
        known.allow(shape);
    }
    if allowed && !is_known {
        app.documents.keep(wanted.query, known);
    }
    Ok(response)
}

/// A request that is about to run.
struct Run<'r> {
    app: &'r App,
    visit: Visit,
    asked: &'r Asked,
    end: Instant,
    operation: &'r OperationDefinition,
    known: &'r Known,
    name: Option<String>,
    variables: Variables,
    secret: CursorKey,
}

impl Run<'_> {
    /// The answer, and whether the schema allows the document.
    async fn answer(mut self, validated: bool) -> Result<(Response, bool), Fault> {
        let mut short = true;
        let direct =
            validated && self.app.level == Level::Direct && self.operation.ty == OperationType::Query;
        if direct && self.visit.size > LARGE {
            short = false;
        } else if direct {
            let view = self.look(Meter::new(SLICE).at_most(self.visit.limits.answer));
            if let Some(response) = self.direct(&view) {
                return Ok((response, true));
            }
            short = view.meter().spent() <= SLICE;
        }
        let time = Duration::from_secs(self.visit.limits.seconds);
        self.end += time;
        let turn = tokio::time::timeout(time, self.app.turns.acquire()).await.map_err(|_| self.late())?;
        // Neither the writer nor the library pauses on the way: on a thread given up for it, it keeps nobody else waiting.
        let done = tokio::task::block_in_place(|| {
            if !short {
                let view = self.look(self.meter());
                let response = self.direct(&view);
                view.meter().fits()?;
                if let Some(response) = response {
                    return Ok((response, true));
                }
            }
            self.library(validated)
        });
        drop(turn);
        done
    }

    fn meter(&self) -> Meter {
        Meter::new(self.visit.limits.steps).until(self.end).at_most(self.visit.limits.answer)
    }

    /// The register as the viewer sees it. Each attempt has its own, with a meter of its own.
    fn look(&self, meter: Meter) -> View {
        let snapshot = self.app.snapshot();
        View::new(snapshot, self.visit.viewer.clone(), Arc::new(meter), self.asked.locale)
            .dated(self.visit.as_of)
    }

    fn direct(&self, view: &View) -> Option<Response> {
        let request =
            Request::new(self.operation, &self.known.document.fragments, &self.variables, &self.secret);
        let bytes = direct::<Query>(&request, view).ok()?;
        Some(self.asked.respond_bytes(bytes, &view.meter().masked()))
    }

    /// The library: with the fields of the root as bytes when the document is new to us, alone when that fails.
    fn library(&self, validated: bool) -> Result<(Response, bool), Fault> {
        if self.app.level >= Level::Bytes && !(validated && self.app.level == Level::Direct) {
            let bytes = Arc::new(Bytes::default());
            let (done, view) = self.run(Some(bytes.clone()))?;
            if !bytes.gave_up() {
                let allowed = done.errors.iter().all(|e| !e.path.is_empty());
                return Ok((self.asked.respond(done, &view.meter().masked()), allowed));
            }
            view.meter().fits()?;
        }
        let (done, view) = self.run(None)?;
        view.meter().fits()?;
        let allowed = done.errors.iter().all(|e| !e.path.is_empty());
        Ok((self.asked.respond(done, &view.meter().masked()), allowed))
    }

    fn run(&self, bytes: Option<Arc<Bytes>>) -> Result<(async_graphql::Response, Arc<View>), Fault> {
        let view = Arc::new(self.look(self.meter()));
        let mut request = async_graphql::Request::new("")
            .variables(self.variables.clone())
            .data(view.clone())
            .data(self.secret.clone());
        if let Some(bytes) = bytes {
            request = request.data(bytes);
        }
        request.operation_name.clone_from(&self.name);
        request.set_parsed_query(self.known.document.clone());
        let run = async { tokio::time::timeout_at(self.end.into(), self.app.schema.execute(request)).await };
        let done = tokio::runtime::Handle::current().block_on(run).map_err(|_| self.late())?;
        if done.errors.iter().any(|error| code_of(error) == ErrorCode::Timeout) {
            return Err(self.late());
        }
        Ok((done, view))
    }

    fn late(&self) -> Fault {
        let seconds = self.visit.limits.seconds;
        Fault::new(
            ErrorCode::Timeout,
            format!("Answering took longer than {seconds} seconds. Ask for less."),
            format!("应答超过 {seconds} 秒，请缩小查询范围。"),
        )
    }
}
