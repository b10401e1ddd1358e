//! The catalog: what reports can be made of, as far as the viewer may.

use crate::domain::{CodeList, CodeRange, Locale};
use crate::graph::engine::{Code, Ref, Text};
use crate::policy::{Class, Rule, View};
use crate::record;
use crate::report::{
    Additivity, Dimension, Measure, Part, ReportDimension, ReportFact, ReportMeasure, ReportSegment,
    dimensions_of,
};
use tiaokuai_macros::fields;

/// Whether a viewer may read what a rule protects anywhere: what is for nobody's eyes is not in the catalog.
fn may(view: &View, rule: Rule) -> bool {
    !view.reached(&[rule], CodeRange::ALL).is_empty()
}

#[fields(ReportCatalogFields)]
impl<'v> Ref<'v, ReportCatalog> {
    /// The dimensions (维度), about forty.
    #[field(Public, Open, cost = 4)]
    pub fn dimensions(self) -> Vec<Ref<'v, ReportDimensionInfo>> {
        let all = (0..).map_while(ReportDimension::at).filter(|d| may(self.view, d.spec().rule));
        all.map(|dimension| self.to((dimension, self.key))).collect()
    }

    /// The measures (指标), about seventy.
    #[field(Public, Open, cost = 4)]
    pub fn measures(self) -> Vec<Ref<'v, ReportMeasureInfo>> {
        let all = (0..).map_while(ReportMeasure::at).filter(|m| may(self.view, m.spec().rule));
        all.map(|measure| self.to((measure, self.key))).collect()
    }

    /// The segments (常用口径), about ten.
    #[field(Public, Open)]
    pub fn segments(self) -> Vec<Ref<'v, ReportSegmentInfo>> {
        let all = (0..).map_while(ReportSegment::at).filter(|s| may(self.view, s.spec().rule));
        all.map(|segment| self.to((segment, self.key))).collect()
    }
}

record! {
    /// What reports can be made of (报表目录). Source: the program, one definition each.
    ReportCatalog as "ReportCatalog" by Locale, implements [], fields [ReportCatalogFields::FIELDS], |_view, _at, _rule| true
}

impl Ref<'_, ReportDimensionInfo> {
    fn spec(self) -> &'static Dimension {
        self.key.0.spec()
    }
}

#[fields(ReportDimensionInfoFields)]
impl<'v> Ref<'v, ReportDimensionInfo> {
    /// The dimension (维度).
    #[field(Public, Open)]
    pub fn name(self) -> Code<ReportDimension> {
        Code(self.key.0)
    }

    /// What it is called (名称).
    #[field(Public, Open, example = "机构类别")]
    pub fn label(self) -> Text<'v> {
        let item = self.key.0.item();
        Text(self.key.1.pick(item.zh, item.en))
    }

    /// What its values are (定义).
    #[field(Public, Open, example = "所在县级行政区划")]
    pub fn definition(self) -> Text<'v> {
        let (zh, en) = self.spec().definition;
        Text(self.key.1.pick(zh, en))
    }

    /// Class of the data (数据分级).
    #[field(Public, Open)]
    pub fn class(self) -> Code<Class> {
        Code(self.spec().class)
    }

    /// The measures that can be grouped by it (适用指标).
    #[field(Public, Open, cost = 4)]
    pub fn measures(self) -> Vec<Code<ReportMeasure>> {
        let all = (0..).map_while(ReportMeasure::at).filter(|m| may(self.view, m.spec().rule));
        all.filter(|measure| self.spec().level.is_of(measure.spec().fact())).map(Code).collect()
    }
}

record! {
    /// A dimension of reports (维度说明). Source: the program.
    ReportDimensionInfo as "ReportDimensionInfo" by (ReportDimension, Locale), implements [], fields [ReportDimensionInfoFields::FIELDS],
    |_view, _at, _rule| true
}

impl Ref<'_, ReportMeasureInfo> {
    fn spec(self) -> &'static Measure {
        self.key.0.spec()
    }
}

#[fields(ReportMeasureInfoFields)]
impl<'v> Ref<'v, ReportMeasureInfo> {
    /// The measure (指标).
    #[field(Public, Open)]
    pub fn name(self) -> Code<ReportMeasure> {
        Code(self.key.0)
    }

    /// What it is called (名称).
    #[field(Public, Open, example = "核定编制")]
    pub fn label(self) -> Text<'v> {
        let item = self.key.0.item();
        Text(self.key.1.pick(item.zh, item.en))
    }

    /// Its unit (单位).
    #[field(Public, Open, example = "个")]
    pub fn unit(self) -> Text<'v> {
        let (zh, en) = self.spec().unit;
        Text(self.key.1.pick(zh, en))
    }

    /// How its values come together (可加性).
    #[field(Public, Open)]
    pub fn additivity(self) -> Code<Additivity> {
        Code(self.spec().additivity)
    }

    /// How it is worked out (定义).
    #[field(Public, Open, example = "空编 ÷ 核定编制")]
    pub fn definition(self) -> Text<'v> {
        let (zh, en) = self.spec().definition;
        Text(self.key.1.pick(zh, en))
    }

    /// The law behind it (法规依据), in Chinese; null where there is none.
    #[field(Public, Open, example = "国务院令第486号第六条")]
    pub fn legal_basis(self) -> Option<Text<'v>> {
        self.spec().basis.map(Text)
    }

    /// Class of the data (数据分级).
    #[field(Public, Open)]
    pub fn class(self) -> Code<Class> {
        Code(self.spec().class)
    }

    /// What it counts, one row each (统计对象).
    #[field(Public, Open)]
    pub fn fact(self) -> Code<ReportFact> {
        Code(self.spec().fact())
    }

    /// The dimensions by which it can be grouped (可用维度).
    #[field(Public, Open, cost = 4)]
    pub fn dimensions(self) -> Vec<Code<ReportDimension>> {
        dimensions_of(self.key.0).filter(|d| may(self.view, d.spec().rule)).map(Code).collect()
    }

    /// The parts of `where` that narrow it (可用筛选), such as `township`.
    #[field(Public, Open)]
    pub fn filters(self) -> Vec<Text<'v>> {
        let all = [Part::Township, Part::Organization, Part::LeadershipPost, Part::Appointment, Part::Change];
        all.into_iter().filter(|part| part.is_of(self.spec().fact())).map(|part| Text(part.name())).collect()
    }
}

record! {
    /// A measure of reports (指标说明). Source: the program.
    ReportMeasureInfo as "ReportMeasureInfo" by (ReportMeasure, Locale), implements [], fields [ReportMeasureInfoFields::FIELDS],
    |_view, _at, _rule| true
}

#[fields(ReportSegmentInfoFields)]
impl<'v> Ref<'v, ReportSegmentInfo> {
    /// The segment (口径).
    #[field(Public, Open)]
    pub fn name(self) -> Code<ReportSegment> {
        Code(self.key.0)
    }

    /// What it is called (名称).
    #[field(Public, Open, example = "沿边乡镇")]
    pub fn label(self) -> Text<'v> {
        let item = self.key.0.item();
        Text(self.key.1.pick(item.zh, item.en))
    }

    /// What is in it (定义).
    #[field(Public, Open, example = "沿边的乡级区划")]
    pub fn definition(self) -> Text<'v> {
        let (zh, en) = self.key.0.spec().definition;
        Text(self.key.1.pick(zh, en))
    }
}

record! {
    /// A part of the register under a name (口径说明). Source: the program.
    ReportSegmentInfo as "ReportSegmentInfo" by (ReportSegment, Locale), implements [], fields [ReportSegmentInfoFields::FIELDS],
    |_view, _at, _rule| true
}
