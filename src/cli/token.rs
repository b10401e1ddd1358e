//! `tiaokuai token`.

use super::settings::Settings;
use super::{connect, key};
use clap::Args;
use tiaokuai::auth::{Claims, GrantClaim, sign};
use tiaokuai::domain::{CodeList, DivisionCode, IdSeal, Role};
use tiaokuai::graph::engine::{Gid, Tag};

/// Flags of `token`.
#[derive(Args)]
pub struct Token {
    /// Role, such as ESTABLISHMENT_DIRECTOR.
    #[arg(long)]
    role: String,
    /// Territory in which the role counts (块): a division code; everywhere when absent.
    #[arg(long)]
    scope: Option<String>,
    /// Department in whose line the role counts (条): its id (dp_…), or CODE:NAME such as 210681:东港市司法局.
    #[arg(long)]
    line: Option<String>,
    /// Who the token is for.
    #[arg(long, default_value = "developer")]
    subject: String,
    /// Hours until it ends.
    #[arg(long, default_value_t = 12, value_parser = clap::value_parser!(u32).range(1..=24 * 365))]
    hours: u32,
}

impl Token {
    /// Prints a token on standard output, and nothing else there.
    pub async fn run(self, settings: &Settings) -> Result<(), String> {
        let role = Role::parse(&self.role).ok_or_else(|| {
            let all: Vec<&str> = Role::ITEMS.iter().map(|i| i.value).collect();
            format!("there is no role `{}`; the roles are {}", self.role, all.join(", "))
        })?;
        if let Some(code) = &self.scope
            && DivisionCode::parse(code).is_none()
        {
            return Err(format!("`{code}` is not a division code of 2, 4, 6, 9 or 12 digits"));
        }
        let line = match &self.line {
            None => None,
            Some(text) => Some(department(settings, text).await?),
        };
        if self.scope.is_none() && line.is_none() && role != Role::Public {
            eprintln!("note: without --scope and --line the role counts in the whole register");
        }
        let grant = GrantClaim { role: role.value().to_owned(), scope: self.scope, line };
        let claims = Claims::new(&self.subject, vec![grant], i64::from(self.hours) * 3_600);
        println!("{}", sign(&key(settings)?, &claims).map_err(|_| "the key cannot sign")?);
        Ok(())
    }
}

/// The surrogate id of a department: from its global id, or looked up by division code and name.
async fn department(settings: &Settings, text: &str) -> Result<i64, String> {
    let help = "--line takes the id of a department (dp_…) or CODE:NAME, such as 210681:东港市司法局";
    let store = connect(settings).await?;
    store.check().await.map_err(|e| e.advice())?;
    let seal = IdSeal::new(&store.state().await.map_err(|e| e.advice())?.secret);
    match Gid::open(&seal, text) {
        Some((Tag::Department, Some(id))) => return Ok(id),
        Some((Tag::Department, None)) => return Err(format!("`{text}` is no id of this register; {help}")),
        Some((tag, _)) => {
            return Err(format!("`{text}` is the id of a {}, not of a department", tag.type_name()));
        }
        None => {}
    }
    let (code, name) = text.split_once(':').ok_or(help)?;
    let code = DivisionCode::parse(code).ok_or(help)?;
    let found = store.department(&code.to_string(), name).await.map_err(|e| e.advice())?;
    found.ok_or_else(|| {
        format!(
            "no department `{name}` sits in {code}; load the data first, or look it up with `departments`"
        )
    })
}
