//! What stands below `/v1/`: files, in and out.

use super::answer::Asked;
use super::graphql::{Came, as_of, locale};
use super::imports::{book, exported, import, refuse, send, text, wanted_sheet};
use super::negotiate::Media;
use super::server::App;
use super::{files, lists};
use crate::domain::{ErrorCode, Fault};
use crate::report::{ExportFormat, Written};
use crate::sheet::{self, Sheet};
use poem::http::Method;
use poem::{Request, Response};
use std::collections::BTreeMap;
use std::sync::Arc;

/// Answers what stands below `/v1/`.
pub async fn endpoint(app: Arc<App>, mut request: Request) -> Response {
    let asked =
        Asked { id: app.next_request_id(), locale: locale(request.headers()), media: Media::GraphqlResponse };
    let query: BTreeMap<String, String> =
        request.params::<Vec<(String, String)>>().unwrap_or_default().into_iter().collect();
    let (path, method) = (request.uri().path().to_owned(), request.method().clone());
    let mut came = Came::other(&mut request);
    let outcome = match (method, path.as_str()) {
        (Method::GET, "/v1/imports/template.xlsx") => book(&sheet::template(&Sheet::ALL), "模板.xlsx"),
        (Method::GET, "/v1/imports/template.csv") => {
            wanted_sheet(&query).and_then(|sheet| text(&sheet::template(&[sheet]), &query, "模板.csv"))
        }
        (Method::POST, "/v1/imports") => {
            return import(&app, &mut came, &query, &asked)
                .await
                .unwrap_or_else(|fault| refuse(&asked, &fault));
        }
        (Method::GET, "/v1/exports.xlsx") => match exported(&app, &came, &query, &Sheet::ALL).await {
            Ok(tables) => book(&tables, "导出.xlsx"),
            Err(fault) => Err(fault),
        },
        (Method::GET, "/v1/exports.csv") => match wanted_sheet(&query) {
            Ok(sheet) => exported(&app, &came, &query, &[sheet])
                .await
                .and_then(|tables| text(&tables, &query, "导出.csv")),
            Err(fault) => Err(fault),
        },
        (Method::POST, path) if path.starts_with("/v1/lists.") => {
            let extension = path.trim_start_matches("/v1/lists.");
            let done = listed(&app, &mut came, extension, &query, &asked).await;
            return done.unwrap_or_else(|fault| refuse(&asked, &fault));
        }
        (Method::GET, "/v1/reports") => {
            let done = came.viewer(&app).and_then(|viewer| files::list(&app, viewer, &asked));
            return done.unwrap_or_else(|fault| refuse(&asked, &fault));
        }
        (Method::GET, path) if path.starts_with("/v1/files/") => {
            let token = path.trim_start_matches("/v1/files/").to_owned();
            return files::linked(&app, &token, &asked).await.unwrap_or_else(|fault| refuse(&asked, &fault));
        }
        (Method::GET, path) if path.starts_with("/v1/reports/") => {
            let name = path.trim_start_matches("/v1/reports/").to_owned();
            let done = match came.viewer(&app).and_then(|viewer| Ok((viewer, as_of(&came.headers)?))) {
                Ok((viewer, as_of)) => files::saved_file(&app, viewer, &name, (&query, as_of), &asked).await,
                Err(fault) => Err(fault),
            };
            return done.unwrap_or_else(|fault| refuse(&asked, &fault));
        }
        (_, path) if is_address(path) => Err(Fault::plain(ErrorCode::MethodNotAllowed)),
        _ => Err(Fault::plain(ErrorCode::NotFound)),
    };
    outcome.map_or_else(|fault| refuse(&asked, &fault), send)
}

/// Whether something stands at a path, for other methods.
fn is_address(path: &str) -> bool {
    matches!(path, "/v1/imports" | "/v1/exports.xlsx" | "/v1/exports.csv" | "/v1/reports")
        || ["/v1/lists.", "/v1/reports/", "/v1/files/"].iter().any(|start| path.starts_with(start))
}

/// A list as a file, by how the path ends.
async fn listed(
    app: &Arc<App>,
    came: &mut Came,
    extension: &str,
    query: &BTreeMap<String, String>,
    asked: &Asked,
) -> Result<Response, Fault> {
    let format = ExportFormat::of_extension(extension).ok_or_else(files::no_format)?;
    files::only(query, &["encoding", "locale"])?;
    let written = Written { format, encoding: files::encoding(query)? };
    lists::endpoint(app, came, (written, files::locale(query)?), asked).await
}
