//! Establishment: approved and occupied posts of a body, or rolled up over a territory.

use super::engine::{Code, Int64, Ref};
use super::{InternalOffice, OrganizationRecord, PublicInstitution, Township};
use crate::domain::{CodeRange, EstablishmentType, Fault, Leaders, Numbers, StaffingState};
use crate::policy::View;
use crate::record;
use crate::snapshot::Handle;
use tiaokuai_macros::fields;

/// The numbers, worked out when the object is reached.
#[derive(Clone, Copy)]
pub struct EstablishmentKey {
    numbers: Numbers,
    leaders: LeadersOf,
}

/// Whose leadership posts are counted.
#[derive(Clone, Copy)]
enum LeadersOf {
    /// Nobody's: they have no type of establishment, and one was asked for.
    Nobody,
    /// Those of a body, and of a township with its offices and institutions, once they are asked for: most who read the numbers of
    /// posts do not.
    Body(Handle),
    /// Those of a territory, which were counted and charged with its other numbers.
    Territory(Leaders),
}

/// The numbers of one body alone; `None` when nothing is registered.
fn own_numbers(view: &View, handle: Handle, kind: Option<EstablishmentType>) -> Option<Numbers> {
    let rows = view.establishment(handle).filter(|e| kind.is_none_or(|k| k == e.kind));
    rows.fold(None, |sum: Option<Numbers>, row| {
        let mut sum = sum.unwrap_or_default();
        sum.add(Numbers::of(row.approved.into(), row.occupied.into()));
        Some(sum)
    })
}

/// The leadership posts of one body alone. Posts by themselves are no establishment: an agency's belongs to its department and is not
/// registered here.
fn own_leaders(view: &View, handle: Handle) -> Option<Leaders> {
    view.establishment(handle).next()?;
    let mut sum = Leaders::default();
    for post in view.posts_of(handle) {
        let in_post = super::leadership_post::incumbents(view, post).count();
        sum.add(Leaders {
            quota: view.post_form(post).quota.into(),
            in_post: i64::try_from(in_post).unwrap_or(0),
        });
    }
    Some(sum)
}

/// A body, and the offices and institutions of a township.
fn with_own_bodies(view: &View, handle: Handle) -> impl Iterator<Item = Handle> + '_ {
    let township = view.organization_row(handle).is_township().then(|| Ref::<Township>::new(view, handle));
    let own = township.into_iter().flat_map(|township| {
        township.bodies_of::<InternalOffice>().chain(township.bodies_of::<PublicInstitution>())
    });
    std::iter::once(handle).chain(own)
}

/// The numbers of a body; of a township with its offices and institutions.
fn numbers_of(view: &View, handle: Handle, kind: Option<EstablishmentType>) -> Option<Numbers> {
    let all = with_own_bodies(view, handle).filter_map(|body| own_numbers(view, body, kind));
    all.reduce(|mut sum, numbers| {
        sum.add(numbers);
        sum
    })
}

fn leaders_of(view: &View, handle: Handle) -> Leaders {
    let mut sum = Leaders::default();
    with_own_bodies(view, handle).filter_map(|body| own_leaders(view, body)).for_each(|own| sum.add(own));
    sum
}

/// The establishment of a body, of one type or of all; `None` when nothing is registered.
pub(super) fn of_body(
    view: &View,
    handle: Handle,
    kind: Option<EstablishmentType>,
) -> Option<EstablishmentKey> {
    let numbers = numbers_of(view, handle, kind)?;
    let leaders = if kind.is_some() { LeadersOf::Nobody } else { LeadersOf::Body(handle) };
    Some(EstablishmentKey { numbers, leaders })
}

/// The establishment of all townships in a territory; `None` when nothing is registered there.
pub(super) fn of_territory(
    view: &View,
    range: CodeRange,
    kind: Option<EstablishmentType>,
) -> Result<Option<EstablishmentKey>, Fault> {
    let (mut sum, mut leaders): (Option<Numbers>, _) = (None, Leaders::default());
    for handle in view.organizations_within(range, Township::KINDS) {
        view.meter().charge(16)?;
        for body in with_own_bodies(view, handle) {
            if let Some(numbers) = own_numbers(view, body, kind) {
                sum.get_or_insert_default().add(numbers);
            }
            if let (None, Some(own)) = (kind, own_leaders(view, body)) {
                leaders.add(own);
            }
        }
    }
    let leaders = if kind.is_some() { LeadersOf::Nobody } else { LeadersOf::Territory(leaders) };
    Ok(sum.map(|numbers| EstablishmentKey { numbers, leaders }))
}

impl Ref<'_, Establishment> {
    fn leaders(self) -> Option<Leaders> {
        match self.key.leaders {
            LeadersOf::Nobody => None,
            LeadersOf::Body(body) => Some(leaders_of(self.view, body)),
            LeadersOf::Territory(leaders) => Some(leaders),
        }
    }
}

#[fields(EstablishmentFields)]
impl Ref<'_, Establishment> {
    /// Approved posts (核定编制数).
    #[field(Internal, Numbers, filter, unit = "posts (个)", example = "63")]
    pub fn approved(self) -> Int64 {
        Int64(self.key.numbers.approved)
    }

    /// Occupied posts (实有在编人数).
    #[field(Internal, Numbers, filter, unit = "posts (个)", example = "58")]
    pub fn occupied(self) -> Int64 {
        Int64(self.key.numbers.occupied)
    }

    /// Vacant posts (空编数), summed over bodies and types, never set off against posts too many.
    #[field(Internal, Numbers, filter, unit = "posts (个)", example = "5")]
    pub fn vacant(self) -> Int64 {
        Int64(self.key.numbers.vacant)
    }

    /// Posts occupied beyond the approved number (超编数), summed over bodies and types, never set off against vacant ones.
    #[field(Internal, Numbers, filter, unit = "posts (个)", example = "0")]
    pub fn over(self) -> Int64 {
        Int64(self.key.numbers.over)
    }

    /// 超编, 空编 or 满编 (编制使用状态); one body too full makes the whole over-established.
    #[field(Internal, Numbers, filter)]
    pub fn state(self) -> Code<StaffingState> {
        Code(self.key.numbers.state())
    }

    /// Approved leadership posts (领导职数); null when one type of establishment was asked for.
    #[field(Internal, Numbers, cost = 16, filter, unit = "leadership posts (个)", example = "11")]
    pub fn leadership_quota(self) -> Option<Int64> {
        self.leaders().map(|leaders| Int64(leaders.quota))
    }

    /// Leaders in post (实配领导人数), counted by post; null when one type of establishment was asked for.
    #[field(Internal, Numbers, cost = 16, filter, unit = "leadership posts held (个)", example = "10")]
    pub fn leaders_in_post(self) -> Option<Int64> {
        self.leaders().map(|leaders| Int64(leaders.in_post))
    }
}

record! {
    /// Establishment (编制): approved and occupied posts, and leadership posts, of a body or of all townships in a territory.
    /// Source: the establishment ledger (机构编制台账). The object is handed out only to those who may read it.
    Establishment as "Establishment" by EstablishmentKey, implements [], fields [EstablishmentFields::FIELDS],
    |_view, _at, _rule| true
}
