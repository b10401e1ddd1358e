//! The filters of the lists, on the records that a report counts.

use super::input::ReportFields;
use crate::domain::{CodeRange, Fault};
use crate::graph::engine::check_filter;
use crate::policy::View;
use crate::report::{Filter, Part};
use crate::snapshot::Handle;
use std::sync::Arc;

/// The filters of the lists on the records that are counted.
pub struct Filtering(pub Arc<ReportFields>);

/// What is done with each part of a filter that is given.
macro_rules! each {
    ($of:expr, |$part:ident, $filter:ident| $what:expr) => {
        if let Some(of) = &$of.0.r#where {
            if let Some($filter) = &of.township {
                let $part = Part::Township;
                $what
            }
            if let Some($filter) = &of.organization {
                let $part = Part::Organization;
                $what
            }
            if let Some($filter) = &of.leadership_post {
                let $part = Part::LeadershipPost;
                $what
            }
            if let Some($filter) = &of.appointment {
                let $part = Part::Appointment;
                $what
            }
            if let Some($filter) = &of.change {
                let $part = Part::Change;
                $what
            }
        }
    };
}

impl Filter for Filtering {
    fn parts(&self) -> Vec<Part> {
        let mut out = Vec::new();
        each!(self, |part, _filter| out.push(part));
        out
    }

    fn check(&self, view: &View, range: CodeRange) -> Result<(), Fault> {
        each!(self, |_part, filter| check_filter(filter, view, range)?);
        Ok(())
    }

    fn passes(&self, wanted: Part, view: &View, at: Handle) -> Result<bool, Fault> {
        each!(self, |part, filter| if part == wanted {
            return filter.passes(view, at);
        });
        Ok(true)
    }
}
