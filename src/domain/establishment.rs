//! The arithmetic of establishment (编制). Vacant and over are computed for each type and never netted across types.

use super::{EstablishmentType, OrganizationKind, StaffingState};

/// Approved and occupied posts, summed over bodies and types. Vacant and over are kept apart from the start, because
/// two vacant posts here do not make up for two posts too many there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Numbers {
    /// Approved posts (核定编制).
    pub approved: i64,
    /// Occupied posts (实有在编).
    pub occupied: i64,
    /// Vacant posts (空编).
    pub vacant: i64,
    /// Posts occupied beyond the approved number (超编).
    pub over: i64,
}

/// One of the numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Posts {
    /// Approved posts.
    Approved,
    /// Occupied posts.
    Occupied,
    /// Vacant posts.
    Vacant,
    /// Posts occupied beyond the approved number.
    Over,
}

/// Leadership posts, summed over bodies.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Leaders {
    /// Approved leadership posts (领导职数).
    pub quota: i64,
    /// Leaders in post (实配领导).
    pub in_post: i64,
}

impl Leaders {
    /// Adds those of another body.
    pub fn add(&mut self, other: Self) {
        self.quota += other.quota;
        self.in_post += other.in_post;
    }
}

impl Numbers {
    /// The numbers of one body and one type.
    #[inline]
    #[must_use]
    pub fn of(approved: i64, occupied: i64) -> Self {
        Self { approved, occupied, vacant: (approved - occupied).max(0), over: (occupied - approved).max(0) }
    }

    /// All of them, in the order of [`Posts`].
    #[inline]
    #[must_use]
    pub fn all(self) -> [i64; 4] {
        [self.approved, self.occupied, self.vacant, self.over]
    }

    /// Adds the numbers of another body or type.
    pub fn add(&mut self, other: Self) {
        self.approved += other.approved;
        self.occupied += other.occupied;
        self.vacant += other.vacant;
        self.over += other.over;
    }

    /// Over wins over vacant: one body too full is to be seen, whatever stands empty beside it.
    #[must_use]
    pub fn state(self) -> StaffingState {
        if self.over > 0 {
            StaffingState::Over
        } else if self.vacant > 0 {
            StaffingState::Vacant
        } else {
            StaffingState::Full
        }
    }
}

/// Whether a kind of body may hold a type of establishment: institutions use that of institutions, authorities and their offices the
/// administrative one (decree 486, article 15). Agencies and departments hold what they were given.
#[must_use]
pub fn fits(body: OrganizationKind, kind: EstablishmentType) -> bool {
    use EstablishmentType as E;
    use OrganizationKind as O;
    match body {
        O::PublicInstitution => match kind {
            E::PublicInstitution | E::Worker | E::Other => true,
            E::Administrative | E::PoliticalLegalSpecial => false,
        },
        O::Government | O::SubdistrictOffice | O::InternalOffice => match kind {
            E::Administrative | E::PoliticalLegalSpecial | E::Worker | E::Other => true,
            E::PublicInstitution => false,
        },
        O::SecondedAgency | O::Department => true,
    }
}

#[cfg(test)]
mod tests {
    use super::{Numbers, StaffingState};

    #[test]
    fn vacant_and_over_are_not_netted() {
        let mut sum = Numbers::of(10, 12);
        sum.add(Numbers::of(10, 8));
        assert_eq!((sum.approved, sum.occupied, sum.vacant, sum.over), (20, 20, 2, 2));
        assert_eq!(sum.state(), StaffingState::Over);
        assert_eq!(Numbers::of(3, 3).state(), StaffingState::Full);
    }
}
