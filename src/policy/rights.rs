//! The grants of a viewer, worked out for one snapshot: for each rule, where it is fulfilled.

use super::table::{Rule, allows};
use super::viewer::{Scope, Viewer};
use crate::domain::{CodeList, CodeRange, Day, DivisionCode, Role};
use crate::snapshot::Snapshot;
use rustc_hash::FxHashSet;

/// Where a rule is fulfilled for a viewer.
#[derive(Debug, Default, Clone)]
pub struct Reach {
    /// Everywhere.
    everywhere: bool,
    scopes: Vec<Area>,
}

/// Where a grant counts.
#[derive(Debug, Clone)]
pub struct Area {
    territory: CodeRange,
    line: Option<FxHashSet<i64>>,
}

/// The rights of a viewer.
#[derive(Debug, Clone)]
pub struct Rights {
    reaches: Vec<Reach>,
}

impl Rights {
    /// Works out the rights of a viewer.
    #[must_use]
    pub fn of(viewer: &Viewer, snapshot: &Snapshot) -> Self {
        let rules = (0..).map_while(Rule::at);
        Self { reaches: rules.map(|rule| Reach::of(viewer, snapshot, |role| allows(rule, role))).collect() }
    }

    /// Where a rule is fulfilled.
    #[inline]
    #[must_use]
    pub fn reach(&self, rule: Rule) -> &Reach {
        &self.reaches[rule.index()]
    }
}

impl Area {
    /// Its territory; everything for a line.
    #[must_use]
    pub fn territory(&self) -> CodeRange {
        self.territory
    }
}

impl Reach {
    /// Where a viewer has a role of some.
    #[must_use]
    pub fn of(viewer: &Viewer, snapshot: &Snapshot, roles: impl Fn(Role) -> bool) -> Self {
        let mut out = Self { everywhere: roles(Role::Public), scopes: Vec::new() };
        for grant in viewer.grants.iter().filter(|grant| roles(grant.role)) {
            out.add(&grant.scope, snapshot);
        }
        out
    }

    fn add(&mut self, scope: &Scope, snapshot: &Snapshot) {
        if *scope == Scope::default() {
            self.everywhere = true;
            return;
        }
        self.scopes.push(Area {
            territory: scope.territory.map_or(CodeRange::ALL, DivisionCode::range),
            line: scope.line.map(|department| line(department, snapshot)),
        });
    }

    /// Whether it is fulfilled everywhere.
    #[inline]
    #[must_use]
    pub fn is_everywhere(&self) -> bool {
        self.everywhere
    }

    /// Where it is fulfilled, or may be.
    #[must_use]
    pub fn areas(&self) -> Vec<Area> {
        if self.everywhere {
            vec![Area { territory: CodeRange::ALL, line: None }]
        } else {
            self.scopes.clone()
        }
    }

    /// Whether it is fulfilled nowhere at all.
    #[inline]
    #[must_use]
    pub fn is_nowhere(&self) -> bool {
        !self.everywhere && self.scopes.is_empty()
    }

    /// Whether it is fulfilled for a body in a division which belongs to departments.
    pub fn holds(&self, division: DivisionCode, mut departments: impl Iterator<Item = i64> + Clone) -> bool {
        self.everywhere
            || self.scopes.iter().any(|area| {
                area.territory.contains(division)
                    && area.line.as_ref().is_none_or(|line| departments.any(|d| line.contains(&d)))
            })
    }

    /// Whether it may be fulfilled for something in a territory.
    #[must_use]
    pub fn touches(&self, range: CodeRange) -> bool {
        self.everywhere || self.scopes.iter().any(|area| area.territory.overlaps(range))
    }

    /// Whether it is fulfilled for everything in a territory.
    #[must_use]
    pub fn covers(&self, range: CodeRange) -> bool {
        self.everywhere || self.scopes.iter().any(|area| area.line.is_none() && area.territory.covers(range))
    }
}

/// The department and all below it in its line.
fn line(department: i64, snapshot: &Snapshot) -> FxHashSet<i64> {
    let mut line = FxHashSet::default();
    let mut pending = vec![department];
    while let Some(next) = pending.pop() {
        if line.insert(next) {
            // Rights are those of today, whatever day is asked about.
            pending.extend(snapshot.departments_below(next, Day::today()));
        }
    }
    line
}
