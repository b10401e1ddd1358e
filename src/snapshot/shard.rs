//! One shard: a county with its townships, or a division above the county.

use super::appointment::{AppointmentRow, Appointments, Consultation, Procedure};
use super::builder::Builder;
use super::directory::{LINKS, Link};
use super::division::{DivisionRow, DivisionVersion, Divisions, StatisticsRow};
use super::document::DocumentRow;
use super::forms::{Form, Forms};
use super::ids::{Reference, References};
use super::leadership_post::{PostForm, PostRow};
use super::links::Links;
use super::log::Log;
use super::mark::Mark;
use super::organization::{
    CompetentRow, EstablishmentRow, OrganizationForm, OrganizationRow, OrganizationVersion, Organizations,
    Parts,
};
use super::person::{PersonRow, PersonTrait};
use super::reform::{ChangeRow, Party, ReformRow};
use super::reform_draft::DraftRow;
use super::search::{Index, Layer, Owner, Search, TextOf};
use super::setting_pattern::{AssignmentRow, PatternRow};
use super::strings::{Strings, Sym};
use super::table::{Span, Table, beginnings};
use super::{
    BuildError, appointment, division, document, leadership_post, organization, person, reform, reform_draft,
    setting_pattern,
};
use crate::domain::{CodeRange, Day, DivisionCode, OrganizationKind};
use crate::store::{ID_SPACE, Rows};
use std::ops::Range;
use std::sync::Arc;

/// A shard. Immutable; a change to its county makes a new one.
#[derive(Clone)]
pub struct Shard {
    code: u32,
    references: References,
    /// Its strings.
    pub strings: Strings,
    /// Basis documents.
    pub documents: Table<DocumentRow>,
    /// Leadership posts, ordered by organisation.
    pub posts: Table<PostRow>,
    /// What posts are.
    pub post_forms: Forms<PostForm>,
    appointments: Appointments,
    /// Persons.
    pub persons: Table<PersonRow>,
    /// What persons have in common.
    pub person_traits: Forms<PersonTrait>,
    /// Reforms, ordered by day.
    pub reforms: Table<ReformRow>,
    /// Drafts of reforms.
    pub drafts: Table<DraftRow>,
    /// Changes, ordered by day.
    pub changes: Table<ChangeRow>,
    /// Setting patterns.
    pub patterns: Table<PatternRow>,
    /// Its change log.
    pub log: Arc<Log>,
    divisions: Divisions,
    organizations: Organizations,
    assignments: Vec<AssignmentRow>,
    parties: Vec<Party>,
    links: [Links; LINKS.len()],
    search: Search,
}

impl Shard {
    /// Builds a shard from its rows.
    ///
    /// # Errors
    /// The row that could not be understood.
    pub fn build(code: u32, rows: Rows) -> Result<Self, BuildError> {
        Self::build_after(None, code, rows)
    }

    /// Builds a shard from its rows. Where there is an earlier state of it, of its log there are only the rows that came since.
    ///
    /// # Errors
    /// The row that could not be understood.
    pub fn build_after(earlier: Option<&Self>, code: u32, rows: Rows) -> Result<Self, BuildError> {
        let mut b = Builder::new(code);
        let divisions = division::build(
            &mut b,
            rows.division,
            rows.division_version,
            &rows.division_trait,
            rows.division_statistics,
        )?;
        let parts = Parts {
            rows: rows.organization,
            versions: rows.organization_version,
            competent: rows.competent_department,
            establishment: rows.establishment,
        };
        let mut organizations = organization::build(&mut b, parts)?;
        let (posts, post_forms) = leadership_post::build(&mut b, rows.leadership_post, &organizations.rows)?;
        let assignments =
            setting_pattern::build_assignments(&mut b, rows.pattern_assignment, &organizations.rows)?;
        let begins = beginnings(organizations.rows.len(), posts.iter().map(|(_, p)| p.organization));
        organizations.rows.update(|row, organization| organization.posts = begins[row]);
        let mut posts = Table::new(code, posts);
        let appointments = appointment::build(&mut b, rows.appointment, &posts)?;
        let begins = beginnings(posts.len(), appointments.rows.iter().map(|(_, a)| a.post));
        posts.update(|row, post| post.appointments = begins[row]);
        let (changes, parties) =
            reform::build_changes(&mut b, rows.organization_change, rows.organization_change_party)?;
        let (persons, person_traits) = person::build(&mut b, rows.person)?;
        let log = Log::build(code, earlier.map(|shard| shard.log.as_ref()), rows.log)?;
        let mut out = Self {
            code,
            documents: document::build(&mut b, rows.document)?,
            persons,
            person_traits,
            reforms: reform::build(&mut b, rows.reform)?,
            drafts: reform_draft::build(&mut b, rows.reform_draft)?,
            patterns: setting_pattern::build(&mut b, rows.setting_pattern, rows.setting_slot)?,
            strings: b.strings.finish(),
            references: b.references.finish(),
            divisions,
            organizations,
            posts,
            post_forms,
            appointments,
            changes,
            log: Arc::new(log),
            assignments,
            parties,
            links: Default::default(),
            search: Search::default(),
        };
        out.links = LINKS.map(|link| Links::build(code, out.pointing(link)));
        out.search = Search::build(&out.strings, &out.texts());
        Ok(out)
    }

    /// The same shard in memory of its own: its tables no longer stand between what was needed only to read them, which could not be
    /// given back otherwise. To be called on a thread that reads nothing. A log that was read whole is moved too.
    #[must_use]
    pub fn settled(self, whole: bool) -> Self {
        let log = if whole { Arc::new(Log::clone(&self.log)) } else { self.log.clone() };
        Self { log, ..self.clone() }
    }

    /// All texts that search looks through, by class.
    fn texts(&self) -> Vec<(Layer, Owner)> {
        let mut out = Vec::new();
        let mut add = |layer, what, row, text| out.push((layer, Owner::new(what, row, text)));
        let layer = |disclosed: bool| if disclosed { Layer::Public } else { Layer::Undisclosed };
        for (row, _) in self.divisions.rows.iter() {
            for version in self.division_versions(row) {
                add(Layer::Public, TextOf::Division, row, version.name);
            }
        }
        for (row, organization) in self.organizations.rows.iter() {
            for version in self.organization_versions(row) {
                for name in
                    [Some(version.name), self.organization_form(version).short_name].into_iter().flatten()
                {
                    add(layer(organization.disclosed), TextOf::Organization, row, name);
                }
            }
        }
        for (row, document) in self.documents.iter() {
            add(layer(document.disclosed), TextOf::DocumentNumber, row, document.number);
            add(layer(document.disclosed), TextOf::DocumentTitle, row, document.title);
        }
        for (row, reform) in self.reforms.iter() {
            add(Layer::Public, TextOf::Reform, row, reform.name);
        }
        for (row, person) in self.persons.iter() {
            add(Layer::Personal, TextOf::Person, row, person.name);
        }
        out
    }

    /// The index of a class of data.
    #[must_use]
    pub fn search(&self, layer: Layer) -> &Index {
        self.search.layer(layer)
    }

    pub(super) fn search_in_memory(&self) -> usize {
        self.search.in_memory()
    }

    pub(super) fn links_in_memory(&self) -> usize {
        self.links.iter().map(Links::bytes).sum()
    }

    pub(super) fn papers_in_memory(&self) -> usize {
        size_of_val(self.parties.as_slice())
            + size_of_val(self.assignments.as_slice())
            + self.references.bytes()
    }

    pub(super) fn consultations_in_memory(&self) -> usize {
        size_of_val(&*self.appointments.consultations) + size_of_val(&*self.appointments.notices)
    }

    pub(super) fn organizations_in_memory(&self) -> usize {
        self.organizations.in_memory()
    }

    pub(super) fn divisions_in_memory(&self) -> usize {
        self.divisions.bytes()
    }

    /// The six digits of the shard.
    #[must_use]
    pub fn code(&self) -> u32 {
        self.code
    }

    /// The division that the shard belongs to.
    #[must_use]
    pub fn home(&self) -> DivisionCode {
        DivisionCode::of_shard(self.code)
    }

    /// The codes that its divisions may have.
    #[must_use]
    pub fn range(&self) -> CodeRange {
        Self::range_of(self.code)
    }

    /// The codes that divisions of the shard with a code may have.
    #[must_use]
    pub fn range_of(code: u32) -> CodeRange {
        let from = u64::from(code) * 1_000_000;
        CodeRange { from, to: from + 1_000_000 }
    }

    /// An interned string.
    #[inline]
    #[must_use]
    pub fn text(&self, sym: Sym) -> &str {
        self.strings.get(sym)
    }

    /// The ids of the records that were born in another shard.
    pub(super) fn strangers(&self) -> impl Iterator<Item = i64> + '_ {
        self.ids().filter(|id| u32::try_from(id / ID_SPACE) != Ok(self.code))
    }

    /// The unified social credit codes that its organisations have, or had.
    pub(super) fn credit_codes(&self) -> impl Iterator<Item = &str> {
        self.organizations.versions.iter().filter_map(|v| v.uscc).map(|code| self.text(code))
    }

    /// What an organisation has in common with others in a time.
    #[inline]
    #[must_use]
    pub fn organization_form(&self, version: &OrganizationVersion) -> &OrganizationForm {
        self.organizations.forms.get(version.form)
    }

    /// The organisations that have, or had, a credit code.
    pub fn by_credit_code<'s>(&'s self, code: &'s str) -> impl Iterator<Item = u32> + 's {
        let has = move |row: &u32| {
            self.organization_versions(*row).iter().any(|v| v.uscc.is_some_and(|c| self.text(c) == code))
        };
        (0..u32::try_from(self.organizations.rows.len()).unwrap_or(0)).filter(has)
    }

    /// The rows that point to records by a link, with the ids of those.
    pub fn links(&self, link: Link) -> &Links {
        match link {
            Link::Entry => self.log.links(),
            _ => &self.links[link as usize],
        }
    }

    fn pointing(&self, link: Link) -> Box<dyn Iterator<Item = (i64, u32)> + '_> {
        let organizations = self.organizations.rows.iter();
        match link {
            Link::Person => Box::new(
                self.appointments.rows.iter().filter_map(|(row, a)| Some((self.referred(a.person)?, row))),
            ),
            Link::Party => Box::new(self.changes.iter().flat_map(move |(row, _)| {
                self.parties(row).iter().map(move |party| (party.organization, row))
            })),
            Link::Reform => Box::new(self.changes.iter().filter_map(|(row, c)| Some((c.reform?, row)))),
            Link::Founding => {
                Box::new(organizations.filter_map(|(row, o)| Some((self.referred(o.document)?, row))))
            }
            Link::Competent => {
                let agencies = organizations.filter(|(_, o)| o.kind == OrganizationKind::SecondedAgency);
                Box::new(agencies.flat_map(move |(row, _)| {
                    let own = self.competent(row).iter();
                    own.filter_map(move |c| Some((self.referred(c.department)?, row)))
                }))
            }
            // The log keeps them itself.
            Link::Entry => Box::new(std::iter::empty()),
            Link::Superior => Box::new(organizations.flat_map(move |(row, _)| {
                let versions = self.organization_versions(row).iter();
                versions.filter_map(move |v| Some((self.referred(self.organization_form(v).superior)?, row)))
            })),
        }
    }

    /// The appointments, ordered by post.
    #[must_use]
    pub fn appointments(&self) -> &Table<AppointmentRow> {
        &self.appointments.rows
    }

    /// How an appointment came about.
    #[must_use]
    pub fn procedure(&self, form: Form<Procedure>) -> &Procedure {
        self.appointments.procedures.get(form)
    }

    /// Since when an appointment is, or was, on public notice.
    #[inline]
    #[must_use]
    pub fn publicised_on(&self, row: u32) -> Option<Day> {
        self.appointments.publicised_on(row)
    }

    /// How the township was heard before an appointment.
    #[must_use]
    pub fn consultation(&self, row: u32) -> Option<Consultation> {
        self.appointments.consultation(row)
    }

    /// The ids of all records.
    pub(super) fn ids(&self) -> impl Iterator<Item = i64> + '_ {
        let divisions = self.divisions.rows.ids().chain(self.organizations.rows.ids());
        let people = self.posts.ids().chain(self.appointments.rows.ids()).chain(self.persons.ids());
        let papers = self
            .documents
            .ids()
            .chain(self.reforms.ids())
            .chain(self.drafts.ids())
            .chain(self.changes.ids())
            .chain(self.patterns.ids());
        divisions.chain(people).chain(papers).map(|(_, id)| id)
    }

    /// The divisions, ordered by code.
    #[must_use]
    pub fn divisions(&self) -> &Table<DivisionRow> {
        &self.divisions.rows
    }

    /// The division that has the code on a day.
    #[must_use]
    pub fn division(&self, code: DivisionCode, day: Day) -> Option<u32> {
        self.divisions.with_code(code, day)
    }

    /// What a division was on a day; `None` when it did not exist.
    #[must_use]
    pub fn division_on(&self, row: u32, day: Day) -> Option<&DivisionVersion> {
        self.divisions.on(row, day)
    }

    /// All versions of a division, oldest first.
    #[must_use]
    pub fn division_versions(&self, row: u32) -> &[DivisionVersion] {
        self.divisions.rows.get(row).versions.of(&self.divisions.versions)
    }

    /// Yearly figures of a division, oldest first.
    #[must_use]
    pub fn statistics(&self, row: u32) -> &[StatisticsRow] {
        self.divisions.rows.get(row).statistics.of(&self.divisions.statistics)
    }

    /// The organisations, ordered by division, kind, form and id.
    #[must_use]
    pub fn organizations(&self) -> &Table<OrganizationRow> {
        &self.organizations.rows
    }

    /// What an organisation was on a day; `None` when it did not exist.
    #[inline]
    #[must_use]
    pub fn organization_on(&self, row: u32, day: Day) -> Option<&OrganizationVersion> {
        self.organizations.on(row, day)
    }

    /// The place of what an organisation was on a day, for [`Shard::organization_version`].
    #[inline]
    #[must_use]
    pub fn organization_place(&self, row: u32, day: Day) -> Option<u32> {
        self.organizations.place_on(row, day)
    }

    /// What an organisation was, by its place.
    #[inline]
    #[must_use]
    pub fn organization_version(&self, place: u32) -> &OrganizationVersion {
        &self.organizations.versions[place as usize]
    }

    /// All versions of an organisation, oldest first.
    #[must_use]
    pub fn organization_versions(&self, row: u32) -> &[OrganizationVersion] {
        self.organizations.versions_of(row)
    }

    /// The organisations of some kinds that sat in a territory on a day, and the places of what they were, ordered by division.
    pub fn organizations_within<'s>(
        &'s self,
        range: CodeRange,
        day: Day,
        kinds: &'s [OrganizationKind],
    ) -> impl Iterator<Item = (u32, u32)> + 's {
        self.organizations.within(range, day, kinds)
    }

    /// What sits in a territory on a day from which on nothing changes: code of the division, row of the organisation, and what is known
    /// of it, ordered by division. Nothing for earlier days.
    pub fn standing(&self, range: CodeRange, day: Day) -> Option<impl Iterator<Item = (u64, u32, &Mark)>> {
        self.organizations.standing(range, day)
    }

    /// Reads once what a walk over the organisations will look at, `whole` where it needs more than marks and establishment.
    pub fn read_ahead(&self, whole: bool) {
        self.organizations.read_ahead(whole);
    }

    /// The id that a reference leads to.
    #[inline]
    #[must_use]
    pub fn referred(&self, reference: Reference) -> Option<i64> {
        self.references.get(reference)
    }

    /// Competent departments of an organisation at any time.
    #[must_use]
    pub fn competent(&self, row: u32) -> &[CompetentRow] {
        self.organizations.competent_of(row)
    }

    /// Establishment of an organisation at any time.
    #[must_use]
    pub fn establishment(&self, row: u32) -> &[EstablishmentRow] {
        self.organizations.establishment_of(row)
    }

    /// Where the establishment of an organisation stands.
    #[must_use]
    pub fn establishment_span(&self, row: u32) -> Span {
        self.organizations.establishment_span(row)
    }

    /// The establishment that stands there.
    #[inline]
    #[must_use]
    pub fn establishment_in(&self, span: Span) -> &[EstablishmentRow] {
        span.of(&self.organizations.establishment)
    }

    /// The leadership posts of an organisation at any time, principal posts first.
    #[must_use]
    pub fn posts_of(&self, row: u32) -> Range<u32> {
        self.organizations.rows.part(row, self.posts.len(), |o| o.posts)
    }

    /// The appointments to a post at any time, oldest first.
    #[must_use]
    pub fn appointments_of(&self, post: u32) -> Range<u32> {
        self.posts.part(post, self.appointments.rows.len(), |p| p.appointments)
    }

    /// The patterns assigned to a township at any time.
    #[must_use]
    pub fn assignments(&self, row: u32) -> &[AssignmentRow] {
        let own = self.assignments.partition_point(|a| a.organization < row);
        let own = &self.assignments[own..];
        &own[..own.partition_point(|a| a.organization == row)]
    }

    /// The organisations before and after a change.
    #[must_use]
    pub fn parties(&self, change: u32) -> &[Party] {
        self.changes.get(change).parties.of(&self.parties)
    }
}
