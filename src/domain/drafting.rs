//! How a draft of a reform goes on (草案流转): written by one, released by another.
//!
//! Source: four eyes (双人复核): who drafts does not release.

use crate::code_list;
use DraftState as S;

code_list! {
    /// State of a draft of a reform (草案状态).
    DraftState {
        Draft = "DRAFT", "起草中", "being written";
        Submitted = "SUBMITTED", "已提交", "submitted for review";
        Returned = "RETURNED", "已退回", "returned to its author";
        Released = "RELEASED", "已核准办理", "released: its acts were carried out";
    }
}

/// What somebody does with a draft.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DraftStep {
    /// It is written anew.
    Write,
    /// It is submitted.
    Submit,
    /// It is returned.
    Return,
    /// It is released.
    Release,
}

/// Each step: from a state to the next, and whether it is the author's; else it is anybody's but the author's.
const STEPS: &[(S, DraftStep, S, bool)] = &[
    (S::Draft, DraftStep::Write, S::Draft, true),
    (S::Returned, DraftStep::Write, S::Draft, true),
    (S::Draft, DraftStep::Submit, S::Submitted, true),
    (S::Submitted, DraftStep::Return, S::Returned, false),
    (S::Submitted, DraftStep::Release, S::Released, false),
];

/// The state after a step, and whether the step is the author's; nothing when there is no such step.
#[must_use]
pub fn after(from: DraftState, step: DraftStep) -> Option<(DraftState, bool)> {
    STEPS
        .iter()
        .find(|(before, taken, ..)| *before == from && *taken == step)
        .map(|(_, _, to, own)| (*to, *own))
}

#[cfg(test)]
mod tests {
    use super::{DraftState as S, DraftStep as D, after};

    /// Every step and every step that there is not.
    #[test]
    fn every_step_and_no_other() {
        for (from, expected) in [
            (S::Draft, [Some((S::Draft, true)), Some((S::Submitted, true)), None, None]),
            (S::Submitted, [None, None, Some((S::Returned, false)), Some((S::Released, false))]),
            (S::Returned, [Some((S::Draft, true)), None, None, None]),
            (S::Released, [None; 4]),
        ] {
            let taken = [D::Write, D::Submit, D::Return, D::Release].map(|step| after(from, step));
            assert_eq!(taken, expected, "{from:?}");
        }
    }
}
