//! LeadershipPost: a post with its approved number, its holders, and since when it is vacant.

use super::engine::{Code, Conn, Gid, Int64, ListArgs, Listed, Rank, Ref, Source, Tag, Text};
use super::{
    ActedOn, Appointment, Identified, NodeFields, Organization, OrganizationRecord, OrganizationRef,
    TemporalFields, TemporalRecord,
};
use crate::domain::{CodeRange, Day, Fault, PostLevel, PostPosition, RecordKind, TownshipOrgan, Validity};
use crate::policy::{Place, View};
use crate::record;
use crate::snapshot::{Handle, PostForm, PostRow};
use tiaokuai_macros::fields;

impl Identified for LeadershipPost {
    fn gid(of: Ref<'_, Self>) -> Gid {
        Gid::seal(of.view.id_seal(), Tag::LeadershipPost, of.view.post_id(of.key))
    }

    fn acted_on(of: Ref<'_, Self>) -> Option<ActedOn> {
        Some((
            Place::Organization(of.view.post_owner(of.key)),
            &[Some(RecordKind::LeadershipPost), Some(RecordKind::Appointment)],
        ))
    }
}

impl TemporalRecord for LeadershipPost {
    fn validity(of: Ref<'_, Self>) -> Validity {
        of.row().map_or(Validity::ALWAYS, |p| p.validity)
    }
    fn document(of: Ref<'_, Self>) -> Option<i64> {
        of.view.post_form(of.key).document
    }
}

/// The appointments by which somebody is in the post on the day of the view.
pub(super) fn incumbents(view: &View, post: Handle) -> impl Iterator<Item = Handle> + '_ {
    view.incumbents_of(post)
}

impl<'v> Ref<'v, LeadershipPost> {
    pub(super) fn row(self) -> Option<&'v PostRow> {
        self.view.post(self.key)
    }

    fn form(self) -> Option<&'v PostForm> {
        self.row().map(|_| self.view.post_form(self.key))
    }

    /// When somebody was in the post.
    fn terms(self) -> Vec<Validity> {
        let appointments = self.view.appointments_of_post(self.key).map(|h| self.view.appointment_row(h));
        appointments.filter(|a| a.state.in_office()).map(|a| a.validity).collect()
    }

    fn count_vacant(self) -> i64 {
        let quota = self.form().map_or(0, |p| i64::from(p.quota));
        (quota - i64::try_from(incumbents(self.view, self.key).count()).unwrap_or(0)).max(0)
    }
}

/// The first day of the present vacancy: going back from today, the beginning of the last stretch in which fewer held the
/// post than it has places. `Day::OPEN_FROM` when it was vacant from before the register begins.
fn vacancy_began(today: Day, validity: Validity, quota: usize, terms: &[Validity]) -> Day {
    let held = |day: Day| terms.iter().filter(|t| t.holds(day)).count();
    let mut turns: Vec<Day> = terms.iter().flat_map(|t| [t.from, t.to]).filter(|d| *d <= today).collect();
    turns.push(validity.from);
    turns.sort_unstable();
    turns.dedup();
    let mut since = today;
    for turn in turns.into_iter().rev().filter(|d| *d >= validity.from) {
        if held(turn) >= quota {
            break;
        }
        since = turn;
    }
    since
}

#[fields(LeadershipPostFields)]
impl<'v> Ref<'v, LeadershipPost> {
    /// Title (职务名称), such as 镇长.
    #[field(Public, Open, filter, order)]
    pub fn title(self) -> Text<'v> {
        Text(self.view.text(self.key, self.view.post_form(self.key).title))
    }

    /// Principal or deputy (正职、副职).
    #[field(Public, Open, filter, order)]
    pub fn position(self) -> Code<PostPosition> {
        Code(self.view.post_form(self.key).position)
    }

    /// Post level (职务层次).
    #[field(Public, Open, filter, order)]
    pub fn level(self) -> Code<PostLevel> {
        Code(self.view.post_form(self.key).level)
    }

    /// Organ of the township that it belongs to (所属机关); null outside the leading team of a township.
    #[field(Public, Open, filter, order)]
    pub fn organ(self) -> Option<Code<TownshipOrgan>> {
        self.form()?.organ.map(Code)
    }

    /// The organisation that has the post (所属机构); null on a day on which it does not exist.
    #[field(Public, Open, relation)]
    pub fn organization(self) -> Option<OrganizationRef<'v>> {
        let owner = self.view.post_owner(self.key);
        self.view.organization(owner).map(|_| OrganizationRef::new(self.view, owner))
    }

    /// Who holds it on the day of the query (现任), as published; at most its approved number, in a lawful register.
    #[field(Public, Open, cost = 2, relation)]
    pub fn incumbents(self) -> Vec<Ref<'v, Appointment>> {
        incumbents(self.view, self.key).map(|h| self.to(h)).collect()
    }

    /// The appointments to it (任职记录): those in force, and with `includeEnded` the earlier ones too, oldest first.
    #[field(Public, Open, cost = 4, relation)]
    pub fn appointments(
        self,
        #[arg("Also appointments that ended before the day of the query (含历任); false when absent.")]
        include_ended: Option<bool>,
        #[group] list: ListArgs<Appointment>,
    ) -> Result<Conn<'v, Appointment>, Fault> {
        let all = include_ended.unwrap_or(false);
        let rows = self.view.appointments_of_post(self.key);
        let rows = rows.filter(|h| all || self.view.in_force(*h)).collect();
        let owner = self.view.post_id(self.key) * 2 + i64::from(all);
        let range = self
            .view
            .organization(self.view.post_owner(self.key))
            .map_or(CodeRange::ALL, |v| v.division.range());
        Conn::new(self.view, Source::Rows(owner, range, rows), list)
    }

    /// Approved number (核定职数).
    #[field(Internal, Numbers, filter, order, unit = "places (名)", example = "1")]
    pub fn quota(self) -> Option<i32> {
        Some(self.form()?.quota)
    }

    /// How many places are vacant (空缺数).
    #[field(Internal, Numbers, cost = 2, filter, order, unit = "places (名)", example = "0")]
    pub fn vacant(self) -> Int64 {
        Int64(self.count_vacant())
    }

    /// Whether a place is vacant (是否空缺).
    #[field(Internal, Numbers, cost = 2, filter)]
    pub fn is_vacant(self) -> bool {
        self.count_vacant() > 0
    }

    /// Since when a place has been vacant (空缺起始日期): the day after the last time that all places were held. Null when
    /// none is vacant, or when it was so from before the register begins.
    #[field(Internal, Numbers, cost = 2, filter, order)]
    pub fn vacant_since(self) -> Option<Day> {
        let post = self.row()?;
        let quota = usize::try_from(self.form()?.quota).ok()?;
        if self.count_vacant() == 0 {
            return None;
        }
        vacancy_began(self.view.as_of(), post.validity, quota, &self.terms()).bound()
    }
}

record! {
    /// A leadership post (领导职务) with its approved number (职数). Source: the establishment plan (三定规定).
    LeadershipPost as "LeadershipPost" by Handle, implements ["Node", "Temporal"],
    fields [NodeFields::<LeadershipPost>::FIELDS, TemporalFields::<LeadershipPost>::FIELDS, LeadershipPostFields::FIELDS],
    |view, at, rule| view.may_organization(rule, view.post_owner(at))
}

impl Listed for LeadershipPost {
    type Item<'v> = Ref<'v, LeadershipPost>;
    fn item(view: &View, handle: Handle) -> Ref<'_, LeadershipPost> {
        Ref::new(view, handle)
    }
    fn rank(view: &View, handle: Handle) -> Rank {
        let [code, last, kind, owner] = view.organization_rank(view.post_owner(handle));
        let (position, id) = view
            .post(handle)
            .map_or((0, 0), |_| (view.post_form(handle).position as i64, view.post_id(handle)));
        [code, last, kind, owner, position, id, 0, 0]
    }
    fn scan(view: &View, range: CodeRange) -> Box<dyn Iterator<Item = Handle> + Send + '_> {
        Box::new(view.organizations_within(range, Organization::KINDS).flat_map(|o| view.posts_of(o)))
    }
}

#[cfg(test)]
mod tests {
    use super::{Day, Validity, vacancy_began};

    fn term(from: i32, to: i32) -> Validity {
        Validity { from: Day(from), to: Day(to) }
    }

    #[test]
    fn the_vacancy_began_when_the_last_full_stretch_ended() {
        let always = Validity::ALWAYS;
        assert_eq!(vacancy_began(Day(100), always, 1, &[]), Day::OPEN_FROM);
        assert_eq!(vacancy_began(Day(100), term(40, i32::MAX), 1, &[]), Day(40));
        assert_eq!(vacancy_began(Day(100), always, 1, &[term(10, 50)]), Day(50));
        assert_eq!(vacancy_began(Day(100), always, 1, &[term(10, 50), term(60, 70)]), Day(70));
        // Two places: one was given up on day 30, the other is still held.
        assert_eq!(vacancy_began(Day(100), always, 2, &[term(0, i32::MAX), term(10, 30)]), Day(30));
        // The second left while the first place was vacant already: vacant since the first left.
        assert_eq!(vacancy_began(Day(100), always, 2, &[term(0, 80), term(10, 30)]), Day(30));
        assert_eq!(vacancy_began(Day(100), term(20, i32::MAX), 3, &[term(50, 60)]), Day(20));
    }
}
