//! What the [`View`] lets through: rows that exist on its day and that the viewer may know of. A hidden row is absent.

use super::table::Rule;
use super::view::View;
use crate::domain::{CodeRange, Day, DivisionCode, OrganizationKind};
use crate::snapshot::{
    AppointmentRow, ChangeRow, CompetentRow, Consultation, DivisionRow, DivisionVersion, DocumentRow,
    DraftRow, EstablishmentRow, Handle, Link, OrganizationForm, OrganizationRow, OrganizationVersion, Packed,
    PatternRow, PersonRow, PersonTrait, PostForm, PostRow, Procedure, ReformRow, Shard, StatisticsRow, Sym,
    Table,
};

impl View {
    pub(super) fn shard(&self, handle: Handle) -> &Shard {
        self.snapshot.shard(handle)
    }

    /// An interned string of the shard that holds the record.
    #[inline]
    #[must_use]
    pub fn text(&self, handle: Handle, sym: Sym) -> &str {
        self.shard(handle).text(sym)
    }

    // Divisions: public, all of them.

    /// The division that has the code.
    #[must_use]
    pub fn division(&self, code: DivisionCode) -> Option<Handle> {
        self.snapshot.division(code, self.as_of())
    }

    /// The division with the id.
    #[must_use]
    pub fn find_division(&self, id: i64) -> Option<Handle> {
        self.snapshot.find(id, Shard::divisions).filter(|h| self.division_version(*h).is_some())
    }

    /// What stays the same of a division.
    #[must_use]
    pub fn division_row(&self, handle: Handle) -> &DivisionRow {
        self.shard(handle).divisions().get(handle.row)
    }

    /// What the division is called; `None` when it does not exist on the day.
    #[must_use]
    pub fn division_version(&self, handle: Handle) -> Option<&DivisionVersion> {
        self.shard(handle).division_on(handle.row, self.as_of())
    }

    /// What a division that was found through this view is called; what it was called last, should it be gone.
    #[must_use]
    pub fn division_shown(&self, handle: Handle) -> &DivisionVersion {
        // No division is built without a version.
        let versions = self.shard(handle).division_versions(handle.row);
        self.division_version(handle).unwrap_or_else(|| &versions[versions.len() - 1])
    }

    /// The code that a division has today, whatever day the view is of.
    #[must_use]
    pub fn division_today(&self, handle: Handle) -> Option<DivisionCode> {
        self.snapshot.code_of(handle, self.today)
    }

    /// What the division was called before, with the day on which that ended.
    pub fn former_divisions(&self, handle: Handle) -> impl Iterator<Item = &DivisionVersion> {
        let day = self.as_of();
        self.shard(handle).division_versions(handle.row).iter().filter(move |v| v.validity.to <= day)
    }

    /// Yearly figures of a division, oldest first.
    #[must_use]
    pub fn statistics(&self, handle: Handle) -> &[StatisticsRow] {
        self.shard(handle).statistics(handle.row)
    }

    /// The division above.
    #[must_use]
    pub fn parent_division(&self, code: DivisionCode) -> Option<Handle> {
        self.snapshot.parent_of(code, self.as_of())
    }

    /// The divisions directly below, ordered by code.
    #[must_use]
    pub fn child_divisions(&self, code: DivisionCode) -> Vec<Handle> {
        self.snapshot.children_of(code, self.as_of())
    }

    /// All divisions of a territory, ordered by code.
    pub fn divisions_within(&self, range: CodeRange) -> impl Iterator<Item = Handle> + '_ {
        let all = self.snapshot.divisions_within(range, self.as_of());
        all.map(|(_, handle)| handle)
            .take_while(|_| self.meter().has_room())
            .inspect(|_| self.meter().walked())
    }

    // Organisations: public when disclosed.

    /// What stays the same of an organisation that was found through this view.
    #[must_use]
    pub fn organization_row(&self, handle: Handle) -> &OrganizationRow {
        self.shard(handle).organizations().get(handle.row)
    }

    /// An organisation, as far as it exists on the day and may be seen.
    #[must_use]
    pub fn organization(&self, handle: Handle) -> Option<&OrganizationVersion> {
        self.organization_at(handle, self.as_of())
    }

    #[inline]
    pub(super) fn organization_at(&self, handle: Handle, day: Day) -> Option<&OrganizationVersion> {
        match self.seen.place(handle) {
            Some(place) if day == self.as_of() => Some(self.shard(handle).organization_version(place)),
            _ => self.look_up_organization(handle, day),
        }
    }

    #[inline(never)]
    fn look_up_organization(&self, handle: Handle, day: Day) -> Option<&OrganizationVersion> {
        let shard = self.shard(handle);
        let place = shard.organization_place(handle.row, day)?;
        if !self.may_see_organization(handle, day) {
            return None;
        }
        if day == self.as_of() {
            self.seen.note(handle, place);
        }
        Some(shard.organization_version(place))
    }

    /// Whether an organisation that exists on a day may be seen.
    pub(super) fn may_see_organization(&self, handle: Handle, day: Day) -> bool {
        let disclosed = |view: &Self, at| view.organization_row(at).disclosed;
        let still = || self.is_still(|| self.organization_id(handle), Shard::organizations, disclosed);
        disclosed(self, handle) && still() || self.may_organization_at(Rule::Undisclosed, handle, day)
    }

    /// What an organisation that was found through this view has in common with others in a time.
    #[inline]
    #[must_use]
    pub fn organization_form(&self, handle: Handle, version: &OrganizationVersion) -> &OrganizationForm {
        self.shard(handle).organization_form(version)
    }

    /// Where an organisation that was found through this view sits; where it sat last, should it be gone.
    #[must_use]
    pub fn seat(&self, handle: Handle) -> DivisionCode {
        // No organisation is built without a version.
        let versions = self.shard(handle).organization_versions(handle.row);
        self.organization(handle).unwrap_or_else(|| &versions[versions.len() - 1]).division
    }

    /// The organisation with the id.
    #[must_use]
    pub fn find_organization(&self, id: i64) -> Option<Handle> {
        self.snapshot.find(id, Shard::organizations).filter(|h| self.organization(*h).is_some())
    }

    /// The organisation with the unified social credit code.
    #[must_use]
    pub fn organization_by_credit_code(&self, code: &str) -> Option<Handle> {
        self.snapshot.by_credit_code(code).into_iter().find(|handle| {
            let current = self.organization(*handle).and_then(|v| v.uscc);
            current.is_some_and(|sym| self.text(*handle, sym) == code)
        })
    }

    /// The county that keeps a body which has, or had, the unified social credit code, seen or not.
    #[must_use]
    pub fn county_of_credit_code(&self, code: &str) -> Option<DivisionCode> {
        self.snapshot.by_credit_code(code).first().map(|body| self.shard(*body).home())
    }

    /// Where the organisation stands among all others: by division, kind, form and id.
    #[must_use]
    pub fn organization_rank(&self, handle: Handle) -> [i64; 4] {
        let kind = self.organization_row(handle).kind;
        let number = |v: &OrganizationVersion| v.division.number().cast_signed();
        let now = self.organization(handle).map_or(0, number);
        let (last, category) =
            self.shard(handle).organization_versions(handle.row).last().map_or((0, 0), |v| {
                (number(v), self.organization_form(handle, v).category.map_or(0, |c| 1 + c as i64))
            });
        [now, last, (kind as i64) << 8 | category, self.organization_id(handle)]
    }

    /// The organisations of some kinds in a territory, ordered by division, kind, form and id.
    pub fn organizations_within<'v>(
        &'v self,
        range: CodeRange,
        kinds: &'v [OrganizationKind],
    ) -> impl Iterator<Item = Handle> + 'v {
        self.snapshot
            .shards_within(range)
            .flat_map(move |(shard, data)| {
                let all = data.organizations_within(range, self.as_of(), kinds);
                all.map(move |(row, place)| (Handle { shard, row }, place))
            })
            .take_while(|_| self.meter().has_room())
            .filter(|(handle, place)| {
                // Only what is seen is charged: otherwise the budget would tell how much is hidden.
                let seen = self.may_see_organization(*handle, self.as_of());
                if seen {
                    self.meter().walked();
                    self.seen.note(*handle, *place);
                }
                seen
            })
            .map(|(handle, _)| handle)
    }

    /// What the organisation was before, oldest first.
    pub fn former_organizations(&self, handle: Handle) -> impl Iterator<Item = &OrganizationVersion> {
        let day = self.as_of();
        self.shard(handle).organization_versions(handle.row).iter().filter(move |v| v.validity.to <= day)
    }

    /// Whether the rule is fulfilled for an organisation.
    #[must_use]
    pub fn may_organization(&self, rule: Rule, handle: Handle) -> bool {
        self.may_organization_at(rule, handle, self.as_of())
    }

    pub(super) fn may_organization_at(&self, rule: Rule, handle: Handle, day: Day) -> bool {
        let reach = self.rights.reach(rule);
        if reach.is_everywhere() || reach.is_nowhere() {
            return reach.is_everywhere();
        }
        let Some(version) = self.shard(handle).organization_on(handle.row, day) else { return false };
        reach.holds(version.division, self.line_of(handle, version, day))
    }

    /// The departments in whose line a body stands: its own for a department, the competent ones for an agency, the
    /// owner for an institution of a department. The bodies of a township stand in no line.
    pub(super) fn line_of<'v>(
        &'v self,
        handle: Handle,
        version: &'v OrganizationVersion,
        day: Day,
    ) -> impl Iterator<Item = i64> + Clone + 'v {
        let row = self.organization_row(handle);
        let shard = self.shard(handle);
        let own = (row.kind == OrganizationKind::Department).then(|| self.organization_id(handle));
        let institution = row.kind == OrganizationKind::PublicInstitution;
        let owner = institution.then(|| shard.referred(version.parent)).flatten();
        let competent =
            (row.kind == OrganizationKind::SecondedAgency).then(|| self.competent_at(handle, day));
        let competent = competent.into_iter().flatten().filter_map(|c| shard.referred(c.department));
        own.into_iter().chain(owner).chain(competent)
    }

    /// The ids of the competent departments of an organisation.
    pub fn competent(&self, handle: Handle) -> impl Iterator<Item = i64> + Clone + '_ {
        let shard = self.shard(handle);
        self.competent_at(handle, self.as_of()).filter_map(|c| shard.referred(c.department))
    }

    fn competent_at(&self, handle: Handle, day: Day) -> impl Iterator<Item = &CompetentRow> + Clone {
        self.shard(handle).competent(handle.row).iter().filter(move |c| c.validity.holds(day))
    }

    /// The establishment of an organisation, by type.
    pub fn establishment(&self, handle: Handle) -> impl Iterator<Item = &EstablishmentRow> {
        let day = self.as_of();
        self.shard(handle).establishment(handle.row).iter().filter(move |e| e.validity.holds(day))
    }

    /// The agencies of a department, in all territories.
    pub fn agencies_of(&self, department: i64) -> impl Iterator<Item = Handle> + '_ {
        self.snapshot.linking(Link::Competent, department).filter(move |handle| {
            self.organization(*handle).is_some() && self.competent(*handle).any(|c| c == department)
        })
    }

    /// The pattern that holds for a township.
    #[must_use]
    pub fn pattern_of(&self, handle: Handle) -> Option<Handle> {
        let day = self.as_of();
        let assigned = self.shard(handle).assignments(handle.row).iter().find(|a| a.validity.holds(day))?;
        self.find_pattern(assigned.pattern)
    }

    // Posts, appointments, persons.

    /// A post that was found through this view.
    #[must_use]
    pub fn post_row(&self, handle: Handle) -> &PostRow {
        self.shard(handle).posts.get(handle.row)
    }

    /// What a post that was found through this view is.
    #[must_use]
    pub fn post_form(&self, handle: Handle) -> &PostForm {
        self.shard(handle).post_forms.get(self.post_row(handle).form)
    }

    /// A leadership post, as far as it exists on the day and its organisation may be seen.
    #[must_use]
    pub fn post(&self, handle: Handle) -> Option<&PostRow> {
        self.post_at(handle, self.as_of())
    }

    fn post_at(&self, handle: Handle, day: Day) -> Option<&PostRow> {
        let post = self.shard(handle).posts.get(handle.row);
        let owner = Handle { shard: handle.shard, row: post.organization };
        let seen = post.validity.holds(day) && self.organization_at(owner, day).is_some();
        (seen && self.may_remember_post(handle)).then_some(post)
    }

    /// Whether a post is there, or may be remembered.
    fn may_remember_post(&self, post: Handle) -> bool {
        self.is_still(|| self.post_id(post), |s| &s.posts, |_, _| true)
            || self.covers(Rule::Undisclosed, self.home(post))
    }

    /// The leadership post with the id.
    #[must_use]
    pub fn find_post(&self, id: i64) -> Option<Handle> {
        self.snapshot.find(id, |s| &s.posts).filter(|h| self.post(*h).is_some())
    }

    /// The leadership posts of an organisation, in the order of rank.
    pub fn posts_of(&self, organization: Handle) -> impl Iterator<Item = Handle> + '_ {
        let shard = self.shard(organization);
        let seen = self.organization(organization).is_some();
        let day = self.as_of();
        let rows = if seen { shard.posts_of(organization.row) } else { 0..0 };
        let holding = rows.filter(move |row| shard.posts.get(*row).validity.holds(day));
        let posts = holding.map(move |row| Handle { shard: organization.shard, row });
        posts.filter(|post| self.may_remember_post(*post))
    }

    /// An appointment that was found through this view.
    #[must_use]
    pub fn appointment_row(&self, handle: Handle) -> &AppointmentRow {
        self.shard(handle).appointments().get(handle.row)
    }

    /// How an appointment that was found through this view came about.
    #[must_use]
    pub fn procedure(&self, handle: Handle) -> &Procedure {
        self.shard(handle).procedure(self.appointment_row(handle).procedure)
    }

    /// Since when an appointment is, or was, on public notice.
    #[must_use]
    pub fn publicised_on(&self, handle: Handle) -> Option<Day> {
        self.shard(handle).publicised_on(handle.row)
    }

    /// How the township was heard before an appointment that was found through this view.
    #[must_use]
    pub fn consultation(&self, handle: Handle) -> Option<Consultation> {
        self.shard(handle).consultation(handle.row)
    }

    /// An appointment that has begun by the day, as far as it and its post may be seen.
    #[must_use]
    pub fn appointment(&self, handle: Handle) -> Option<&AppointmentRow> {
        let appointment = self.appointment_row(handle);
        if !appointment.validity.begun(self.as_of()) {
            return None;
        }
        let (day, post) = (self.last_day(appointment), Handle { shard: handle.shard, row: appointment.post });
        self.post_at(post, day)?;
        let published = self.is_published(handle);
        (published || self.may_pending(post, day)).then_some(appointment)
    }

    /// Whether an appointment is in force on the day of the view.
    #[must_use]
    pub fn in_force(&self, handle: Handle) -> bool {
        self.appointment_row(handle).validity.holds(self.as_of())
    }

    /// The day of the view while an appointment lasts, its last day when it has ended.
    pub(super) fn last_day(&self, appointment: &AppointmentRow) -> Day {
        let ended = appointment.validity.to <= self.as_of();
        if ended { Day(appointment.validity.to.0 - 1) } else { self.as_of() }
    }

    /// The view on the last day of an ended appointment; this view while it lasts.
    #[must_use]
    pub fn moment(&self, appointment: &AppointmentRow) -> &View {
        let day = self.last_day(appointment);
        if day == self.as_of() { self } else { self.at(day) }
    }

    /// Whether the rule is fulfilled for an appointment: for its post, on the last day of it.
    #[must_use]
    pub fn may_appointment(&self, rule: Rule, handle: Handle) -> bool {
        let appointment = self.appointment_row(handle);
        let post = Handle { shard: handle.shard, row: appointment.post };
        self.may_organization_at(rule, self.post_owner(post), self.last_day(appointment))
    }

    /// The appointment with the id.
    #[must_use]
    pub fn find_appointment(&self, id: i64) -> Option<Handle> {
        self.snapshot.find(id, Shard::appointments).filter(|h| self.appointment(*h).is_some())
    }

    /// The appointments to a post that have begun by the day, oldest first.
    pub fn appointments_of_post(&self, post: Handle) -> impl Iterator<Item = Handle> + '_ {
        let all = self.shard(post).appointments_of(post.row);
        all.map(move |row| Handle { shard: post.shard, row }).filter(|h| self.appointment(*h).is_some())
    }

    /// The appointments by which somebody is in a post on the day of the view, as published.
    pub fn incumbents_of(&self, post: Handle) -> impl Iterator<Item = Handle> + '_ {
        let (shard, day) = (self.shard(post), self.as_of());
        // What is in force on the day is seen when its post is; most have ended, so the day is looked at before anything else.
        let all = if self.post(post).is_some() { shard.appointments_of(post.row) } else { 0..0 };
        let holds = move |row: &u32| {
            let appointment = shard.appointments().get(*row);
            appointment.validity.holds(day)
                && appointment.state.in_office()
                && (self.is_published(Handle { shard: post.shard, row: *row }) || self.may_pending(post, day))
        };
        all.filter(holds).map(move |row| Handle { shard: post.shard, row })
    }

    /// Whether what was known is there still, and as open as it was: what was taken back, or is no longer disclosed, is remembered by
    /// those who may see whatever there is.
    #[inline]
    fn is_still<R>(
        &self,
        id: impl Fn() -> i64,
        table: impl Fn(&Shard) -> &Table<R>,
        open: impl Fn(&Self, Handle) -> bool,
    ) -> bool {
        let still = |present: &Self| {
            let now = present.snapshot.find(id(), &table);
            now.is_some_and(|now| open(present, now))
        };
        self.present().is_none_or(still)
    }

    /// Whether an appointment is published, and, where it was known, still is.
    fn is_published(&self, at: Handle) -> bool {
        let published = |view: &Self, at| view.appointment_row(at).state.is_published();
        published(self, at) && self.is_still(|| self.appointment_id(at), Shard::appointments, published)
    }

    /// Whether the viewer may know of appointments to a post that are not published.
    fn may_pending(&self, post: Handle, day: Day) -> bool {
        self.may_organization_at(Rule::Pending, self.post_owner(post), day)
    }

    /// The organisation of a post.
    #[must_use]
    pub fn post_owner(&self, post: Handle) -> Handle {
        Handle { shard: post.shard, row: self.shard(post).posts.get(post.row).organization }
    }

    /// A person that was found through this view.
    #[must_use]
    pub fn person_row(&self, handle: Handle) -> &PersonRow {
        self.shard(handle).persons.get(handle.row)
    }

    /// What a person has in common with others.
    #[must_use]
    pub fn person_trait(&self, handle: Handle) -> &PersonTrait {
        self.shard(handle).person_traits.get(self.person_row(handle).trait_)
    }

    /// A packed text of the shard that holds the record.
    #[must_use]
    pub fn unpacked(&self, handle: Handle, text: Packed) -> Option<String> {
        text.text(&self.shard(handle).strings)
    }

    /// The person with the id, when an appointment may be seen; one of whom none was published, by who keeps the staff of the county.
    #[must_use]
    pub fn find_person(&self, id: i64) -> Option<Handle> {
        let handle = self.snapshot.find(id, |s| &s.persons)?;
        let kept = || self.is_new(handle) && self.covers(Rule::Staffing, self.home(handle));
        (self.appointments_of_person(id).next().is_some() || kept()).then_some(handle)
    }

    /// Whether no appointment of a person was ever published. What is under way, or was dropped, makes no difference: else it would be told
    /// by who is seen.
    fn is_new(&self, person: Handle) -> bool {
        let mut all = self.snapshot.linking(Link::Person, self.person_id(person));
        all.all(|at| !self.appointment_row(at).state.is_published())
    }

    /// The person of an appointment that was found through this view: seen, since the appointment is.
    #[must_use]
    pub fn person_of(&self, appointment: Handle) -> Option<Handle> {
        let id = self.shard(appointment).referred(self.appointment_row(appointment).person)?;
        self.snapshot.find_from(appointment, id, |s| &s.persons)
    }

    /// The appointments of a person that have begun by the day and may be seen.
    pub fn appointments_of_person(&self, person: i64) -> impl Iterator<Item = Handle> + '_ {
        self.snapshot.linking(Link::Person, person).filter(|h| self.appointment(*h).is_some())
    }

    /// Whether the rule is fulfilled for a person: by a post which the person holds on the real day of the request. Past
    /// days of a query open nothing: what is known of a person is of today.
    #[must_use]
    pub fn may_person(&self, rule: Rule, handle: Handle) -> bool {
        let reach = self.rights.reach(rule);
        if reach.is_everywhere() || reach.is_nowhere() {
            return reach.is_everywhere();
        }
        if let Some(present) = self.present() {
            let now = present.snapshot.find(self.person_id(handle), |s| &s.persons);
            return now.is_some_and(|now| present.may_person(rule, now));
        }
        if self.is_new(handle) {
            return reach.covers(self.home(handle));
        }
        self.snapshot.linking(Link::Person, self.person_id(handle)).any(|at| {
            let appointment = self.appointment_row(at);
            let owner = self.post_owner(Handle { shard: at.shard, row: appointment.post });
            appointment.state.in_office()
                && appointment.validity.holds(self.today)
                && self.may_organization_at(rule, owner, self.today)
        })
    }

    // Documents, reforms, changes, patterns: of the county that keeps them.

    /// A document that was found through this view.
    #[must_use]
    pub fn document_row(&self, handle: Handle) -> &DocumentRow {
        self.shard(handle).documents.get(handle.row)
    }

    /// The document with the id, as far as it may be seen.
    #[must_use]
    pub fn find_document(&self, id: i64) -> Option<Handle> {
        let handle = self.snapshot.find(id, |s| &s.documents)?;
        self.may_see_document(handle).then_some(handle)
    }

    fn may_see_document(&self, handle: Handle) -> bool {
        let disclosed = |view: &Self, at| view.document_row(at).disclosed;
        disclosed(self, handle) && self.is_still(|| self.document_id(handle), |s| &s.documents, disclosed)
            || self.covers(Rule::Undisclosed, self.home(handle))
    }

    /// The territory of the shard that keeps a record.
    #[must_use]
    pub fn home(&self, handle: Handle) -> CodeRange {
        self.shard(handle).home().range()
    }

    /// All documents of a territory.
    pub fn documents_within(&self, range: CodeRange) -> impl Iterator<Item = Handle> + '_ {
        self.handles(range, |s| s.documents.len()).filter(|h| self.may_see_document(*h))
    }

    /// The reform that was found through this view.
    #[must_use]
    pub fn reform_row(&self, handle: Handle) -> &ReformRow {
        self.shard(handle).reforms.get(handle.row)
    }

    /// The reform with the id.
    #[must_use]
    pub fn find_reform(&self, id: i64) -> Option<Handle> {
        self.snapshot.find(id, |s| &s.reforms).filter(|h| self.may_see_reform(*h))
    }

    /// A reform whose changes are all hidden is hidden too: its name would tell of them.
    pub(super) fn may_see_reform(&self, reform: Handle) -> bool {
        if self.covers(Rule::Undisclosed, self.home(reform)) {
            return true;
        }
        if !self.is_still(|| self.reform_id(reform), |s| &s.reforms, |_, _| true) {
            return false;
        }
        let mut changes = self.snapshot.linking(Link::Reform, self.reform_id(reform)).peekable();
        changes.peek().is_none() || changes.any(|change| self.may_see_change(change))
    }

    /// All reforms of a territory, by day within a county.
    pub fn reforms_within(&self, range: CodeRange) -> impl Iterator<Item = Handle> + '_ {
        self.handles(range, |s| s.reforms.len()).filter(|h| self.may_see_reform(*h))
    }

    /// A draft of a reform that was found through this view.
    #[must_use]
    pub fn draft_row(&self, handle: Handle) -> &DraftRow {
        self.shard(handle).drafts.get(handle.row)
    }

    /// The draft with the id, for those who prepare or approve establishment in the county.
    #[must_use]
    pub fn find_draft(&self, id: i64) -> Option<Handle> {
        self.snapshot.find(id, |s| &s.drafts).filter(|h| self.covers(Rule::Drafts, self.home(*h)))
    }

    /// All drafts of a territory.
    pub fn drafts_within(&self, range: CodeRange) -> impl Iterator<Item = Handle> + '_ {
        self.handles(range, |s| s.drafts.len()).filter(|h| self.covers(Rule::Drafts, self.home(*h)))
    }

    /// A change that was found through this view.
    #[must_use]
    pub fn change_row(&self, handle: Handle) -> &ChangeRow {
        self.shard(handle).changes.get(handle.row)
    }

    /// A change is seen when all its organisations are: one that is left out would tell of itself.
    #[must_use]
    pub fn find_change(&self, id: i64) -> Option<Handle> {
        self.snapshot.find(id, |s| &s.changes).filter(|h| self.may_see_change(*h))
    }

    pub(super) fn may_see_change(&self, change: Handle) -> bool {
        let gone = !self.is_still(|| self.change_id(change), |s| &s.changes, |_, _| true);
        if gone && !self.covers(Rule::Undisclosed, self.home(change)) {
            return false;
        }
        let day = self.change_row(change).effective_on;
        self.shard(change).parties(change.row).iter().all(|party| {
            let then = if party.resulting { day } else { Day(day.0 - 1) };
            let found = self.snapshot.find(party.organization, Shard::organizations);
            found.is_some_and(|h| self.organization_at(h, then).is_some())
        })
    }

    /// The changes of a reform, ordered by day and id within a county.
    pub fn changes_of_reform(&self, reform: Handle) -> impl Iterator<Item = Handle> + '_ {
        let changes = self.snapshot.linking(Link::Reform, self.reform_id(reform));
        changes.filter(|h| self.may_see_change(*h))
    }

    /// The changes that an organisation came out of (`resulting`) or went into.
    pub fn changes_of(&self, organization: Handle, resulting: bool) -> impl Iterator<Item = Handle> + '_ {
        let id = self.organization_id(organization);
        let is_party = move |change: &Handle| {
            let parties = self.shard(*change).parties(change.row);
            parties.iter().any(|p| p.organization == id && p.resulting == resulting)
        };
        let changes = self.snapshot.linking(Link::Party, id).filter(is_party);
        changes.filter(|h| self.may_see_change(*h))
    }

    /// The organisations after (`resulting`) or before a change, each with the view of the day on which it stood so.
    pub fn parties(&self, change: Handle, resulting: bool) -> impl Iterator<Item = (&View, Handle)> + '_ {
        let day = self.change_row(change).effective_on;
        let then = self.at(if resulting { day } else { Day(day.0 - 1) });
        self.shard(change)
            .parties(change.row)
            .iter()
            .filter(move |p| p.resulting == resulting)
            .filter_map(move |p| Some((then, then.find_organization(p.organization)?)))
    }

    /// A pattern that was found through this view.
    #[must_use]
    pub fn pattern_row(&self, handle: Handle) -> &PatternRow {
        self.shard(handle).patterns.get(handle.row)
    }

    /// The pattern with the id.
    #[must_use]
    pub fn find_pattern(&self, id: i64) -> Option<Handle> {
        self.snapshot.find(id, |s| &s.patterns)
    }

    /// All rows of one table in the shards whose own division lies in a territory.
    fn handles(&self, range: CodeRange, rows: fn(&Shard) -> usize) -> impl Iterator<Item = Handle> + '_ {
        let homes = self.snapshot.shards_within(range).filter(move |(_, data)| range.contains(data.home()));
        homes.flat_map(move |(shard, data)| {
            (0..u32::try_from(rows(data)).unwrap_or(0)).map(move |row| Handle { shard, row })
        })
    }
}
