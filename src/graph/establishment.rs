//! Establishment: approved and occupied posts of a body, or rolled up over a territory.

use super::engine::{Code, Int64, Ref};
use super::{InternalOffice, OrganizationRecord, PublicInstitution, Township};
use crate::domain::{CodeRange, EstablishmentType, Fault, Numbers, StaffingState};
use crate::policy::View;
use crate::record;
use crate::snapshot::Handle;
use tiaokuai_macros::fields;

/// The numbers, worked out when the object is reached.
#[derive(Clone, Copy)]
pub struct EstablishmentKey {
    pub(super) numbers: Numbers,
    /// Leadership posts are not counted by type.
    pub(super) by_type: bool,
}

/// The numbers of one body alone; `None` when nothing is registered.
fn own_numbers(view: &View, handle: Handle, kind: Option<EstablishmentType>) -> Option<Numbers> {
    let mut sum: Option<Numbers> = None;
    for row in view.establishment(handle).filter(|e| kind.is_none_or(|k| k == e.kind)) {
        sum.get_or_insert_default().add(Numbers::of(row.approved.into(), row.occupied.into()));
    }
    // Posts alone are no establishment: an agency's belongs to its department and is not registered here.
    if let (None, Some(sum)) = (kind, &mut sum) {
        for post in view.posts_of(handle) {
            sum.leadership_quota += i64::from(view.post_form(post).quota);
            sum.leaders_in_post +=
                i64::try_from(super::leadership_post::incumbents(view, post).count()).unwrap_or(0);
        }
    }
    sum
}

/// The numbers of a body; of a township with its offices and institutions.
pub(super) fn numbers_of(view: &View, handle: Handle, kind: Option<EstablishmentType>) -> Option<Numbers> {
    let mut sum = own_numbers(view, handle, kind);
    if view.organization_row(handle).is_township() {
        let township = Ref::<Township>::new(view, handle);
        let own = township.bodies_of::<InternalOffice>().chain(township.bodies_of::<PublicInstitution>());
        for body in own {
            if let Some(numbers) = own_numbers(view, body, kind) {
                sum.get_or_insert_default().add(numbers);
            }
        }
    }
    sum
}

/// The numbers of all townships in a territory; `None` when nothing is registered there.
pub(super) fn roll_up(
    view: &View,
    range: CodeRange,
    kind: Option<EstablishmentType>,
) -> Result<Option<Numbers>, Fault> {
    let mut sum: Option<Numbers> = None;
    for handle in view.organizations_within(range, Township::KINDS) {
        view.meter().charge(16)?;
        if let Some(numbers) = numbers_of(view, handle, kind) {
            sum.get_or_insert_default().add(numbers);
        }
    }
    Ok(sum)
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
    #[field(Internal, Numbers, filter, unit = "leadership posts (个)", example = "11")]
    pub fn leadership_quota(self) -> Option<Int64> {
        (!self.key.by_type).then_some(Int64(self.key.numbers.leadership_quota))
    }

    /// Leaders in post (实配领导人数), counted by post; null when one type of establishment was asked for.
    #[field(Internal, Numbers, filter, unit = "leadership posts held (个)", example = "10")]
    pub fn leaders_in_post(self) -> Option<Int64> {
        (!self.key.by_type).then_some(Int64(self.key.numbers.leaders_in_post))
    }
}

record! {
    /// Establishment (编制): approved and occupied posts, and leadership posts, of a body or of all townships in a territory.
    /// Source: the establishment ledger (机构编制台账). The object is handed out only to those who may read it.
    Establishment as "Establishment" by EstablishmentKey, implements [], fields [EstablishmentFields::FIELDS],
    |_view, _at, _rule| true
}
