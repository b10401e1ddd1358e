//! Reports: the register in groups. What is worked out stands in the room `report`; here is what clients see of it.

mod catalog;
mod column;
mod filtering;
mod input;
mod link;
mod official;
mod page;
mod root;
mod row;
mod saved;

pub use catalog::{ReportCatalog, ReportDimensionInfo, ReportMeasureInfo, ReportSegmentInfo};
pub use column::{ReportColumn, ReportWarningOf};
pub use input::{ReportArgs, ReportInput};
pub use link::{ExportLink, Link, read};
pub use official::official_reports;
pub use page::ReportPage;
pub use root::ReportQueryFields;
pub use row::{DimensionValue, MeasureValue, ReportRow, id_of_value};
pub use saved::{ReportMutationFields, Saved, SavedReport, SavedReportPayload, saved, saved_report};

use super::engine::{Code, CursorKey, Int64, PageInfoOf, Ref};
use crate::domain::{Day, Fault, LabelLocale, Locale};
use crate::policy::View;
use crate::record;
use crate::report::{self, Answer, ExportFormat, Input, TextEncoding};
use tiaokuai_macros::fields;

/// A report that was worked out, kept with the view of the request.
pub struct Kept {
    /// What came of it.
    pub answer: Answer,
    /// What was asked for.
    pub input: Input,
    /// As it was written.
    pub asked: ReportInput,
    /// The day that it is of.
    pub day: Day,
    /// Whether that day was asked for.
    dated: bool,
    /// The rows of the page, and its place.
    page: page::Span,
    /// The key of cursors and links.
    pub secret: CursorKey,
}

impl Kept {
    /// The view of the day that it is of.
    #[must_use]
    pub fn view<'v>(&self, root: &'v View) -> &'v View {
        then(root, self)
    }
}

/// Works a report out for a viewer, outside of a query: the number under which it is kept with the view.
///
/// # Errors
/// As below.
pub fn report_for(view: &View, input: ReportInput, secret: CursorKey) -> Result<usize, Fault> {
    work_out(view, ReportArgs { input, secret }).map(|report| report.key)
}

/// Steps of any report.
const REPORT: u64 = 8_193;

/// Works a report out and keeps it with the view.
///
/// # Errors
/// `BAD_USER_INPUT` with what would be right, `FORBIDDEN`, `CURSOR_INVALID`, `QUERY_TOO_EXPENSIVE`, `TIMEOUT`.
pub(super) fn work_out<'v>(root: &'v View, args: ReportArgs) -> Result<Ref<'v, Report>, Fault> {
    // More than there is among other requests: no report is worked out where others wait for it.
    root.meter().charge(REPORT)?;
    let view = args.input.fields.view(root)?;
    let input = args.input.open(view)?;
    let size = args.input.fields.size()?;
    let (answer, then) = report::run(view, &input)?;
    let page = page::Span::of(&answer, &args, then, size)?;
    let (day, dated) = (then.as_of(), then.explicit_day().is_some());
    let kept = Kept { answer, input, asked: args.input, day, dated, page, secret: args.secret };
    let number = root.keep(Box::new(kept));
    Ok(Ref::new(root, number))
}

/// The view of the day that a report is of.
fn then<'v>(root: &'v View, kept: &Kept) -> &'v View {
    // It was found before, so it is found again.
    let view = kept.asked.fields.view(root).unwrap_or(root);
    if kept.dated { view.at(kept.day) } else { view }
}

/// A part of a report: its number, and the place of the part.
type At = (usize, usize);

/// The language of a label: Chinese when none is given.
fn language(locale: Option<Code<LabelLocale>>) -> Locale {
    if locale == Some(Code(LabelLocale::En)) { Locale::En } else { Locale::Zh }
}

/// What was kept under a number. Nothing is asked for by a number that was not given out.
fn kept(view: &View, number: usize) -> Result<&Kept, Fault> {
    view.kept::<Kept>(number).ok_or_else(|| Fault::plain(crate::domain::ErrorCode::Internal))
}

impl<'v> Ref<'v, Report> {
    fn kept(self) -> Result<&'v Kept, Fault> {
        kept(self.view, self.key)
    }

    fn answer(self) -> Result<&'v Answer, Fault> {
        Ok(&self.kept()?.answer)
    }
}

#[fields(ReportTypeFields)]
impl<'v> Ref<'v, Report> {
    /// The columns (列): a measure each, for each value of the pivot; at most 500.
    #[field(Public, Open)]
    pub fn columns(self) -> Result<Vec<Ref<'v, ReportColumn>>, Fault> {
        Ok((0..self.answer()?.columns.len()).map(|at| self.to((self.key, at))).collect())
    }

    /// The rows of this page (明细行).
    #[field(Public, Open, cost = 4)]
    pub fn rows(self) -> Result<Vec<Ref<'v, ReportRow>>, Fault> {
        Ok(self.kept()?.page.rows().map(|at| self.to((self.key, at))).collect())
    }

    /// The totals of the whole report (合计行), the grand total last.
    #[field(Public, Open, cost = 4)]
    pub fn totals(self) -> Result<Vec<Ref<'v, ReportRow>>, Fault> {
        let answer = self.answer()?;
        let rows = answer.rows.len();
        self.view.meter().charge(answer.totals.len() as u64)?;
        Ok((rows..rows + answer.totals.len()).map(|at| self.to((self.key, at))).collect())
    }

    /// How many rows the whole report has (总行数), over all pages.
    #[field(Public, Open, unit = "rows (行)", example = "84")]
    pub fn group_count(self) -> Result<Int64, Fault> {
        Ok(Int64(i64::try_from(self.answer()?.rows.len()).unwrap_or(i64::MAX)))
    }

    /// Whether this page leaves out rows of the report (是否未列全).
    #[field(Public, Open)]
    pub fn truncated(self) -> Result<bool, Fault> {
        let kept = self.kept()?;
        Ok(kept.page.rows().len() < kept.answer.rows.len())
    }

    /// How many values of its rows are not shown (抑制单元格数), since they are about few persons. Groups of few persons are not listed at
    /// all (warning SUPPRESSED).
    #[field(Public, Open, unit = "values (个)", example = "0")]
    pub fn suppressed_cells(self) -> Result<Int64, Fault> {
        Ok(Int64(i64::try_from(self.answer()?.suppressed).unwrap_or(i64::MAX)))
    }

    /// The territories that the numbers are of (实际统计范围): `within`, as far as the viewer may read what is asked for.
    #[field(Public, Open, example = "2106")]
    pub fn applied_scope(self) -> Result<Vec<String>, Fault> {
        Ok(self.answer()?.places(self.view.locale()))
    }

    /// What is to be known of the report (提示).
    #[field(Public, Open)]
    pub fn warnings(self) -> Result<Vec<Ref<'v, ReportWarningOf>>, Fault> {
        Ok((0..self.answer()?.warnings.len()).map(|at| self.to((self.key, at))).collect())
    }

    /// The day that it is of (统计时点).
    #[field(Public, Open)]
    pub fn as_of(self) -> Result<Day, Fault> {
        Ok(self.kept()?.day)
    }

    /// With what it is compared (比较对象), in words; null where it is not.
    #[field(Public, Open, example = "普格县乡镇赋权扩能改革（演示） (2022-02-28)")]
    pub fn compared_with(self) -> Result<Option<String>, Fault> {
        let kept = self.kept()?;
        let view = then(self.view, kept);
        Ok(kept.input.compare.as_ref().map(|with| report::compared_with(view, with, Locale::Zh)))
    }

    /// The revision of the register that it is of (修订号).
    #[field(Public, Open, unit = "revisions (次)", example = "3")]
    pub fn revision(self) -> Int64 {
        Int64(self.view.revision())
    }

    /// A link to the whole report as a file (导出): all of its rows, as it is of this day. It holds for a quarter of an hour.
    #[field(Public, Open, cost = 16)]
    pub fn export(
        self,
        #[arg("The format (文件格式).")] format: Code<ExportFormat>,
        #[arg("The encoding of text (文本编码); UTF8_BOM, which Excel reads, when absent.")] encoding: Option<
            Code<TextEncoding>,
        >,
        #[arg("Language of headings and labels (语言); ZH_CN when absent.")] locale: Option<
            Code<LabelLocale>,
        >,
    ) -> Result<Ref<'v, ExportLink>, Fault> {
        let (kept, encoding) = (self.kept()?, encoding.map_or(TextEncoding::Utf8Bom, |code| code.0));
        format.0.check(kept.answer.rows.len() + kept.answer.totals.len())?;
        let linked = link::Linked::new(self.view, kept, (format.0, encoding), language(locale))?;
        Ok(self.to(self.view.keep(Box::new(linked))))
    }

    /// Where this page stands in the report (分页信息).
    #[field(Public, Open)]
    pub fn page_info(self) -> PageInfoOf<'v, ReportPage> {
        PageInfoOf(self.to(self.key))
    }
}

record! {
    /// A report (报表): the register in groups. Source: computed at each query from the register, for the viewer.
    Report as "Report" by usize, implements [], fields [ReportTypeFields::FIELDS], |_view, _at, _rule| true
}
