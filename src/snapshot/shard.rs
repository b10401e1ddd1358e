//! One shard: a county with its townships, or a division above the county.

use super::appointment::AppointmentRow;
use super::division::{DivisionRow, DivisionVersion, Divisions, StatisticsRow};
use super::document::DocumentRow;
use super::leadership_post::PostRow;
use super::organization::{
    CompetentRow, EstablishmentRow, OrganizationRow, OrganizationVersion, Organizations, Parts, attach,
};
use super::person::PersonRow;
use super::reform::{ChangeRow, Party, ReformRow};
use super::search::{Index, Layer, Owner, Search, TextOf};
use super::setting_pattern::{AssignmentRow, PatternRow};
use super::strings::{Interner, Strings, Sym};
use super::table::{Row, Span, Table, spans};
use super::{
    BuildError, appointment, division, document, leadership_post, organization, person, reform,
    setting_pattern,
};
use crate::domain::{CodeList, CodeRange, Day, DivisionCode, Validity};
use crate::store::Rows;

/// A shard. Immutable; a change to its county makes a new one.
pub struct Shard {
    code: u32,
    /// Its strings.
    pub strings: Strings,
    /// Basis documents.
    pub documents: Table<DocumentRow>,
    /// Leadership posts, ordered by organisation.
    pub posts: Table<PostRow>,
    /// Appointments, ordered by post.
    pub appointments: Table<AppointmentRow>,
    /// Persons.
    pub persons: Table<PersonRow>,
    /// Reforms, ordered by day.
    pub reforms: Table<ReformRow>,
    /// Changes, ordered by day.
    pub changes: Table<ChangeRow>,
    /// Setting patterns.
    pub patterns: Table<PatternRow>,
    divisions: Divisions,
    organizations: Organizations,
    assignments: Vec<AssignmentRow>,
    parties: Vec<Party>,
    search: Search,
}

impl Shard {
    /// Builds a shard from its rows.
    pub(super) fn build(code: u32, rows: Rows) -> Result<Self, BuildError> {
        let mut b = Builder::default();
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
        let posts = leadership_post::build(&mut b, rows.leadership_post, &organizations.rows)?;
        let assignments =
            setting_pattern::build_assignments(&mut b, rows.pattern_assignment, &organizations.rows)?;
        attach(&mut organizations, &posts, |p| p.organization, &assignments, |a| a.organization);
        let mut posts = Table::new(posts);
        let appointments = appointment::build(&mut b, rows.appointment, &posts)?;
        let stretches = spans(posts.len(), &appointments, |a| a.post);
        posts.update(|row, post| post.appointments = stretches[row]);
        let (changes, parties) =
            reform::build_changes(&mut b, rows.organization_change, rows.organization_change_party)?;
        let mut out = Self {
            code,
            documents: document::build(&mut b, rows.document)?,
            persons: person::build(&mut b, rows.person)?,
            reforms: reform::build(&mut b, rows.reform)?,
            patterns: setting_pattern::build(&mut b, rows.setting_pattern, rows.setting_slot)?,
            strings: b.strings.finish(),
            divisions,
            organizations,
            posts,
            appointments: Table::new(appointments),
            changes,
            assignments,
            parties,
            search: Search::default(),
        };
        out.search = Search::build(&out.strings, &out.texts());
        Ok(out)
    }

    /// All texts that search looks through, by class.
    fn texts(&self) -> Vec<(Layer, Owner)> {
        let mut out = Vec::new();
        let mut add = |layer, what, row, text| out.push((layer, Owner { what, row, text }));
        let layer = |disclosed: bool| if disclosed { Layer::Public } else { Layer::Undisclosed };
        for (row, _) in self.divisions.rows.iter() {
            for version in self.division_versions(row) {
                add(Layer::Public, TextOf::Division, row, version.name);
            }
        }
        for (row, organization) in self.organizations.rows.iter() {
            for version in self.organization_versions(row) {
                for name in [Some(version.name), version.short_name].into_iter().flatten() {
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

    /// The six digits of the shard.
    #[must_use]
    pub fn code(&self) -> u32 {
        self.code
    }

    /// The division that the shard belongs to.
    #[must_use]
    pub fn home(&self) -> DivisionCode {
        DivisionCode::from_number(u64::from(self.code) * 1_000_000)
    }

    /// The codes that its divisions may have.
    #[must_use]
    pub fn range(&self) -> CodeRange {
        let from = u64::from(self.code) * 1_000_000;
        CodeRange { from, to: from + 1_000_000 }
    }

    /// An interned string.
    #[inline]
    #[must_use]
    pub fn text(&self, sym: Sym) -> &str {
        self.strings.get(sym)
    }

    /// The ids of all records.
    pub(super) fn ids(&self) -> impl Iterator<Item = i64> + '_ {
        let divisions = self.divisions.rows.ids().chain(self.organizations.rows.ids());
        let people = self.posts.ids().chain(self.appointments.ids()).chain(self.persons.ids());
        let papers = self
            .documents
            .ids()
            .chain(self.reforms.ids())
            .chain(self.changes.ids())
            .chain(self.patterns.ids());
        divisions.chain(people).chain(papers).map(|(_, id)| id)
    }

    /// The divisions, ordered by code.
    #[must_use]
    pub fn divisions(&self) -> &Table<DivisionRow> {
        &self.divisions.rows
    }

    /// What a division was on a day; `None` when it did not exist.
    #[must_use]
    pub fn division_on(&self, row: u32, day: Day) -> Option<&DivisionVersion> {
        self.divisions.on(row, day)
    }

    /// All versions of a division, oldest first.
    #[must_use]
    pub fn division_versions(&self, row: u32) -> &[DivisionVersion] {
        slice(&self.divisions.versions, self.divisions.rows.get(row).versions)
    }

    /// Yearly figures of a division, oldest first.
    #[must_use]
    pub fn statistics(&self, row: u32) -> &[StatisticsRow] {
        slice(&self.divisions.statistics, self.divisions.rows.get(row).statistics)
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

    /// All versions of an organisation, oldest first.
    #[must_use]
    pub fn organization_versions(&self, row: u32) -> &[OrganizationVersion] {
        self.organizations.versions_of(row)
    }

    /// The organisations that sat in a territory on a day, ordered by division.
    pub fn organizations_within(&self, range: CodeRange, day: Day) -> impl Iterator<Item = u32> + '_ {
        let located = &self.organizations.located;
        let from = located.partition_point(|(code, _)| *code < range.from);
        located[from..].iter().take_while(move |(code, _)| *code < range.to).filter_map(move |(code, row)| {
            (self.organizations.on(*row, day)?.division.number() == *code).then_some(*row)
        })
    }

    /// Competent departments of an organisation at any time.
    #[must_use]
    pub fn competent(&self, row: u32) -> &[CompetentRow] {
        slice(&self.organizations.competent, self.organizations.rows.get(row).competent)
    }

    /// Establishment of an organisation at any time.
    #[must_use]
    pub fn establishment(&self, row: u32) -> &[EstablishmentRow] {
        slice(&self.organizations.establishment, self.organizations.rows.get(row).establishment)
    }

    /// The patterns assigned to a township at any time.
    #[must_use]
    pub fn assignments(&self, row: u32) -> &[AssignmentRow] {
        slice(&self.assignments, self.organizations.rows.get(row).patterns)
    }

    /// The organisations before and after a change.
    #[must_use]
    pub fn parties(&self, change: u32) -> &[Party] {
        slice(&self.parties, self.changes.get(change).parties)
    }
}

fn slice<T>(items: &[T], span: Span) -> &[T] {
    &items[span.at as usize..(span.at + span.len) as usize]
}

/// What the builders of the nouns share: strings, and reading of values.
#[derive(Default)]
pub struct Builder {
    strings: Interner,
}

impl Builder {
    /// Interns a text.
    pub fn text(&mut self, text: &str) -> Sym {
        self.strings.add(text)
    }

    /// Interns a text that may be absent.
    pub fn maybe_text(&mut self, text: Option<&str>) -> Option<Sym> {
        self.strings.maybe(text)
    }

    /// Reads a value of a code list.
    #[expect(clippy::unused_self, reason = "all readers are called alike")]
    pub fn code<T: CodeList>(&self, text: &str) -> Result<T, BuildError> {
        T::parse(text).ok_or_else(|| BuildError(format!("`{text}` is not in the code list {}", T::NAME)))
    }

    /// Reads a value of a code list that may be absent.
    pub fn maybe_code<T: CodeList>(&self, text: Option<&str>) -> Result<Option<T>, BuildError> {
        text.map(|t| self.code(t)).transpose()
    }

    /// Reads a division code.
    #[expect(clippy::unused_self, reason = "all readers are called alike")]
    pub fn division_code(&self, text: &str) -> Result<DivisionCode, BuildError> {
        DivisionCode::parse(text).ok_or_else(|| BuildError(format!("`{text}` is not a division code")))
    }

    /// Reads a day.
    #[expect(clippy::unused_self, reason = "all readers are called alike")]
    pub fn day(&self, text: &str) -> Result<Day, BuildError> {
        Day::parse(text).ok_or_else(|| BuildError(format!("`{text}` is not a date")))
    }

    /// Reads a day that may be absent.
    pub fn maybe_day(&self, text: Option<&str>) -> Result<Option<Day>, BuildError> {
        text.map(|t| self.day(t)).transpose()
    }

    /// Reads a validity; absent bounds are open.
    pub fn validity(&self, from: Option<&str>, to: Option<&str>) -> Result<Validity, BuildError> {
        Ok(Validity {
            from: self.maybe_day(from)?.unwrap_or(Day::OPEN_FROM),
            to: self.maybe_day(to)?.unwrap_or(Day::OPEN_TO),
        })
    }

    /// The stretch of sorted rows that belongs to an owner.
    #[expect(clippy::unused_self, reason = "all readers are called alike")]
    pub fn span<T>(&self, sorted: &[T], owner: i64, key: impl Fn(&T) -> i64) -> Span {
        let at = sorted.partition_point(|r| key(r) < owner);
        let len = sorted[at..].partition_point(|r| key(r) == owner);
        Span { at: u32::try_from(at).unwrap_or(0), len: u32::try_from(len).unwrap_or(0) }
    }
}

/// A row can be found in a shard by the table it belongs to.
impl<R: Row> Table<R> {
    /// The ids, for indexes across shards.
    pub(super) fn ids(&self) -> impl Iterator<Item = (u32, i64)> + '_ {
        self.iter().map(|(row, r)| (row, r.id()))
    }
}
