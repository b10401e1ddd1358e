//! As of when something is seen, and as it was known when: the arguments `asOf` and `knownAt`.

use super::engine::{ArgGroup, Arguments, DateTime, argument};
use crate::domain::{Day, DivisionCode, Fault};
use crate::policy::View;
use async_graphql::registry::{MetaInputValue, Registry};

/// As of when something is seen.
#[derive(Clone, Default)]
pub struct When {
    as_of: Option<Day>,
    known_at: Option<DateTime>,
}

impl ArgGroup for When {
    fn describe(registry: &mut Registry, into: &mut Vec<MetaInputValue>) {
        let day = "As of this day (时点); today when absent.";
        into.push(argument::<Option<Day>>(registry, "asOf", day));
        let moment = "As the register knew it at this moment (登记时点); as it knows it now when absent. In one county only; what was loaded \
             from files is as it is now.";
        into.push(argument::<Option<DateTime>>(registry, "knownAt", moment));
    }
    fn read<A: Arguments>(given: &A) -> Result<Self, A::Error> {
        Ok(Self { as_of: given.value("asOf")?, known_at: given.value("knownAt")? })
    }
}

impl When {
    /// Whether it is asked for what was known.
    pub fn is_known(&self) -> bool {
        self.known_at.is_some()
    }

    /// The view of then, of something in a division.
    ///
    /// # Errors
    /// `BAD_USER_INPUT` for what was known of more than a county, `UNAVAILABLE`, `TIMEOUT`.
    pub fn view<'v>(&self, view: &'v View, place: Option<DivisionCode>) -> Result<&'v View, Fault> {
        let known = self.known_at.as_ref().map(|moment| moment.0.as_str());
        Ok(view.known_at(known, place)?.maybe_at(self.as_of))
    }
}
