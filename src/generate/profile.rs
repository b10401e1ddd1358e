//! What the demonstration counties are like: their reform, and the bodies of a township before and after it.

use crate::domain::OrganizationCategory::{self as C, Centre, EnforcementTeam, Office, Station};
use crate::domain::OrganizationField::{self as F};
use crate::domain::OrganizationKind::{self as K, InternalOffice as Io, PublicInstitution as Pi};

/// A body that townships of a county get.
#[derive(Debug, Clone, Copy)]
pub struct BodySpec {
    pub kind: K,
    pub name: &'static str,
    pub category: C,
    pub field: F,
    pub featured: bool,
}

const fn body(kind: K, name: &'static str, category: C, field: F) -> BodySpec {
    BodySpec { kind, name, category, field, featured: false }
}

const fn featured(kind: K, name: &'static str, category: C, field: F) -> BodySpec {
    BodySpec { kind, name, category, field, featured: true }
}

/// A demonstration county.
pub struct Profile {
    /// Its code.
    pub county: &'static str,
    /// Day of its reform. The texts name the year at most; the day is synthetic.
    pub reform: &'static str,
    /// Name of the reform.
    pub reform_name: &'static str,
    /// How the township is heard on the head of an agency.
    pub consent: bool,
    /// Bodies of a township after the reform.
    pub bodies: &'static [BodySpec],
    /// Pattern after the reform, by notation.
    pub notation: Option<&'static str>,
    /// Pilot townships with bodies and pattern of their own.
    pub pilots: &'static [Pilot],
}

/// A pilot township.
pub struct Pilot {
    pub code: &'static str,
    pub notation: &'static str,
    pub bodies: &'static [BodySpec],
}

/// Offices before every reform. The first three live on as the first three bodies of a profile; the last is abolished.
pub const OLD_OFFICES: &[BodySpec] = &[
    body(Io, "党政办公室", Office, F::PartyGovernment),
    body(Io, "经济发展办公室", Office, F::Economy),
    body(Io, "社会事务办公室", Office, F::SocialAffairs),
    body(Io, "计划生育办公室", Office, F::Other),
];

/// Stations before every reform; the reform merges them.
pub const OLD_STATIONS: &[BodySpec] = &[
    body(Pi, "农业技术推广站", Station, F::Agriculture),
    body(Pi, "文化广播站", Station, F::Culture),
    body(Pi, "社会保障服务站", Station, F::SocialAffairs),
];

const DANDONG: &[BodySpec] = &[
    body(Io, "党建工作办公室", Office, F::PartyBuilding),
    body(Io, "经济发展办公室", Office, F::Economy),
    body(Io, "社会事务办公室", Office, F::SocialAffairs),
    body(Io, "退役军人服务站", Station, F::Veterans),
    body(Io, "综合行政执法办公室", Office, F::Enforcement),
    body(Pi, "综合事务服务中心", Centre, F::Comprehensive),
];

/// Where a town or township has 农业农村办公室, a sub-district without agriculture has 城市管理办公室.
pub const RURAL: BodySpec = body(Io, "农业农村办公室", Office, F::Agriculture);
pub const URBAN: BodySpec = body(Io, "城市管理办公室", Office, F::UrbanManagement);
pub const BORDER: BodySpec = body(Io, "边防办公室", Office, F::BorderDefence);
pub const FISHERY: BodySpec = body(Io, "渔业管理办公室", Office, F::Fishery);
/// The second institution of the larger townships of Dandong (1 to 2 institutions).
pub const SECOND: BodySpec = body(Pi, "便民服务中心", Centre, F::ConvenienceService);

const HUAIYUAN: &[BodySpec] = &[
    body(Io, "党政综合办公室", Office, F::PartyGovernment),
    body(Io, "经济发展办公室", Office, F::Economy),
    body(Io, "社会事务办公室", Office, F::SocialAffairs),
    body(Io, "规划建设办公室", Office, F::Planning),
    body(Pi, "农业综合服务中心", Centre, F::Agriculture),
    body(Pi, "为民服务中心", Centre, F::ConvenienceService),
    body(Pi, "综合行政执法队", EnforcementTeam, F::Enforcement),
];

const HANBIN: &[BodySpec] = &[
    body(Io, "党政综合办公室", Office, F::PartyGovernment),
    body(Io, "经济发展办公室", Office, F::Economy),
    body(Io, "社会事务办公室", Office, F::SocialAffairs),
    body(Pi, "农业综合服务站", Station, F::Agriculture),
    body(Pi, "便民服务中心", Centre, F::ConvenienceService),
];

/// 4办3中心1执法队和1特色机构: nine bodies.
const HANBIN_PILOT: &[BodySpec] = &[
    body(Io, "党建工作办公室", Office, F::PartyBuilding),
    body(Io, "经济发展办公室", Office, F::Economy),
    body(Io, "社会事务办公室", Office, F::SocialAffairs),
    body(Io, "综治和应急管理办公室", Office, F::Emergency),
    featured(Io, "文旅发展办公室", Office, F::Tourism),
    body(Pi, "农业综合服务中心", Centre, F::Agriculture),
    body(Pi, "便民服务中心", Centre, F::ConvenienceService),
    body(Pi, "网格化服务管理中心", Centre, F::GridManagement),
    body(Pi, "综合行政执法队", EnforcementTeam, F::Enforcement),
];

const PUGE: &[BodySpec] = &[
    body(Io, "党政综合办公室", Office, F::PartyGovernment),
    body(Io, "经济发展办公室", Office, F::Economy),
    body(Io, "社会事务办公室", Office, F::SocialAffairs),
    body(Io, "综合行政执法办公室", Office, F::Enforcement),
    body(Pi, "农业综合服务中心", Centre, F::Agriculture),
    body(Pi, "便民服务中心", Centre, F::ConvenienceService),
    body(Pi, "综合行政执法队", EnforcementTeam, F::Enforcement),
];

/// 7+5.
const FICTIONAL: &[BodySpec] = &[
    body(Io, "党政综合办公室", Office, F::PartyGovernment),
    body(Io, "经济发展办公室", Office, F::Economy),
    body(Io, "社会事务办公室", Office, F::SocialAffairs),
    body(Io, "党建工作办公室", Office, F::PartyBuilding),
    body(Io, "规划建设办公室", Office, F::Planning),
    body(Io, "综治和应急管理办公室", Office, F::Emergency),
    body(Io, "财政管理办公室", Office, F::Finance),
    body(Pi, "农业综合服务中心", Centre, F::Agriculture),
    body(Pi, "综合文体健康中心", Centre, F::Culture),
    body(Pi, "便民服务中心", Centre, F::ConvenienceService),
    body(Pi, "网格化服务管理中心", Centre, F::GridManagement),
    body(Pi, "退役军人服务站", Station, F::Veterans),
];

/// 三局五办六中心: three bureaux, two of them featured, five offices and six centres.
const FICTIONAL_PILOT: &[BodySpec] = &[
    body(Io, "党政综合办公室", Office, F::PartyGovernment),
    body(Io, "经济发展局", C::Bureau, F::Economy),
    body(Io, "社会事务办公室", Office, F::SocialAffairs),
    body(Io, "党建工作办公室", Office, F::PartyBuilding),
    body(Io, "规划建设办公室", Office, F::Planning),
    body(Io, "综治和应急管理办公室", Office, F::Emergency),
    featured(Io, "政务服务局", C::Bureau, F::GovernmentServices),
    featured(Io, "综合执法局", C::Bureau, F::Enforcement),
    body(Pi, "农业综合服务中心", Centre, F::Agriculture),
    body(Pi, "综合文体健康中心", Centre, F::Culture),
    body(Pi, "便民服务中心", Centre, F::ConvenienceService),
    body(Pi, "网格化服务管理中心", Centre, F::GridManagement),
    body(Pi, "退役军人服务中心", Centre, F::Veterans),
    body(Pi, "财政服务中心", Centre, F::Finance),
];

const fn dandong(county: &'static str) -> Profile {
    Profile {
        county,
        reform: "2019-12-01",
        reform_name: "乡镇（街道）机构改革（演示）",
        consent: false,
        bodies: DANDONG,
        notation: None,
        pilots: &[],
    }
}

/// The demonstration counties.
pub const PROFILES: &[Profile] = &[
    dandong("210602"),
    dandong("210603"),
    dandong("210604"),
    dandong("210624"),
    dandong("210681"),
    dandong("210682"),
    Profile {
        county: "340321",
        reform: "2021-09-01",
        reform_name: "2021年度乡镇机构改革（演示）",
        consent: false,
        bodies: HUAIYUAN,
        notation: None,
        pilots: &[],
    },
    Profile {
        county: "513428",
        reform: "2022-03-01",
        reform_name: "乡镇赋权扩能改革（演示）",
        consent: false,
        bodies: PUGE,
        notation: None,
        pilots: &[],
    },
    Profile {
        county: "610902",
        reform: "2022-06-01",
        reform_name: "镇级机构改革试点（演示）",
        consent: false,
        bodies: HANBIN,
        notation: None,
        pilots: &[
            Pilot {
                code: "610902111", notation: "4办3中心1执法队和1特色机构", bodies: HANBIN_PILOT
            },
            Pilot {
                code: "610902115", notation: "4办3中心1执法队和1特色机构", bodies: HANBIN_PILOT
            },
        ],
    },
    Profile {
        county: "990101",
        reform: "2021-01-01",
        reform_name: "虚构县镇街机构改革",
        consent: true,
        bodies: FICTIONAL,
        notation: Some("7+5"),
        pilots: &[Pilot { code: "990101100", notation: "三局五办六中心", bodies: FICTIONAL_PILOT }],
    },
];

const fn national(bodies: &'static [BodySpec], notation: Option<&'static str>, consent: bool) -> Profile {
    Profile {
        county: "",
        reform: "",
        reform_name: "乡镇（街道）机构改革（合成）",
        consent,
        bodies,
        notation,
        pilots: &[],
    }
}

/// What counties of a national register are like, by lot.
pub const NATIONAL: &[Profile] = &[
    national(HUAIYUAN, Some("4办2中心1执法队"), false),
    national(HANBIN, None, true),
    national(PUGE, Some("4办2中心1执法队"), false),
    national(HUAIYUAN, None, true),
];

/// Townships on the border, by code. Synthetic: for demonstration of conditional slots.
pub const ON_BORDER: &[&str] = &[
    "九连城镇",
    "太平湾街道",
    "楼房镇",
    "长甸镇",
    "虎山镇",
    "古楼子乡",
    "下露河朝鲜族乡",
    "振江镇",
    "前阳镇",
    "长山镇",
];
/// Townships on river or coast. Synthetic: for demonstration of conditional slots.
pub const ON_COAST: &[&str] = &["孤山镇", "北井子镇", "椅圈镇", "黄土坎镇", "菩萨庙镇", "前阳镇", "长山镇"];
/// Border and coast are looked for in these counties.
pub const WITH_TRAITS: &[&str] = &["210604", "210624", "210681"];
