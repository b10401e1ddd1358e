//! Reports as files: by their links, and saved ones for programs.

use super::answer::Asked;
use super::execute::Visit;
use super::gate::Limits;
use super::server::App;
use super::streamed::{LONGEST, Noting, stream};
use super::turns::{few_enough, turn};
use crate::domain::{CodeList, Day, DivisionCode, ErrorCode, Fault, Locale};
use crate::graph::engine::CursorKey;
use crate::graph::{
    Kept, Link, Saved, id_of_value, names_personal, official_reports, read_report, report_for, saved,
    saved_report,
};
use crate::policy::{Meter, View, Viewer};
use crate::report::{ExportFormat, Facts, Table, TextEncoding, Titled, Written, is_personal, write};
use poem::Response;
use serde_json::json;
use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

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

/// A saved report for programs: `/v1/reports/{id}.csv?asOf=…&within=…&totals=none`.
///
/// # Errors
/// `NOT_FOUND` for a report that is not there, `BAD_USER_INPUT`, and what the report is refused for.
pub async fn saved_file(
    app: &Arc<App>,
    viewer: Arc<Viewer>,
    name: &str,
    (query, as_of): (&BTreeMap<String, String>, Option<Day>),
    asked: &Asked,
) -> Result<Response, Fault> {
    only(query, &["asOf", "encoding", "locale", "totals", "within"])?;
    let locale = locale(query)?;
    let (id, extension) = name.rsplit_once('.').unwrap_or((name, ""));
    let format = ExportFormat::of_extension(extension).ok_or_else(no_format)?;
    let (title, mut input) = {
        let end = Instant::now() + Duration::from_secs(10);
        let visit =
            Visit { viewer: viewer.clone(), limits: &Limits::SIGNED_IN, size: 0, is_get: true, as_of: None };
        let meter = Meter::new(u64::MAX);
        let view = super::execute::look(app, &visit, meter, asked.locale, asked.id.clone(), end);
        tokio::task::block_in_place(|| saved_report(&view, id, locale == Locale::Zh))?
    };
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
    match query.get("totals").map(String::as_str) {
        None => {}
        Some("none") => input["totals"] = json!([]),
        Some(_) => {
            return Err(Fault::input(
                "`totals` is `none`, for rows alone; without it the totals of the report are there.",
                "totals 只可为 none（仅明细行）；不填则按报表定义列出合计。",
            ));
        }
    }
    let encoding = encoding(query)?;
    let written = Written { format, encoding };
    let wanted = Wanted { input, title, viewer, locale, day: as_of, written };
    file(app, wanted, asked).await
}

/// What is said of a file that ends in something else.
pub fn no_format() -> Fault {
    let known: Vec<String> =
        (0..).map_while(ExportFormat::at).map(|format| format!(".{}", format.extension())).collect();
    Fault::new(
        ErrorCode::NotFound,
        format!("There is no such format: a file ends in {}.", known.join(", ")),
        format!("没有该格式：文件扩展名应为 {}。", known.join("、")),
    )
}

/// Refuses parameters that are not known: they would be left out silently.
///
/// # Errors
/// `BAD_USER_INPUT`.
pub fn only(query: &BTreeMap<String, String>, known: &[&str]) -> Result<(), Fault> {
    let Some(odd) = query.keys().find(|name| !known.contains(&name.as_str())) else { return Ok(()) };
    let known = known.join(", ");
    Err(Fault::input(
        format!("There is no parameter `{odd}`; there are {known}."),
        format!("没有参数 {odd}；可用参数：{known}。"),
    ))
}

/// The language of headings and labels that is asked for.
///
/// # Errors
/// `BAD_USER_INPUT`.
pub fn locale(query: &BTreeMap<String, String>) -> Result<Locale, Fault> {
    match query.get("locale").map(String::as_str) {
        None | Some("zh") => Ok(Locale::Zh),
        Some("en") => Ok(Locale::En),
        Some(_) => Err(Fault::input("`locale` is zh or en.", "locale 应为 zh 或 en。")),
    }
}

/// The encoding that is asked for.
///
/// # Errors
/// `BAD_USER_INPUT`.
pub fn encoding(query: &BTreeMap<String, String>) -> Result<TextEncoding, Fault> {
    let Some(name) = query.get("encoding") else { return Ok(TextEncoding::Utf8Bom) };
    TextEncoding::named(name).ok_or_else(|| {
        Fault::input(
            "`encoding` is utf-8, utf-8-bom or gb18030.",
            "encoding 应为 utf-8、utf-8-bom 或 gb18030。",
        )
    })
}

/// The reports that can be run, for programs.
///
/// # Errors
/// `UNAVAILABLE`, `TIMEOUT`.
pub fn list(app: &App, viewer: Arc<Viewer>, asked: &Asked) -> Result<Response, Fault> {
    let end = Instant::now() + Duration::from_secs(10);
    let visit = Visit { viewer, limits: &Limits::SIGNED_IN, size: 0, is_get: true, as_of: None };
    let view = super::execute::look(app, &visit, Meter::new(u64::MAX), asked.locale, asked.id.clone(), end);
    let all = tokio::task::block_in_place(|| saved(&view))?;
    let official = official_reports();
    let told: Vec<_> = all
        .into_iter()
        .map(|report| match report {
            Saved::Official(at) => {
                let report = &official[at];
                let (name, about) = (asked.locale.pick(report.zh, report.en), report.about);
                json!({ "id": report.id, "name": name, "description": asked.locale.pick(about.0, about.1), "input": report.input })
            }
            Saved::Own(report) => {
                let input: serde_json::Value = serde_json::from_str(&report.input).unwrap_or_default();
                json!({ "id": report.id, "name": report.name, "description": report.description, "owner": report.owner, "input": input })
            }
        })
        .collect();
    Ok(Response::builder().content_type("application/json; charset=utf-8").body(json!(told).to_string()))
}

/// Works a report out and streams it.
async fn file(app: &Arc<App>, wanted: Wanted, asked: &Asked) -> Result<Response, Fault> {
    let turn = turn(app, &wanted.viewer).await?;
    let signed_in = wanted.viewer.is_signed_in();
    let limits = if signed_in { &Limits::SIGNED_IN } else { &Limits::PUBLIC };
    let meter = Meter::new(limits.steps * 4).until(Instant::now() + Duration::from_secs(limits.seconds * 4));
    let visit = Visit { viewer: wanted.viewer.clone(), limits, size: 0, is_get: true, as_of: wanted.day };
    let end = Instant::now() + LONGEST;
    let view = Arc::new(super::execute::look(app, &visit, meter, wanted.locale, asked.id.clone(), end));
    let noting = Noting { app: app.clone(), viewer: wanted.viewer.clone(), asked: asked.clone() };
    let secret = CursorKey(app.visitors.key().cursor_secret());
    let title = wanted.title.clone();
    stream(turn, wanted.written, &title, move |mut parts| {
        let noted = |kept: &'_ Kept| match tells_of_persons(kept, &wanted) {
            true => noting.note(&view, &kept.answer.territories(&kept.input)),
            false => Ok(()),
        };
        match worked_out(&view, &wanted, secret, signed_in).and_then(|kept| noted(kept).map(|()| kept)) {
            Err(fault) => parts.refuse(fault),
            Ok(kept) => {
                parts.about(table(&view, kept, wanted.locale).facts());
                match written(&view, kept, &wanted, &mut |part| parts.take(part)) {
                    Ok(()) => parts.finish(),
                    Err(fault) => parts.refuse(fault),
                }
            }
        }
    })
    .await
}

/// Whether a report tells of persons one by one: by what it says, or by what it counts.
fn tells_of_persons(kept: &Kept, wanted: &Wanted) -> bool {
    let chosen = wanted.input.get("where").is_some_and(names_personal);
    (is_personal(&kept.input) || chosen) && !kept.answer.grouped
}

fn worked_out<'v>(
    view: &'v View,
    wanted: &Wanted,
    secret: CursorKey,
    signed_in: bool,
) -> Result<&'v Kept, Fault> {
    let number = report_for(view, read_report(&wanted.input)?, secret)?;
    let kept = view.kept::<Kept>(number).ok_or_else(|| Fault::plain(ErrorCode::Internal))?;
    small_enough(kept, signed_in, wanted.written).map(|()| kept)
}

fn table<'v>(view: &'v View, kept: &'v Kept, locale: Locale) -> Table<'v> {
    Table::new(kept.view(view), &kept.answer, locale, id_of_value)
}

fn written(
    view: &View,
    kept: &Kept,
    wanted: &Wanted,
    take: &mut dyn FnMut(Vec<u8>) -> bool,
) -> Result<(), Fault> {
    let (table, text) = (table(view, kept, wanted.locale), wanted.input.to_string());
    let titled = Titled { title: &wanted.title, input: &text };
    write(&table, (&titled, &kept.input), wanted.written, take)
}

/// Works a report out for who has the database, and hands it out in parts; says how many rows it has, of what it is, and what is to be
/// known of it.
///
/// # Errors
/// What the report is refused for.
pub fn report_file(
    app: &App,
    wanted: &Wanted,
    take: &mut dyn FnMut(Vec<u8>) -> bool,
) -> Result<(usize, Facts, Vec<String>), Fault> {
    let (meter, end) = (Meter::new(u64::MAX), Instant::now() + LONGEST);
    let viewer = wanted.viewer.clone();
    let visit = Visit { viewer, limits: &Limits::SIGNED_IN, size: 0, is_get: true, as_of: wanted.day };
    let view = super::execute::look(app, &visit, meter, wanted.locale, "report".to_owned(), end);
    let secret = CursorKey(app.visitors.key().cursor_secret());
    let kept = worked_out(&view, wanted, secret, true)?;
    written(&view, kept, wanted, take)?;
    let warnings = kept.answer.warnings.iter().map(|warned| warned.text.clone()).collect();
    Ok((kept.answer.rows.len(), table(&view, kept, wanted.locale).facts(), warnings))
}

fn small_enough(kept: &Kept, signed_in: bool, written: Written) -> Result<(), Fault> {
    let rows = kept.answer.rows.len() + kept.answer.totals.len();
    written.format.check(rows)?;
    few_enough(rows, signed_in)
}
