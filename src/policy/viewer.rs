//! The viewer: who asks, with which grants. A grant is a role and a scope.

use crate::domain::{DivisionCode, Role};

/// Where a grant counts. Both hierarchies: a territory (块) and a line (条). A grant with both counts where they cross;
/// a grant with neither counts in the whole register.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Scope {
    /// A division and all that lies in it.
    pub territory: Option<DivisionCode>,
    /// A department, the departments below it in its line, and the agencies of all of them.
    pub line: Option<i64>,
}

/// A role within a scope.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Grant {
    /// The role.
    pub role: Role,
    /// Where it counts.
    pub scope: Scope,
}

/// Who asks.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Viewer {
    /// Subject of the token; `None` for the public.
    pub subject: Option<String>,
    /// Grants; none for the public.
    pub grants: Vec<Grant>,
}

impl Viewer {
    /// Whether there is a token at all.
    #[must_use]
    pub fn is_signed_in(&self) -> bool {
        self.subject.is_some()
    }
}
