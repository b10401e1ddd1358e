//! Pages: the start page, GraphiQL, the schema as a file, and errors outside of GraphQL.

use super::graphql::locale;
use super::server::App;
use crate::domain::{CodeList, ErrorCode, Fault, Locale};
use crate::graph;
use crate::policy::{Meter, View, Viewer};
use bytes::Bytes;
use poem::http::{StatusCode, header};
use poem::{Body, Request, Response};
use rust_embed::RustEmbed;
use serde_json::json;
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::io::Read;
use std::sync::{Arc, Mutex, PoisonError};

/// Everything from here and nothing from elsewhere: users sit on intranets. Styles are the editor's own.
pub const CONTENT_SECURITY_POLICY: &str = "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; \
     font-src 'self' data:; worker-src 'self' blob:; connect-src 'self'; object-src 'none'; base-uri 'none'; \
     form-action 'self'; frame-ancestors 'none'";

/// The built web application; every file compressed with gzip.
#[derive(RustEmbed)]
#[folder = "web/dist/"]
#[allow_missing = true]
struct Web;

/// The contract as a file.
pub fn sdl() -> Response {
    Response::builder().content_type("text/plain; charset=utf-8").body(graph::SDL.as_str())
}

/// A file of the web application.
pub fn asset(path: &str, request: &Request) -> Response {
    let Some(file) = Web::get(&format!("{path}.gz")) else {
        if path == "index.html" {
            let text = "GraphiQL is not part of this build. Run `make web` and build again.\n未包含 GraphiQL，请先运行 make web 再构建。\n";
            return Response::builder()
                .status(StatusCode::NOT_FOUND)
                .content_type("text/plain; charset=utf-8")
                .body(text);
        }
        return plain_error(ErrorCode::NotFound);
    };
    let kind = match path.rsplit('.').next() {
        Some("html") => "text/html; charset=utf-8",
        Some("js") => "text/javascript; charset=utf-8",
        Some("css") => "text/css; charset=utf-8",
        Some("svg") => "image/svg+xml",
        Some("ttf") => "font/ttf",
        Some("woff2") => "font/woff2",
        Some("json" | "map") => "application/json",
        _ => "application/octet-stream",
    };
    let cache = if path == "index.html" { "no-cache" } else { "public, max-age=31536000, immutable" };
    let builder = Response::builder().content_type(kind).header(header::CACHE_CONTROL, cache);
    let builder = builder.header(header::VARY, "Accept-Encoding");
    let accepted = request.header(header::ACCEPT_ENCODING).is_some_and(|a| a.contains("gzip"));
    if accepted {
        let builder = builder.header(header::CONTENT_ENCODING, "gzip");
        return match file.data {
            Cow::Borrowed(data) => builder.body(data),
            Cow::Owned(data) => builder.body(data),
        };
    }
    match plain(path, &file.data) {
        Some(plain) => builder.body(plain),
        None => plain_error(ErrorCode::Internal),
    }
}

/// A file as it was before it was packed. Unpacked once: few clients take no packed files, but one might ask again and again.
fn plain(path: &str, packed: &[u8]) -> Option<Bytes> {
    static PLAIN: Mutex<BTreeMap<String, Bytes>> = Mutex::new(BTreeMap::new());
    let mut known = PLAIN.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(plain) = known.get(path) {
        return Some(plain.clone());
    }
    let mut plain = Vec::new();
    flate2::read::GzDecoder::new(packed).read_to_end(&mut plain).ok()?;
    let plain = Bytes::from(plain);
    known.insert(path.to_owned(), plain.clone());
    Some(plain)
}

/// An error outside of GraphQL, in the same shape.
pub fn plain_error(code: ErrorCode) -> Response {
    let status = match code {
        ErrorCode::NotFound => StatusCode::NOT_FOUND,
        ErrorCode::MethodNotAllowed => StatusCode::METHOD_NOT_ALLOWED,
        ErrorCode::BadRequest => StatusCode::BAD_REQUEST,
        ErrorCode::Forbidden => StatusCode::FORBIDDEN,
        _ => StatusCode::INTERNAL_SERVER_ERROR,
    };
    let fault = Fault::plain(code);
    let body = json!({ "errors": [{
        "message": format!("{} {}", fault.message(Locale::En), fault.message(Locale::Zh)),
        "extensions": { "code": code.value(), "retryable": code.retryable() },
    }] });
    Response::builder()
        .status(status)
        .content_type("application/json; charset=utf-8")
        .body(Body::from_string(body.to_string()))
}

/// What becomes of an error of the router.
pub fn route_error(error: &poem::Error) -> Response {
    plain_error(match error.status() {
        StatusCode::NOT_FOUND => ErrorCode::NotFound,
        StatusCode::METHOD_NOT_ALLOWED => ErrorCode::MethodNotAllowed,
        StatusCode::FORBIDDEN | StatusCode::UNAUTHORIZED => ErrorCode::Forbidden,
        status if status.is_client_error() => ErrorCode::BadRequest,
        _ => ErrorCode::Internal,
    })
}

/// A query to try, with its title in Chinese and English.
struct Sample {
    zh: &'static str,
    en: &'static str,
    query: &'static str,
}

const SAMPLES: &[Sample] = &[
    Sample {
        zh: "一个镇有哪些机构，由谁负责，哪些职务空缺？",
        en: "Which bodies does a town have, who leads them, which posts are vacant?",
        query: include_str!("../../web/queries/township.graphql"),
    },
    Sample {
        zh: "改革前是什么样？",
        en: "What did it look like before the reform?",
        query: include_str!("../../web/queries/before.graphql"),
    },
    Sample {
        zh: "丹东市有多少乡镇街道，各有多少编制？（需要令牌）",
        en: "How many townships has Dandong, and how many posts? (numbers need a token)",
        query: include_str!("../../web/queries/dandong.graphql"),
    },
];

/// Percent-encodes a text for the part of an address after `#`.
fn fragment(text: &str) -> String {
    let mut out = String::new();
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.') {
            out.push(char::from(byte));
        } else {
            out.push_str(&format!("%{byte:02X}"));
        }
    }
    out
}

/// The start page: what is loaded, and three queries to try.
pub fn start(app: &App, request: &Request) -> Response {
    let locale = locale(request.headers());
    let view = View::new(app.snapshot(), Arc::new(Viewer::default()), Arc::new(Meter::new(u64::MAX)), locale);
    let rows: String = app
        .counts(&view)
        .into_iter()
        .map(|(zh, en, count)| format!("<tr><th>{}</th><td>{count}</td></tr>", locale.pick(zh, en)))
        .collect();
    let samples: String = SAMPLES
        .iter()
        .map(|s| {
            let address = format!("/graphiql#query={}", fragment(s.query));
            format!("<li><a href=\"{address}\">{}</a></li>", locale.pick(s.zh, s.en))
        })
        .collect();
    let notice = graph::notice(&view).map_or_else(String::new, |n| format!("<p class=\"notice\">{n}</p>"));
    let empty = if view.revision() == 0 {
        locale.pick(
            "<p class=\"notice\">登记库为空。请运行 <code>tiaokuai load divisions</code> 或 <code>tiaokuai load demo</code>。</p>",
            "<p class=\"notice\">The register is empty. Run <code>tiaokuai load divisions</code> or <code>tiaokuai load demo</code>.</p>",
        )
    } else {
        ""
    };
    let page = include_str!("start.html")
        .replace("{lang}", locale.pick("zh-CN", "en"))
        .replace(
            "{tagline}",
            locale.pick(
                "乡镇机构编制登记库 · GraphQL",
                "The organisational structure of China's townships as one graph",
            ),
        )
        .replace("{notice}", &format!("{notice}{empty}"))
        .replace("{loaded}", locale.pick("已载入", "What is loaded"))
        .replace("{revision}", &format!("{} {}", locale.pick("修订号", "revision"), view.revision()))
        .replace("{rows}", &rows)
        .replace("{try}", locale.pick("试一试", "Try"))
        .replace("{samples}", &samples)
        .replace("{more}", locale.pick("更多", "More"))
        .replace("{contract}", locale.pick("接口契约", "the contract"));
    Response::builder().content_type("text/html; charset=utf-8").body(page)
}
