//! The register as a whole, and the code lists.

use super::engine::{DateTime, Int64, Listed, Ref, Text};
use super::{
    Appointment, Department, Division, InternalOffice, LeadershipPost, PublicInstitution, SearchKind,
    SecondedAgency, Township,
};
use crate::domain::{self, CodeItem, CodeList, CodeRange, Fault};
use crate::policy::{Class, Rule, SearchField, View};
use crate::record;
use tiaokuai_macros::fields;

/// What is real and what is not, in the language of the viewer; nothing when everything is real.
#[must_use]
pub fn notice(view: &View) -> Option<&'static str> {
    let text = view.locale().pick(
        "演示数据：行政区划真实（以99开头的代码除外）；人员、数字及多数机构均为合成。",
        "Demonstration data: divisions are real (except codes that begin with 99); persons, numbers and most bodies are synthetic.",
    );
    view.is_synthetic().then_some(text)
}

fn count<T: Listed>(view: &View) -> i64 {
    T::scan(view, CodeRange::ALL).fold(0, |count, _| count + 1)
}

/// How many records the viewer sees today, with labels in Chinese and English: for the start page.
#[must_use]
pub fn counts(view: &View) -> Vec<(&'static str, &'static str, i64)> {
    vec![
        ("行政区划", "divisions", count::<Division>(view)),
        ("乡镇、街道", "townships and sub-districts", count::<Township>(view)),
        ("内设机构", "internal offices", count::<InternalOffice>(view)),
        ("事业单位", "public institutions", count::<PublicInstitution>(view)),
        ("派驻机构", "seconded agencies", count::<SecondedAgency>(view)),
        ("部门", "departments", count::<Department>(view)),
        ("领导职务", "leadership posts", count::<LeadershipPost>(view)),
        ("现行任职", "appointments in force", count::<Appointment>(view)),
    ]
}

#[fields(RegisterInfoFields)]
impl<'v> Ref<'v, RegisterInfo> {
    /// Revision of the register (修订号): 1, 2, 3, … The whole answer is of this revision.
    #[field(Public, Open, unit = "revisions (次)", example = "2")]
    pub fn revision(self) -> Int64 {
        Int64(self.view.revision())
    }

    /// When this revision was read into memory (载入时间), in UTC.
    #[field(Public, Open)]
    pub fn loaded_at(self) -> DateTime {
        DateTime(self.view.loaded_at().to_owned())
    }

    /// How long reading this revision into memory took (载入耗时): all of the register at start, later what had changed.
    #[field(Internal, Undisclosed, unit = "milliseconds (毫秒)", example = "8200")]
    pub fn load_time(self) -> Int64 {
        Int64(self.view.load_millis().cast_signed())
    }

    /// How much memory this revision takes (内存占用).
    #[field(Internal, Undisclosed, unit = "mebibytes (MiB)", example = "610")]
    pub fn memory(self) -> Int64 {
        Int64(i64::try_from(self.view.memory()).unwrap_or(i64::MAX))
    }

    /// Whether synthetic data were loaded (是否含演示数据). Where true: divisions are real, except codes that begin with 99;
    /// persons, numbers and most bodies are made up.
    #[field(Public, Open)]
    pub fn synthetic(self) -> bool {
        self.view.is_synthetic()
    }

    /// What is real and what is not, in words for a page (数据说明); null when everything is real.
    #[field(Public, Open, example = "演示数据：行政区划真实")]
    pub fn notice(self) -> Option<Text<'v>> {
        notice(self.view).map(Text)
    }

    /// How many records the viewer sees on the day of the request (记录数), fictional divisions included.
    #[field(Public, Open)]
    pub fn counts(self) -> Ref<'v, RegisterCounts> {
        self.to(())
    }
}

record! {
    /// The register as a whole (登记库概况).
    RegisterInfo as "RegisterInfo" by (), implements [], fields [RegisterInfoFields::FIELDS],
    |view, _at, rule| view.covers(rule, CodeRange::ALL)
}

impl Ref<'_, RegisterCounts> {
    fn count<T: Listed>(self) -> Result<Int64, Fault> {
        let count = count::<T>(self.view);
        // A count is charged by what it walks over, at a sixteenth of a record that is written.
        self.view.meter().charge(count.cast_unsigned() / 16 + 1)?;
        Ok(Int64(count))
    }
}

#[fields(RegisterCountsFields)]
impl Ref<'_, RegisterCounts> {
    /// Divisions of all levels (行政区划).
    #[field(Public, Open, unit = "records (条)", example = "44719")]
    pub fn divisions(self) -> Result<Int64, Fault> {
        self.count::<Division>()
    }
    /// Townships and sub-districts (乡镇、街道).
    #[field(Public, Open, unit = "records (条)", example = "159")]
    pub fn townships(self) -> Result<Int64, Fault> {
        self.count::<Township>()
    }
    /// Internal offices (内设机构).
    #[field(Public, Open, unit = "records (条)", example = "700")]
    pub fn internal_offices(self) -> Result<Int64, Fault> {
        self.count::<InternalOffice>()
    }
    /// Public institutions (事业单位).
    #[field(Public, Open, unit = "records (条)", example = "600")]
    pub fn public_institutions(self) -> Result<Int64, Fault> {
        self.count::<PublicInstitution>()
    }
    /// Seconded agencies (派驻机构).
    #[field(Public, Open, unit = "records (条)", example = "400")]
    pub fn seconded_agencies(self) -> Result<Int64, Fault> {
        self.count::<SecondedAgency>()
    }
    /// Departments of the county and above (部门).
    #[field(Public, Open, unit = "records (条)", example = "60")]
    pub fn departments(self) -> Result<Int64, Fault> {
        self.count::<Department>()
    }
    /// Leadership posts (领导职务).
    #[field(Public, Open, unit = "records (条)", example = "3000")]
    pub fn leadership_posts(self) -> Result<Int64, Fault> {
        self.count::<LeadershipPost>()
    }
    /// Appointments in force (现行任职).
    #[field(Public, Open, unit = "records (条)", example = "2000")]
    pub fn appointments(self) -> Result<Int64, Fault> {
        self.count::<Appointment>()
    }
}

record! {
    /// How many records there are (记录数).
    RegisterCounts as "RegisterCounts" by (), implements [], fields [RegisterCountsFields::FIELDS], |_view, _at, _rule| true
}

/// A code list by its place among all.
type List = (&'static str, &'static str, &'static [CodeItem]);

const fn list<T: CodeList>() -> List {
    (T::NAME, T::DOC, T::ITEMS)
}

/// All code lists, by name.
pub const CODE_LISTS: &[List] = &[
    list::<domain::ActKind>(),
    list::<crate::report::Additivity>(),
    list::<crate::report::AgeBand>(),
    list::<domain::AgencyKind>(),
    list::<domain::AppointmentKind>(),
    list::<domain::AppointmentMode>(),
    list::<domain::AppointmentState>(),
    list::<domain::ChangeKind>(),
    list::<domain::ConsultationKind>(),
    list::<Class>(),
    list::<domain::DeviationKind>(),
    list::<domain::DivisionLevel>(),
    list::<domain::DivisionTrait>(),
    list::<domain::DivisionType>(),
    list::<domain::ErrorCode>(),
    list::<domain::DraftState>(),
    list::<domain::EstablishmentType>(),
    list::<crate::report::ExportFormat>(),
    list::<domain::InstitutionRank>(),
    list::<domain::ManagementMode>(),
    list::<crate::report::MeasureState>(),
    list::<domain::OrganizationCategory>(),
    list::<domain::OrganizationField>(),
    list::<domain::OrganizationKind>(),
    list::<domain::PersonnelIdentity>(),
    list::<crate::report::PopulationBand>(),
    list::<domain::PostLevel>(),
    list::<domain::PostPosition>(),
    list::<crate::act::Problem>(),
    list::<domain::PublicInstitutionClass>(),
    list::<domain::RecordKind>(),
    list::<crate::report::ReportDimension>(),
    list::<crate::report::ReportFact>(),
    list::<crate::report::ReportMeasure>(),
    list::<crate::report::ReportSegment>(),
    list::<crate::report::ReportWarning>(),
    list::<domain::Role>(),
    list::<Rule>(),
    list::<SearchField>(),
    list::<SearchKind>(),
    list::<crate::policy::Sharing>(),
    list::<domain::StaffingState>(),
    list::<crate::report::TextEncoding>(),
    list::<crate::report::TotalLevel>(),
    list::<domain::TownshipOrgan>(),
];

#[fields(CodeListFields)]
impl<'v> Ref<'v, CodeListOf> {
    /// Name of the list (代码表名称): that of its enum type.
    #[field(Public, Open, example = "DivisionType")]
    pub fn name(self) -> Text<'v> {
        Text(CODE_LISTS[self.key].0)
    }

    /// What it is about (说明).
    #[field(Public, Open, example = "Type of an administrative division (行政区划类型)")]
    pub fn description(self) -> Text<'v> {
        Text(CODE_LISTS[self.key].1.trim())
    }

    /// Its values in the order of the standard (代码值); at most a few dozen.
    #[field(Public, Open)]
    pub fn values(self) -> Vec<Ref<'v, CodeValue>> {
        CODE_LISTS[self.key].2.iter().map(|item| self.to(item)).collect()
    }
}

record! {
    /// A code list (代码表): a closed vocabulary with labels in two languages.
    CodeListOf as "CodeList" by usize, implements [], fields [CodeListFields::FIELDS], |_view, _at, _rule| true
}

#[fields(CodeValueFields)]
impl<'v> Ref<'v, CodeValue> {
    /// The value (代码), such as ETHNIC_TOWNSHIP.
    #[field(Public, Open)]
    pub fn value(self) -> Text<'v> {
        Text(self.key.value)
    }

    /// The label in Chinese (中文标签).
    #[field(Public, Open, example = "民族乡")]
    pub fn zh(self) -> Text<'v> {
        Text(self.key.zh)
    }

    /// The label in English (英文标签).
    #[field(Public, Open, example = "ethnic township")]
    pub fn en(self) -> Text<'v> {
        Text(self.key.en)
    }
}

record! {
    /// A value of a code list (代码值).
    CodeValue as "CodeValue" by &'static CodeItem, implements [], fields [CodeValueFields::FIELDS], |_view, _at, _rule| true
}
