//! Files: reports by their links, saved reports for programs. Streamed as they are written; never more at a time than a few.

use super::answer::Asked;
use super::execute::Visit;
use super::gate::Limits;
use super::server::App;
use crate::domain::{Day, DivisionCode, ErrorCode, Fault, Locale};
use crate::graph::engine::CursorKey;
use crate::graph::{Kept, Link, official_reports, read_report, report_for};
use crate::policy::{Meter, View, Viewer};
use crate::report::{ExportFormat, Table, TextEncoding, Titled, Written, write};
use futures_util::StreamExt;
use futures_util::stream::{self, BoxStream};
use poem::http::{HeaderValue, StatusCode, header};
use poem::{Body, Response};
use serde_json::json;
use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::sync::{OwnedSemaphorePermit, mpsc};

/// How many parts of a file wait for who reads it.
const WAITING: usize = 4;
/// The most rows of a file for the public.
const PUBLIC_ROWS: usize = 20_000;
/// For how long a file may be written.
const LONGEST: Duration = Duration::from_secs(600);

/// What a file is made of.
pub struct Wanted {
    /// The report as it was written.
    pub input: serde_json::Value,
    /// What the file is called, without how its name ends.
    pub title: String,
    /// For whom.
    pub viewer: Arc<Viewer>,
    /// Language of its labels.
    pub locale: Locale,
    /// Of which day, where the report does not say.
    pub day: Option<Day>,
    /// How it is written.
    pub written: Written,
}

/// A file by its link.
///
/// # Errors
/// `NOT_FOUND` for a link that does not hold, and what the report is refused for.
pub async fn linked(app: &Arc<App>, token: &str, asked: &Asked) -> Result<Response, Fault> {
    let secret = CursorKey(app.visitors.key().cursor_secret());
    let link = Link::open(&secret, token)?;
    let (format, encoding) = link.written();
    let wanted = Wanted {
        input: link.input.clone(),
        title: link.title.clone(),
        viewer: Arc::new(link.viewer()?),
        locale: link.locale(),
        day: link.day(),
        written: Written { format, encoding },
    };
    file(app, wanted, asked).await
}

/// A saved report for programs: `/v1/reports/{id}.csv?asOf=…&within=…`.
///
/// # Errors
/// `NOT_FOUND` for a report that is not there, `BAD_USER_INPUT`, and what the report is refused for.
pub async fn saved(
    app: &Arc<App>,
    viewer: Arc<Viewer>,
    name: &str,
    query: &BTreeMap<String, String>,
    asked: &Asked,
) -> Result<Response, Fault> {
    let missing = || {
        Fault::new(
            ErrorCode::NotFound,
            "No such report: `GET /v1/reports` lists those that you may run, as `/v1/reports/ID.csv`, `.xlsx` or `.jsonl`.",
            "没有该报表：GET /v1/reports 列出可用报表，以 /v1/reports/标识.csv、.xlsx 或 .jsonl 下载。",
        )
    };
    let (id, extension) = name.rsplit_once('.').ok_or_else(missing)?;
    let format = ExportFormat::of_extension(extension).ok_or_else(missing)?;
    let report = official_reports().into_iter().find(|report| report.id == id).ok_or_else(missing)?;
    let mut input = report.input;
    let mut given = |name: &str, fine: bool, en: &str, zh: &str| match query.get(name) {
        Some(_) if !fine => Err(Fault::input(format!("`{name}` is {en}."), format!("{name} 应为{zh}。"))),
        Some(text) => {
            input[name] = json!(text);
            Ok(())
        }
        None => Ok(()),
    };
    let day = |name: &str| query.get(name).is_some_and(|text| Day::parse(text).is_some());
    given("asOf", day("asOf"), "a date, such as 2025-12-31", "日期，如 2025-12-31")?;
    let place = query.get("within").is_some_and(|text| DivisionCode::parse(text).is_some());
    given("within", place, "the code of a division, such as 2106", "区划代码，如 2106")?;
    let encoding = match query.get("encoding").map(String::as_str) {
        None | Some("utf-8-bom") => TextEncoding::Utf8Bom,
        Some("utf-8") => TextEncoding::Utf8,
        Some("gb18030") => TextEncoding::Gb18030,
        Some(_) => {
            return Err(Fault::input(
                "`encoding` is utf-8, utf-8-bom or gb18030.",
                "encoding 应为 utf-8、utf-8-bom 或 gb18030。",
            ));
        }
    };
    let title = asked.locale.pick(report.zh, report.en).to_owned();
    let written = Written { format, encoding };
    let wanted = Wanted { input, title, viewer, locale: asked.locale, day: None, written };
    file(app, wanted, asked).await
}

/// The reports that can be run, for programs.
#[must_use]
pub fn list(asked: &Asked) -> Response {
    let all: Vec<_> = official_reports()
        .into_iter()
        .map(|report| {
            json!({
                "id": report.id,
                "name": asked.locale.pick(report.zh, report.en),
                "description": asked.locale.pick(report.about.0, report.about.1),
                "input": report.input,
            })
        })
        .collect();
    Response::builder().content_type("application/json; charset=utf-8").body(json!(all).to_string())
}

/// Works a report out and streams it.
async fn file(app: &Arc<App>, wanted: Wanted, asked: &Asked) -> Result<Response, Fault> {
    let turn = turn(app).await?;
    let signed_in = wanted.viewer.is_signed_in();
    let limits = if signed_in { &Limits::SIGNED_IN } else { &Limits::PUBLIC };
    let end = Instant::now() + LONGEST;
    let meter = Meter::new(limits.steps * 4).until(Instant::now() + Duration::from_secs(limits.seconds * 4));
    let visit = Visit { viewer: wanted.viewer.clone(), limits, size: 0, is_get: true, as_of: wanted.day };
    let view = Arc::new(super::execute::look(app, &visit, meter, wanted.locale, asked.id.clone(), end));
    let secret = CursorKey(app.visitors.key().cursor_secret());
    let (sender, receiver) = mpsc::channel::<Vec<u8>>(WAITING);
    let (told, hear) = tokio::sync::oneshot::channel();
    let (media, name) = (wanted.written.format.media(wanted.written.encoding), file_name(&wanted));
    tokio::task::spawn_blocking(move || work(&view, wanted, secret, signed_in, (told, sender), turn));
    // Whatever is refused is refused before the first byte.
    hear.await.map_err(|_| Fault::plain(ErrorCode::Internal))??;
    let parts: BoxStream<'static, Vec<u8>> =
        stream::unfold(receiver, |mut from| async move { Some((from.recv().await?, from)) }).boxed();
    let body = Body::from_bytes_stream(parts.map(Ok::<_, std::io::Error>));
    let mut response = Response::builder().status(StatusCode::OK).content_type(media).body(body);
    let headers = response.headers_mut();
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    if let Ok(value) = HeaderValue::from_str(&format!("attachment; filename*=UTF-8''{name}")) {
        headers.insert(header::CONTENT_DISPOSITION, value);
    }
    Ok(response)
}

/// Who is told whether there is a file, and who takes it.
type Taking = (tokio::sync::oneshot::Sender<Result<(), Fault>>, mpsc::Sender<Vec<u8>>);

fn work(
    view: &View,
    wanted: Wanted,
    secret: CursorKey,
    signed_in: bool,
    (told, sender): Taking,
    turn: OwnedSemaphorePermit,
) {
    let kept = match worked_out(view, &wanted, secret, signed_in) {
        Ok(kept) => kept,
        Err(fault) => {
            let _ = told.send(Err(fault));
            return;
        }
    };
    let _ = told.send(Ok(()));
    if let Err(fault) = written(view, kept, &wanted, &mut |part| sender.blocking_send(part).is_ok()) {
        tracing::error!(problem = fault.en, "a file broke off");
    }
    drop(turn);
}

fn worked_out<'v>(view: &'v View, wanted: &Wanted, secret: CursorKey, signed_in: bool) -> Result<&'v Kept, Fault> {
    let number = report_for(view, read_report(&wanted.input)?, secret)?;
    let kept = view.kept::<Kept>(number).ok_or_else(|| Fault::plain(ErrorCode::Internal))?;
    small_enough(kept, signed_in, wanted.written).map(|()| kept)
}

fn written(
    view: &View,
    kept: &Kept,
    wanted: &Wanted,
    take: &mut dyn FnMut(Vec<u8>) -> bool,
) -> Result<(), Fault> {
    let (then, text) = (kept.view(view), wanted.input.to_string());
    let table = Table::new(then, &kept.answer, wanted.locale);
    let titled = Titled { title: &wanted.title, input: &text };
    write(&table, (&titled, &kept.input), wanted.written, take)
}

/// Works a report out for who has the database, and hands it out in parts; says how many rows it has.
///
/// # Errors
/// What the report is refused for.
pub fn report_file(app: &App, wanted: &Wanted, take: &mut dyn FnMut(Vec<u8>) -> bool) -> Result<usize, Fault> {
    let (meter, end) = (Meter::new(u64::MAX), Instant::now() + LONGEST);
    let viewer = wanted.viewer.clone();
    let visit = Visit { viewer, limits: &Limits::SIGNED_IN, size: 0, is_get: true, as_of: wanted.day };
    let view = super::execute::look(app, &visit, meter, wanted.locale, "report".to_owned(), end);
    let secret = CursorKey(app.visitors.key().cursor_secret());
    let kept = worked_out(&view, wanted, secret, true)?;
    written(&view, kept, wanted, take)?;
    Ok(kept.answer.rows.len())
}

fn small_enough(kept: &Kept, signed_in: bool, written: Written) -> Result<(), Fault> {
    let rows = kept.answer.rows.len() + kept.answer.totals.len();
    if written.format == ExportFormat::Xlsx {
        crate::report::fits(rows)?;
    }
    if !signed_in && rows > PUBLIC_ROWS {
        return Err(Fault::new(
            ErrorCode::QueryTooExpensive,
            format!("The file has {rows} rows; without a token {PUBLIC_ROWS} are allowed. Narrow `within`, or sign in."),
            format!("文件共 {rows} 行，未登录时上限为 {PUBLIC_ROWS} 行。请缩小 within 或登录。"),
        ));
    }
    Ok(())
}

/// A turn to write a file.
async fn turn(app: &Arc<App>) -> Result<OwnedSemaphorePermit, Fault> {
    let waited = tokio::time::timeout(Duration::from_secs(10), app.files.clone().acquire_owned()).await;
    waited.ok().and_then(Result::ok).ok_or_else(|| {
        Fault::new(
            ErrorCode::Unavailable,
            "Too many files are being written just now. Ask again in a minute.",
            "正在生成的文件过多，请稍后再试。",
        )
    })
}

/// The name of a file, for a header.
fn file_name(wanted: &Wanted) -> String {
    let name = format!("{}.{}", wanted.title, wanted.written.format.extension());
    super::imports::percent(&name)
}
