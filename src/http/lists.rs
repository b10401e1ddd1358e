//! Any list as a file: a query of one list, `{ appointments(where: …) { nodes { … } } }`, is read page by page of one revision, and what
//! it selects becomes columns. No more than a page is in memory.

use super::answer::{Asked, told};
use super::documents::{Known, operation};
use super::execute::{Visit, look};
use super::gate::{self, Limits};
use super::graphql::{self, Came, whole_body};
use super::request::GraphqlRequest;
use super::rewrite::{AFTER, Rewritten, cell, rewrite, wrong};
use super::server::App;
use super::streamed::{Noting, Parts, stream, turn};
use crate::domain::{CodeRange, ErrorCode, Fault};
use crate::graph::TiaokuaiSchema;
use crate::graph::engine::{CursorKey, bind};
use crate::policy::{Meter, Rule, View};
use crate::report::{ExportFormat, Written, fits};
use crate::sheet::{Filled, Grid, Line, XLSX_ROWS, csv_mark, csv_row, workbook};
use async_graphql::{Name, Value, Variables};
use poem::Response;
use serde_json::Value as Json;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// The most objects of a file for the public.
const PUBLIC_ROWS: usize = 20_000;
/// For how long a file may be written.
const LONGEST: Duration = Duration::from_secs(900);

/// A list that is to be written to a file.
struct Listing {
    known: Known,
    variables: Variables,
    /// The key of the list in an answer.
    key: String,
    /// What becomes columns: paths in the nodes.
    columns: Vec<Vec<String>>,
    /// One revision and one day for all pages.
    view: View,
    /// What a page may cost.
    limits: &'static Limits,
    end: Instant,
    /// What is noted before the first byte.
    noting: Option<Noting>,
    secret: CursorKey,
    schema: TiaokuaiSchema,
    /// The most objects.
    most: usize,
}

/// `POST /v1/lists.csv`, `.jsonl`, `.xlsx` with a GraphQL request in JSON.
///
/// # Errors
/// Whatever the query is refused for, before the first byte.
pub async fn endpoint(
    app: &Arc<App>,
    came: &mut Came,
    written: Written,
    asked: &Asked,
) -> Result<Response, Fault> {
    let viewer = came.viewer(app)?;
    let signed_in = viewer.is_signed_in();
    let limits = if signed_in { &Limits::SIGNED_IN } else { &Limits::PUBLIC };
    let body = whole_body(came, limits.body).await?;
    let wanted = GraphqlRequest::from_json(&body)?;
    let Rewritten { document, key, columns, personal, logged, within } = rewrite(&wanted, limits)?;
    let turn = turn(app, &viewer).await?;
    let visit = Visit {
        viewer: viewer.clone(),
        limits,
        size: 0,
        is_get: true,
        as_of: graphql::as_of(&came.headers)?,
    };
    let end = Instant::now() + LONGEST;
    let meter = Meter::new(limits.steps).until(end);
    let view = look(app, &visit, meter, asked.locale, asked.id.clone(), end);
    // Of the change log it is not known before it is read what it tells; who may read no persons is told of none.
    let personal = personal || logged && !view.reached(&[Rule::Staffing], CodeRange::ALL).is_empty();
    let noting = personal.then(|| Noting { app: app.clone(), viewer, within, asked: asked.clone() });
    let measure = gate::measure(&document, 0)?;
    let known = Known::new(document, measure);
    let variables = bind(&operation(known.document(), None)?.node, wanted.variables)?;
    let secret = CursorKey(app.visitors.key().cursor_secret());
    let most = if signed_in { usize::MAX } else { PUBLIC_ROWS };
    let schema = app.schema.clone();
    let listing = Listing { known, variables, key, columns, view, limits, end, noting, secret, schema, most };
    let name = format!("{}.{}", listing.key, written.format.extension());
    stream(written, &name, move |parts| listing.write(written, parts, turn)).await
}

impl Listing {
    /// Reads a page: its nodes, and the cursor of the next one.
    fn page(&self, after: Option<String>) -> Result<(Vec<Json>, Option<String>), Fault> {
        let mut variables = self.variables.clone();
        variables.insert(Name::new(AFTER), after.map_or(Value::Null, Value::String));
        // Each page may cost what a query may: a page is as large as what it selects.
        let meter = Meter::new(self.limits.steps).until(self.end).at_most(self.limits.answer);
        let view = Arc::new(self.view.anew(meter));
        let written = self.known.direct(None, &variables, &self.secret, &view, true);
        let mut data = match written {
            // The last bracket of an answer is written by who sends it.
            Ok(bytes) => serde_json::from_slice::<Json>(&[&bytes[..], b"}"].concat())
                .map_err(|_| Fault::plain(ErrorCode::Internal))?["data"]
                .take(),
            Err(_) => self.by_library(&view, variables)?,
        };
        let mut list = data[&self.key].take();
        let nodes = match list["nodes"].take() {
            Json::Array(nodes) => nodes,
            _ => return Err(wrong("This field is no list", "该字段不是列表")),
        };
        let more = list["pageInfo"]["hasNextPage"] == true;
        let next = list["pageInfo"]["endCursor"].as_str().filter(|_| more).map(str::to_owned);
        Ok((nodes, next))
    }

    /// What a plan cannot answer: every error first.
    fn by_library(&self, view: &Arc<View>, variables: Variables) -> Result<Json, Fault> {
        let mut request =
            async_graphql::Request::new("").variables(variables).data(view.clone()).data(self.secret.clone());
        request.set_parsed_query(self.known.document().clone());
        let done = tokio::runtime::Handle::current().block_on(self.schema.execute(request));
        match done.errors.into_iter().next() {
            None => done.data.into_json().map_err(|_| Fault::plain(ErrorCode::Internal)),
            Some(error) => Err(told(&error)),
        }
    }

    /// Writes the whole list, part by part.
    fn write(self, written: Written, mut parts: Parts, turn: impl Send) {
        let first = self.by_library_once().and_then(|()| self.page(None));
        let noted = |first| match &self.noting {
            Some(noting) => noting.note(&self.view).map(|()| first),
            None => Ok(first),
        };
        let first = match first.and_then(noted) {
            Ok(first) => first,
            Err(fault) => return parts.refuse(fault),
        };
        let mut pages = Pages { of: &self, next: Some(first), count: 0, fault: None };
        if written.format == ExportFormat::Xlsx {
            // A workbook is whole or not at all: it is refused before the first byte.
            match self.book(&mut pages) {
                Ok(bytes) => {
                    parts.take(bytes);
                    parts.finish();
                }
                Err(fault) => parts.refuse(fault),
            }
            return;
        }
        let encoding = written.encoding.encoding();
        if written.format == ExportFormat::Csv {
            let heads: Vec<Filled> = self.columns.iter().map(|path| Filled::Text(path.join("."))).collect();
            parts.take([csv_mark(encoding), &csv_row(&heads, encoding)].concat());
        }
        while let Some(nodes) = pages.next_page() {
            let mut part = Vec::new();
            for node in &nodes {
                match written.format {
                    ExportFormat::Jsonl => part.extend(
                        [
                            node.to_string().as_bytes(),
                            b"
",
                        ]
                        .concat(),
                    ),
                    ExportFormat::Csv | ExportFormat::Xlsx => {
                        part.extend(csv_row(&self.cells(node), encoding))
                    }
                }
            }
            if !parts.take(part) {
                break;
            }
        }
        match pages.fault.take() {
            // Whoever reads it sees that it broke off: the end is missing.
            Some(fault) => parts.break_off(&fault),
            None => parts.finish(),
        }
        drop(turn);
    }

    /// Validates the document: what is written by a plan was not looked at by the library.
    fn by_library_once(&self) -> Result<(), Fault> {
        let mut variables = self.variables.clone();
        variables.insert(Name::new(AFTER), Value::Null);
        let meter = Meter::new(self.limits.steps).until(self.end).at_most(self.limits.answer);
        self.by_library(&Arc::new(self.view.anew(meter)), variables).map(drop)
    }

    fn cells(&self, node: &Json) -> Vec<Filled> {
        self.columns.iter().map(|path| cell(node, path)).collect()
    }

    fn book(&self, pages: &mut Pages<'_>) -> Result<Vec<u8>, Fault> {
        let flat: Vec<String> = self.columns.iter().map(|path| path.join(".")).collect();
        let day = self.view.as_of();
        let notes = vec![format!("统计时点：{day}　登记库修订号：{}", self.view.revision())];
        let grid = Grid { title: self.key.clone(), notes, flat, ..Grid::default() };
        let mut count = 0;
        let lines = std::iter::from_fn(|| pages.next_page()).flatten().take(XLSX_ROWS).map(|node| {
            count += 1;
            Line { cells: self.cells(&node), is_total: false }
        });
        let lines = lines.take(XLSX_ROWS - 10);
        let bytes = workbook(&grid, usize::MAX, lines);
        fits(count + 20)?;
        match pages.fault.take() {
            Some(fault) => Err(fault),
            None => bytes.map_err(|_| Fault::plain(ErrorCode::Internal)),
        }
    }
}

/// The pages of a list, one after the other.
struct Pages<'l> {
    of: &'l Listing,
    next: Option<(Vec<Json>, Option<String>)>,
    count: usize,
    fault: Option<Fault>,
}

impl Pages<'_> {
    fn next_page(&mut self) -> Option<Vec<Json>> {
        let (nodes, after) = self.next.take()?;
        self.count += nodes.len();
        if self.count > self.of.most {
            self.fault = Some(Fault::new(
                ErrorCode::QueryTooExpensive,
                format!(
                    "Without a token a file has at most {PUBLIC_ROWS} rows. Narrow `within`, or sign in."
                ),
                format!("未登录时文件最多 {PUBLIC_ROWS} 行。请缩小 within 或登录。"),
            ));
            return None;
        }
        if let Some(after) = after {
            match self.of.page(Some(after)) {
                Ok(next) => self.next = Some(next),
                Err(fault) => self.fault = Some(fault),
            }
        }
        Some(nodes)
    }
}
