//! Links to files: sealed, so that nobody can write one, and bound to who asked and for how long. Nothing of them is kept.

use super::Kept;
use super::input::ReportInput;
use crate::domain::date::{moment, now_seconds};
use crate::domain::{CodeList, Day, DivisionCode, ErrorCode, Fault, Locale, Role};
use crate::graph::engine::{Code, CursorKey, DateTime, Ref, Text, read_json};
use crate::policy::{Grant, Scope, View, Viewer};
use crate::record;
use crate::report::{ExportFormat, TextEncoding};
use aes_gcm_siv::aead::{Aead, KeyInit};
use aes_gcm_siv::{Aes256GcmSiv, Nonce};
use serde::{Deserialize, Serialize};
use tiaokuai_macros::fields;

/// For how many seconds a link holds.
const HOLDS: i64 = 900;
/// The longest report that a link may hold, in bytes of its seal.
const LONGEST: usize = 6_000;

/// What a link says.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Link {
    /// The report as it was written.
    pub input: serde_json::Value,
    /// What the file is called, without how its name ends.
    pub title: String,
    subject: Option<String>,
    grants: Vec<(String, Option<String>, Option<i64>)>,
    zh: bool,
    format: String,
    encoding: String,
    as_of: String,
    /// When it ends, in seconds since 1970.
    pub ends: i64,
}

/// A key of its own: a cursor is no link.
fn cipher(secret: &CursorKey) -> Aes256GcmSiv {
    Aes256GcmSiv::new(&blake3::derive_key("tiaokuai 2026-11 links to files", &secret.0).into())
}

fn gone() -> Fault {
    Fault::new(
        ErrorCode::NotFound,
        "This link does not hold, or no longer does: ask for another with `report { export }`.",
        "该下载链接无效或已过期，请以 report { export } 重新获取。",
    )
}

impl Link {
    /// The link of a viewer to a report.
    #[must_use]
    pub fn new(
        view: &View,
        kept: &Kept,
        (format, encoding): (ExportFormat, TextEncoding),
        locale: Locale,
    ) -> Self {
        let viewer = view.viewer();
        let grants = viewer.grants.iter().map(|grant| {
            let territory = grant.scope.territory.map(|code| code.to_string());
            (grant.role.value().to_owned(), territory, grant.scope.line)
        });
        Self {
            input: (*kept.asked.written).clone(),
            title: locale.pick("报表", "report").to_owned(),
            subject: viewer.subject.clone(),
            grants: grants.collect(),
            zh: locale == Locale::Zh,
            format: format.value().to_owned(),
            encoding: encoding.value().to_owned(),
            as_of: kept.day.to_string(),
            // To the minute: the same question a moment later has the same link.
            ends: now_seconds() / 60 * 60 + HOLDS,
        }
    }

    /// Writes it.
    ///
    /// # Errors
    /// `BAD_USER_INPUT` for a report that is too long, `INTERNAL`.
    pub fn seal(&self, secret: &CursorKey) -> Result<String, Fault> {
        let internal = || Fault::plain(ErrorCode::Internal);
        let text = serde_json::to_vec(self).map_err(|_| internal())?;
        // The cipher bears that the same link is sealed alike, which a nonce of its own would only hide.
        let nonce = Nonce::default();
        let sealed = cipher(secret).encrypt(&nonce, text.as_slice()).map_err(|_| internal())?;
        if sealed.len() > LONGEST {
            return Err(Fault::input(
                "The report is too long for a link: save it, and take its file from `/v1/reports/`.",
                "报表定义过长，无法生成链接：请先保存报表，再从 /v1/reports/ 下载。",
            ));
        }
        Ok(data_encoding::BASE64URL_NOPAD.encode(&sealed))
    }

    /// Reads one that holds.
    ///
    /// # Errors
    /// `NOT_FOUND` for anything else.
    pub fn open(secret: &CursorKey, text: &str) -> Result<Self, Fault> {
        let read = || -> Option<Self> {
            let bytes = data_encoding::BASE64URL_NOPAD.decode(text.as_bytes()).ok()?;
            let text = cipher(secret).decrypt(&Nonce::default(), bytes.as_slice()).ok()?;
            serde_json::from_slice(&text).ok()
        };
        read().filter(|link| link.ends > now_seconds()).ok_or_else(gone)
    }

    /// For whom it is.
    ///
    /// # Errors
    /// `NOT_FOUND` for a role that is known no more.
    pub fn viewer(&self) -> Result<Viewer, Fault> {
        let grant = |(role, territory, line): &(String, Option<String>, Option<i64>)| {
            let code =
                territory.as_deref().map(|text| DivisionCode::parse(text).ok_or_else(gone)).transpose()?;
            Ok(Grant {
                role: Role::parse(role).ok_or_else(gone)?,
                scope: Scope { territory: code, line: *line },
            })
        };
        let grants = self.grants.iter().map(grant).collect::<Result<_, Fault>>()?;
        Ok(Viewer { subject: self.subject.clone(), grants })
    }

    /// How the file is written.
    #[must_use]
    pub fn written(&self) -> (ExportFormat, TextEncoding) {
        let format = ExportFormat::parse(&self.format).unwrap_or(ExportFormat::Csv);
        (format, TextEncoding::parse(&self.encoding).unwrap_or(TextEncoding::Utf8Bom))
    }

    /// Language of its labels.
    #[must_use]
    pub fn locale(&self) -> Locale {
        if self.zh { Locale::Zh } else { Locale::En }
    }

    /// The day that it is of.
    #[must_use]
    pub fn day(&self) -> Option<Day> {
        Day::parse(&self.as_of)
    }
}

/// Reads a report that is written as JSON.
///
/// # Errors
/// `BAD_USER_INPUT`, with what is wrong.
pub fn read(written: &serde_json::Value) -> Result<ReportInput, Fault> {
    read_json(written).map_err(|wrong| {
        Fault::input(
            format!("This is no report: {wrong}. See `ReportInput` in the contract."),
            format!("报表定义有误：{wrong}。请参见契约中的 ReportInput。"),
        )
    })
}

impl<'v> Ref<'v, ExportLink> {
    fn link(self) -> Option<&'v Linked> {
        self.view.kept(self.key)
    }
}

/// A link that was made, kept with the view.
pub struct Linked {
    url: String,
    link: Link,
}

impl Linked {
    /// Makes a link.
    ///
    /// # Errors
    /// Those of [`Link::seal`].
    pub fn new(
        view: &View,
        kept: &Kept,
        written: (ExportFormat, TextEncoding),
        locale: Locale,
    ) -> Result<Self, Fault> {
        let link = Link::new(view, kept, written, locale);
        let url = format!("/v1/files/{}", link.seal(&kept.secret)?);
        Ok(Self { url, link })
    }
}

#[fields(ExportLinkFields)]
impl<'v> Ref<'v, ExportLink> {
    /// Where the file is (下载地址), on this server: without a token, for who has the link.
    #[field(Public, Open, example = "/v1/files/…")]
    pub fn url(self) -> Text<'v> {
        Text(self.link().map_or("", |linked| &linked.url))
    }

    /// Until when the link holds (有效期至), in UTC; a quarter of an hour.
    #[field(Public, Open)]
    pub fn expires_at(self) -> DateTime {
        DateTime(moment(self.link().map_or(0, |linked| linked.link.ends)))
    }

    /// The format (文件格式).
    #[field(Public, Open)]
    pub fn format(self) -> Code<ExportFormat> {
        Code(self.link().map_or(ExportFormat::Csv, |linked| linked.link.written().0))
    }
}

record! {
    /// A link to a file (下载链接). Source: made at each query; nothing of it is kept.
    ExportLink as "ExportLink" by usize, implements [], fields [ExportLinkFields::FIELDS], |_view, _at, _rule| true
}
