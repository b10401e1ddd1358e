//! Which part of a list is wanted: `first` or `last`, `after` and `before`.

use super::adapter::argument;
use super::cursor::Cursor;
use super::record::{ArgGroup, Arguments};
use crate::domain::Fault;
use async_graphql::registry::{MetaInputValue, Registry};

/// The part of a list that is wanted.
#[derive(Debug, Clone)]
pub struct Paging {
    /// How many objects.
    pub size: usize,
    /// Whether they are the last ones.
    pub backwards: bool,
    /// The part begins after this object.
    pub after: Option<Cursor>,
    /// The part ends before this object.
    pub before: Option<Cursor>,
}

/// The largest page.
const MAX_PAGE: i32 = 100;
/// The page when its size is not given.
const DEFAULT_PAGE: usize = 20;

impl Default for Paging {
    fn default() -> Self {
        Self { size: DEFAULT_PAGE, backwards: false, after: None, before: None }
    }
}

impl ArgGroup for Paging {
    fn describe(registry: &mut Registry, into: &mut Vec<MetaInputValue>) {
        for (name, doc) in [
            (
                "first",
                "How many objects from the beginning, 1 to 100 (前若干条); 20 when `last` is absent too.",
            ),
            ("last", "How many objects from the end, 1 to 100 (末若干条); not together with `first`."),
        ] {
            into.push(argument::<Option<i32>>(registry, name, doc));
        }
        for (name, doc) in [
            ("after", "The cursor after which the page begins (起始游标): `endCursor` of the page before."),
            ("before", "The cursor before which the page ends (截止游标): `startCursor` of the page after."),
        ] {
            into.push(argument::<Option<String>>(registry, name, doc));
        }
    }

    fn read<A: Arguments>(given: &A) -> Result<Self, A::Error> {
        let refuse = |fault: Fault| given.refuse(fault);
        let cursor = |name: &str| -> Result<Option<Cursor>, A::Error> {
            let Some(text) = given.value::<Option<String>>(name)? else { return Ok(None) };
            given.secret()?.open(&text).map(Some).map_err(refuse)
        };
        let first = given.value::<Option<i32>>("first")?;
        let last = given.value::<Option<i32>>("last")?;
        if first.is_some() && last.is_some() {
            return Err(refuse(Fault::input(
                "Give either `first` or `last`, not both.",
                "first 与 last 只能使用其一。",
            )));
        }
        for (name, size) in [("first", first), ("last", last)] {
            if let Some(size) = size.filter(|n| !(1..=MAX_PAGE).contains(n)) {
                return Err(refuse(Fault::input(
                    format!(
                        "`{name}` has to be between 1 and {MAX_PAGE}, not {size}. Get more with `after` or `before`."
                    ),
                    format!(
                        "{name} 必须在 1 到 {MAX_PAGE} 之间（现为 {size}）。更多记录请用 after 或 before 翻页。"
                    ),
                )));
            }
        }
        let size = first.or(last).and_then(|n| usize::try_from(n).ok()).unwrap_or(DEFAULT_PAGE);
        Ok(Self { size, backwards: last.is_some(), after: cursor("after")?, before: cursor("before")? })
    }
}
