//! Which part of a list is wanted: `first` or `last`, `after` and `before`.

use super::adapter::{argument, read_argument};
use super::cursor::{Cursor, CursorKey};
use super::record::ArgGroup;
use crate::domain::Fault;
use async_graphql::registry::{MetaInputValue, Registry};
use async_graphql::{Context, ServerResult};

/// The part of a list that is wanted.
#[derive(Debug)]
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

    fn read(ctx: &Context<'_>) -> ServerResult<Self> {
        let refuse = |fault: Fault| async_graphql::Error::from(fault).into_server_error(ctx.item.pos);
        let cursor = |name: &str| -> ServerResult<Option<Cursor>> {
            let Some(text) = read_argument::<Option<String>>(ctx, name)? else { return Ok(None) };
            let key = ctx.data::<CursorKey>().map_err(|e| e.into_server_error(ctx.item.pos))?;
            key.open(&text).map(Some).map_err(refuse)
        };
        let first = read_argument::<Option<i32>>(ctx, "first")?;
        let last = read_argument::<Option<i32>>(ctx, "last")?;
        if first.is_some() && last.is_some() {
            return Err(refuse(Fault::input(
                "Give either `first` or `last`, not both.",
                "first 与 last 只能使用其一。",
            )));
        }
        for (name, given) in [("first", first), ("last", last)] {
            if let Some(given) = given.filter(|n| !(1..=MAX_PAGE).contains(n)) {
                return Err(refuse(Fault::input(
                    format!(
                        "`{name}` has to be between 1 and {MAX_PAGE}, not {given}. Get more with `after` or `before`."
                    ),
                    format!(
                        "{name} 必须在 1 到 {MAX_PAGE} 之间（现为 {given}）。更多记录请用 after 或 before 翻页。"
                    ),
                )));
            }
        }
        let size = first.or(last).and_then(|n| usize::try_from(n).ok()).unwrap_or(DEFAULT_PAGE);
        Ok(Self { size, backwards: last.is_some(), after: cursor("after")?, before: cursor("before")? })
    }
}
