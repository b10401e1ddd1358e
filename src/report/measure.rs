//! Measures: what reports say of a group. One definition each, for the schema, the catalog and the computation.

use super::fact::ReportFact;
use super::quantity::Quantity::{self as Q};
use crate::code_list;
use crate::domain::CodeList;
use crate::policy::{Class, Rule};

code_list! {
    /// How values of groups come together (可加性).
    Additivity {
        Additive = "ADDITIVE", "可加", "can be added up, also over time";
        SemiAdditive = "SEMI_ADDITIVE", "半可加", "can be added up over groups of a day, never over days";
        Ratio = "RATIO", "比率", "numerators and denominators are added up, then divided";
        Distinct = "DISTINCT", "去重计数", "counted once in each group and once in each total";
    }
}

/// What a group has where no fact adds to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Absent {
    /// Zero: nothing was there to count.
    Zero,
    /// Nothing: none is registered.
    Missing,
}

/// What is said about a measure.
pub struct Measure {
    /// How values come together.
    pub additivity: Additivity,
    /// Class of the data.
    pub class: Class,
    /// Who may read it.
    pub rule: Rule,
    /// Its unit, in Chinese and English.
    pub unit: (&'static str, &'static str),
    /// What is added up; of a ratio the numerator.
    pub numerator: Q,
    /// The denominator of a ratio.
    pub denominator: Option<Q>,
    /// By what a ratio is multiplied: 100 for percent.
    pub scale: i64,
    /// What a group has where nothing adds to it.
    pub absent: Absent,
    /// How it is worked out, in Chinese and English.
    pub definition: (&'static str, &'static str),
    /// The law behind it; nothing where there is none.
    pub basis: Option<&'static str>,
}

impl Measure {
    /// What it counts.
    #[must_use]
    pub fn fact(&self) -> ReportFact {
        self.numerator.fact()
    }
}

const fn count(numerator: Q, unit: (&'static str, &'static str)) -> Measure {
    Measure {
        additivity: Additivity::SemiAdditive,
        class: Class::Public,
        rule: Rule::Open,
        unit,
        numerator,
        denominator: None,
        scale: 1,
        absent: Absent::Zero,
        definition: ("", ""),
        basis: None,
    }
}

const fn ratio(numerator: Q, denominator: Q, scale: i64, unit: (&'static str, &'static str)) -> Measure {
    Measure { additivity: Additivity::Ratio, denominator: Some(denominator), scale, ..count(numerator, unit) }
}

impl Measure {
    /// Numbers of establishment, where they are registered.
    const fn numbers(self) -> Self {
        Self { class: Class::Internal, rule: Rule::Numbers, absent: Absent::Missing, ..self }
    }
    /// Personal attributes.
    const fn personal(self) -> Self {
        Self { class: Class::Personal, rule: Rule::Structured, ..self }
    }
    /// A count although it is one of numbers: where there is nothing it is zero.
    const fn counted(self) -> Self {
        Self { absent: Absent::Zero, ..self }
    }
    const fn with(self, additivity: Additivity) -> Self {
        Self { additivity, ..self }
    }
    const fn missing(self) -> Self {
        Self { absent: Absent::Missing, ..self }
    }
    const fn by(self, basis: &'static str) -> Self {
        Self { basis: Some(basis), ..self }
    }
}

macro_rules! measures {
    ($($variant:ident = $value:literal, $zh:literal, $en:literal; $made:expr, $def_zh:literal, $def_en:literal;)+) => {
        code_list! {
            /// What reports say of a group (统计指标). `reportCatalog` has unit, additivity, definition and legal basis of each.
            ReportMeasure { $($variant = $value, $zh, $en;)+ }
        }

        const ALL_OF_THEM: &[Measure] = &[$(Measure { definition: ($def_zh, $def_en), ..$made }),+];
    };
}

type Unit = (&'static str, &'static str);
const BODIES: Unit = ("个", "bodies");
const TOWNSHIPS: Unit = ("个", "townships");
const POSTS: Unit = ("个", "posts");
const PLACES: Unit = ("名", "places");
const PERSONS: Unit = ("人", "persons");
const PERCENT: Unit = ("%", "%");
const EACH: Unit = ("个/乡镇", "per township");
const TIMES: Unit = ("项", "changes");
const COMMITTEES: Unit = ("个", "committees");

/// 《地方各级人民政府机构设置和编制管理条例》.
const ART_6: &str = "国务院令第486号第六条";
const ART_9: &str = "国务院令第486号第九条";
const ART_15: &str = "国务院令第486号第十五条";
const ART_20: &str = "国务院令第486号第二十条";
const ORGANIC_84: &str = "地方各级人民代表大会和地方各级人民政府组织法（2022年修正）第八十四条";
const DIVISIONS: &str = "国务院令第704号《行政区划管理条例》";

measures! {
    Townships = "TOWNSHIPS", "乡镇（街道）数", "townships";
        count(Q::Townships, TOWNSHIPS).by(DIVISIONS), "已登记的乡镇、街道个数，不含农场、开发区等类似乡级单位", "registered townships and sub-districts, without farms and zones";
    Residents = "RESIDENTS", "常住人口", "residents";
        count(Q::Residents, PERSONS).missing(), "所辖乡镇最近一年常住人口之和；未登记的乡镇不计", "residents of the townships in the latest year; townships without a figure do not count";
    VillageCommittees = "VILLAGE_COMMITTEES", "村委会数", "villagers' committees";
        count(Q::VillageCommittees, COMMITTEES).missing(), "所辖乡镇最近一年村民委员会个数之和", "villagers' committees of the townships in the latest year";
    ResidentsCommittees = "RESIDENTS_COMMITTEES", "居委会数", "residents' committees";
        count(Q::ResidentsCommittees, COMMITTEES).missing(), "所辖乡镇最近一年居民委员会个数之和", "residents' committees of the townships in the latest year";
    Bodies = "BODIES", "机构数", "bodies";
        count(Q::Bodies, BODIES), "各类机构个数：乡镇街道、内设机构、事业单位、派驻机构、部门；挂牌不计", "bodies of all kinds; added names are no bodies";
    OwnBodies = "OWN_BODIES", "乡镇本级机构数", "own bodies of townships";
        count(Q::OwnBodies, BODIES).by(ART_9), "乡镇的内设机构与所属事业单位个数之和，即“7+5”所计", "internal offices and institutions of townships: what 7+5 counts";
    InternalOffices = "INTERNAL_OFFICES", "内设机构数", "internal offices";
        count(Q::Offices, BODIES).by(ART_9), "内设机构个数", "internal offices";
    PublicInstitutions = "PUBLIC_INSTITUTIONS", "乡镇事业单位数", "institutions of townships";
        count(Q::Institutions, BODIES), "乡镇所属事业单位个数，含综合行政执法队", "public institutions of townships, enforcement teams among them";
    UpperInstitutions = "UPPER_INSTITUTIONS", "县级及以上事业单位数", "institutions above the township";
        count(Q::UpperInstitutions, BODIES), "不属于乡镇的事业单位个数", "public institutions that belong to no township";
    SecondedAgencies = "SECONDED_AGENCIES", "派驻机构数", "seconded agencies";
        count(Q::Agencies, BODIES).by(ORGANIC_84), "派驻乡镇的机构个数", "agencies of departments in townships";
    Departments = "DEPARTMENTS", "部门数", "departments";
        count(Q::Departments, BODIES), "县级及以上部门个数", "departments of the county and above";
    EnforcementTeams = "ENFORCEMENT_TEAMS", "综合行政执法队数", "enforcement teams";
        count(Q::Teams, BODIES), "形态为综合行政执法队的机构个数", "bodies with the form of an enforcement team";
    FeaturedBodies = "FEATURED_BODIES", "特色机构数", "featured institutions";
        count(Q::Featured, BODIES), "特色机构个数", "bodies set for a local task";
    BodiesPerTownship = "BODIES_PER_TOWNSHIP", "镇均本级机构数", "own bodies per township";
        ratio(Q::OwnBodies, Q::Townships, 1, EACH), "乡镇本级机构数 ÷ 乡镇数", "own bodies by townships";
    OfficesPerTownship = "OFFICES_PER_TOWNSHIP", "镇均内设机构数", "offices per township";
        ratio(Q::Offices, Q::Townships, 1, EACH), "内设机构数 ÷ 乡镇数", "internal offices by townships";
    InstitutionsPerTownship = "INSTITUTIONS_PER_TOWNSHIP", "镇均事业单位数", "institutions per township";
        ratio(Q::Institutions, Q::Townships, 1, EACH), "乡镇事业单位数 ÷ 乡镇数", "institutions by townships";
    AgenciesPerTownship = "AGENCIES_PER_TOWNSHIP", "镇均派驻机构数", "agencies per township";
        ratio(Q::Agencies, Q::Townships, 1, EACH), "派驻机构数 ÷ 乡镇数", "agencies by townships";
    SecondedShare = "SECONDED_SHARE", "派驻机构占比", "share of agencies";
        ratio(Q::Agencies, Q::InTownships, 100, PERCENT), "派驻机构数 ÷（乡镇本级机构数 + 派驻机构数）", "agencies by own bodies of townships and agencies";
    TerritorialAgencies = "TERRITORIAL_AGENCIES", "属地管理派驻机构数", "agencies under territorial management";
        count(Q::Territorial, BODIES), "管理体制为属地管理的派驻机构个数", "agencies under territorial management";
    DualAgencies = "DUAL_AGENCIES", "双重管理派驻机构数", "agencies under dual management";
        count(Q::Dual, BODIES), "管理体制为双重管理的派驻机构个数", "agencies under dual management";
    VerticalAgencies = "VERTICAL_AGENCIES", "垂直管理派驻机构数", "agencies under vertical management";
        count(Q::Vertical, BODIES), "管理体制为垂直管理的派驻机构个数", "agencies under vertical management";
    CommandedAgencies = "COMMANDED_AGENCIES", "统一指挥协调的派驻机构数", "agencies under unified command";
        count(Q::Commanded, BODIES).by(ORGANIC_84), "由乡镇统一指挥协调的派驻机构个数", "agencies that the township commands";
    CommandedShare = "COMMANDED_SHARE", "统一指挥协调占比", "share under unified command";
        ratio(Q::Commanded, Q::Agencies, 100, PERCENT).by(ORGANIC_84), "统一指挥协调的派驻机构数 ÷ 派驻机构数", "agencies under unified command by agencies";
    ConsultedAgencies = "CONSULTED_AGENCIES", "负责人任免须征求意见的派驻机构数", "agencies on whose head the township is heard";
        count(Q::Heard, BODIES), "负责人任免须听取乡镇意见或征得同意的派驻机构个数", "agencies on whose head the township is heard";
    BodiesWithoutDuties = "BODIES_WITHOUT_DUTIES", "未登记职责的机构数", "bodies without duties";
        count(Q::WithoutDuties, BODIES), "未登记主要职责的机构个数", "bodies for which no duties are registered";
    CompleteShare = "COMPLETE_SHARE", "登记完整率", "share of complete records";
        ratio(Q::Complete, Q::Bodies, 100, PERCENT), "职责及本类别应登记要素齐全的机构数 ÷ 机构数", "bodies with duties and all that their kind has, by bodies";
    ParallelBodies = "PARALLEL_BODIES", "新旧并行机构数", "bodies old and new in parallel";
        count(Q::Parallel, BODIES), "变动（合并、分设、撤销）已生效而仍存续的原机构个数", "bodies that exist although a change which took effect ended them";
    PatternedTownships = "PATTERNED_TOWNSHIPS", "已定模式乡镇数", "townships with a pattern";
        count(Q::Patterned, TOWNSHIPS), "已确定机构设置模式的乡镇个数", "townships to which a setting pattern is assigned";
    PatternLeast = "PATTERN_LEAST", "模式应设机构数", "bodies that patterns ask for";
        count(Q::Least, BODIES).missing(), "机构设置模式各设置项最少个数之和", "the least bodies that the slots of patterns ask for";
    PatternMost = "PATTERN_MOST", "模式限额", "bodies that patterns allow";
        count(Q::Most, BODIES).missing().by(ART_9), "机构设置模式各设置项最多个数之和", "the most bodies that the slots of patterns allow";
    Deviations = "DEVIATIONS", "机构设置偏差数", "departures from patterns";
        count(Q::Deviations, BODIES).numbers(), "缺设、超设、模式外机构个数之和", "bodies missing, too many or not provided for";
    DeviatingTownships = "DEVIATING_TOWNSHIPS", "偏离模式乡镇数", "townships that depart from their pattern";
        count(Q::Deviating, TOWNSHIPS).numbers(), "存在机构设置偏差的乡镇个数", "townships with a departure";
    MandatorySlots = "MANDATORY_SLOTS", "必设项数", "mandatory slots";
        count(Q::Mandatory, ("项", "slots")).numbers(), "机构设置模式中应设的设置项个数", "slots that have to be filled";
    MandatoryRate = "MANDATORY_RATE", "必设项到位率", "share of mandatory slots filled";
        ratio(Q::Filled, Q::Mandatory, 100, PERCENT).numbers(), "已设必设项数 ÷ 必设项数", "mandatory slots that are filled by mandatory slots";
    Approved = "APPROVED", "核定编制", "approved posts";
        count(Q::Approved, POSTS).numbers().by(ART_6), "乡镇本级及其内设机构、所属事业单位核定编制之和，不含派驻机构和部门", "approved posts of townships with their offices and institutions, without agencies and departments";
    Occupied = "OCCUPIED", "实有在编", "occupied posts";
        count(Q::Occupied, POSTS).numbers().by(ART_6), "占用编制的人员数", "posts that are occupied";
    Vacant = "VACANT", "空编", "vacant posts";
        count(Q::Vacant, POSTS).numbers().by(ART_15), "按机构、按编制类型计算的空缺之和，不与超编相抵", "vacant posts by body and type, never set off against posts too many";
    Over = "OVER", "超编", "posts over the approved number";
        count(Q::Over, POSTS).numbers().by(ART_15), "按机构、按编制类型计算的超出之和，不与空编相抵", "posts too many by body and type, never set off against vacant ones";
    FillRate = "FILL_RATE", "用编率", "fill rate";
        ratio(Q::Occupied, Q::Approved, 100, PERCENT).numbers(), "实有在编 ÷ 核定编制", "occupied by approved posts";
    VacancyRate = "VACANCY_RATE", "空编率", "vacancy rate";
        ratio(Q::Vacant, Q::Approved, 100, PERCENT).numbers(), "空编 ÷ 核定编制", "vacant by approved posts";
    OverRate = "OVER_RATE", "超编率", "over-establishment rate";
        ratio(Q::Over, Q::Approved, 100, PERCENT).numbers(), "超编 ÷ 核定编制", "posts too many by approved posts";
    ApprovedPerTownship = "APPROVED_PER_TOWNSHIP", "镇均核定编制", "approved posts per township";
        ratio(Q::Approved, Q::Townships, 1, EACH).numbers(), "核定编制 ÷ 乡镇数", "approved posts by townships";
    OccupiedPerTownship = "OCCUPIED_PER_TOWNSHIP", "镇均实有在编", "occupied posts per township";
        ratio(Q::Occupied, Q::Townships, 1, EACH).numbers(), "实有在编 ÷ 乡镇数", "occupied posts by townships";
    ApprovedPerBody = "APPROVED_PER_BODY", "机构平均编制", "approved posts per body";
        ratio(Q::Approved, Q::Staffed, 1, ("个/机构", "per body")).numbers(), "核定编制 ÷ 登记有编制的机构数", "approved posts by bodies with establishment";
    ApprovedPer10000 = "APPROVED_PER_10000", "每万人编制数", "approved posts per 10,000 residents";
        ratio(Q::ApprovedWithResidents, Q::Residents, 10_000, ("个/万人", "per 10,000")).numbers(), "核定编制 ÷ 常住人口 × 10000；只计登记有人口的乡镇", "approved posts by residents, in townships with registered residents";
    OverBodies = "OVER_BODIES", "超编机构数", "bodies over-established";
        count(Q::OverBodies, BODIES).numbers().counted().by(ART_6), "任一编制类型超编的乡镇本级机构个数", "own bodies with posts too many of any type";
    VacantBodies = "VACANT_BODIES", "有空编机构数", "bodies with vacant posts";
        count(Q::VacantBodies, BODIES).numbers().counted(), "任一编制类型有空编的乡镇本级机构个数", "own bodies with vacant posts of any type";
    LeadershipPosts = "LEADERSHIP_POSTS", "领导职务数", "leadership posts";
        count(Q::LeadershipPosts, POSTS), "设置的领导职务个数（含派驻机构、部门）", "leadership posts of all bodies, agencies and departments among them";
    VacantLeadershipPosts = "VACANT_LEADERSHIP_POSTS", "空缺领导职务数", "vacant leadership posts";
        count(Q::VacantPosts, POSTS).numbers().counted().by(ART_20), "有空缺名额的领导职务个数（含派驻机构、部门）", "leadership posts with a vacant place, of all bodies";
    LeadershipQuota = "LEADERSHIP_QUOTA", "领导职数", "leadership quota";
        count(Q::Quota, PLACES).numbers().by(ART_20), "乡镇本级机构核定领导职数之和", "approved places of leadership posts of own bodies";
    LeadersInPost = "LEADERS_IN_POST", "实配领导", "leaders in post";
        count(Q::InPost, PLACES).numbers().by(ART_20), "按职务计算的实配领导数；一人兼任几个职务的分别计算", "places that are held, counted by post";
    LeadershipVacant = "LEADERSHIP_VACANT", "空缺职数", "vacant places";
        count(Q::VacantPlaces, PLACES).numbers(), "按职务计算的空缺之和，不与超配相抵", "vacant places by post, never set off against those too many";
    LeadershipOver = "LEADERSHIP_OVER", "超职数配备", "leaders over quota";
        count(Q::OverQuota, PLACES).numbers().by(ART_20), "按职务计算的超配之和，不与空缺相抵", "leaders beyond the quota by post, never set off against vacant places";
    LeadershipFillRate = "LEADERSHIP_FILL_RATE", "领导职数配备率", "leadership fill rate";
        ratio(Q::InPost, Q::Quota, 100, PERCENT).numbers(), "实配领导 ÷ 领导职数", "leaders in post by leadership quota";
    VacantPrincipals = "VACANT_PRINCIPALS", "正职空缺数", "vacant principal places";
        count(Q::VacantPrincipals, PLACES).numbers(), "正职领导职务的空缺之和", "vacant places of principal posts";
    OverRankPosts = "OVER_RANK_POSTS", "超规格配备职务数", "posts held above rank";
        count(Q::OverRank, POSTS).numbers().counted(), "有人任职且职务层次高于机构规格的领导职务个数；未登记规格的机构不计", "posts that are held with a level above the rank of the body; bodies without rank do not count";
    IrregularPosts = "IRREGULAR_POSTS", "超职数或超规格职务数", "posts over quota or above rank";
        count(Q::Irregular, POSTS).numbers().counted().by(ART_20), "实配人数超过职数，或职务层次高于机构规格的领导职务个数", "leadership posts with more holders than places, or held above the rank of the body";
    SpanOfControl = "SPAN_OF_CONTROL", "人均管理幅度", "span of control";
        ratio(Q::Occupied, Q::InPost, 1, ("人/名", "per leader")).numbers(), "实有在编 ÷ 实配领导", "occupied posts by leaders in post";
    Appointments = "APPOINTMENTS", "在任任职数", "appointments in force";
        count(Q::Appointments, ("条", "appointments")), "在任的任职个数（按人、按职务）", "appointments by which somebody is in a post";
    Leaders = "LEADERS", "领导干部人数", "persons in posts";
        count(Q::Leaders, PERSONS).with(Additivity::Distinct), "担任领导职务的人数；兼任几个职务的只计一次", "persons who hold posts, each once";
    LeadersWithSeveralPosts = "LEADERS_WITH_SEVERAL_POSTS", "一人多职人数", "persons with several posts";
        count(Q::Several, PERSONS).with(Additivity::Distinct), "同时担任两个及以上领导职务的人数", "persons who hold two posts or more";
    ConcurrentAppointments = "CONCURRENT_APPOINTMENTS", "兼任职务数", "concurrent appointments";
        count(Q::Concurrent, ("条", "appointments")), "登记为兼任的在任任职个数", "appointments that are held beside another";
    DaysInPost = "DAYS_IN_POST", "平均任职天数", "days in post";
        ratio(Q::DaysInPost, Q::Dated, 1, ("天", "days")).missing(), "自任职之日至统计日的平均天数；起始日期未登记的不计", "days from the beginning of an appointment to the day of the report; those without a beginning do not count";
    ConsultedShare = "CONSULTED_SHARE", "征求乡镇意见比例", "share of appointments heard";
        Measure { class: Class::Internal, rule: Rule::Appointing, ..ratio(Q::Consulted, Q::Appointments, 100, PERCENT) }, "任前征求过乡镇意见的在任任职数 ÷ 在任任职数", "appointments before which the township was heard, by appointments";
    Persons = "PERSONS", "纳入结构统计的人数", "persons in structure";
        count(Q::Persons, PERSONS).personal().with(Additivity::Distinct), "可统计个人属性的在任领导人数", "persons in posts whose personal attributes may be counted";
    Women = "WOMEN", "女性领导人数", "women";
        count(Q::Women, PERSONS).personal().with(Additivity::Distinct), "在任领导中的女性人数", "women among persons in posts";
    WomenShare = "WOMEN_SHARE", "女性领导占比", "share of women";
        ratio(Q::Women, Q::Gendered, 100, PERCENT).personal(), "女性领导人数 ÷ 登记有性别的领导人数", "women by persons whose gender is registered";
    AverageAge = "AVERAGE_AGE", "平均年龄", "average age";
        ratio(Q::Years, Q::Aged, 1, ("岁", "years")).personal().missing(), "在任领导统计日周岁之和 ÷ 登记有出生日期的人数；兼任几个职务的只计一次", "ages on the day of the report by persons with a registered birth date, each once";
    Changes = "CHANGES", "机构变动数", "changes";
        count(Q::Changes, TIMES).with(Additivity::Additive).by(ART_9), "统计日前已生效的机构变动项数", "changes that took effect by the day of the report";
    BodiesFounded = "BODIES_FOUNDED", "新设机构数", "bodies founded";
        count(Q::Founded, BODIES).with(Additivity::Additive), "变动后新产生的机构个数", "bodies that came out of changes";
    BodiesEnded = "BODIES_ENDED", "撤并机构数", "bodies ended";
        count(Q::Ended, BODIES).with(Additivity::Additive), "变动后不再保留的机构个数", "bodies that went into changes and did not come out";
}

impl ReportMeasure {
    /// What is said about it.
    #[inline]
    #[must_use]
    pub fn spec(self) -> &'static Measure {
        &ALL_OF_THEM[self.index()]
    }
}

#[cfg(test)]
mod tests {
    use super::{Additivity, ReportMeasure};
    use crate::domain::CodeList;
    use crate::policy::{Class, Rule};
    use std::collections::BTreeSet;

    #[test]
    fn the_catalog_is_whole() {
        assert!(ReportMeasure::ITEMS.len() >= 40, "{}", ReportMeasure::ITEMS.len());
        let (mut zh, mut defined) = (BTreeSet::new(), BTreeSet::new());
        for measure in (0..).map_while(ReportMeasure::at) {
            let (spec, item) = (measure.spec(), measure.item());
            assert!(zh.insert(item.zh) && defined.insert(spec.definition.0), "{}", item.value);
            assert_eq!(spec.denominator.is_some(), spec.additivity == Additivity::Ratio, "{}", item.value);
            assert_eq!(spec.class == Class::Public, spec.rule == Rule::Open, "{}", item.value);
            assert_eq!(spec.fact().is_event(), spec.additivity == Additivity::Additive, "{}", item.value);
            assert!(!spec.definition.1.is_empty() && !spec.unit.0.is_empty());
        }
    }
}
