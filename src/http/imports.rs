//! Workbooks over HTTP: templates, imports that are planned and then applied by their plan, exports.

use super::answer::Asked;
use super::gate::Limits;
use super::graphql::{Came, locale, whole_body};
use super::negotiate::Media;
use super::server::App;
use crate::domain::{ActKind, CodeList, Day, DivisionCode, ErrorCode, Fault, Role};
use crate::policy::{Hand, Importing, Meter, Place, Rule, View, Viewer, importer};
use crate::sheet::{self, Encoding, Outcome, Plan, Sheet, Table};
use crate::store::{Author, Desk, Outcome as Done, Wish};
use poem::http::{HeaderValue, StatusCode, header};
use poem::{Body, Response};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// The largest file.
const LARGEST: usize = 10 << 20;
/// The most rows that an answer names.
const NAMED: usize = 5_000;
const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

/// What an answer is made of.
pub(super) struct File {
    kind: String,
    name: String,
    bytes: Vec<u8>,
}

pub(super) fn refuse(asked: &Asked, fault: &Fault) -> Response {
    let mut response = asked.refuse(fault);
    response
        .headers_mut()
        .insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json; charset=utf-8"));
    response
}

pub(super) fn send(file: File) -> Response {
    let name = percent(&file.name);
    let mut response = Response::builder().content_type(&file.kind).body(Body::from_vec(file.bytes));
    let headers = response.headers_mut();
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    if let Ok(value) = HeaderValue::from_str(&format!("attachment; filename*=UTF-8''{name}")) {
        headers.insert(header::CONTENT_DISPOSITION, value);
    }
    response
}

/// A name as it stands in a header.
pub(super) fn percent(text: &str) -> String {
    text.bytes()
        .map(|b| {
            if b.is_ascii_alphanumeric() || b == b'.' {
                char::from(b).to_string()
            } else {
                format!("%{b:02X}")
            }
        })
        .collect()
}

pub(super) fn book(tables: &[Table], name: &str) -> Result<File, Fault> {
    let bytes = sheet::xlsx(tables).map_err(|error| {
        tracing::error!(%error, "a workbook could not be written");
        Fault::plain(ErrorCode::Internal)
    })?;
    Ok(File { kind: XLSX.to_owned(), name: name.to_owned(), bytes })
}

pub(super) fn text(tables: &[Table], query: &BTreeMap<String, String>, name: &str) -> Result<File, Fault> {
    let wanted = query.get("encoding").map_or("utf-8-bom", String::as_str);
    let encoding = Encoding::named(wanted).ok_or_else(|| {
        Fault::input(
            "`encoding` is utf-8, utf-8-bom or gb18030.",
            "encoding 应为 utf-8、utf-8-bom 或 gb18030。",
        )
    })?;
    let bytes = tables.first().map_or_else(Vec::new, |table| sheet::csv(table, encoding));
    let charset = if encoding == Encoding::Gb18030 { "gb18030" } else { "utf-8" };
    Ok(File { kind: format!("text/csv; charset={charset}"), name: name.to_owned(), bytes })
}

pub(super) fn wanted_sheet(query: &BTreeMap<String, String>) -> Result<Sheet, Fault> {
    let named = query.get("sheet").and_then(|name| Sheet::named(name));
    named.ok_or_else(|| {
        let all: Vec<&str> = Sheet::ITEMS.iter().map(|item| item.value).collect();
        Fault::input(
            format!("`sheet` is one of {}.", all.join(", ")),
            format!("sheet 应为 {} 之一。", all.join("、")),
        )
    })
}

/// The county of a request, which exists.
fn county(view: &View, query: &BTreeMap<String, String>) -> Result<DivisionCode, Fault> {
    let code = query.get("within").and_then(|text| DivisionCode::parse(text));
    let code = code.filter(|code| code.to_string().len() == 6 && view.division(*code).is_some());
    code.ok_or_else(|| {
        Fault::input(
            "`within` is the code of a county that exists, such as 990101.",
            "within 应为现存县级区划代码，如 990101。",
        )
    })
}

fn view(app: &App, viewer: &Arc<Viewer>, asked: &Asked) -> View {
    View::new(app.snapshot(), viewer.clone(), Arc::new(Meter::new(u64::MAX)), asked.locale)
}

/// The sheets of a county, for who may read all of it.
pub(super) async fn exported(
    app: &App,
    came: &Came,
    query: &BTreeMap<String, String>,
    sheets: &[Sheet],
) -> Result<Vec<Table>, Fault> {
    let viewer = came.viewer(app)?;
    let asked = Asked { id: String::new(), locale: locale(&came.headers), media: Media::Json };
    let view = view(app, &viewer, &asked);
    let county = county(&view, query)?;
    let mut rules = vec![Rule::Undisclosed];
    for sheet in sheets {
        match sheet {
            Sheet::Organizations => {}
            Sheet::Establishment | Sheet::Posts => rules.push(Rule::Numbers),
            Sheet::People | Sheet::Appointments => {
                rules.extend([Rule::Staffing, Rule::IdentityNumber, Rule::Pending])
            }
        }
    }
    if let Some(rule) = rules.into_iter().find(|rule| !view.covers(*rule, county.range())) {
        let item = rule.item();
        return Err(Fault::new(
            ErrorCode::Forbidden,
            format!(
                "An export has all of the county: you may not read {} there. Ask for a sheet that you may read.",
                item.en
            ),
            format!("导出包含全县数据：您无权查看{}。请选择有权查看的工作表。", item.zh),
        ));
    }
    let desk = app.register.desk(county.shard().cast_signed()).await?;
    Ok(sheet::export(&desk, sheets))
}

/// Why a plan is not applied.
enum Refused {
    /// Rows are wrong.
    Faults(Plan),
    /// It is another plan by now.
    Moved(Plan),
}

pub(super) async fn import(
    app: &Arc<App>,
    came: &mut Came,
    query: &BTreeMap<String, String>,
    asked: &Asked,
) -> Result<Response, Fault> {
    let viewer = came.viewer(app)?;
    // Read first, refuse then: a connection with an unread body cannot be used again.
    let largest = if viewer.is_signed_in() { LARGEST } else { Limits::PUBLIC.body };
    let bytes = whole_body(came, largest).await?;
    importer(&viewer)?;
    let sheet = query.get("sheet").map(|_| wanted_sheet(query)).transpose()?;
    let (tables, encoding) = sheet::read(&bytes, sheet)
        .map_err(|(en, zh)| Fault::input(format!("The file: {en}."), format!("文件：{zh}。")))?;
    let view = view(app, &viewer, asked);
    let county = county(&view, query)?;
    let on = match query.get("effectiveOn") {
        None => Day::today(),
        Some(text) => Day::parse(text).ok_or_else(|| {
            Fault::input(
                "`effectiveOn` is a date, such as 2026-03-01.",
                "effectiveOn 应为日期，如 2026-03-01。",
            )
        })?,
    };
    let (apply, file) = (query.get("apply").cloned(), blake3::hash(&bytes).to_hex().to_string());
    let kinds = [ActKind::OrganizationEstablish, ActKind::PersonAdd, ActKind::AppointmentRecord];
    let hands = kinds.iter().map(|kind| view.hand(*kind, Place::Territory(county.range())));
    let role = hands.max_by_key(|(hand, _)| *hand).map_or(Role::Public, |(_, role)| role);
    let wish = Wish {
        shards: BTreeSet::from([county.shard().cast_signed()]),
        author: Author {
            principal: viewer.subject.clone().unwrap_or_default(),
            role: role.value().to_owned(),
            request: asked.id.clone(),
        },
        once: apply.as_ref().map(|plan| (format!("import:{file}:{plan}"), plan.clone())),
        seen: None,
        dry_run: apply.is_none(),
        with_log: false,
    };
    let (read, wanted) = (tables.clone(), apply.clone());
    // It has ended when it is answered, whatever the answer is.
    let importing = watched(app, &viewer, query, &tables)?.map(Arc::new);
    let telling = importing.clone();
    let done = app.register.change_by(wish, move |desk: &mut Desk| {
        let may = |kind, code: DivisionCode| {
            let place = if code == county { Place::Territory(county.range()) } else { Place::Division(code) };
            view.hand(kind, place).0 == Hand::Carry
        };
        let told = &mut |row| telling.iter().for_each(|telling| telling.judged(row + 1));
        let plan = sheet::plan(desk, &read, &sheet::Wanted { county, on, document: None, may: &may }, told);
        telling.iter().for_each(|telling| telling.ending());
        match &wanted {
            None => Ok(plan),
            Some(hash) if *hash != plan.hash => Err(Refused::Moved(plan)),
            Some(_) if plan.count(Outcome::Error) > 0 => Err(Refused::Faults(plan)),
            Some(_) => Ok(plan),
        }
    });
    let (status, plan, revision) = match done.await? {
        Done::Done { said, revision } => (StatusCode::OK, said, apply.is_some().then_some(revision)),
        Done::Refused(Refused::Moved(plan)) => (StatusCode::CONFLICT, plan, None),
        Done::Refused(Refused::Faults(plan)) => (StatusCode::UNPROCESSABLE_ENTITY, plan, None),
        // Keys hold the plan: they come with nothing else.
        Done::Conflict(_) | Done::KeyTaken => return Err(Fault::plain(ErrorCode::Internal)),
    };
    let accepts = came.headers.get(header::ACCEPT).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let mut response = if accepts.contains(XLSX) || accepts.contains("text/csv") {
        let marked = sheet::marked(&tables, &plan);
        match encoding {
            None => book(&marked, "校验结果.xlsx").map(send)?,
            Some(encoding) => {
                let bytes = marked.first().map_or_else(Vec::new, |table| sheet::csv(table, encoding));
                send(File { kind: "text/csv".to_owned(), name: "校验结果.csv".to_owned(), bytes })
            }
        }
    } else {
        let body = answer(&plan, &file, revision);
        Response::builder().content_type("application/json; charset=utf-8").body(body.to_string())
    };
    drop(importing);
    response.set_status(status);
    Ok(response)
}

/// The import as its sender watches it; nothing when nobody does.
fn watched(
    app: &App,
    viewer: &Viewer,
    query: &BTreeMap<String, String>,
    tables: &[Table],
) -> Result<Option<Importing>, Fault> {
    let Some(name) = query.get("watch") else { return Ok(None) };
    let rows = tables.iter().map(|table| table.rows.len()).sum();
    app.imports.begin(importer(viewer)?, name, rows).map(Some)
}

/// The plan as JSON: the rows that change something or are wrong.
fn answer(plan: &Plan, file: &str, revision: Option<i64>) -> Value {
    let counts: serde_json::Map<String, Value> = (0..)
        .map_while(Outcome::at)
        .map(|outcome| (outcome.value().to_lowercase(), json!(plan.count(outcome))))
        .collect();
    let unchanged = Outcome::Unchanged.value();
    let rows: Vec<_> = plan.rows.iter().filter(|row| row.outcome != unchanged).take(NAMED).collect();
    json!({ "file": file, "plan": plan.hash, "counts": counts, "rows": rows, "revision": revision })
}
