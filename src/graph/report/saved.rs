//! Saved reports: those that come with the program, and those that people save and share.

use super::input::ReportInput;
use super::{language, official_reports};
use crate::domain::{DivisionCode, ErrorCode, Fault, LabelLocale};
use crate::graph::Mutation;
use crate::graph::engine::{Code, DateTime, Ref};
use crate::policy::{Sharing, Shelved, View};
use crate::record;
use async_graphql::{ID, InputObject};
use tiaokuai_macros::fields;

/// A report under a name.
pub enum Saved {
    /// One that comes with the program: its place.
    Official(usize),
    /// One that somebody saved.
    Own(Shelved),
}

/// The reports that a viewer may run: those of the program first.
///
/// # Errors
/// `UNAVAILABLE`, `TIMEOUT`.
pub fn saved(view: &View) -> Result<Vec<Saved>, Fault> {
    let official = (0..official_reports().len()).map(Saved::Official);
    // Where there is nothing but memory there are no others.
    let own = match view.means() {
        Ok(means) if view.viewer().is_signed_in() => means.registrar.reports(view)?,
        _ => Vec::new(),
    };
    Ok(official.chain(own.into_iter().map(Saved::Own)).collect())
}

/// A saved report that a viewer may run, by its id: what it is called, and what is asked for.
///
/// # Errors
/// `NOT_FOUND`, `UNAVAILABLE`, `TIMEOUT`.
pub fn saved_report(view: &View, id: &str, zh: bool) -> Result<(String, serde_json::Value), Fault> {
    if let Some(report) = official_reports().into_iter().find(|report| report.id == id) {
        return Ok(((if zh { report.zh } else { report.en }).to_owned(), report.input));
    }
    let own = saved(view)?.into_iter().find_map(|saved| match saved {
        Saved::Own(report) if report.id == id => Some(report),
        _ => None,
    });
    let read = own.and_then(|report| Some((report.name, serde_json::from_str(&report.input).ok()?)));
    read.ok_or_else(|| {
        Fault::new(
            ErrorCode::NotFound,
            "No such report: `GET /v1/reports` lists those that you may run, as `/v1/reports/ID.csv`, `.xlsx`, `.jsonl`, `.parquet` or `.arrow`.",
            "没有该报表：GET /v1/reports 列出可用报表，以 /v1/reports/标识.csv、.xlsx、.jsonl、.parquet 或 .arrow 下载。",
        )
    })
}

/// All reports of a viewer, kept with the view.
///
/// # Errors
/// `UNAVAILABLE`, `TIMEOUT`.
pub(super) fn all<'v>(view: &'v View) -> Result<Vec<Ref<'v, SavedReport>>, Fault> {
    let all = saved(view)?;
    let count = all.len();
    let number = view.keep(Box::new(all));
    Ok((0..count).map(|at| Ref::new(view, (number, at))).collect())
}

impl<'v> Ref<'v, SavedReport> {
    fn saved(self) -> Result<&'v Saved, Fault> {
        let all = self.view.kept::<Vec<Saved>>(self.key.0);
        all.and_then(|all| all.get(self.key.1)).ok_or_else(|| Fault::plain(ErrorCode::Internal))
    }

    fn own(self) -> Result<Option<&'v Shelved>, Fault> {
        Ok(match self.saved()? {
            Saved::Official(_) => None,
            Saved::Own(report) => Some(report),
        })
    }
}

#[fields(SavedReportFields)]
impl<'v> Ref<'v, SavedReport> {
    /// Its id (标识): `/v1/reports/ID.csv` is its file.
    #[field(Public, Open, example = "township-summary")]
    pub fn id(self) -> Result<ID, Fault> {
        Ok(ID(match self.saved()? {
            Saved::Official(at) => official_reports()[*at].id.to_owned(),
            Saved::Own(report) => report.id.clone(),
        }))
    }

    /// What it is called (名称).
    #[field(Public, Open, example = "乡镇机构编制情况汇总表")]
    pub fn name(
        self,
        #[arg("Language of the name (语言), of reports that come with the program; ZH_CN when absent.")]
        locale: Option<Code<LabelLocale>>,
    ) -> Result<String, Fault> {
        Ok(match self.saved()? {
            Saved::Official(at) => {
                let report = &official_reports()[*at];
                language(locale).pick(report.zh, report.en).to_owned()
            }
            Saved::Own(report) => report.name.clone(),
        })
    }

    /// What it says (说明).
    #[field(Public, Open, example = "每个乡镇的机构、编制、领导职数")]
    pub fn description(
        self,
        #[arg(
            "Language of the description (语言), of reports that come with the program; ZH_CN when absent."
        )]
        locale: Option<Code<LabelLocale>>,
    ) -> Result<String, Fault> {
        Ok(match self.saved()? {
            Saved::Official(at) => {
                let (zh, en) = official_reports()[*at].about;
                language(locale).pick(zh, en).to_owned()
            }
            Saved::Own(report) => report.description.clone(),
        })
    }

    /// Whether it comes with the program (是否随程序提供).
    #[field(Public, Open)]
    pub fn official(self) -> Result<bool, Fault> {
        Ok(self.own()?.is_none())
    }

    /// Whose it is (所有者): the subject of a token; null for one that comes with the program.
    #[field(Public, Open, example = "li.si")]
    pub fn owner(self) -> Result<Option<String>, Fault> {
        Ok(self.own()?.map(|report| report.owner.clone()))
    }

    /// With whom it is shared (共享范围).
    #[field(Public, Open)]
    pub fn sharing(self) -> Result<Code<Sharing>, Fault> {
        Ok(Code(self.own()?.map_or(Sharing::Everybody, |report| report.sharing)))
    }

    /// With those of which territory it is shared (共享地域); null otherwise.
    #[field(Public, Open, example = "990101")]
    pub fn shared_within(self) -> Result<Option<DivisionCode>, Fault> {
        Ok(self.own()?.and_then(|report| report.within))
    }

    /// When it was saved last (保存时间), in UTC; null for one that comes with the program.
    #[field(Public, Open)]
    pub fn saved_at(self) -> Result<Option<DateTime>, Fault> {
        Ok(self.own()?.map(|report| DateTime(report.at.clone())))
    }

    /// What is asked for, as JSON (报表定义): a value of the variable `$input: ReportInput!`, such as `{"dimensions": [], "measures": ["BODIES"]}`.
    #[field(Public, Open)]
    pub fn input(self) -> Result<String, Fault> {
        Ok(match self.saved()? {
            Saved::Official(at) => official_reports()[*at].input.to_string(),
            Saved::Own(report) => report.input.clone(),
        })
    }
}

record! {
    /// A saved report (保存的报表). Source: the program, or who saved it.
    SavedReport as "SavedReport" by (usize, usize), implements [], fields [SavedReportFields::FIELDS], |_view, _at, _rule| true
}

/// A report that is to be saved (保存报表).
#[derive(Clone, InputObject)]
pub struct ReportSaveInput {
    /// Id of a report of yours that it takes the place of (标识); a new one when absent.
    pub id: Option<ID>,
    /// What it is called (名称), 1 to 100 characters.
    pub name: String,
    /// What it says (说明), at most 1,000 characters.
    #[graphql(default)]
    pub description: String,
    /// What is asked for (报表定义).
    pub report: ReportInput,
    /// With whom it is shared (共享范围). Who runs it sees what they may see themselves.
    #[graphql(default_with = "Code(Sharing::None)")]
    pub sharing: Code<Sharing>,
    /// With those of which territory (共享地域), for TERRITORY.
    pub shared_within: Option<DivisionCode>,
}

impl ReportSaveInput {
    fn read(&self, view: &View) -> Result<Shelved, Fault> {
        let wrong = |en: &str, zh: &str| Err(Fault::input(en, zh));
        let owner = view.viewer().subject.clone().ok_or_else(|| {
            Fault::new(
                ErrorCode::Forbidden,
                "Reports are saved by who has a token. Run it with `report`, or sign in.",
                "保存报表须登录；未登录可直接以 report 查询。",
            )
        })?;
        let name = self.name.trim();
        if name.is_empty() || name.chars().count() > 100 || self.description.chars().count() > 1_000 {
            return wrong(
                "`name` has 1 to 100 characters, `description` at most 1,000.",
                "name 应为 1 至 100 字，description 不超过 1000 字。",
            );
        }
        // What turns the direction of writing makes a name look like another.
        let odd = |c: char| c.is_control() || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
        if name.chars().any(odd) || self.description.chars().any(|c| odd(c) && c != '\n') {
            return wrong(
                "`name` and `description` have no control characters.",
                "name 与 description 不得含控制字符。",
            );
        }
        if self.shared_within.is_some_and(|code| view.division(code).is_none()) {
            return wrong("`sharedWithin` is no division.", "sharedWithin 不是行政区划代码。");
        }
        if self.report.written.get("after").is_some_and(|after| !after.is_null()) {
            return wrong("Leave out `after`: a saved report begins at its beginning.", "请去掉 after。");
        }
        if (self.sharing.0 == Sharing::Territory) != self.shared_within.is_some() {
            return wrong(
                "`sharedWithin` goes with `sharing: TERRITORY`, and only with it.",
                "sharedWithin 与 sharing: TERRITORY 须同时给出。",
            );
        }
        let input = self.report.written.to_string();
        if input.len() > 20_000 {
            return wrong("The report is longer than 20,000 characters.", "报表定义超过 20000 字符。");
        }
        // What does not go together, or is not there, is said now, not whenever it is run.
        let fields = &self.report.fields;
        fields.size()?;
        if fields.known_at.is_none() {
            crate::report::territory(view.maybe_at(fields.as_of), fields.within)?;
        }
        crate::report::check(view, &self.report.open(view)?)?;
        Ok(Shelved {
            id: self.id.clone().map(|id| id.0).unwrap_or_default(),
            owner,
            name: name.to_owned(),
            description: self.description.clone(),
            input,
            sharing: self.sharing.0,
            within: self.shared_within,
            at: String::new(),
        })
    }
}

#[fields(ReportMutationFields)]
impl<'v> Ref<'v, Mutation> {
    /// A report is saved under a name (保存报表), for oneself or to share.
    #[field(Public, Open, cost = 16)]
    pub fn report_save(
        self,
        #[arg("The report (报表).")] input: ReportSaveInput,
    ) -> Result<Ref<'v, SavedReportPayload>, Fault> {
        let report = input.read(self.view)?;
        let saved = self.view.means()?.registrar.save_report(report, self.view)?;
        Ok(self.to(self.view.keep(Box::new(vec![Saved::Own(saved)]))))
    }

    /// A saved report of one's own is removed (删除报表).
    #[field(Public, Open, cost = 16)]
    pub fn report_remove(
        self,
        #[arg("Id of the report (标识).")] id: ID,
    ) -> Result<Ref<'v, SavedReportPayload>, Fault> {
        if !self.view.means()?.registrar.remove_report(&id, self.view)? {
            return Err(Fault::input(
                "You have no saved report with this id: `savedReports` lists yours.",
                "您没有该标识的报表，请用 savedReports 查询。",
            ));
        }
        Ok(self.to(self.view.keep(Box::new(Vec::<Saved>::new()))))
    }
}

#[fields(SavedReportPayloadFields)]
impl<'v> Ref<'v, SavedReportPayload> {
    /// The report as it is saved (报表); null when it was removed.
    #[field(Public, Open)]
    pub fn saved_report(self) -> Option<Ref<'v, SavedReport>> {
        let all = self.view.kept::<Vec<Saved>>(self.key)?;
        all.first().map(|_| self.to((self.key, 0)))
    }
}

record! {
    /// What came of saving or removing a report (报表保存结果). Source: the store of reports.
    SavedReportPayload as "SavedReportPayload" by usize, implements [], fields [SavedReportPayloadFields::FIELDS],
    |_view, _at, _rule| true
}
