//! Dimensions: by what reports are grouped. One definition each, for the schema, the catalog and the computation.

use super::attribute::{
    age, date, departments, division, pattern, population_band, post, reform, staffing, text, township_type,
    with_trait,
};
use super::band::{AgeBand, PopulationBand};
use super::fact::{Fact, ReportFact};
use crate::code_list;
use crate::domain::{
    AgencyKind, AppointmentKind, AppointmentMode, ChangeKind, CodeItem, CodeList, ConsultationKind,
    DivisionTrait, DivisionType, EstablishmentType, InstitutionRank, ManagementMode, OrganizationCategory,
    OrganizationField, OrganizationKind, PersonnelIdentity, PostLevel, PostPosition, PublicInstitutionClass,
    StaffingState, TownshipOrgan,
};
use crate::policy::{Class, Rule};
use crate::snapshot::Handle;
use smallvec::SmallVec;

/// The value of a dimension in a group: no value.
pub const NULL: u64 = u64::MAX;
/// The value of a dimension in a group: all of its values together.
pub const ALL: u64 = u64::MAX - 1;

/// What a dimension looks at: facts that have it can be grouped by it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// The place of a fact, which all facts have.
    Place,
    /// Its body.
    Body,
    /// The type of its establishment.
    Establishment,
    /// Its post.
    Post,
    /// Its appointment.
    Appointment,
    /// The change that it is.
    Change,
}

impl Level {
    /// Whether facts of a kind have it.
    #[must_use]
    pub fn is_of(self, fact: ReportFact) -> bool {
        use ReportFact as F;
        match self {
            Self::Place => true,
            Self::Body => matches!(fact, F::Body | F::Establishment | F::Post | F::Appointment),
            Self::Establishment => fact == F::Establishment,
            Self::Post => matches!(fact, F::Post | F::Appointment),
            Self::Appointment => fact == F::Appointment,
            Self::Change => fact == F::Change,
        }
    }
}

/// What the values of a dimension mean.
#[derive(Debug, Clone, Copy)]
pub enum Meaning {
    /// Positions in a code list.
    Code(&'static [CodeItem]),
    /// Yes or no.
    Truth,
    /// Codes of divisions.
    Division,
    /// Organisations.
    Organization,
    /// Leadership posts.
    Post,
    /// Setting patterns.
    Pattern,
    /// Reforms.
    Reform,
    /// Changes of organisations.
    Change,
    /// Texts, by their hash.
    Text,
    /// Years.
    Year,
    /// Years and quarters: `2026 × 4 + 0` is the first of 2026.
    Quarter,
    /// Years and months: `2026 × 12 + 0` is January 2026.
    Month,
    /// Days since 1970-01-01, from the year 0 on.
    Day,
}

/// How the value of a fact is read.
pub enum Read {
    /// One value.
    One(fn(&Fact<'_, '_>) -> u64),
    /// Any number of values: the fact counts in each group, and once in totals.
    Many(fn(&Fact<'_, '_>) -> SmallVec<[u64; 4]>),
    /// A text.
    Text(for<'v> fn(&Fact<'_, 'v>) -> Option<&'v str>),
}

/// What is said about a dimension.
pub struct Dimension {
    /// What it looks at.
    pub level: Level,
    /// Class of the data.
    pub class: Class,
    /// Who may group by it.
    pub rule: Rule,
    /// What its values mean.
    pub meaning: Meaning,
    /// How its value is read.
    pub read: Read,
    /// What it is, in Chinese and English.
    pub definition: (&'static str, &'static str),
}

macro_rules! dimensions {
    ($($variant:ident = $value:literal, $zh:literal, $en:literal; $level:ident, $class:ident, $rule:ident, $meaning:expr, $read:expr, $def_zh:literal, $def_en:literal;)+) => {
        code_list! {
            /// By what reports are grouped (分组维度). `reportCatalog` says which measures can be grouped by it.
            ReportDimension { $($variant = $value, $zh, $en;)+ }
        }

        const ALL_OF_THEM: &[Dimension] = &[$(Dimension {
            level: Level::$level,
            class: Class::$class,
            rule: Rule::$rule,
            meaning: $meaning,
            read: $read,
            definition: ($def_zh, $def_en),
        }),+];
    };
}

use Meaning::{Code, Truth};
use Read::{Many, One, Text};

dimensions! {
    Province = "PROVINCE", "省级区划", "province";
        Place, Public, Open, Meaning::Division, One(|f| division(f, 2)), "所在省级行政区划", "the province in which it lies";
    Prefecture = "PREFECTURE", "地级区划", "prefecture";
        Place, Public, Open, Meaning::Division, One(|f| division(f, 4)), "所在地级行政区划；省本级机构为空", "the prefecture in which it lies; none for what is above";
    County = "COUNTY", "县级区划", "county";
        Place, Public, Open, Meaning::Division, One(|f| division(f, 6)), "所在县级行政区划；县以上机构为空", "the county in which it lies; none for what is above";
    Township = "TOWNSHIP", "乡级区划", "township";
        Place, Public, Open, Meaning::Division, One(|f| division(f, 9)), "所在乡级行政区划；县级及以上机构为空", "the township in which it lies; none for what is above";
    TownshipType = "TOWNSHIP_TYPE", "乡镇类型", "type of township";
        Place, Public, Open, Code(DivisionType::ITEMS), One(township_type), "所在乡级区划的类型（镇、乡、民族乡、街道），按代码判定", "town, township, ethnic township or sub-district, by code";
    Border = "BORDER", "是否沿边", "on the border";
        Place, Public, Open, Truth, One(|f| with_trait(f, DivisionTrait::Border)), "所在乡级区划是否沿边", "whether the township lies on the national border";
    Coastal = "COASTAL", "是否沿江沿海", "on river or coast";
        Place, Public, Open, Truth, One(|f| with_trait(f, DivisionTrait::Coastal)), "所在乡级区划是否沿江沿海", "whether the township lies on a river or the sea";
    Agricultural = "AGRICULTURAL", "是否涉农", "agricultural";
        Place, Public, Open, Truth, One(|f| with_trait(f, DivisionTrait::Agricultural)), "所在乡级区划是否涉农", "whether the township has agriculture";
    PopulationBand = "POPULATION_BAND", "人口规模", "size of population";
        Place, Public, Open, Code(PopulationBand::ITEMS), One(population_band), "所在乡级区划最近一年常住人口的规模；未登记为空", "residents of the township in the latest year; none where not registered";
    SettingPattern = "SETTING_PATTERN", "机构设置模式", "setting pattern";
        Place, Public, Open, Meaning::Pattern, One(pattern), "所在乡镇执行的机构设置模式；未确定为空", "the setting pattern of the township; none where none is assigned";
    Kind = "KIND", "机构类别", "kind of organisation";
        Body, Public, Open, Code(OrganizationKind::ITEMS), One(|f| f.body.map_or(NULL, |b| b.kind as u64)), "机构类别", "kind of the organisation";
    Category = "CATEGORY", "机构形态", "form";
        Body, Public, Open, Code(OrganizationCategory::ITEMS), One(|f| f.form().and_then(|v| v.category).map_or(NULL, |c| c as u64)), "内设机构、事业单位的形态（办、局、中心、站、队）", "form of an office or institution, as patterns count it";
    Field = "FIELD", "业务领域", "business field";
        Body, Public, Open, Code(OrganizationField::ITEMS), One(|f| f.form().and_then(|v| v.field).map_or(NULL, |c| c as u64)), "内设机构、事业单位的业务领域", "business field of an office or institution";
    Featured = "FEATURED", "是否特色机构", "featured";
        Body, Public, Open, Truth, One(|f| f.form().map_or(NULL, |v| u64::from(v.featured))), "是否为特色机构", "whether it is a featured institution";
    InstitutionClass = "INSTITUTION_CLASS", "事业单位类别", "class of institution";
        Body, Public, Open, Code(PublicInstitutionClass::ITEMS), One(|f| f.form().and_then(|v| v.class).map_or(NULL, |c| c as u64)), "事业单位类别（公益一类、公益二类等）；其他机构为空", "class of a public institution; none for others";
    Rank = "RANK", "机构规格", "rank";
        Body, Public, Open, Code(InstitutionRank::ITEMS), One(|f| f.form().and_then(|v| v.rank).map_or(NULL, |c| c as u64)), "机构规格；未登记为空", "rank of the body; none where not registered";
    AgencyKind = "AGENCY_KIND", "派驻机构类别", "kind of agency";
        Body, Public, Open, Code(AgencyKind::ITEMS), One(|f| f.form().and_then(|v| v.agency_kind).map_or(NULL, |c| c as u64)), "派驻机构类别；其他机构为空", "kind of a seconded agency; none for others";
    ManagementMode = "MANAGEMENT_MODE", "管理体制", "management mode";
        Body, Public, Open, Code(ManagementMode::ITEMS), One(|f| f.form().and_then(|v| v.management_mode).map_or(NULL, |c| c as u64)), "派驻机构管理体制（属地、双重、垂直）", "management mode of a seconded agency";
    UnifiedCommand = "UNIFIED_COMMAND", "是否统一指挥协调", "under unified command";
        Body, Public, Open, Truth, One(|f| f.body.filter(|b| b.kind == OrganizationKind::SecondedAgency).and(f.form()).map_or(NULL, |v| u64::from(v.unified_command))), "派驻机构是否由乡镇统一指挥协调；其他机构为空", "whether the township commands the agency; none for others";
    HeadAppointmentRule = "HEAD_APPOINTMENT_RULE", "负责人任免征求意见方式", "how the township is heard on the head";
        Body, Public, Open, Code(ConsultationKind::ITEMS), One(|f| f.form().and_then(|v| v.head_rule).map_or(NULL, |c| c as u64)), "派驻机构负责人任免征求乡镇意见的方式；不征求为空", "how the township is heard before the head of an agency is appointed; none where it is not";
    CompetentDepartment = "COMPETENT_DEPARTMENT", "主管部门", "competent department";
        Body, Public, Open, Meaning::Organization, Many(departments), "派驻机构、内设机构的主管部门；一个机构有多个主管部门的，在各部门分别统计，合计不重复", "competent departments of an agency or office: a body with several counts under each, and once in totals";
    Organization = "ORGANIZATION", "机构", "organisation";
        Body, Public, Open, Meaning::Organization, One(|f| f.body.map_or(NULL, |b| packed(b.at))), "逐个机构", "each body by itself";
    StaffingState = "STAFFING_STATE", "编制使用状态", "staffing state";
        Body, Internal, Numbers, Code(StaffingState::ITEMS), One(staffing), "机构编制使用状态（空编、满编、超编）；未登记编制为空", "vacant, full or over-established; none where no establishment is registered";
    EstablishmentType = "ESTABLISHMENT_TYPE", "编制类型", "type of establishment";
        Establishment, Internal, Numbers, Code(EstablishmentType::ITEMS), One(|f| f.establishment.map_or(NULL, |e| e.kind as u64)), "编制类型", "type of establishment";
    PostPosition = "POST_POSITION", "正副职", "principal or deputy";
        Post, Public, Open, Code(PostPosition::ITEMS), One(|f| post(f, |p| p.position as u64)), "领导职务的正职、副职", "principal or deputy post";
    PostLevel = "POST_LEVEL", "职务层次", "post level";
        Post, Public, Open, Code(PostLevel::ITEMS), One(|f| post(f, |p| p.level as u64)), "领导职务的职务层次", "level of the post";
    Organ = "ORGAN", "所属机关", "organ of the township";
        Post, Public, Open, Code(TownshipOrgan::ITEMS), One(|f| post(f, |p| p.organ.map_or(NULL, |o| o as u64))), "领导职务所属机关；班子以外为空", "organ that the post belongs to; none outside the leading team";
    LeadershipPost = "LEADERSHIP_POST", "领导职务", "leadership post";
        Post, Public, Open, Meaning::Post, One(|f| f.post.map_or(NULL, packed)), "逐个领导职务", "each leadership post by itself";
    AppointmentMode = "APPOINTMENT_MODE", "任职方式", "mode of appointment";
        Appointment, Public, Open, Code(AppointmentMode::ITEMS), One(|f| f.appointment.map_or(NULL, |a| f.place.view.procedure(a).mode as u64)), "任职方式（选任、委任、聘任）", "elected, appointed or engaged";
    AppointmentKind = "APPOINTMENT_KIND", "任免类型", "kind of appointment";
        Appointment, Public, Open, Code(AppointmentKind::ITEMS), One(|f| f.appointment.map_or(NULL, |a| f.place.view.procedure(a).kind as u64)), "任免类型", "kind of appointment";
    PersonnelIdentity = "PERSONNEL_IDENTITY", "人员身份", "personnel identity";
        Appointment, Personal, Structured, Code(PersonnelIdentity::ITEMS), One(|f| f.person().and_then(|p| f.place.view.person_trait(p).identity).map_or(NULL, |i| i as u64)), "在任领导的人员身份", "personnel identity of who holds the post";
    Gender = "GENDER", "性别", "gender";
        Appointment, Personal, Structured, Meaning::Text, Text(|f| text(f, |t| t.gender)), "在任领导的性别", "gender of who holds the post";
    Ethnicity = "ETHNICITY", "民族", "ethnicity";
        Appointment, Personal, Structured, Meaning::Text, Text(|f| text(f, |t| t.ethnicity)), "在任领导的民族", "ethnicity of who holds the post";
    AgeBand = "AGE_BAND", "年龄段", "age";
        Appointment, Personal, Structured, Code(AgeBand::ITEMS), One(|f| age(f).map_or(NULL, |years| AgeBand::of(years) as u64)), "在任领导在统计日的年龄段", "age of who holds the post, on the day of the report";
    ChangeKind = "CHANGE_KIND", "机构变动类型", "kind of change";
        Change, Public, Open, Code(ChangeKind::ITEMS), One(|f| f.change.map_or(NULL, |c| f.place.view.change_row(c).kind as u64)), "机构变动类型（设立、更名、合并、撤销等）", "what happened: established, renamed, merged, abolished …";
    Reform = "REFORM", "机构改革", "reform";
        Change, Public, Open, Meaning::Reform, One(reform), "机构变动所属的改革；单项变动为空", "the reform that a change belongs to; none for a change of its own";
    OrganizationChange = "ORGANIZATION_CHANGE", "机构变动", "change of organisations";
        Change, Public, Open, Meaning::Change, One(|f| f.change.map_or(NULL, packed)), "逐项机构变动", "each change by itself";
    Year = "YEAR", "年度", "year";
        Change, Public, Open, Meaning::Year, One(|f| date(f).map_or(NULL, |(year, _)| year)), "变动生效的年度", "year in which a change took effect";
    Quarter = "QUARTER", "季度", "quarter";
        Change, Public, Open, Meaning::Quarter, One(|f| date(f).map_or(NULL, |(year, month)| year * 4 + (month - 1) / 3)), "变动生效的季度", "quarter in which a change took effect";
    Month = "MONTH", "月份", "month";
        Change, Public, Open, Meaning::Month, One(|f| date(f).map_or(NULL, |(year, month)| year * 12 + month - 1)), "变动生效的月份", "month in which a change took effect";
    Day = "DAY", "生效日期", "day";
        Change, Public, Open, Meaning::Day, One(|f| f.change.map_or(NULL, |c| day(f.place.view.change_row(c).effective_on))), "变动生效的日期", "day on which a change took effect";
}

impl ReportDimension {
    /// What is said about it.
    #[inline]
    #[must_use]
    pub fn spec(self) -> &'static Dimension {
        &ALL_OF_THEM[self.index()]
    }
}

/// A record as the value of a dimension.
#[must_use]
pub fn packed(at: Handle) -> u64 {
    u64::from(at.shard) << 32 | u64::from(at.row)
}

/// The record that a value stands for.
#[must_use]
pub fn unpacked(value: u64) -> Handle {
    Handle {
        shard: u32::try_from(value >> 32).unwrap_or(0),
        row: u32::try_from(value & 0xffff_ffff).unwrap_or(0),
    }
}

/// A day as the value of a dimension.
#[must_use]
pub fn day(of: crate::domain::Day) -> u64 {
    u64::try_from(i64::from(of.0) + i64::from(YEAR_0)).unwrap_or(0)
}

/// Days from the year 0 to 1970.
pub const YEAR_0: i32 = 719_528;

#[cfg(test)]
mod tests {
    use super::{ALL_OF_THEM, Level, Read};

    /// A walk completes its keys level by level, and only where it comes to a body does it go several ways.
    #[test]
    fn only_bodies_have_several_values() {
        let several = ALL_OF_THEM.iter().filter(|dimension| matches!(dimension.read, Read::Many(_)));
        assert!(
            several.clone().count() > 0 && several.clone().all(|dimension| dimension.level == Level::Body)
        );
    }
}
