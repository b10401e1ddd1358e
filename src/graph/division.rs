//! Division: an administrative division of any level, with roll-ups over its territory.

use super::dated_name::DatedNameKey;
use super::engine::{Code, Conn, Gid, Int64, ListArgs, Listed, Rank, Ref, Source, Tag, Text};
use super::establishment::of_territory;
use super::{
    ActedOn, DatedName, Department, Establishment, Identified, NodeFields, Organization, OrganizationRecord,
    TemporalFields, TemporalRecord, Township,
};
use crate::domain::{
    CodeRange, DivisionCode, DivisionLevel, DivisionTrait, DivisionType, EstablishmentType, Fault,
    RecordKind, Validity,
};
use crate::policy::{Place, View};
use crate::record;
use crate::snapshot::{DivisionVersion, Handle, StatisticsRow};
use tiaokuai_macros::fields;

impl Identified for Division {
    fn gid(of: Ref<'_, Self>) -> Gid {
        Gid::seal(of.view.id_seal(), Tag::Division, of.view.division_id(of.key))
    }

    fn acted_on(of: Ref<'_, Self>) -> Option<ActedOn> {
        use RecordKind as K;
        let code = of.view.division_shown(of.key).code;
        // Persons, reforms and their drafts are registered with a county.
        let about: &[_] = if code.level() == DivisionLevel::County {
            &[
                Some(K::Division),
                Some(K::Organization),
                Some(K::Person),
                Some(K::Reform),
                Some(K::ReformDraft),
            ]
        } else {
            &[Some(K::Division), Some(K::Organization)]
        };
        Some((Place::Division(code), about))
    }
}

impl TemporalRecord for Division {
    fn validity(of: Ref<'_, Self>) -> Validity {
        of.view.division_row(of.key).validity
    }
    fn document(of: Ref<'_, Self>) -> Option<i64> {
        of.view.division_row(of.key).document
    }
}

impl<'v> Ref<'v, Division> {
    fn version(self) -> &'v DivisionVersion {
        self.view.division_shown(self.key)
    }

    fn range(self) -> CodeRange {
        self.version().code.range()
    }
}

#[fields(DivisionFields)]
impl<'v> Ref<'v, Division> {
    /// Code (行政区划代码) in its shortest form: 2 digits for a province to 12 for a village.
    #[field(Public, Open, filter, order, example = "210681")]
    pub fn code(self) -> DivisionCode {
        self.version().code
    }

    /// Name (名称), such as 普基镇.
    #[field(Public, Open, filter, order)]
    pub fn name(self) -> Text<'v> {
        Text(self.view.text(self.key, self.version().name))
    }

    /// Names it had before the day of the query (曾用名), oldest first; at most a few dozen.
    #[field(Public, Open, relation)]
    pub fn former_names(self) -> Vec<Ref<'v, DatedName>> {
        let current = self.version().name;
        let former = self.view.former_divisions(self.key).filter(|v| v.name != current);
        former.map(|v| self.to(DatedNameKey { at: self.key, name: v.name, validity: v.validity })).collect()
    }

    /// Level (行政区划层级).
    #[field(Public, Open, filter, order)]
    pub fn level(self) -> Code<DivisionLevel> {
        Code(self.version().code.level())
    }

    /// Type (行政区划类型), read from the code, not from the name: a farm with a township code is TOWNSHIP_LIKE.
    #[field(Public, Open, filter, order)]
    pub fn type_(self) -> Code<DivisionType> {
        Code(self.version().kind)
    }

    /// Traits that decide over optional slots of patterns (区划特征), such as 沿边; at most four.
    #[field(Public, Open, relation)]
    pub fn traits(self) -> Vec<Code<DivisionTrait>> {
        self.view.division_row(self.key).traits.iter().copied().map(Code).collect()
    }

    /// Whether its traits are made up for demonstration (特征是否为演示数据).
    #[field(Public, Open, filter)]
    pub fn synthetic_traits(self) -> bool {
        self.view.division_row(self.key).synthetic_traits
    }

    /// Whether it is fictional (虚构区划): codes that begin with 99. No national list or total counts it.
    #[field(Public, Open, filter)]
    pub fn fictional(self) -> bool {
        self.version().code.is_fictional()
    }

    /// The division above (上级行政区划); null for a province.
    #[field(Public, Open, relation = anywhere)]
    pub fn parent(self) -> Option<Ref<'v, Division>> {
        Some(self.to(self.view.parent_division(self.version().code)?))
    }

    /// The divisions above, the province first (各级上级行政区划); at most four.
    #[field(Public, Open, relation = anywhere)]
    pub fn ancestors(self) -> Vec<Ref<'v, Division>> {
        let mut out: Vec<_> = std::iter::successors(self.parent(), |d| d.parent()).collect();
        out.reverse();
        out
    }

    /// The divisions directly below (下级行政区划), ordered by code.
    #[field(Public, Open, cost = 8, relation)]
    pub fn children(self, #[group] list: ListArgs<Division>) -> Result<Conn<'v, Division>, Fault> {
        let rows = self.view.child_divisions(self.version().code);
        Conn::new(self.view, Source::Rows(self.view.division_id(self.key), self.range(), rows.into()), list)
    }

    /// The township that governs it (乡镇、街道); null for other levels, farms and zones, and where none is registered.
    #[field(Public, Open, cost = 2, relation)]
    pub fn township(self) -> Option<Ref<'v, Township>> {
        let code = self.version().code.number();
        let here = CodeRange { from: code, to: code + 1 };
        self.view.organizations_within(here, Township::KINDS).next().map(|h| self.to(h))
    }

    /// The townships in it that are registered (乡镇、街道), at any depth, ordered by code. Farms and zones are not townships.
    #[field(Public, Open, cost = 4, relation)]
    pub fn townships(self, #[group] list: ListArgs<Township>) -> Result<Conn<'v, Township>, Fault> {
        Conn::new(self.view, Source::Territory(self.range()), list)
    }

    /// The departments seated in it (部门), at any depth, ordered by code.
    #[field(Public, Open, cost = 4, relation)]
    pub fn departments(self, #[group] list: ListArgs<Department>) -> Result<Conn<'v, Department>, Fault> {
        Conn::new(self.view, Source::Territory(self.range()), list)
    }

    /// All organisations in it (全部机构), at any depth, ordered by code.
    #[field(Public, Open, cost = 4, relation)]
    pub fn organizations(
        self,
        #[group] list: ListArgs<Organization>,
    ) -> Result<Conn<'v, Organization>, Fault> {
        Conn::new(self.view, Source::Territory(self.range()), list)
    }

    /// Figures of a year (年度统计); of the latest year when none is given. Null where none are registered.
    #[field(Public, Open, relation)]
    pub fn statistics(
        self,
        #[arg("The year (年份), such as 2023; the latest when absent.")] year: Option<i32>,
    ) -> Option<Ref<'v, DivisionStatistics>> {
        let rows = self.view.statistics(self.key);
        let row = match year {
            Some(year) => rows.iter().position(|s| s.year == year)?,
            None => rows.len().checked_sub(1)?,
        };
        Some(self.to(StatisticsKey { division: self.key, row }))
    }

    /// Establishment of all townships in it (编制汇总): their own, their offices' and their institutions'. Without seconded
    /// agencies and departments. Null where nothing is registered, never 0.
    #[field(Internal, Numbers, cost = 16, relation)]
    pub fn establishment(
        self,
        #[arg("Only this type of establishment (编制类型); all types together when absent.")] type_: Option<
            Code<EstablishmentType>,
        >,
    ) -> Result<Option<Ref<'v, Establishment>>, Fault> {
        let kind = type_.map(|t| t.0);
        Ok(of_territory(self.view, self.range(), kind)?.map(|key| self.to(key)))
    }

    /// How many townships in it are registered (已登记乡镇数): the denominator of averages.
    #[field(Public, Open, cost = 16, filter, order, unit = "townships (个)", example = "84 for 丹东市")]
    pub fn registered_townships(self) -> Result<Int64, Fault> {
        let mut count = 0;
        for _ in Township::scan(self.view, self.range()) {
            self.view.meter().charge(1)?;
            count += 1;
        }
        Ok(Int64(count))
    }
}

record! {
    /// An administrative division (行政区划) of any level, from the province to the village. Source: the codes of
    /// GB/T 2260 and, below the county, the statistical list (行政区划代码、统计用区划代码).
    Division as "Division" by Handle, implements ["Node", "Temporal"],
    fields [NodeFields::<Division>::FIELDS, TemporalFields::<Division>::FIELDS, DivisionFields::FIELDS],
    |view, at, rule| view.division_version(at).is_some_and(|v| view.covers(rule, v.code.range()))
}

impl Listed for Division {
    type Item<'v> = Ref<'v, Division>;
    fn item(view: &View, handle: Handle) -> Ref<'_, Division> {
        Ref::new(view, handle)
    }
    fn rank(view: &View, handle: Handle) -> Rank {
        let code = view.division_version(handle).map_or(0, |v| v.code.number().cast_signed());
        [code, view.division_id(handle), 0, 0, 0, 0, 0, 0]
    }
    fn scan(view: &View, range: CodeRange) -> Box<dyn Iterator<Item = Handle> + Send + '_> {
        Box::new(view.divisions_within(range))
    }
}

/// Figures of a year.
#[derive(Clone, Copy)]
pub struct StatisticsKey {
    division: Handle,
    row: usize,
}

impl<'v> Ref<'v, DivisionStatistics> {
    fn row(self) -> &'v StatisticsRow {
        &self.view.statistics(self.key.division)[self.key.row]
    }
}

#[fields(DivisionStatisticsFields)]
impl Ref<'_, DivisionStatistics> {
    /// The year (年份).
    #[field(Public, Open, filter, unit = "calendar year (年)", example = "2023")]
    pub fn year(self) -> i32 {
        self.row().year
    }

    /// Residents at the end of the year (常住人口), persons; null when not registered.
    #[field(Public, Open, filter, unit = "persons (人)", example = "35120")]
    pub fn population(self) -> Option<i32> {
        self.row().population
    }

    /// Residents' committees (居委会), by code.
    #[field(Public, Open, filter, unit = "committees (个)", example = "3")]
    pub fn residents_committees(self) -> Option<i32> {
        self.row().residents_committees
    }

    /// Villagers' committees (村委会), by code.
    #[field(Public, Open, filter, unit = "committees (个)", example = "11")]
    pub fn village_committees(self) -> Option<i32> {
        self.row().village_committees
    }

    /// Other village-level units of the statistical list (其他村级单位), by code.
    #[field(Public, Open, filter, unit = "units (个)", example = "1")]
    pub fn other_units(self) -> Option<i32> {
        self.row().other_units
    }

    /// Whether the figures are made up for demonstration (是否为演示数据).
    #[field(Public, Open, filter)]
    pub fn synthetic(self) -> bool {
        self.row().synthetic
    }
}

record! {
    /// Yearly figures of a division (区划年度统计). Source: the statistical yearbook and the code list of the year.
    DivisionStatistics as "DivisionStatistics" by StatisticsKey, implements [], fields [DivisionStatisticsFields::FIELDS],
    |_view, _at, _rule| true
}
