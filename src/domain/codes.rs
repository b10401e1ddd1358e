//! The vocabularies themselves. Names are the standard terms of the field; the Chinese term is the label.

use crate::code_list;

code_list! {
    /// Level of an administrative division (行政区划层级).
    DivisionLevel {
        Province = "PROVINCE", "省级", "province";
        Prefecture = "PREFECTURE", "地级", "prefecture";
        County = "COUNTY", "县级", "county";
        Township = "TOWNSHIP", "乡级", "township";
        Village = "VILLAGE", "村级", "village";
    }
}

code_list! {
    /// Type of an administrative division (行政区划类型), read from its code, not from its name.
    DivisionType {
        Province = "PROVINCE", "省级", "province, region or municipality";
        Prefecture = "PREFECTURE", "地级", "prefecture";
        County = "COUNTY", "县级", "county, district or county-level city";
        Town = "TOWN", "镇", "town";
        Township = "TOWNSHIP", "乡", "township";
        EthnicTownship = "ETHNIC_TOWNSHIP", "民族乡", "ethnic township";
        Subdistrict = "SUBDISTRICT", "街道", "sub-district";
        TownshipLike = "TOWNSHIP_LIKE", "类似乡级单位", "township-like unit such as a farm or a zone";
        Village = "VILLAGE", "村委会", "villagers' committee";
        Community = "COMMUNITY", "居委会", "residents' committee";
        Virtual = "VIRTUAL", "虚拟单位", "virtual unit of the statistical list";
    }
}

impl DivisionType {
    /// Whether the division is governed by a township-level authority of its own (乡镇、街道).
    #[must_use]
    pub fn is_township(self) -> bool {
        matches!(self, Self::Town | Self::Township | Self::EthnicTownship | Self::Subdistrict)
    }
}

code_list! {
    /// Trait of a division that decides over optional slots (区划特征).
    DivisionTrait {
        Border = "BORDER", "沿边", "on the national border";
        Coastal = "COASTAL", "沿江沿海", "on a river or the sea, with fishery";
        Agricultural = "AGRICULTURAL", "涉农", "with agriculture";
    }
}

code_list! {
    /// Kind of an organisation (机构类别). The organs of a township (Party committee, congress, …) are not bodies: a
    /// leadership post names its organ.
    OrganizationKind {
        Government = "GOVERNMENT", "人民政府", "people's government of a town or township";
        SubdistrictOffice = "SUBDISTRICT_OFFICE", "街道办事处", "sub-district office";
        InternalOffice = "INTERNAL_OFFICE", "内设机构", "internal office";
        PublicInstitution = "PUBLIC_INSTITUTION", "事业单位", "public institution";
        SecondedAgency = "SECONDED_AGENCY", "派驻机构", "seconded agency";
        Department = "DEPARTMENT", "部门", "department of the county or above";
    }
}

code_list! {
    /// Rank of an institution (机构规格).
    InstitutionRank {
        DivisionChief = "DIVISION_CHIEF", "正处级", "county-division, principal";
        DivisionDeputy = "DIVISION_DEPUTY", "副处级", "county-division, deputy";
        SectionChief = "SECTION_CHIEF", "正科级", "township-section, principal";
        SectionDeputy = "SECTION_DEPUTY", "副科级", "township-section, deputy";
        SubsectionChief = "SUBSECTION_CHIEF", "正股级", "sub-section, principal";
        SubsectionDeputy = "SUBSECTION_DEPUTY", "副股级", "sub-section, deputy";
        Unranked = "UNRANKED", "不定级", "unranked";
    }
}

code_list! {
    /// Form of an office or institution, as patterns count it (机构形态): 办, 局, 中心, 站, 队.
    OrganizationCategory {
        Office = "OFFICE", "办公室", "office";
        Bureau = "BUREAU", "局", "bureau";
        Centre = "CENTRE", "中心", "centre";
        Station = "STATION", "站", "station";
        EnforcementTeam = "ENFORCEMENT_TEAM", "综合行政执法队", "integrated enforcement team";
        Other = "OTHER", "其他", "other";
    }
}

code_list! {
    /// Business field of an office or institution (业务领域); an either/or slot names two of them.
    OrganizationField {
        PartyGovernment = "PARTY_GOVERNMENT", "党政综合", "Party and government affairs";
        PartyBuilding = "PARTY_BUILDING", "党建工作", "Party building";
        Economy = "ECONOMY", "经济发展", "economic development";
        Agriculture = "AGRICULTURE", "农业农村", "agriculture and rural affairs";
        UrbanManagement = "URBAN_MANAGEMENT", "城市管理", "urban management";
        SocialAffairs = "SOCIAL_AFFAIRS", "社会事务", "social affairs";
        Veterans = "VETERANS", "退役军人服务", "veterans' services";
        Fishery = "FISHERY", "渔业管理", "fishery";
        BorderDefence = "BORDER_DEFENCE", "边防", "border defence";
        Enforcement = "ENFORCEMENT", "综合行政执法", "administrative enforcement";
        Emergency = "EMERGENCY", "综治和应急管理", "public security and emergency management";
        Planning = "PLANNING", "规划建设", "planning and construction";
        Finance = "FINANCE", "财政", "finance";
        GovernmentServices = "GOVERNMENT_SERVICES", "政务服务", "government services";
        ConvenienceService = "CONVENIENCE_SERVICE", "便民服务", "convenience services";
        Culture = "CULTURE", "文体健康", "culture, sport and health";
        GridManagement = "GRID_MANAGEMENT", "网格化管理", "grid management";
        Comprehensive = "COMPREHENSIVE", "综合事务服务", "comprehensive affairs";
        Water = "WATER", "水利", "water";
        AnimalHealth = "ANIMAL_HEALTH", "动物卫生监督", "animal health";
        Tourism = "TOURISM", "文旅特色", "culture and tourism";
        Other = "OTHER", "其他", "other";
    }
}

code_list! {
    /// Class of a public institution (事业单位类别).
    PublicInstitutionClass {
        PublicBenefit1 = "PUBLIC_BENEFIT_1", "公益一类", "public benefit, class 1";
        PublicBenefit2 = "PUBLIC_BENEFIT_2", "公益二类", "public benefit, class 2";
        Business = "BUSINESS", "经营类", "business";
        AdministrativeType = "ADMINISTRATIVE_TYPE", "行政类", "administrative";
    }
}

code_list! {
    /// Kind of a seconded agency (派驻机构类别).
    AgencyKind {
        PoliceStation = "POLICE_STATION", "公安派出所", "police station";
        JusticeOffice = "JUSTICE_OFFICE", "司法所", "justice office";
        MarketSupervision = "MARKET_SUPERVISION", "市场监督管理所", "market supervision office";
        NaturalResources = "NATURAL_RESOURCES", "自然资源所", "natural resources office";
        WaterStation = "WATER_STATION", "水利站", "water station";
        AnimalHealth = "ANIMAL_HEALTH", "动物卫生监督所", "animal health office";
        VeteransStation = "VETERANS_STATION", "退役军人服务站", "veterans' service station";
        Enforcement = "ENFORCEMENT", "综合行政执法中队", "enforcement squad";
        Other = "OTHER", "其他", "other";
    }
}

code_list! {
    /// Management mode of an agency (管理体制).
    ManagementMode {
        Territorial = "TERRITORIAL", "属地管理", "territorial management";
        Dual = "DUAL", "双重管理", "dual management";
        Vertical = "VERTICAL", "垂直管理", "vertical management";
    }
}

code_list! {
    /// How the township is heard before a decision (征求意见方式).
    ConsultationKind {
        Opinion = "OPINION", "听取意见", "opinion, advisory";
        Consent = "CONSENT", "征得同意", "consent, blocking";
    }
}

code_list! {
    /// Type of establishment (编制类型); a type never becomes another.
    EstablishmentType {
        Administrative = "ADMINISTRATIVE", "行政编制", "administrative establishment";
        PoliticalLegalSpecial = "POLITICAL_LEGAL_SPECIAL", "政法专项编制", "political-legal special establishment";
        PublicInstitution = "PUBLIC_INSTITUTION", "事业编制", "public-institution establishment";
        Worker = "WORKER", "工勤编制", "worker establishment";
        Other = "OTHER", "其他编制", "other establishment";
    }
}

code_list! {
    /// How the occupied posts stand to the approved ones (编制使用状态).
    StaffingState {
        Vacant = "VACANT", "空编", "vacant";
        Full = "FULL", "满编", "full";
        Over = "OVER", "超编", "over-establishment";
    }
}

code_list! {
    /// Principal or deputy post (正副职).
    PostPosition {
        Principal = "PRINCIPAL", "正职", "principal";
        Deputy = "DEPUTY", "副职", "deputy";
    }
}

code_list! {
    /// Post level of a leader (职务层次), the lower five of the ten levels of the law and the level below them.
    PostLevel {
        DivisionPrincipal = "DIVISION_PRINCIPAL", "县处级正职", "county-division, principal";
        DivisionDeputy = "DIVISION_DEPUTY", "县处级副职", "county-division, deputy";
        SectionPrincipal = "SECTION_PRINCIPAL", "乡科级正职", "township-section, principal";
        SectionDeputy = "SECTION_DEPUTY", "乡科级副职", "township-section, deputy";
        Subsection = "SUBSECTION", "股级", "sub-section, middle management of a township";
    }
}

code_list! {
    /// Organ of a township that a leadership post belongs to (乡镇机关).
    TownshipOrgan {
        PartyCommittee = "PARTY_COMMITTEE", "党委(党工委)", "Party committee or working committee";
        Government = "GOVERNMENT", "政府(办事处)", "government or sub-district office";
        PeoplesCongress = "PEOPLES_CONGRESS", "人大", "People's Congress";
        Discipline = "DISCIPLINE", "纪委(纪工委)", "discipline inspection";
        ArmedForces = "ARMED_FORCES", "人民武装部", "people's armed forces department";
    }
}

code_list! {
    /// How somebody comes to a post (任职方式): 选任、委任、聘任.
    AppointmentMode {
        Elected = "ELECTED", "选任", "elected";
        Appointed = "APPOINTED", "委任", "appointed";
        Engaged = "ENGAGED", "聘任", "engaged";
    }
}

code_list! {
    /// Kind of an appointment (任免类型).
    AppointmentKind {
        Promote = "PROMOTE", "提拔", "promotion";
        Reassign = "REASSIGN", "平级调整", "move at the same level";
        WeightierPost = "WEIGHTIER_POST", "进一步使用", "move to a weightier post";
        RankUp = "RANK_UP", "晋升职级", "rise in rank";
    }
}

code_list! {
    /// State of an appointment (任免状态), in the order of the procedure.
    AppointmentState {
        Proposed = "PROPOSED", "动议提名", "proposed";
        Consulted = "CONSULTED", "征求意见", "township consulted";
        Discussed = "DISCUSSED", "讨论决定", "discussed";
        Publicised = "PUBLICISED", "任前公示", "in the publicity period";
        Appointed = "APPOINTED", "已任职", "appointed";
        Probation = "PROBATION", "试用期", "on probation";
        Confirmed = "CONFIRMED", "正式任职", "confirmed";
        Withdrawn = "WITHDRAWN", "撤回", "withdrawn";
        Removed = "REMOVED", "已免职", "removed";
    }
}

impl AppointmentState {
    /// Whether the person holds, or held, the post. Anything before that is a procedure.
    #[must_use]
    pub fn in_office(self) -> bool {
        matches!(self, Self::Appointed | Self::Probation | Self::Confirmed | Self::Removed)
    }
    /// Whether the public may know of it: the outcome and the publicity period (公示).
    #[must_use]
    pub fn is_published(self) -> bool {
        self.in_office() || self == Self::Publicised
    }
}

code_list! {
    /// Personnel identity (人员身份).
    PersonnelIdentity {
        CivilServant = "CIVIL_SERVANT", "公务员", "civil servant";
        ReferenceManaged = "REFERENCE_MANAGED", "参公人员", "managed with reference to the civil service law";
        InstitutionStaff = "INSTITUTION_STAFF", "事业人员", "staff of a public institution";
        Worker = "WORKER", "工勤人员", "worker";
        OffEstablishment = "OFF_ESTABLISHMENT", "编外人员", "off-establishment staff";
    }
}

code_list! {
    /// What happened to organisations (机构变动类型).
    ChangeKind {
        Establish = "ESTABLISH", "设立", "established";
        Rename = "RENAME", "更名", "renamed";
        Rerank = "RERANK", "规格调整", "given another rank";
        Transfer = "TRANSFER", "划转", "transferred to another owner";
        Merge = "MERGE", "合并", "merged";
        Split = "SPLIT", "分设", "split";
        Abolish = "ABOLISH", "撤销", "abolished";
    }
}

code_list! {
    /// How a township departs from its setting pattern (机构设置偏差).
    DeviationKind {
        Missing = "MISSING", "缺设", "fewer bodies than the slot asks for";
        TooMany = "TOO_MANY", "超设", "more bodies than the slot allows";
        Unplanned = "UNPLANNED", "模式外", "a body that no slot provides for";
    }
}

code_list! {
    /// Role of a grant (角色). A role counts within the scope of its grant only.
    Role {
        Public = "PUBLIC", "公众", "the public, no token";
        Analyst = "ANALYST", "分析人员", "analyst: numbers, no personal data";
        TownshipClerk = "TOWNSHIP_CLERK", "乡镇经办", "township clerk";
        TownshipLeader = "TOWNSHIP_LEADER", "乡镇领导", "township leader";
        DepartmentClerk = "DEPARTMENT_CLERK", "部门经办", "department clerk";
        DepartmentLeader = "DEPARTMENT_LEADER", "部门领导", "department leader";
        EstablishmentClerk = "ESTABLISHMENT_CLERK", "编办经办", "establishment clerk";
        EstablishmentDirector = "ESTABLISHMENT_DIRECTOR", "编办主任", "establishment director";
        EstablishmentCommittee = "ESTABLISHMENT_COMMITTEE", "编委", "establishment committee";
        OrganizationDept = "ORGANIZATION_DEPT", "组织部", "organisation department";
        HrSocial = "HR_SOCIAL", "人社", "human resources and social security";
        Finance = "FINANCE", "财政", "finance";
        Inspector = "INSPECTOR", "督查", "inspector";
        Dispatcher = "DISPATCHER", "指挥受理", "dispatcher";
        SystemAdmin = "SYSTEM_ADMIN", "系统管理员", "system administrator, no business data";
        SecurityAdmin = "SECURITY_ADMIN", "安全管理员", "security administrator, no business data";
        Auditor = "AUDITOR", "审计管理员", "audit administrator, no business data";
    }
}

impl Role {
    /// One of the three administrators (三员), who may hold no business role and no second administrator's role.
    #[must_use]
    pub fn is_administrator(self) -> bool {
        matches!(self, Self::SystemAdmin | Self::SecurityAdmin | Self::Auditor)
    }
}

code_list! {
    /// Language of a label (标签语言).
    LabelLocale {
        ZhCn = "ZH_CN", "简体中文", "simplified Chinese";
        En = "EN", "英文", "English";
    }
}

impl OrganizationKind {
    /// All of them.
    pub const ALL: &'static [Self] = &[
        Self::Government,
        Self::SubdistrictOffice,
        Self::InternalOffice,
        Self::PublicInstitution,
        Self::SecondedAgency,
        Self::Department,
    ];
    /// The authorities of townships and sub-districts.
    pub const TOWNSHIPS: &'static [Self] = &[Self::Government, Self::SubdistrictOffice];
    /// What may be a township's own: its authority, its offices and its institutions.
    pub const OWN: &'static [Self] =
        &[Self::Government, Self::SubdistrictOffice, Self::InternalOffice, Self::PublicInstitution];

    /// Some kinds as bits, for who asks of many bodies whether they are of them.
    #[must_use]
    pub const fn bits(kinds: &[Self]) -> u8 {
        let (mut bits, mut at) = (0, 0);
        while at < kinds.len() {
            bits |= 1 << kinds[at] as u8;
            at += 1;
        }
        bits
    }

    /// Whether it is one of some kinds.
    #[inline]
    #[must_use]
    pub const fn is_of(self, bits: u8) -> bool {
        bits >> self as u8 & 1 == 1
    }
}
