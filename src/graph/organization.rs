//! Organization: what townships, offices, institutions, agencies and departments have in common.

use super::change::changes;
use super::dated_name::DatedNameKey;
use super::engine::{
    Code, Conn, Gid, Hanging, ListArgs, Listed, One, Rank, Record, Ref, Source, Tag, Text, interface,
};
use super::establishment::of_body;
use super::{
    ActedOn, Change, DatedName, Division, Establishment, Identified, LeadershipPost, NodeFields, NodeRef,
    OrganizationChange, TemporalFields, TemporalRecord, Township,
};
use crate::domain::{
    CodeRange, DivisionCode, EstablishmentType, Fault, InstitutionRank, OrganizationKind, RecordKind,
    Validity,
};
use crate::policy::{Place, View};
use crate::record;
use crate::snapshot::{Handle, OrganizationForm, OrganizationVersion, Sym};
use tiaokuai_macros::fields;

/// A record that is an organisation. Its key is always a handle into the organisations.
pub trait OrganizationRecord: Record<Key = Handle> {
    /// The letters of its ids; `None` for the interface itself, whose ids depend on the kind.
    const TAG: Option<Tag>;
    /// The kinds that it stands for.
    const KINDS: &'static [OrganizationKind];
}

/// Letters of the ids of a kind.
pub(super) fn tag(kind: OrganizationKind) -> Tag {
    match kind {
        OrganizationKind::Government | OrganizationKind::SubdistrictOffice => Tag::Township,
        OrganizationKind::InternalOffice => Tag::InternalOffice,
        OrganizationKind::PublicInstitution => Tag::PublicInstitution,
        OrganizationKind::SecondedAgency => Tag::SecondedAgency,
        OrganizationKind::Department => Tag::Department,
    }
}

impl<T: OrganizationRecord> Identified for T {
    fn gid(of: Ref<'_, Self>) -> Gid {
        let tag = T::TAG.unwrap_or_else(|| tag(of.view.organization_row(of.key).kind));
        Gid::seal(of.view.id_seal(), tag, of.view.organization_id(of.key))
    }

    fn acted_on(of: Ref<'_, Self>) -> Option<ActedOn> {
        let about = &[Some(RecordKind::Organization), Some(RecordKind::LeadershipPost)];
        Some((Place::Organization(of.key), about))
    }
}

impl<T: OrganizationRecord> TemporalRecord for T {
    fn validity(of: Ref<'_, Self>) -> Validity {
        of.view.organization_row(of.key).validity
    }
    fn document(of: Ref<'_, Self>) -> Option<i64> {
        of.view.referred(of.key, of.view.organization_row(of.key).document)
    }
}

impl<'v, T: OrganizationRecord> Ref<'v, T> {
    /// What it is on the day of the view. A reference is made only to what exists on that day.
    pub(super) fn version(self) -> Option<&'v OrganizationVersion> {
        self.view.organization(self.key)
    }

    /// What it has in common with others on the day of the view.
    pub(super) fn form(self) -> Option<&'v OrganizationForm> {
        self.version().map(|version| self.view.organization_form(self.key, version))
    }

    fn text(self, sym: Option<Sym>) -> Option<Text<'v>> {
        sym.map(|sym| Text(self.view.text(self.key, sym)))
    }
}

#[fields(OrganizationFields)]
impl<'v, T: OrganizationRecord> Ref<'v, T> {
    /// Full name (机构名称), such as 党政办公室.
    #[field(Public, Open, filter, order)]
    pub fn name(self) -> Text<'v> {
        self.text(self.version().map(|v| v.name)).unwrap_or(Text(""))
    }

    /// Short name (简称); null when none is registered.
    #[field(Public, Open, filter, order, example = "农业技术推广站")]
    pub fn short_name(self) -> Option<Text<'v>> {
        self.text(self.form()?.short_name)
    }

    /// Names it had before the day of the query (曾用名), oldest first; at most a few dozen.
    #[field(Public, Open, relation)]
    pub fn former_names(self) -> Vec<Ref<'v, DatedName>> {
        let current = self.version().map(|v| v.name);
        let former = self.view.former_organizations(self.key).filter(|v| Some(v.name) != current);
        former.map(|v| self.to(DatedNameKey { at: self.key, name: v.name, validity: v.validity })).collect()
    }

    /// Kind of organisation (机构类别). It never changes: a body that becomes another kind ends and has a successor.
    #[field(Public, Open, filter, order)]
    pub fn kind(self) -> Code<OrganizationKind> {
        Code(self.view.organization_row(self.key).kind)
    }

    /// Rank (机构规格); null when none is registered.
    #[field(Public, Open, filter, order)]
    pub fn rank(self) -> Option<Code<InstitutionRank>> {
        self.form()?.rank.map(Code)
    }

    /// Code of the division it sits in (所在行政区划代码), such as 610902111.
    #[field(Public, Open, filter, order)]
    pub fn division_code(self) -> DivisionCode {
        self.view.seat(self.key)
    }

    /// The division it sits in (所在行政区划); null when that is not registered.
    #[field(Public, Open, relation)]
    pub fn division(self) -> Option<Ref<'v, Division>> {
        Some(self.to(self.view.division(self.version()?.division)?))
    }

    /// The township on whose territory it stands (所在乡镇、街道), itself for a township; null above the township.
    #[field(Public, Open, cost = 4, relation)]
    pub fn township(self) -> Option<Ref<'v, Township>> {
        let code = self.version()?.division.number();
        let here = CodeRange { from: code, to: code + 1 };
        self.view.organizations_within(here, Township::KINDS).next().map(|h| self.to(h))
    }

    /// The organisation that owns it (隶属机构): the township of an office, the department of an agency. Null at the top.
    #[field(Public, Open, relation = anywhere)]
    pub fn parent(self) -> Option<OrganizationRef<'v>> {
        Some(OrganizationRef::new(
            self.view,
            self.view.find_organization(self.view.referred(self.key, self.version()?.parent)?)?,
        ))
    }

    /// Main duties in words (主要职责); null when none are registered.
    #[field(Public, Open, filter, example = "负责综合协调和档案工作")]
    pub fn functions(self) -> Option<Text<'v>> {
        self.text(self.form()?.functions)
    }

    /// Its leadership posts (领导职务), principal posts first.
    #[field(Public, Open, cost = 4, relation)]
    pub fn leadership_posts(
        self,
        #[group] list: ListArgs<LeadershipPost>,
    ) -> Result<Conn<'v, LeadershipPost>, Fault> {
        Conn::new(self.view, self.rows(self.view.posts_of(self.key).collect()), list)
    }

    /// Its establishment (编制): approved and occupied posts, of one type or of all. For a township with its offices and
    /// institutions; without its seconded agencies, whose posts belong to the departments. Null when none is registered.
    #[field(Internal, Numbers, cost = 16, relation)]
    pub fn establishment(
        self,
        #[arg("Only this type of establishment (编制类型); all types together when absent.")] type_: Option<
            Code<EstablishmentType>,
        >,
    ) -> Option<Ref<'v, Establishment>> {
        let kind = type_.map(|t| t.0);
        of_body(self.view, self.key, kind).map(|key| self.to(key))
    }

    /// What was done to it (变更历史), newest first: when, by whom, on what document. With its establishment and what it was called; what was
    /// done to its posts stands with them.
    #[field(Public, Open, cost = 4, relation = anywhere)]
    pub fn history(self, #[group] list: ListArgs<Change>) -> Result<Conn<'v, Change>, Fault> {
        let id = self.view.organization_id(self.key);
        changes(self.view, Some((RecordKind::Organization, id)), CodeRange::ALL, 0, list)
    }

    /// The changes it came out of (前身变动), oldest first; at most a few dozen.
    #[field(Public, Open, cost = 4, relation = anywhere)]
    pub fn predecessors(self) -> Vec<Ref<'v, OrganizationChange>> {
        self.view.changes_of(self.key, true).map(|h| self.to(h)).collect()
    }

    /// The changes it went into (后续变动), also after the day of the query, oldest first; at most a few dozen.
    #[field(Public, Open, cost = 4, relation = anywhere)]
    pub fn successors(self) -> Vec<Ref<'v, OrganizationChange>> {
        self.view.changes_of(self.key, false).map(|h| self.to(h)).collect()
    }
}

impl<'v, T: OrganizationRecord> Ref<'v, T> {
    /// Rows that hang on this organisation, in canonical order, for a list. What a table of the snapshot hands out stands in it.
    pub(super) fn rows(self, rows: Hanging<Handle>) -> Source<Handle> {
        let range = self.version().map_or(CodeRange::ALL, |v| v.division.range());
        Source::InOrder(self.view.organization_id(self.key), range, rows)
    }
}

record! {
    /// An organisation (机构): what holds establishment, posts and people. Source: the establishment ledger (机构编制台账).
    Organization as "Organization" by Handle, implements ["Node", "Temporal"],
    fields [NodeFields::<Organization>::FIELDS, TemporalFields::<Organization>::FIELDS, OrganizationFields::<Organization>::FIELDS],
    |view, at, rule| view.may_organization(rule, at)
}

impl OrganizationRecord for Organization {
    const TAG: Option<Tag> = None;
    const KINDS: &'static [OrganizationKind] = OrganizationKind::ALL;
}

interface! {
    /// Any organisation.
    OrganizationRef is Organization;
    Township, InternalOffice, PublicInstitution, SecondedAgency, Department,
}

impl<'v> OrganizationRef<'v> {
    fn place(&self) -> (&'v View, Handle) {
        match self {
            Self::Township(of) => (of.view, of.key),
            Self::InternalOffice(of) => (of.view, of.key),
            Self::PublicInstitution(of) => (of.view, of.key),
            Self::SecondedAgency(of) => (of.view, of.key),
            Self::Department(of) => (of.view, of.key),
        }
    }

    /// The organisation as the type of its kind.
    #[must_use]
    pub fn new(view: &'v View, handle: Handle) -> Self {
        match view.organization_row(handle).kind {
            OrganizationKind::Government | OrganizationKind::SubdistrictOffice => {
                Self::Township(Ref::new(view, handle))
            }
            OrganizationKind::InternalOffice => Self::InternalOffice(Ref::new(view, handle)),
            OrganizationKind::PublicInstitution => Self::PublicInstitution(Ref::new(view, handle)),
            OrganizationKind::SecondedAgency => Self::SecondedAgency(Ref::new(view, handle)),
            OrganizationKind::Department => Self::Department(Ref::new(view, handle)),
        }
    }
}

/// Conditions on an organisation of any type are those on what all of them have.
impl One for OrganizationRef<'_> {
    type Record = Organization;
    fn view(&self) -> &View {
        self.place().0
    }
    fn key(&self) -> Handle {
        self.place().1
    }
}

impl<'v> From<OrganizationRef<'v>> for NodeRef<'v> {
    fn from(of: OrganizationRef<'v>) -> Self {
        match of {
            OrganizationRef::Township(of) => Self::Township(of),
            OrganizationRef::InternalOffice(of) => Self::InternalOffice(of),
            OrganizationRef::PublicInstitution(of) => Self::PublicInstitution(of),
            OrganizationRef::SecondedAgency(of) => Self::SecondedAgency(of),
            OrganizationRef::Department(of) => Self::Department(of),
        }
    }
}

/// Where an organisation stands in lists.
pub(super) fn rank(view: &View, handle: Handle) -> Rank {
    let [code, last, kind, id] = view.organization_rank(handle);
    [code, last, kind, id, 0, 0, 0, 0]
}

/// All organisations of some kinds in a territory.
pub(super) fn scan<T: OrganizationRecord>(
    view: &View,
    range: CodeRange,
) -> Box<dyn Iterator<Item = Handle> + Send + '_> {
    Box::new(view.organizations_within(range, T::KINDS))
}

impl Listed for Organization {
    type Item<'v> = OrganizationRef<'v>;
    fn item(view: &View, handle: Handle) -> OrganizationRef<'_> {
        OrganizationRef::new(view, handle)
    }
    fn rank(view: &View, handle: Handle) -> Rank {
        rank(view, handle)
    }
    fn scan(view: &View, range: CodeRange) -> Box<dyn Iterator<Item = Handle> + Send + '_> {
        scan::<Self>(view, range)
    }
}

/// Makes an organisation's own type: ids, kinds and lists.
#[macro_export]
macro_rules! organization {
    ($name:ident, $tag:ident, [$($kind:ident),+]) => {
        impl $crate::graph::OrganizationRecord for $name {
            const TAG: Option<$crate::graph::engine::Tag> = Some($crate::graph::engine::Tag::$tag);
            const KINDS: &'static [$crate::domain::OrganizationKind] = &[$($crate::domain::OrganizationKind::$kind),+];
        }
        impl $crate::graph::engine::Listed for $name {
            type Item<'v> = $crate::graph::engine::Ref<'v, $name>;
            fn item(view: &$crate::policy::View, handle: $crate::snapshot::Handle) -> Self::Item<'_> {
                $crate::graph::engine::Ref::new(view, handle)
            }
            fn rank(view: &$crate::policy::View, handle: $crate::snapshot::Handle) -> $crate::graph::engine::Rank {
                $crate::graph::organization::rank(view, handle)
            }
            fn scan(
                view: &$crate::policy::View,
                range: $crate::domain::CodeRange,
            ) -> Box<dyn Iterator<Item = $crate::snapshot::Handle> + Send + '_> {
                $crate::graph::organization::scan::<Self>(view, range)
            }
        }
    };
}
