//! Reports: the register in groups. What is worked out stands in the room `report`; here is what clients see of it.

mod catalog;
mod input;
mod link;
mod official;
mod page;

pub use catalog::{ReportCatalog, ReportDimensionInfo, ReportMeasureInfo, ReportSegmentInfo};
pub use input::{ReportArgs, ReportInput};
pub use link::{ExportLink, Link, read};
pub use official::{SavedReport, official_reports};
pub use page::ReportPage;

use super::engine::{Code, Conn, CursorKey, Decimal, Int64, ListArgs, PageInfoOf, Ref, Source, Text};
use super::{NodeRef, Organization, OrganizationRef};
use crate::domain::{CodeList, CodeRange, Day, Fault, LabelLocale, Locale, RecordKind};
use crate::policy::View;
use crate::record;
use crate::report::{
    self, Additivity, Answer, Cell, Column, ExportFormat, Input, Meaning, MeasureState, ReportDimension, ReportMeasure,
    ReportWarning, Row, TextEncoding, Value, unpacked,
};
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

/// Works a report out and keeps it with the view.
///
/// # Errors
/// `BAD_USER_INPUT` with what would be right, `FORBIDDEN`, `CURSOR_INVALID`, `QUERY_TOO_EXPENSIVE`, `TIMEOUT`.
pub(super) fn work_out<'v>(root: &'v View, args: ReportArgs) -> Result<Ref<'v, Report>, Fault> {
    let view = args.input.fields.view(root)?;
    let input = args.input.open(view)?;
    let size = args.input.fields.size()?;
    let (answer, then) = report::run(view, &input)?;
    // What is shown of a report costs what it is large.
    view.meter().charge((answer.rows.len() * answer.columns.len()) as u64 / 16)?;
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

    /// How many values are not shown (抑制单元格数), since they are about few persons.
    #[field(Public, Open, unit = "values (个)", example = "0")]
    pub fn suppressed_cells(self) -> Result<Int64, Fault> {
        Ok(Int64(i64::try_from(self.answer()?.suppressed).unwrap_or(i64::MAX)))
    }

    /// The territories that the numbers are of (实际统计范围): `within`, as far as the viewer may read what is asked for.
    #[field(Public, Open)]
    pub fn applied_scope(self) -> Result<Vec<String>, Fault> {
        Ok(self.answer()?.scope.clone())
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
    ) -> Result<Ref<'v, ExportLink>, Fault> {
        let (kept, encoding) = (self.kept()?, encoding.map_or(TextEncoding::Utf8Bom, |code| code.0));
        if format.0 == ExportFormat::Xlsx {
            report::fits(kept.answer.rows.len() + kept.answer.totals.len())?;
        }
        let linked = link::Linked::new(self.view, kept, format.0, encoding)?;
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

/// A part of a report: its number, and the place of the part.
type At = (usize, usize);

impl<'v> Ref<'v, ReportColumn> {
    fn column(self) -> Result<&'v Column, Fault> {
        kept(self.view, self.key.0).map(|kept| &kept.answer.columns[self.key.1])
    }

    fn info(self, locale: Option<Code<LabelLocale>>) -> Result<Ref<'v, ReportMeasureInfo>, Fault> {
        Ok(self.to((self.column()?.measure, language(locale))))
    }
}

#[fields(ReportColumnFields)]
impl<'v> Ref<'v, ReportColumn> {
    /// The measure (指标).
    #[field(Public, Open)]
    pub fn measure(self) -> Result<Code<ReportMeasure>, Fault> {
        Ok(Code(self.column()?.measure))
    }

    /// The values of the pivot (列维度取值), in its order; empty without a pivot.
    #[field(Public, Open)]
    pub fn pivot(self) -> Result<Vec<Ref<'v, DimensionValue>>, Fault> {
        let kept = kept(self.view, self.key.0)?;
        let values = kept.answer.pivot_of(self.column()?);
        Ok(values.map(|value| self.to((self.key.0, value.dimension, value.value))).collect())
    }

    /// What it is called (列标题): the measure, and the values of the pivot before it.
    #[field(Public, Open)]
    pub fn label(
        self,
        #[arg("Language of the label (语言); ZH_CN when absent.")] locale: Option<Code<LabelLocale>>,
    ) -> Result<String, Fault> {
        let kept = kept(self.view, self.key.0)?;
        let (view, locale, column) = (then(self.view, kept), language(locale), self.column()?);
        let item = column.measure.item();
        let mut parts: Vec<String> = kept.answer.pivot_of(column).map(|value| value.label(view, locale)).collect();
        parts.push(locale.pick(item.zh, item.en).to_owned());
        Ok(parts.join("·"))
    }

    /// Its unit (单位).
    #[field(Public, Open, example = "个")]
    pub fn unit(
        self,
        #[arg("Language of the unit (语言); ZH_CN when absent.")] locale: Option<Code<LabelLocale>>,
    ) -> Result<Text<'v>, Fault> {
        Ok(self.info(locale)?.unit())
    }

    /// How its values come together (可加性).
    #[field(Public, Open)]
    pub fn additivity(self) -> Result<Code<Additivity>, Fault> {
        Ok(self.info(None)?.additivity())
    }

    /// How it is worked out (指标定义).
    #[field(Public, Open)]
    pub fn definition(
        self,
        #[arg("Language of the definition (语言); ZH_CN when absent.")] locale: Option<Code<LabelLocale>>,
    ) -> Result<Text<'v>, Fault> {
        Ok(self.info(locale)?.definition())
    }

    /// The law behind it (法规依据), in Chinese; null where there is none.
    #[field(Public, Open, example = "国务院令第486号第六条")]
    pub fn legal_basis(self) -> Result<Option<Text<'v>>, Fault> {
        Ok(self.info(None)?.legal_basis())
    }
}

record! {
    /// A column of a report (报表列). Source: the catalog of measures.
    ReportColumn as "ReportColumn" by At, implements [], fields [ReportColumnFields::FIELDS], |_view, _at, _rule| true
}

impl<'v> Ref<'v, ReportRow> {
    fn row(self) -> Result<(&'v Kept, &'v Row), Fault> {
        let kept = kept(self.view, self.key.0)?;
        let (rows, at) = (&kept.answer.rows, self.key.1);
        Ok((kept, rows.get(at).unwrap_or_else(|| &kept.answer.totals[at - rows.len()])))
    }
}

/// The bodies behind a part of a report.
fn records<'v>(
    root: &'v View,
    kept: &Kept,
    key: &report::Key,
    measure: Option<ReportMeasure>,
    list: ListArgs<Organization>,
) -> Result<Conn<'v, Organization>, Fault> {
    let view = then(root, kept);
    let bodies = report::records(view, &kept.input, key, measure)?;
    let of = measure.map_or(0, |measure| measure.index() as u64 + 1);
    let number = key.iter().fold(of, |hash, part| hash.wrapping_mul(0x0100_0000_01b3).wrapping_add(*part));
    Conn::new(view, Source::Rows(number.cast_signed(), CodeRange::ALL, bodies.into()), list)
}

#[fields(ReportRowFields)]
impl<'v> Ref<'v, ReportRow> {
    /// The value of one of the dimensions (维度取值).
    #[field(Public, Open)]
    pub fn key(
        self,
        #[arg("The dimension (维度), one of those that rows are grouped by.")] of: Code<ReportDimension>,
    ) -> Result<Ref<'v, DimensionValue>, Fault> {
        let (kept, row) = self.row()?;
        let value = kept.answer.value(row, of.0).ok_or_else(|| {
            let (name, zh) = (of.0.value(), of.0.item().zh);
            Fault::input(
                format!("Rows are not grouped by {name}: add it to `dimensions`."),
                format!("明细行未按 {name}（{zh}）分组，请将其加入 dimensions。"),
            )
        })?;
        Ok(self.to((self.key.0, of.0, value.value)))
    }

    /// The values of all dimensions (各维度取值), in their order.
    #[field(Public, Open)]
    pub fn keys(self) -> Result<Vec<Ref<'v, DimensionValue>>, Fault> {
        let (kept, row) = self.row()?;
        let values = kept.answer.dimensions.iter().filter_map(|dimension| kept.answer.value(row, *dimension));
        Ok(values.map(|value| self.to((self.key.0, value.dimension, value.value))).collect())
    }

    /// The value of one of the measures (指标值), over all columns of a pivot.
    #[field(Public, Open)]
    pub fn value(
        self,
        #[arg("The measure (指标), one of those that the report asks for.")] of: Code<ReportMeasure>,
    ) -> Result<Ref<'v, MeasureValue>, Fault> {
        let (kept, _) = self.row()?;
        let at = kept.answer.measures.iter().position(|known| *known == of.0).ok_or_else(|| {
            let (name, zh) = (of.0.value(), of.0.item().zh);
            Fault::input(
                format!("The report does not ask for {name}: add it to `measures`."),
                format!("报表未统计 {name}（{zh}），请将其加入 measures。"),
            )
        })?;
        Ok(self.to((self.key, true, at)))
    }

    /// The values of all columns (各列数值), in their order.
    #[field(Public, Open)]
    pub fn values(self) -> Result<Vec<Ref<'v, MeasureValue>>, Fault> {
        let (_, row) = self.row()?;
        Ok((0..row.cells.len()).map(|at| self.to((self.key, false, at))).collect())
    }

    /// Whether it is a total (是否合计行).
    #[field(Public, Open)]
    pub fn is_total(self) -> Result<bool, Fault> {
        Ok(self.row()?.1.is_total)
    }

    /// The bodies behind the row (明细机构), as the viewer may see them; of changes those before and after that exist on the day.
    #[field(Public, Open, cost = 64)]
    pub fn records(self, #[group] list: ListArgs<Organization>) -> Result<Conn<'v, Organization>, Fault> {
        let (kept, row) = self.row()?;
        records(self.view, kept, &row.key, None, list)
    }
}

record! {
    /// A row of a report (报表行): a group, or a total. Source: computed at each query.
    ReportRow as "ReportRow" by At, implements [], fields [ReportRowFields::FIELDS], |_view, _at, _rule| true
}

impl<'v> Ref<'v, MeasureValue> {
    fn cell(self) -> Result<(&'v Kept, &'v Row, ReportMeasure, &'v Cell), Fault> {
        let (at, whole, place) = self.key;
        let (kept, row) = self.to::<ReportRow>(at).row()?;
        Ok(if whole {
            (kept, row, kept.answer.measures[place], &row.whole[place])
        } else {
            (kept, row, kept.answer.columns[place].measure, &row.cells[place])
        })
    }

    /// Numerator or denominator, where there is a value.
    fn part(self, read: fn((i64, i64)) -> i64) -> Result<Option<Int64>, Fault> {
        let (_, _, _, cell) = self.cell()?;
        Ok((cell.state == MeasureState::Ok).then(|| Int64(read(cell.pair))))
    }
}

#[fields(MeasureValueFields)]
impl<'v> Ref<'v, MeasureValue> {
    /// The measure (指标).
    #[field(Public, Open)]
    pub fn measure(self) -> Result<Code<ReportMeasure>, Fault> {
        Ok(Code(self.cell()?.2))
    }

    /// The value (数值), rounded half up (四舍五入); null unless `state` is OK. Unit: that of its column.
    #[field(Public, Open)]
    pub fn value(self) -> Result<Option<Decimal>, Fault> {
        let (kept, _, measure, cell) = self.cell()?;
        Ok(report::shown(measure, cell, kept.answer.decimals).value.map(Decimal))
    }

    /// The value as it is printed (显示文本), with all of its decimals; null unless `state` is OK.
    #[field(Public, Open, example = "31.99")]
    pub fn text(self) -> Result<Option<String>, Fault> {
        let (kept, _, measure, cell) = self.cell()?;
        Ok(report::shown(measure, cell, kept.answer.decimals).value.map(crate::domain::Decimal::text))
    }

    /// The numerator (分子): of a measure that is no ratio the value itself.
    #[field(Public, Open, unit = "that of what is counted", example = "2687")]
    pub fn numerator(self) -> Result<Option<Int64>, Fault> {
        self.part(|pair| pair.0)
    }

    /// The denominator of a ratio (分母); null for other measures.
    #[field(Public, Open, unit = "that of what is counted", example = "84")]
    pub fn denominator(self) -> Result<Option<Int64>, Fault> {
        let ratio = self.cell()?.2.spec().denominator.is_some();
        Ok(self.part(|pair| pair.1)?.filter(|_| ratio))
    }

    /// What it is compared with (比较值); null where there is nothing to compare with.
    #[field(Public, Open)]
    pub fn previous(self) -> Result<Option<Decimal>, Fault> {
        let (kept, _, measure, cell) = self.cell()?;
        Ok(report::shown(measure, cell, kept.answer.decimals).previous.map(Decimal))
    }

    /// How much larger it is (增减), taken before rounding.
    #[field(Public, Open)]
    pub fn delta(self) -> Result<Option<Decimal>, Fault> {
        let (kept, _, measure, cell) = self.cell()?;
        Ok(report::shown(measure, cell, kept.answer.decimals).delta.map(Decimal))
    }

    /// The same in percent of what it is compared with (增减幅度); null where that is zero.
    #[field(Public, Open)]
    pub fn delta_percent(self) -> Result<Option<Decimal>, Fault> {
        let (kept, _, measure, cell) = self.cell()?;
        Ok(report::shown(measure, cell, kept.answer.decimals).percent.map(Decimal))
    }

    /// Its place among the rows of the report (位次), 1 for the largest, the same for equal ones; null in totals.
    #[field(Public, Open, unit = "place (位)", example = "1")]
    pub fn rank(self) -> Result<Option<Int64>, Fault> {
        Ok(self.cell()?.3.rank.map(|rank| Int64(rank.into())))
    }

    /// What it is worth (数值状态).
    #[field(Public, Open)]
    pub fn state(self) -> Result<Code<MeasureState>, Fault> {
        Ok(Code(self.cell()?.3.state))
    }

    /// The bodies that add to it (明细机构), as the viewer may see them; of a ratio those that add to the numerator.
    #[field(Public, Open, cost = 64)]
    pub fn records(self, #[group] list: ListArgs<Organization>) -> Result<Conn<'v, Organization>, Fault> {
        let (kept, row, measure, _) = self.cell()?;
        let mut key = row.key;
        if let ((.., false, place), rows) = (self.key, kept.answer.dimensions.len()) {
            let column = &kept.answer.columns[place].key;
            (rows..rows + kept.answer.pivot.len()).for_each(|at| key[at] = column[at]);
        }
        records(self.view, kept, &key, Some(measure), list)
    }
}

record! {
    /// The value of a measure in a group (指标值). Source: computed at each query.
    MeasureValue as "MeasureValue" by (At, bool, usize), implements [], fields [MeasureValueFields::FIELDS], |_view, _at, _rule| true
}

impl<'v> Ref<'v, DimensionValue> {
    fn value(self) -> Result<(&'v View, Value<'v>), Fault> {
        let (number, dimension, value) = self.key;
        let kept = kept(self.view, number)?;
        Ok((then(self.view, kept), Value { dimension, value, texts: &kept.answer.texts }))
    }
}

#[fields(DimensionValueFields)]
impl<'v> Ref<'v, DimensionValue> {
    /// The dimension (维度).
    #[field(Public, Open)]
    pub fn dimension(self) -> Code<ReportDimension> {
        Code(self.key.1)
    }

    /// The value for programs (取值代码): a code of a code list or of a division, a date, else a name; null in totals and where there is none.
    #[field(Public, Open, example = "INTERNAL_OFFICE")]
    pub fn code(self) -> Result<Option<String>, Fault> {
        let (view, value) = self.value()?;
        Ok(value.code(view))
    }

    /// What it is called (取值名称): 合计 in totals, 未登记 where there is none.
    #[field(Public, Open, example = "内设机构")]
    pub fn label(
        self,
        #[arg("Language of the label (语言); ZH_CN when absent.")] locale: Option<Code<LabelLocale>>,
    ) -> Result<String, Fault> {
        let (view, value) = self.value()?;
        Ok(value.label(view, language(locale)))
    }

    /// Whether it stands for all values, in a total (是否合计).
    #[field(Public, Open)]
    pub fn is_total(self) -> Result<bool, Fault> {
        Ok(self.value()?.1.is_total())
    }

    /// Whether there is no value (是否无值), which is a group of its own and no total.
    #[field(Public, Open)]
    pub fn is_null(self) -> Result<bool, Fault> {
        Ok(self.value()?.1.is_null())
    }

    /// The object that it stands for (对应对象): a division, a body, a post, a reform, a pattern or a change; null for other values, and for a
    /// body that is gone.
    #[field(Public, Open)]
    pub fn object(self) -> Result<Option<NodeRef<'v>>, Fault> {
        let (view, value) = self.value()?;
        if value.code(view).is_none() {
            return Ok(None);
        }
        let at = unpacked(value.value);
        let of = |kind, id| NodeRef::of_record(view, kind, id);
        Ok(match value.dimension.spec().meaning {
            Meaning::Division => {
                let division = view.division(crate::domain::DivisionCode::from_number(value.value));
                division.and_then(|division| of(RecordKind::Division, view.division_id(division)))
            }
            Meaning::Organization => view.organization(at).map(|_| OrganizationRef::new(view, at).into()),
            Meaning::Post => of(RecordKind::LeadershipPost, view.post_id(at)),
            Meaning::Pattern => of(RecordKind::SettingPattern, view.pattern_id(at)),
            Meaning::Reform => of(RecordKind::Reform, view.reform_id(at)),
            Meaning::Change => of(RecordKind::OrganizationChange, view.change_id(at)),
            Meaning::Code(_) | Meaning::Truth | Meaning::Text => None,
            Meaning::Year | Meaning::Quarter | Meaning::Month | Meaning::Day => None,
        })
    }
}

record! {
    /// The value of a dimension (维度取值). Source: the register, as of the day of the report.
    DimensionValue as "DimensionValue" by (usize, ReportDimension, u64), implements [], fields [DimensionValueFields::FIELDS],
    |_view, _at, _rule| true
}

#[fields(ReportWarningFields)]
impl<'v> Ref<'v, ReportWarningOf> {
    /// Code from a closed list (提示代码).
    #[field(Public, Open)]
    pub fn code(self) -> Result<Code<ReportWarning>, Fault> {
        kept(self.view, self.key.0).map(|kept| Code(kept.answer.warnings[self.key.1].code))
    }

    /// In words, in the language of the request (提示说明).
    #[field(Public, Open, example = "having 排除了 3 组；合计仍包含这些分组。")]
    pub fn text(self) -> Result<Text<'v>, Fault> {
        kept(self.view, self.key.0).map(|kept| Text(&kept.answer.warnings[self.key.1].text))
    }
}

record! {
    /// Something that is to be known of a report (报表提示). Source: computed at each query.
    ReportWarningOf as "ReportNotice" by At, implements [], fields [ReportWarningFields::FIELDS], |_view, _at, _rule| true
}
