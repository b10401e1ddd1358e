//! Rows of a report: the values of their dimensions and measures, and the records behind them.

use super::{At, Kept, kept, language, then};
use crate::domain::{CodeList, CodeRange, Fault, LabelLocale, RecordKind};
use crate::graph::engine::{Code, Conn, Decimal, Gid, Int64, ListArgs, Ref, Source, Tag};
use crate::graph::organization::tag as tag_of_kind;
use crate::graph::{NodeRef, Organization, OrganizationRef};
use crate::policy::View;
use crate::record;
use crate::report::{
    self, Cell, Meaning, MeasureState, ReportDimension, ReportMeasure, Row, Value, unpacked,
};
use tiaokuai_macros::fields;

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
        Ok(self.to((self.key.0, of.0, value.value, value.of_part)))
    }

    /// The values of all dimensions (各维度取值), in their order.
    #[field(Public, Open)]
    pub fn keys(self) -> Result<Vec<Ref<'v, DimensionValue>>, Fault> {
        let (kept, row) = self.row()?;
        let values = kept.answer.dimensions.iter().filter_map(|dimension| kept.answer.value(row, *dimension));
        Ok(values.map(|value| self.to((self.key.0, value.dimension, value.value, value.of_part))).collect())
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

/// The id of the record that a value stands for; nothing for other values.
#[must_use]
pub fn id_of_value(view: &View, value: Value<'_>) -> Option<String> {
    value.code(view)?;
    let at = unpacked(value.value);
    let (tag, id) = match value.dimension.spec().meaning {
        Meaning::Organization => (tag_of_kind(view.organization_row(at).kind), view.organization_id(at)),
        Meaning::Post => (Tag::LeadershipPost, view.post_id(at)),
        Meaning::Pattern => (Tag::SettingPattern, view.pattern_id(at)),
        Meaning::Reform => (Tag::Reform, view.reform_id(at)),
        Meaning::Change => (Tag::OrganizationChange, view.change_id(at)),
        Meaning::Code(_) | Meaning::Truth | Meaning::Text | Meaning::Division => return None,
        Meaning::Year | Meaning::Quarter | Meaning::Month | Meaning::Day => return None,
    };
    Some(Gid::seal(view.id_seal(), tag, id).text().to_owned())
}

impl<'v> Ref<'v, DimensionValue> {
    fn value(self) -> Result<(&'v View, Value<'v>), Fault> {
        let (number, dimension, value, of_part) = self.key;
        let kept = kept(self.view, number)?;
        Ok((then(self.view, kept), Value { dimension, value, of_part, texts: &kept.answer.texts }))
    }
}

#[fields(DimensionValueFields)]
impl<'v> Ref<'v, DimensionValue> {
    /// The dimension (维度).
    #[field(Public, Open)]
    pub fn dimension(self) -> Code<ReportDimension> {
        Code(self.key.1)
    }

    /// The value for programs (取值代码): a code of a code list or of a division, a date, else a name, which
    /// others may have too: `object` tells them apart; null in totals and where there is none.
    #[field(Public, Open, example = "INTERNAL_OFFICE")]
    pub fn code(self) -> Result<Option<String>, Fault> {
        let (view, value) = self.value()?;
        Ok(value.code(view))
    }

    /// What it is called (取值名称): 合计 in totals and 小计 in those of a part, （无） where there is none: it does not apply, or is not registered.
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
    DimensionValue as "DimensionValue" by (usize, ReportDimension, u64, bool), implements [], fields [DimensionValueFields::FIELDS],
    |_view, _at, _rule| true
}
