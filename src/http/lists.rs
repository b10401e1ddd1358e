//! Any list as a file: a query of one list, `{ appointments(where: …) { nodes { … } } }`, is read page by page of one revision, and what
//! it selects becomes columns. A page and the next one are in memory, and what a format needs before it can be written.

use super::answer::{Asked, told};
use super::columns::{Column, Rows, filled, headings};
use super::documents::{Known, operation};
use super::execute::{Visit, look};
use super::gate::{self, Limits};
use super::graphql::{self, Came, whole_body};
use super::request::GraphqlRequest;
use super::rewrite::{AFTER, Rewritten, rewrite, wrong};
use super::server::App;
use super::streamed::{LONGEST, Noting, Parts, stream};
use super::turns::{few_enough, turn};
use crate::domain::{CodeList, CodeRange, Day, DivisionCode, ErrorCode, Fault, Locale};
use crate::graph::TiaokuaiSchema;
use crate::graph::engine::{CursorKey, bind};
use crate::policy::{Meter, Rule, View};
use crate::report::{ExportFormat, Facts, ReportWarning, Written, broken, fits};
use crate::sheet::{Grid, Line, workbook};
use async_graphql::{Name, Value, Variables};
use poem::Response;
use serde_json::Value as Json;
use std::cell::{Cell, RefCell};
use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Instant;

/// The nodes of a page, and the cursor of the next one.
type Page = (Vec<Json>, Option<String>);

/// A list that is to be written to a file.
struct Listing {
    known: Known,
    variables: Variables,
    /// The key of the list in an answer.
    key: String,
    /// What it is called.
    title: String,
    /// The territory that it is asked for, and the day that it is of.
    within: Option<String>,
    day: Day,
    columns: Vec<Column>,
    /// Language of headings.
    locale: Locale,
    /// One revision and one day for all pages.
    view: View,
    /// What a page may cost.
    limits: &'static Limits,
    end: Instant,
    /// What is noted before the first byte.
    noting: Option<Noting>,
    secret: CursorKey,
    schema: TiaokuaiSchema,
    /// Whether there are no bounds of the public.
    signed_in: bool,
    /// Fields that were left empty, since the viewer may not read them there.
    masked: RefCell<BTreeSet<String>>,
    /// What all pages cost.
    spent: Cell<u64>,
}

/// As many queries as a file may cost without a token.
const PUBLIC_QUERIES: u64 = 20;

/// `POST /v1/lists.csv`, `.jsonl`, `.xlsx`, `.parquet`, `.arrow` with a GraphQL request in JSON.
///
/// # Errors
/// Whatever the query is refused for, before the first byte.
pub async fn endpoint(
    app: &Arc<App>,
    came: &mut Came,
    (written, locale): (Written, Locale),
    asked: &Asked,
) -> Result<Response, Fault> {
    written.format.check(0)?;
    let viewer = came.viewer(app)?;
    let signed_in = viewer.is_signed_in();
    let limits = if signed_in { &Limits::SIGNED_IN } else { &Limits::PUBLIC };
    let body = whole_body(came, limits.body).await?;
    let wanted = GraphqlRequest::from_json(&body)?;
    let rewritten = rewrite(&wanted, limits)?;
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
    let measure = gate::measure(&rewritten.document, 0)?;
    let variables = bind(&operation(&rewritten.document, None)?.node, wanted.variables)?;
    let argument = |name| rewritten.text(name, &variables);
    let (within, day) = (argument("within"), argument("asOf").and_then(|text| Day::parse(&text)));
    // Of the change log it is not known before it is read what it tells; who may read no persons is told of none.
    let personal =
        rewritten.personal || rewritten.logged && !view.reached(&[Rule::Staffing], CodeRange::ALL).is_empty();
    let noting = Noting { app: app.clone(), viewer, asked: asked.clone() };
    let Rewritten { document, key, zh, columns, .. } = rewritten;
    let title = if locale == Locale::Zh { zh } else { key.clone() };
    let listing = Listing {
        known: Known::new(document, measure),
        variables,
        key,
        title: title.clone(),
        within,
        day: day.unwrap_or(view.as_of()),
        columns,
        locale,
        view,
        limits,
        end,
        noting: personal.then_some(noting),
        secret: CursorKey(app.visitors.key().cursor_secret()),
        schema: app.schema.clone(),
        signed_in,
        masked: RefCell::default(),
        spent: Cell::new(0),
    };
    stream(turn, written, &title, move |parts| listing.write(written, parts)).await
}

impl Listing {
    /// The view of a page. Each may cost what a query may: a page is as large as what it selects.
    fn look(&self) -> Arc<View> {
        let meter = Meter::new(self.limits.steps).until(self.end).at_most(self.limits.answer);
        Arc::new(self.view.anew(meter))
    }

    fn from(&self, after: Option<String>) -> Variables {
        let mut variables = self.variables.clone();
        variables.insert(Name::new(AFTER), after.map_or(Value::Null, Value::String));
        variables
    }

    /// The first page, by the library: it validates the document, which a plan does not.
    fn first(&self) -> Result<Page, Fault> {
        let view = self.look();
        let data = self.by_library(&view, self.from(None))?;
        self.read(&view, data)
    }

    /// A further page.
    fn page(&self, after: String) -> Result<Page, Fault> {
        let (view, variables) = (self.look(), self.from(Some(after)));
        let written = self.known.direct(None, &variables, &self.secret, &view, true);
        let data = match written {
            // The last bracket of an answer is written by who sends it.
            Ok(bytes) => serde_json::from_slice::<Json>(&[&bytes[..], b"}"].concat())
                .map_err(|_| Fault::plain(ErrorCode::Internal))?["data"]
                .take(),
            Err(_) => self.by_library(&view, variables)?,
        };
        self.read(&view, data)
    }

    /// What a page cost is counted for the whole file too: without a token it may cost as much as some queries.
    fn pay(&self, view: &View) -> Result<(), Fault> {
        let spent = self.spent.replace(self.spent.get() + view.meter().spent());
        let most = if self.signed_in { u64::MAX } else { self.limits.steps * PUBLIC_QUERIES };
        if spent <= most {
            return Ok(());
        }
        Err(Fault::new(
            ErrorCode::QueryTooExpensive,
            format!(
                "Without a token a file may cost as much as {PUBLIC_QUERIES} queries. Select less, narrow `within`, or sign in."
            ),
            format!("未登录时文件的开销上限为 {PUBLIC_QUERIES} 次查询。请减少列、缩小 within 或登录。"),
        ))
    }

    fn read(&self, view: &View, mut data: Json) -> Result<Page, Fault> {
        self.pay(view)?;
        self.masked.borrow_mut().extend(view.meter().masked());
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
    fn write(self, written: Written, mut parts: Parts) {
        let first = self.first();
        let noted = |first| match &self.noting {
            Some(noting) => noting.note(&self.view, &[self.territory()?]).map(|()| first),
            None => Ok(first),
        };
        let first = match first.and_then(noted) {
            Ok(first) => first,
            Err(fault) => return parts.refuse(fault),
        };
        let facts = self.facts();
        parts.about(facts.clone());
        let is_book = written.format == ExportFormat::Xlsx;
        let mut pages = Pages { of: &self, next: Some(first), is_book, count: 0, fault: None };
        // A workbook is whole or not at all. Of all else whoever reads it sees that it broke off: the end is missing.
        let done = match written.format {
            ExportFormat::Xlsx => self.book(&facts, &mut pages, &mut parts).map(|bytes| {
                parts.take(bytes);
            }),
            _ => self.rows((written, &facts), &mut pages, &mut parts),
        };
        match done {
            Ok(()) => parts.finish(),
            Err(fault) => parts.refuse(fault),
        }
    }

    /// Of what it lists.
    fn territory(&self) -> Result<CodeRange, Fault> {
        let Some(text) = &self.within else { return Ok(CodeRange::NATIONAL) };
        let code = DivisionCode::parse(text).filter(|code| self.view.division(*code).is_some());
        let code =
            code.ok_or_else(|| Fault::input("`within` is no division.", "within 不是行政区划代码。"))?;
        Ok(code.range())
    }

    /// What holds for all of it. What is masked is known of the pages that were read.
    fn facts(&self) -> Facts {
        let masked = self.masked.borrow();
        let masked: Vec<&str> = masked.iter().map(String::as_str).collect();
        let mut warnings = Vec::new();
        if !masked.is_empty() {
            warnings.push(format!("MASKED ({})", masked.join(" ")));
        }
        if self.view.is_synthetic() {
            warnings.push(ReportWarning::Synthetic.value().to_owned());
        }
        Facts {
            as_of: self.day,
            revision: self.view.revision(),
            scope: self.within.clone().unwrap_or_default(),
            warnings: warnings.join(", "),
        }
    }

    fn rows(
        &self,
        (written, facts): (Written, &Facts),
        pages: &mut Pages<'_>,
        parts: &mut Parts,
    ) -> Result<(), Fault> {
        let mut rows = Rows::new(&self.columns, written, &facts.notes(), self.locale)?;
        while let Some(nodes) = pages.next_page() {
            nodes.iter().try_for_each(|node| rows.push(node))?;
            if !parts.take(rows.part()) {
                return Ok(());
            }
        }
        if let Some(fault) = pages.fault.take() {
            return Err(fault);
        }
        parts.take(rows.finish()?);
        Ok(())
    }

    fn book(&self, facts: &Facts, pages: &mut Pages<'_>, parts: &mut Parts) -> Result<Vec<u8>, Fault> {
        let flat = headings(&self.columns, self.locale);
        let scope =
            if facts.scope.is_empty() { self.locale.pick("未限定", "not limited") } else { &facts.scope };
        let mut notes = vec![match self.locale {
            Locale::Zh => {
                format!("统计时点：{}　统计范围：{scope}　登记库修订号：{}", facts.as_of, facts.revision)
            }
            Locale::En => format!("As of {}, within {scope}, revision {}", facts.as_of, facts.revision),
        }];
        if !facts.warnings.is_empty() {
            notes.push(format!("{}：{}", self.locale.pick("提示", "To be known"), facts.warnings));
        }
        let grid = Grid { title: self.title.clone(), notes, flat, ..Grid::default() };
        // Who went away needs no workbook.
        let mut next = || pages.next_page().filter(|_| parts.take(Vec::new()));
        let lines = std::iter::from_fn(&mut next).flatten();
        let lines = lines.map(|node| Line { cells: filled(&self.columns, &node), is_total: false });
        let bytes = workbook(&grid, usize::MAX, lines);
        match pages.fault.take() {
            Some(fault) => Err(fault),
            None => bytes.map_err(|error| broken(&error)),
        }
    }
}

/// The pages of a list, one after the other.
struct Pages<'l> {
    of: &'l Listing,
    next: Option<Page>,
    /// Whether they become a workbook, which takes only so many rows.
    is_book: bool,
    count: usize,
    fault: Option<Fault>,
}

impl Pages<'_> {
    fn next_page(&mut self) -> Option<Vec<Json>> {
        let (nodes, after) = self.next.take()?;
        self.count += nodes.len();
        let rows = few_enough(self.count, self.of.signed_in);
        if let Err(fault) = rows.and_then(|()| if self.is_book { fits(self.count) } else { Ok(()) }) {
            self.fault = Some(fault);
            return None;
        }
        if let Some(after) = after {
            match self.of.page(after) {
                Ok(next) => self.next = Some(next),
                Err(fault) => self.fault = Some(fault),
            }
        }
        Some(nodes)
    }
}
