//! `tiaokuai serve`.

use super::settings::{LogFormat, Settings};
use super::{connect, connect_existing, key, load};
use clap::{Args, ValueEnum};
use std::io::{IsTerminal, Write};
use std::time::Instant;
use tiaokuai::auth::{Claims, GrantClaim, SigningKey, sign};
use tiaokuai::http::{App, Level, serve};
use tiaokuai::store::StoreError;
use tracing_subscriber::EnvFilter;

/// Flags of `serve`.
#[derive(Args)]
pub struct Serve {
    /// Address to listen on [default: 127.0.0.1:8000].
    #[arg(long, env = "TIAOKUAI_LISTEN")]
    listen: Option<String>,
    /// Make the tables, load the demonstration, and print tokens for three roles.
    #[arg(long, env = "TIAOKUAI_DEMO")]
    demo: bool,
    /// Serve reads alone, such as from a standby of PostgreSQL: changes are refused, and the database need not be writable.
    #[arg(long, env = "TIAOKUAI_READ_ONLY", conflicts_with = "demo")]
    read_only: bool,
    /// Fastest level of reading that may answer; slower ones are for comparing, and for finding a fault of a fast one.
    #[arg(long, env = "TIAOKUAI_LEVEL", default_value = "direct")]
    level: ReadLevel,
    /// Origin that may call from a browser, such as https://example.org; may be repeated.
    #[arg(long, env = "TIAOKUAI_CORS_ORIGIN", value_delimiter = ',')]
    cors_origin: Vec<String>,
}

/// Levels of reading.
#[derive(Clone, Copy, ValueEnum)]
enum ReadLevel {
    /// Known documents are written straight to bytes.
    Direct,
    /// The library dispatches; fields of the root are written as bytes.
    Bytes,
    /// The library alone.
    Ordinary,
}

/// The tokens that a demonstration prints: role and scope.
const DEMO_TOKENS: &[(&str, Option<&str>, &str)] = &[
    ("ESTABLISHMENT_DIRECTOR", None, "numbers everywhere (编办主任，全库)"),
    ("TOWNSHIP_CLERK", Some("610902111"), "one town (大竹园镇经办)"),
    (
        "ORGANIZATION_DEPT",
        Some("990101"),
        "procedures and personal data of the fictional county (虚构县组织部)",
    ),
];
/// They hold for a day.
const DAY: i64 = 86_400;

impl Serve {
    /// Serves until told to end.
    pub async fn run(self, settings: &Settings) -> Result<(), String> {
        start_log(settings);
        let began = Instant::now();
        let store =
            if self.read_only { connect_existing(settings).await? } else { connect(settings).await? };
        if (store.is_embedded() && !self.read_only) || self.demo {
            store.migrate().await.map_err(|e| e.advice())?;
        }
        store.check().await.map_err(|e| e.advice())?;
        if self.demo {
            load(&store, true).await?;
        }
        let key = key(settings)?;
        let tokens = if self.demo { demo_tokens(&key)? } else { String::new() };
        let mut app = App::open(store, key).await.map_err(|e| e.advice())?;
        if self.read_only {
            app.register.only_read();
        } else {
            let cannot = |e: StoreError| format!("{}; or serve reads alone with --read-only", e.advice());
            app.register.try_writing().await.map_err(cannot)?;
        }
        app.level = match self.level {
            ReadLevel::Direct => Level::Direct,
            ReadLevel::Bytes => Level::Bytes,
            ReadLevel::Ordinary => Level::Ordinary,
        };
        let listen = self.listen.or(settings.listen.clone()).unwrap_or_else(|| "127.0.0.1:8000".to_owned());
        let origins = if self.cors_origin.is_empty() {
            settings.cors_origin.clone().unwrap_or_default()
        } else {
            self.cors_origin
        };
        let listening = |address: String| {
            tracing::info!(
                address,
                millis = u64::try_from(began.elapsed().as_millis()).unwrap_or(0),
                "listening"
            );
            let said = format!(
                "Tiaokuai serves on http://{address}   (GraphiQL: http://{address}/graphiql)\n{tokens}"
            );
            // Nobody has to read it: a closed pipe is no reason to end.
            let _ = std::io::stdout().write_all(said.as_bytes()).and_then(|()| std::io::stdout().flush());
        };
        serve(app, &listen, &origins, listening)
            .await
            .map_err(|e| format!("cannot serve on {listen}: {e}; choose another address with --listen"))
    }
}

fn demo_tokens(key: &SigningKey) -> Result<String, String> {
    let mut out = String::from(
        "Tokens for a day; send one as `Authorization: Bearer TOKEN`, or paste it into GraphiQL:\n",
    );
    for (role, scope, what) in DEMO_TOKENS {
        let grant = GrantClaim { role: (*role).to_owned(), scope: scope.map(str::to_owned), line: None };
        let token = sign(key, &Claims::new("demo", vec![grant], DAY)).map_err(|_| "the key cannot sign")?;
        out.push_str(&format!("\n  {role} – {what}\n  {token}\n"));
    }
    out.push('\n');
    Ok(out)
}

/// Structured logs on standard error: requests with their ids, no personal data, no query texts.
fn start_log(settings: &Settings) {
    let terminal = std::io::stderr().is_terminal();
    let format = settings.log_format.unwrap_or(if terminal { LogFormat::Text } else { LogFormat::Json });
    let filter =
        EnvFilter::try_from_env("TIAOKUAI_LOG").unwrap_or_else(|_| EnvFilter::new("warn,tiaokuai=info"));
    let builder = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    match format {
        LogFormat::Text => builder.with_target(false).init(),
        LogFormat::Json => builder.json().with_target(false).flatten_event(true).init(),
    }
}
