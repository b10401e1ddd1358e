//! Township: the authority of a town, township, ethnic township or sub-district. The block (块) where the lines cross.

use super::engine::{Code, Conn, ListArgs, Ref};
use super::setting_pattern::{DeviationKey, deviations};
use super::{
    InternalOffice, NodeFields, Organization, OrganizationFields, OrganizationRecord, PatternDeviation,
    PublicInstitution, SecondedAgency, SettingPattern, TemporalFields,
};
use crate::domain::{CodeRange, DivisionType, Fault, OrganizationKind};
use crate::snapshot::Handle;
use crate::{organization, record};
use tiaokuai_macros::fields;

impl<'v> Ref<'v, Township> {
    /// All bodies of some kinds that sit in its division, except itself.
    pub(super) fn bodies(self, kinds: &'static [OrganizationKind]) -> impl Iterator<Item = Handle> + 'v {
        let code = self.version().map_or(0, |v| v.division.number());
        let here = self.view.organizations_within(CodeRange { from: code, to: code + 1 }, kinds);
        here.filter(move |h| *h != self.key)
    }

    /// Its bodies of a kind: offices and institutions are its own, agencies are those on its territory.
    pub(super) fn bodies_of<T: OrganizationRecord>(self) -> impl Iterator<Item = Handle> + 'v {
        let all = T::KINDS.contains(&OrganizationKind::SecondedAgency);
        self.bodies(T::KINDS).filter(move |h| all || self.view.owns(self.key, *h))
    }
}

#[fields(TownshipFields)]
impl<'v> Ref<'v, Township> {
    /// Type by the code of its division (类型): 镇, 乡, 民族乡 or 街道. Null when the division is not registered.
    #[field(Public, Open, filter, order)]
    pub fn type_(self) -> Option<Code<DivisionType>> {
        let division = self.view.division(self.version()?.division)?;
        Some(Code(self.view.division_version(division)?.kind))
    }

    /// Its internal offices (内设机构).
    #[field(Public, Open, cost = 4, relation)]
    pub fn internal_offices(
        self,
        #[group] list: ListArgs<InternalOffice>,
    ) -> Result<Conn<'v, InternalOffice>, Fault> {
        Conn::new(self.view, self.rows(self.bodies_of::<InternalOffice>().collect()), list)
    }

    /// Its public institutions (所属事业单位), the enforcement team (综合行政执法队) among them.
    #[field(Public, Open, cost = 4, relation)]
    pub fn public_institutions(
        self,
        #[group] list: ListArgs<PublicInstitution>,
    ) -> Result<Conn<'v, PublicInstitution>, Fault> {
        Conn::new(self.view, self.rows(self.bodies_of::<PublicInstitution>().collect()), list)
    }

    /// The seconded agencies on its territory (派驻机构): they belong to departments, the township coordinates them.
    #[field(Public, Open, cost = 4, relation)]
    pub fn seconded_agencies(
        self,
        #[group] list: ListArgs<SecondedAgency>,
    ) -> Result<Conn<'v, SecondedAgency>, Fault> {
        Conn::new(self.view, self.rows(self.bodies_of::<SecondedAgency>().collect()), list)
    }

    /// All bodies on its territory (全部机构): offices, institutions and agencies.
    #[field(Public, Open, cost = 4, relation)]
    pub fn organizations(
        self,
        #[group] list: ListArgs<Organization>,
    ) -> Result<Conn<'v, Organization>, Fault> {
        Conn::new(self.view, self.rows(self.bodies(Organization::KINDS).collect()), list)
    }

    /// The setting pattern that holds for it (机构设置模式), such as 7+5; null when none is assigned.
    #[field(Public, Open, relation = anywhere)]
    pub fn setting_pattern(self) -> Option<Ref<'v, SettingPattern>> {
        Some(self.to(self.view.pattern_of(self.key)?))
    }

    /// How it departs from its pattern (机构设置偏差): what is missing, too many or not provided for. Empty when it fits
    /// or no pattern is assigned; at most as many as slots and bodies.
    #[field(Internal, Numbers, cost = 16, relation)]
    pub fn deviations(self) -> Vec<Ref<'v, PatternDeviation>> {
        let found = deviations(self);
        found.into_iter().map(|deviation| self.to(DeviationKey { township: self.key, deviation })).collect()
    }
}

record! {
    /// The authority of a town, township, ethnic township or sub-district (乡镇、街道): the block (块) where the lines cross.
    /// Farms and zones with a code of their own are divisions only. Source: the establishment ledger (机构编制台账).
    Township as "Township" by Handle, implements ["Node", "Temporal", "Organization"],
    fields [
        NodeFields::<Township>::FIELDS,
        TemporalFields::<Township>::FIELDS,
        OrganizationFields::<Township>::FIELDS,
        TownshipFields::FIELDS,
    ],
    |view, at, rule| view.may_organization(rule, at)
}

organization!(Township, Township, [Government, SubdistrictOffice]);
