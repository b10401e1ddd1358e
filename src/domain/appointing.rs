//! The procedure of appointments (任免程序): which state follows which.
//!
//! Source: the regulations on the selection of leading officials. Who is elected is not put on public notice and is not on probation.

use super::{AppointmentMode, AppointmentState};
use AppointmentState as S;

/// Each step: from a state to the next, and whether it is there for those who are elected, and for all others.
const STEPS: &[(S, S, bool, bool)] = &[
    (S::Proposed, S::Consulted, true, true),
    (S::Proposed, S::Discussed, true, true),
    (S::Consulted, S::Discussed, true, true),
    (S::Discussed, S::Publicised, false, true),
    (S::Discussed, S::Appointed, true, false),
    (S::Publicised, S::Appointed, false, true),
    (S::Appointed, S::Probation, false, true),
    (S::Appointed, S::Confirmed, true, true),
    (S::Probation, S::Confirmed, false, true),
    // Until somebody is in the post it can be dropped; after that it ends by removal.
    (S::Proposed, S::Withdrawn, true, true),
    (S::Consulted, S::Withdrawn, true, true),
    (S::Discussed, S::Withdrawn, true, true),
    (S::Publicised, S::Withdrawn, false, true),
    (S::Appointed, S::Removed, true, true),
    (S::Probation, S::Removed, false, true),
    (S::Confirmed, S::Removed, true, true),
];

/// The states that may follow a state.
pub fn following(from: AppointmentState, mode: AppointmentMode) -> impl Iterator<Item = AppointmentState> {
    let elected = mode == AppointmentMode::Elected;
    STEPS
        .iter()
        .filter(move |(before, _, if_elected, else_so)| {
            *before == from && if elected { *if_elected } else { *else_so }
        })
        .map(|(_, after, ..)| *after)
}

#[cfg(test)]
mod tests {
    use super::following;
    use crate::domain::{AppointmentMode, AppointmentState, CodeList};

    /// Every step and every step that there is not, for each mode: a row for each state in the order of the list, `x` where the state of the
    /// column may follow.
    #[test]
    fn every_step_and_no_other() {
        let appointed = "\
            .xx....x. ..x....x. ...x...x. ....x..x. .....xx.x ......x.x ........x ......... .........";
        let elected = "\
            .xx....x. ..x....x. ....x..x. ......... ......x.x ......... ........x ......... .........";
        for (mode, table) in [
            (AppointmentMode::Appointed, appointed),
            (AppointmentMode::Engaged, appointed),
            (AppointmentMode::Elected, elected),
        ] {
            for (row, from) in table.split_whitespace().zip((0..).map_while(AppointmentState::at)) {
                for (mark, to) in row.chars().zip((0..).map_while(AppointmentState::at)) {
                    let follows = following(from, mode).any(|state| state == to);
                    assert_eq!(follows, mark == 'x', "{mode:?}: {from:?} to {to:?}");
                }
            }
            assert_eq!(table.split_whitespace().count(), AppointmentState::ITEMS.len());
        }
    }
}
