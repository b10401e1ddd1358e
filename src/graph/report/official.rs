//! The reports that come with the program: the tables which officials make again and again.

use serde_json::{Value, json};

/// A report that comes with the program.
#[derive(Debug, Clone)]
pub struct Official {
    /// Its id.
    pub id: &'static str,
    /// What it is called in Chinese.
    pub zh: &'static str,
    /// What it is called in English.
    pub en: &'static str,
    /// What it says, in Chinese and English.
    pub about: (&'static str, &'static str),
    /// What is asked for.
    pub input: Value,
}

fn by(dimensions: &[&str]) -> Value {
    dimensions.iter().map(|dimension| json!({ "dimension": dimension })).collect()
}

/// All of them.
#[must_use]
pub fn official_reports() -> Vec<Official> {
    let official = |id, zh, en, about, input| Official { id, zh, en, about, input };
    vec![
        official(
            "township-summary",
            "乡镇机构编制情况汇总表",
            "Townships at a glance",
            ("每个乡镇的机构、编制、领导职数", "bodies, establishment and leadership posts of each township"),
            json!({
                "dimensions": by(&["COUNTY", "TOWNSHIP"]),
                "segments": ["OWN_BODIES"],
                "measures": ["INTERNAL_OFFICES", "PUBLIC_INSTITUTIONS", "APPROVED", "OCCUPIED", "VACANT", "OVER", "LEADERSHIP_QUOTA", "LEADERS_IN_POST"],
                "totals": ["FIRST", "GRAND"], "first": 1000,
            }),
        ),
        official(
            "over-and-vacant",
            "空编超编情况表",
            "Vacant and over-established posts by type",
            (
                "按县、按编制类型的核定、实有、空编、超编",
                "approved, occupied, vacant and over, by county and type of establishment",
            ),
            json!({
                "dimensions": by(&["COUNTY", "ESTABLISHMENT_TYPE"]),
                "measures": ["APPROVED", "OCCUPIED", "VACANT", "OVER", "FILL_RATE"],
                "totals": ["FIRST", "GRAND"], "first": 1000,
            }),
        ),
        official(
            "reform-changes",
            "机构改革变动清单",
            "Changes by reforms",
            ("各项改革的机构变动", "what became of what in each reform"),
            json!({
                "dimensions": by(&["COUNTY", "REFORM", "DAY", "CHANGE_KIND", "ORGANIZATION_CHANGE"]),
                "measures": ["CHANGES", "BODIES_FOUNDED", "BODIES_ENDED"],
                "totals": ["SECOND", "GRAND"], "first": 1000,
            }),
        ),
        official(
            "vacant-leadership-posts",
            "领导职务空缺情况表",
            "Vacant leadership posts",
            ("有空缺名额的领导职务", "leadership posts with a vacant place"),
            json!({
                "dimensions": by(&["COUNTY", "TOWNSHIP", "ORGANIZATION", "LEADERSHIP_POST"]),
                "measures": ["VACANT_LEADERSHIP_POSTS"], "segments": ["VACANT_POSTS"],
                "totals": ["FIRST", "GRAND"], "first": 1000,
            }),
        ),
        official(
            "seconded-agencies",
            "派驻机构管理体制情况表",
            "Seconded agencies by management mode",
            (
                "每个派驻机构的类别、管理体制、统一指挥和征求意见方式",
                "kind, management mode, command and hearing of each agency",
            ),
            json!({
                "dimensions": by(&["TOWNSHIP", "ORGANIZATION", "AGENCY_KIND", "MANAGEMENT_MODE", "UNIFIED_COMMAND", "HEAD_APPOINTMENT_RULE"]),
                "measures": ["SECONDED_AGENCIES"],
                "where": { "organization": { "kind": { "eq": "SECONDED_AGENCY" } } },
                "totals": ["FIRST", "GRAND"], "first": 1000,
            }),
        ),
        official(
            "parallel-bodies",
            "新旧机构并行清单",
            "Old and new bodies in parallel",
            (
                "变动已生效而仍存续的原机构",
                "bodies that exist although a change which took effect ended them",
            ),
            json!({
                "dimensions": by(&["COUNTY", "TOWNSHIP", "KIND", "ORGANIZATION"]),
                "measures": ["PARALLEL_BODIES"], "having": [{ "measure": "PARALLEL_BODIES", "gte": 1 }],
                "totals": ["FIRST", "GRAND"], "first": 1000,
            }),
        ),
        official(
            "leaders-structure",
            "领导干部结构情况表",
            "Leaders by gender, age and identity",
            (
                "在任领导的性别、年龄、身份结构（小数抑制）",
                "persons in posts by gender, age and identity, small groups suppressed",
            ),
            json!({
                "dimensions": by(&["GENDER", "AGE_BAND"]), "pivot": by(&["PERSONNEL_IDENTITY"]),
                "measures": ["PERSONS"], "totals": ["FIRST", "GRAND"], "first": 1000,
            }),
        ),
        official(
            "pattern-deviations",
            "机构设置模式执行情况表",
            "Townships and their setting patterns",
            ("每个乡镇的本级机构数、模式限额与偏差", "own bodies, limits and departures of each township"),
            json!({
                "dimensions": by(&["COUNTY", "TOWNSHIP", "SETTING_PATTERN"]),
                "measures": ["OWN_BODIES", "PATTERN_LEAST", "PATTERN_MOST", "DEVIATIONS", "MANDATORY_RATE"],
                "segments": [], "totals": ["FIRST", "GRAND"], "first": 1000,
            }),
        ),
        official(
            "average-establishment",
            "镇均编制情况表",
            "Establishment per township",
            ("按县的镇均核定编制、实有在编", "approved and occupied posts per township, by county"),
            json!({
                "dimensions": by(&["PREFECTURE", "COUNTY"]),
                "measures": ["TOWNSHIPS", "APPROVED", "OCCUPIED", "APPROVED_PER_TOWNSHIP", "OCCUPIED_PER_TOWNSHIP"],
                "totals": ["FIRST", "GRAND"], "decimals": 1, "first": 1000,
            }),
        ),
        official(
            "townships-by-type",
            "乡镇街道数量表",
            "Townships by type",
            ("按地区、按类型的乡镇街道个数", "townships by division and type"),
            json!({
                "dimensions": by(&["PROVINCE", "PREFECTURE", "COUNTY"]), "pivot": by(&["TOWNSHIP_TYPE"]),
                "measures": ["TOWNSHIPS"], "totals": ["FIRST", "SECOND", "GRAND"], "first": 1000,
            }),
        ),
        official(
            "over-quota-and-over-rank",
            "超职数超规格配备情况表",
            "Leaders over quota and above rank",
            ("超职数、超规格配备的机构", "bodies with leaders over quota or above rank"),
            json!({
                "dimensions": by(&["COUNTY", "TOWNSHIP", "ORGANIZATION"]),
                "measures": ["LEADERSHIP_QUOTA", "LEADERS_IN_POST", "LEADERSHIP_OVER", "OVER_RANK_POSTS", "IRREGULAR_POSTS"],
                "having": [{ "measure": "IRREGULAR_POSTS", "gte": 1 }], "totals": ["FIRST", "GRAND"],
                "orderBy": [{ "measure": "LEADERSHIP_OVER", "direction": "DESC" }, { "measure": "OVER_RANK_POSTS", "direction": "DESC" }],
                "first": 1000,
            }),
        ),
    ]
}
