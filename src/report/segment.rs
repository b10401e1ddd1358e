//! Segments: parts of the register that are asked for again and again, under a name.

use super::attribute::{has, kind, numbers};
use super::counting::places;
use super::dimension::Level;
use super::fact::Fact;
use crate::code_list;
use crate::domain::{CodeList, DivisionTrait, DivisionType};
use crate::policy::Rule;

/// What is said about a segment.
pub struct Segment {
    /// What it looks at: facts that do not have it are not narrowed by it, and it is refused where none has it.
    pub level: Level,
    /// Who may use it.
    pub rule: Rule,
    /// Whether a fact is in it.
    pub holds: fn(&Fact<'_, '_>) -> bool,
    /// What it is, in Chinese and English.
    pub definition: (&'static str, &'static str),
}

macro_rules! segments {
    ($($variant:ident = $value:literal, $zh:literal, $en:literal; $level:ident, $rule:ident, $holds:expr, $def_zh:literal, $def_en:literal;)+) => {
        code_list! {
            /// Parts of the register under a name (常用口径). Several narrow further.
            ReportSegment { $($variant = $value, $zh, $en;)+ }
        }

        const ALL_OF_THEM: &[Segment] = &[$(Segment {
            level: Level::$level, rule: Rule::$rule, holds: $holds, definition: ($def_zh, $def_en),
        }),+];
    };
}

segments! {
    BorderTownships = "BORDER_TOWNSHIPS", "沿边乡镇", "border townships";
        Place, Open, |f| has(f, DivisionTrait::Border) == Some(true), "沿边的乡级区划", "townships on the national border";
    CoastalTownships = "COASTAL_TOWNSHIPS", "沿江沿海乡镇", "townships on river or coast";
        Place, Open, |f| has(f, DivisionTrait::Coastal) == Some(true), "沿江沿海的乡级区划", "townships on a river or the sea";
    AgriculturalTownships = "AGRICULTURAL_TOWNSHIPS", "涉农乡镇", "agricultural townships";
        Place, Open, |f| has(f, DivisionTrait::Agricultural) == Some(true), "涉农的乡级区划", "townships with agriculture";
    TownsAndTownships = "TOWNS_AND_TOWNSHIPS", "乡镇（不含街道）", "towns and townships";
        Place, Open, |f| kind(f).is_some_and(|kind| kind.is_township() && kind != DivisionType::Subdistrict), "镇、乡、民族乡，不含街道", "towns, townships and ethnic townships, without sub-districts";
    Subdistricts = "SUBDISTRICTS", "街道", "sub-districts";
        Place, Open, |f| kind(f) == Some(DivisionType::Subdistrict), "街道", "sub-districts";
    PatternedTownships = "PATTERNED_TOWNSHIPS", "已定模式乡镇", "townships with a pattern";
        Place, Open, |f| f.place.township.is_some_and(|t| f.place.view.pattern_of(t.at).is_some()), "已确定机构设置模式的乡镇", "townships to which a setting pattern is assigned";
    OwnBodies = "OWN_BODIES", "乡镇本级机构", "own bodies of townships";
        Body, Open, |f| f.own, "乡镇及其内设机构、所属事业单位，不含派驻机构和部门", "townships with their offices and institutions, without agencies and departments";
    OverEstablished = "OVER_ESTABLISHED", "超编机构", "over-established bodies";
        Body, Numbers, |f| numbers(f).is_some_and(|n| n.over > 0), "任一编制类型超编的机构", "bodies with posts too many of any type";
    VacantPosts = "VACANT_POSTS", "空缺职务", "vacant posts";
        Post, Numbers, |f| places(f).is_some_and(|(quota, held, _)| quota > held), "有空缺名额的领导职务", "leadership posts with a vacant place";
}

impl ReportSegment {
    /// What is said about it.
    #[must_use]
    pub fn spec(self) -> &'static Segment {
        &ALL_OF_THEM[self.index()]
    }
}
