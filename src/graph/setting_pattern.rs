//! SettingPattern: which bodies a township should have, and how one departs from it.

use super::engine::{Code, Gid, Ref, Tag, Text};
use super::{
    Identified, InternalOffice, NodeFields, OrganizationRef, PublicInstitution, TemporalFields,
    TemporalRecord, Township,
};
use crate::domain::setting_pattern::{Body, Deviation, Slot, deviations as compare};
use crate::domain::{
    DeviationKind, DivisionTrait, OrganizationCategory, OrganizationField, OrganizationKind, Validity,
};
use crate::record;
use crate::snapshot::{Handle, PatternRow};
use tiaokuai_macros::fields;

impl Identified for SettingPattern {
    fn gid(of: Ref<'_, Self>) -> Gid {
        Gid::seal(of.view.id_seal(), Tag::SettingPattern, of.view.pattern_id(of.key))
    }
}

impl TemporalRecord for SettingPattern {
    fn validity(of: Ref<'_, Self>) -> Validity {
        of.row().validity
    }
    fn document(of: Ref<'_, Self>) -> Option<i64> {
        of.row().document
    }
}

impl<'v> Ref<'v, SettingPattern> {
    fn row(self) -> &'v PatternRow {
        self.view.pattern_row(self.key)
    }
}

#[fields(SettingPatternFields)]
impl<'v> Ref<'v, SettingPattern> {
    /// Name (模式名称).
    #[field(Public, Open, filter, example = "虚构县“7+5”模式")]
    pub fn name(self) -> Text<'v> {
        Text(self.view.text(self.key, self.row().name))
    }

    /// Short notation (简称), such as 7+5 or 三局五办六中心; null when the pattern is given by its slots only.
    #[field(Public, Open, filter)]
    pub fn notation(self) -> Option<Text<'v>> {
        self.row().notation.map(|n| Text(self.view.text(self.key, n)))
    }

    /// Its slots (机构设置项), read from the notation where there is one; at most a few dozen.
    #[field(Public, Open, relation)]
    pub fn slots(self) -> Vec<Ref<'v, SettingSlot>> {
        (0..self.row().slots.len()).map(|slot| self.to(SlotKey { pattern: self.key, slot })).collect()
    }
}

record! {
    /// A setting pattern (机构设置模式) for the townships of a county. Source: the guidance of the province and the county
    /// (指导意见).
    SettingPattern as "SettingPattern" by Handle, implements ["Node", "Temporal"],
    fields [NodeFields::<SettingPattern>::FIELDS, TemporalFields::<SettingPattern>::FIELDS, SettingPatternFields::FIELDS],
    |view, at, rule| view.covers(rule, view.home(at))
}

/// A slot of a pattern.
#[derive(Clone, Copy)]
pub struct SlotKey {
    pattern: Handle,
    slot: usize,
}

impl<'v> Ref<'v, SettingSlot> {
    fn slot(self) -> &'v Slot {
        &self.view.pattern_row(self.key.pattern).slots[self.key.slot]
    }
}

#[fields(SettingSlotFields)]
impl<'v> Ref<'v, SettingSlot> {
    /// What the slot is called (设置项名称), such as 办 or 农业农村办公室或城市管理办公室.
    #[field(Public, Open, filter)]
    pub fn label(self) -> Text<'v> {
        Text(&self.slot().label)
    }

    /// Only bodies of this kind fill it (机构类别); any kind when null.
    #[field(Public, Open, filter)]
    pub fn kind(self) -> Option<Code<OrganizationKind>> {
        self.slot().kind.map(Code)
    }

    /// Only bodies of this form fill it (机构形态); any form when null.
    #[field(Public, Open, filter)]
    pub fn category(self) -> Option<Code<OrganizationCategory>> {
        self.slot().category.map(Code)
    }

    /// Only bodies of one of these business fields fill it (业务领域, either/or); any when empty.
    #[field(Public, Open, relation)]
    pub fn fields(self) -> Vec<Code<OrganizationField>> {
        self.slot().fields.iter().copied().map(Code).collect()
    }

    /// Only featured bodies (特色机构) fill it, or only others; both when null.
    #[field(Public, Open, filter)]
    pub fn featured(self) -> Option<bool> {
        self.slot().featured
    }

    /// The fewest bodies that fill it (最少个数).
    #[field(Public, Open, filter, unit = "bodies (个)", example = "1")]
    pub fn min(self) -> i32 {
        self.slot().min.cast_signed()
    }

    /// The most bodies that it holds (最多个数).
    #[field(Public, Open, filter, unit = "bodies (个)", example = "7")]
    pub fn max(self) -> i32 {
        self.slot().max.cast_signed()
    }

    /// The trait of the division without which the slot does not exist (适用条件); always when null.
    #[field(Public, Open, filter)]
    pub fn condition(self) -> Option<Code<DivisionTrait>> {
        self.slot().condition.map(Code)
    }
}

record! {
    /// A slot of a setting pattern (机构设置项). Source: the pattern.
    SettingSlot as "SettingSlot" by SlotKey, implements [], fields [SettingSlotFields::FIELDS], |_view, _at, _rule| true
}

/// A deviation of a township.
#[derive(Clone, Copy)]
pub struct DeviationKey {
    pub(super) township: Handle,
    pub(super) deviation: Deviation,
}

/// The offices and institutions of a township, which patterns count.
fn counted(township: Ref<'_, Township>) -> Vec<Handle> {
    let offices = township.bodies_of::<InternalOffice>();
    offices.chain(township.bodies_of::<PublicInstitution>()).collect()
}

/// Compares a township with its pattern.
pub(super) fn deviations(township: Ref<'_, Township>) -> Vec<Deviation> {
    let view = township.view;
    let Some(pattern) = view.pattern_of(township.key) else { return Vec::new() };
    let bodies: Vec<Body> =
        counted(township).into_iter().filter_map(|handle| view.pattern_body(handle)).collect();
    let division = township.version().and_then(|v| view.division(v.division));
    let traits = division.map_or(&[][..], |d| &view.division_row(d).traits);
    compare(&view.pattern_row(pattern).slots, &bodies, traits)
}

#[fields(PatternDeviationFields)]
impl<'v> Ref<'v, PatternDeviation> {
    /// Missing, too many, or outside the pattern (偏差类型): 缺设, 超设 or 模式外.
    #[field(Internal, Numbers, filter)]
    pub fn kind(self) -> Code<DeviationKind> {
        Code(self.key.deviation.kind)
    }

    /// The slot (设置项); null for a body that no slot provides for.
    #[field(Internal, Numbers, relation)]
    pub fn slot(self) -> Option<Ref<'v, SettingSlot>> {
        let (slot, pattern) = (self.key.deviation.slot?, self.view.pattern_of(self.key.township)?);
        Some(self.to(SlotKey { pattern, slot }))
    }

    /// How many bodies too few or too many (相差个数).
    #[field(Internal, Numbers, filter, unit = "bodies (个)", example = "1")]
    pub fn count(self) -> i32 {
        self.key.deviation.count.cast_signed()
    }

    /// The body that no slot provides for (模式外机构); null for a slot.
    #[field(Internal, Numbers, relation)]
    pub fn organization(self) -> Option<OrganizationRef<'v>> {
        let handle = *counted(self.to(self.key.township)).get(self.key.deviation.body?)?;
        Some(OrganizationRef::new(self.view, handle))
    }

    /// The deviation in a sentence (偏差说明), in Chinese.
    #[field(Internal, Numbers, filter, example = "缺设“事业单位”1个")]
    pub fn text(self) -> String {
        let count = self.key.deviation.count;
        let pattern = self.view.pattern_of(self.key.township).map(|p| self.view.pattern_row(p));
        let slot =
            self.key.deviation.slot.and_then(|s| pattern?.slots.get(s)).map_or("", |s| s.label.as_str());
        match self.key.deviation.kind {
            DeviationKind::Missing => format!("缺设“{slot}”{count}个"),
            DeviationKind::TooMany => format!("超设“{slot}”{count}个"),
            DeviationKind::Unplanned => {
                let name = match self.organization() {
                    Some(OrganizationRef::InternalOffice(of)) => Ref::<InternalOffice>::name(of).0,
                    Some(OrganizationRef::PublicInstitution(of)) => Ref::<PublicInstitution>::name(of).0,
                    _ => "",
                };
                format!("模式外机构“{name}”")
            }
        }
    }
}

record! {
    /// How a township departs from its pattern (机构设置偏差). Source: computed at each query. Handed out only to those who may read it.
    PatternDeviation as "PatternDeviation" by DeviationKey, implements [], fields [PatternDeviationFields::FIELDS],
    |_view, _at, _rule| true
}
