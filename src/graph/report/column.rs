//! Columns of a report, and what is to be known of it.

use super::{At, DimensionValue, ReportMeasureInfo, kept, language, then};
use crate::domain::{CodeList, Fault, LabelLocale};
use crate::graph::engine::{Code, Ref, Text};
use crate::record;
use crate::report::{Additivity, Column, ReportMeasure, ReportWarning};
use tiaokuai_macros::fields;

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
        Ok(values.map(|value| self.to((self.key.0, value.dimension, value.value, value.of_part))).collect())
    }

    /// What it is called (列标题): the measure, and the values of the pivot before it.
    #[field(Public, Open, example = "镇·机构数")]
    pub fn label(
        self,
        #[arg("Language of the label (语言); ZH_CN when absent.")] locale: Option<Code<LabelLocale>>,
    ) -> Result<String, Fault> {
        let kept = kept(self.view, self.key.0)?;
        let (view, locale, column) = (then(self.view, kept), language(locale), self.column()?);
        let item = column.measure.item();
        let mut parts: Vec<String> =
            kept.answer.pivot_of(column).map(|value| value.label(view, locale)).collect();
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
    #[field(Public, Open, example = "空编 ÷ 核定编制")]
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

#[fields(ReportWarningFields)]
impl<'v> Ref<'v, ReportWarningOf> {
    /// Code from a closed list (提示代码).
    #[field(Public, Open)]
    pub fn code(self) -> Result<Code<ReportWarning>, Fault> {
        kept(self.view, self.key.0).map(|kept| Code(kept.answer.warnings[self.key.1].code))
    }

    /// In words, in the language of the request (提示说明).
    #[field(Public, Open, example = "按条件未列 3 组；合计仍包含这些分组。")]
    pub fn text(self) -> Result<Text<'v>, Fault> {
        kept(self.view, self.key.0).map(|kept| Text(&kept.answer.warnings[self.key.1].text))
    }
}

record! {
    /// Something that is to be known of a report (报表提示). Source: computed at each query.
    ReportWarningOf as "ReportNotice" by At, implements [], fields [ReportWarningFields::FIELDS], |_view, _at, _rule| true
}
