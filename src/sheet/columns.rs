//! The sheets and their columns: one definition for templates, reading, planning and export.

use crate::code_list;
use crate::domain::{
    AgencyKind, AppointmentKind, AppointmentMode, CodeItem, CodeList, EstablishmentType, InstitutionRank,
    ManagementMode, OrganizationCategory, OrganizationField, OrganizationKind, PersonnelIdentity, PostLevel,
    PostPosition, PublicInstitutionClass, TownshipOrgan,
};

code_list! {
    /// A sheet of a workbook (工作表), in the order in which sheets are taken.
    Sheet {
        Organizations = "ORGANIZATIONS", "机构", "organisations";
        Establishment = "ESTABLISHMENT", "编制", "establishment";
        Posts = "LEADERSHIP_POSTS", "领导职务", "leadership posts";
        People = "PERSONS", "人员", "persons";
        Appointments = "APPOINTMENTS", "任职", "appointments";
    }
}

/// What stands in a cell.
#[derive(Debug, Clone, Copy)]
pub enum Kind {
    /// A text.
    Text,
    /// A value of a code list, written as its Chinese label or as its value.
    Code(&'static [CodeItem]),
    /// A whole number.
    Number,
    /// A day, `YYYY-MM-DD` or a date of the workbook.
    Day,
    /// 是 or 否.
    YesNo,
    /// A division code.
    Division,
}

/// A column.
#[derive(Debug, Clone, Copy)]
pub struct Column {
    /// Heading, and the name by which the plan knows it.
    pub zh: &'static str,
    /// In English.
    pub en: &'static str,
    /// What stands in its cells.
    pub kind: Kind,
    /// Whether a row has to have it.
    pub required: bool,
}

const fn column(zh: &'static str, en: &'static str, kind: Kind) -> Column {
    Column { zh, en, kind, required: true }
}

const fn maybe(zh: &'static str, en: &'static str, kind: Kind) -> Column {
    Column { zh, en, kind, required: false }
}

/// The column in which a workbook that comes back says what is wrong.
pub const REASON: &str = "错误原因";

const KINDS: &[CodeItem] = OrganizationKind::ITEMS;

impl Sheet {
    /// All of them, in their order.
    pub const ALL: [Self; 5] =
        [Self::Organizations, Self::Establishment, Self::Posts, Self::People, Self::Appointments];

    /// Its columns.
    #[must_use]
    pub fn columns(self) -> &'static [Column] {
        match self {
            Self::Organizations => {
                const {
                    &[
                        column("区划代码", "division code", Kind::Division),
                        column("名称", "name", Kind::Text),
                        column("机构类别", "kind", Kind::Code(KINDS)),
                        maybe("隶属机构", "parent", Kind::Text),
                        maybe("简称", "short name", Kind::Text),
                        maybe("规格", "rank", Kind::Code(InstitutionRank::ITEMS)),
                        maybe("形态", "category", Kind::Code(OrganizationCategory::ITEMS)),
                        maybe("工作领域", "field", Kind::Code(OrganizationField::ITEMS)),
                        maybe("事业单位类别", "class", Kind::Code(PublicInstitutionClass::ITEMS)),
                        maybe("派驻类别", "agency kind", Kind::Code(AgencyKind::ITEMS)),
                        maybe("管理体制", "management mode", Kind::Code(ManagementMode::ITEMS)),
                        maybe("主要职责", "functions", Kind::Text),
                        maybe("是否公开", "disclosed", Kind::YesNo),
                        maybe("设立日期", "founded on", Kind::Day),
                        maybe("撤销日期", "abolished on", Kind::Day),
                    ]
                }
            }
            Self::Establishment => {
                const {
                    &[
                        column("区划代码", "division code", Kind::Division),
                        column("机构", "organisation", Kind::Text),
                        column("编制类型", "type", Kind::Code(EstablishmentType::ITEMS)),
                        column("核定数", "approved", Kind::Number),
                        maybe("实有数", "occupied", Kind::Number),
                        maybe("生效日期", "from", Kind::Day),
                    ]
                }
            }
            Self::Posts => {
                const {
                    &[
                        column("区划代码", "division code", Kind::Division),
                        column("机构", "organisation", Kind::Text),
                        column("职务名称", "title", Kind::Text),
                        column("正副职", "position", Kind::Code(PostPosition::ITEMS)),
                        column("职务层次", "level", Kind::Code(PostLevel::ITEMS)),
                        maybe("职数", "quota", Kind::Number),
                        maybe("所属班子", "organ", Kind::Code(TownshipOrgan::ITEMS)),
                        maybe("生效日期", "from", Kind::Day),
                    ]
                }
            }
            Self::People => {
                const {
                    &[
                        column("姓名", "name", Kind::Text),
                        maybe("身份证件号码", "identity number", Kind::Text),
                        maybe("人员身份", "identity", Kind::Code(PersonnelIdentity::ITEMS)),
                        maybe("出生日期", "birth date", Kind::Day),
                    ]
                }
            }
            Self::Appointments => {
                const {
                    &[
                        column("区划代码", "division code", Kind::Division),
                        column("机构", "organisation", Kind::Text),
                        column("职务名称", "title", Kind::Text),
                        column("姓名", "name", Kind::Text),
                        maybe("身份证件号码", "identity number", Kind::Text),
                        column("任职类型", "kind", Kind::Code(AppointmentKind::ITEMS)),
                        column("任职方式", "mode", Kind::Code(AppointmentMode::ITEMS)),
                        maybe("是否兼任", "concurrent", Kind::YesNo),
                        column("任职日期", "from", Kind::Day),
                        maybe("免职日期", "to", Kind::Day),
                    ]
                }
            }
        }
    }

    /// The column with a heading.
    #[must_use]
    pub fn column(self, heading: &str) -> Option<&'static Column> {
        self.columns().iter().find(|column| column.zh == heading)
    }

    /// The sheet with a name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        (0..).map_while(Self::at).find(|sheet| sheet.item().zh == name || sheet.value() == name)
    }
}
