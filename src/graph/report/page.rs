//! Which rows of a report a page has. Cursors hold what a row is ordered by, not its number: they survive a change of the register.

use super::input::ReportArgs;
use super::{kept, then};
use crate::domain::Fault;
use crate::graph::engine::{Cursor, Key, Ref, refusal};
use crate::policy::View;
use crate::record;
use crate::report::{Answer, Row};
use std::ops::Range;
use tiaokuai_macros::fields;

/// The rows of a page.
pub struct Span {
    rows: Range<usize>,
    /// Hash of the report, which its cursors carry.
    list: u32,
}

/// The values of the dimensions of a row, as programs read them.
fn keys(answer: &Answer, row: &Row, view: &View) -> Vec<Key<'static>> {
    let of = |dimension: &_| {
        let value = answer.value(row, *dimension)?;
        // What is a record is told apart from others of its name by where it stands.
        let code = value.code(view).unwrap_or_default();
        Some([Key::Text(code.into()), Key::Number(value.value.cast_signed())])
    };
    answer.dimensions.iter().filter_map(of).flatten().collect()
}

/// A hash of all that makes a report but its page.
fn hash(args: &ReportArgs, view: &View) -> u32 {
    let mut written = (*args.input.written).clone();
    if let Some(fields) = written.as_object_mut() {
        fields.remove("first");
        fields.remove("after");
    }
    let text = format!("{written} {}", view.as_of());
    let [a, b, c, d, ..] = *blake3::hash(text.as_bytes()).as_bytes();
    u32::from_le_bytes([a, b, c, d])
}

impl Span {
    /// The page that is asked for.
    ///
    /// # Errors
    /// `CURSOR_INVALID`.
    pub fn of(answer: &Answer, args: &ReportArgs, view: &View, size: usize) -> Result<Self, Fault> {
        let list = hash(args, view);
        let from = match &args.input.fields.after {
            None => 0,
            Some(text) => {
                let cursor: Cursor = args.secret.open(text)?;
                if cursor.list != list {
                    return Err(refusal());
                }
                // The row after the one that was last. Where that is gone, the page begins where it would stand now.
                let same = answer.rows.iter().position(|row| keys(answer, row, view) == cursor.keys);
                let place = usize::try_from(cursor.rank[0]).unwrap_or(0);
                same.map_or_else(|| place.min(answer.rows.len()), |at| at + 1)
            }
        };
        Ok(Self { rows: from..answer.rows.len().min(from + size), list })
    }

    /// The places of its rows.
    pub fn rows(&self) -> Range<usize> {
        self.rows.clone()
    }
}

impl<'v> Ref<'v, ReportPage> {
    fn span(self) -> Result<&'v Span, Fault> {
        kept(self.view, self.key).map(|kept| &kept.page)
    }

    /// The cursor of a row.
    fn cursor(self, at: Option<usize>) -> Result<Option<String>, Fault> {
        let kept = kept(self.view, self.key)?;
        let Some(row) = at.and_then(|at| kept.answer.rows.get(at)) else { return Ok(None) };
        let mut rank = [0; 8];
        rank[0] = i64::try_from(at.unwrap_or_default()).unwrap_or(0);
        let keys = keys(&kept.answer, row, then(self.view, kept));
        Ok(Some(kept.secret.seal(kept.page.list, &keys, rank)))
    }
}

#[fields(ReportPageFields)]
impl Ref<'_, ReportPage> {
    /// Whether rows stand after the page (是否有下一页).
    #[field(Public, Open)]
    pub fn has_next_page(self) -> Result<bool, Fault> {
        Ok(self.span()?.rows.end < kept(self.view, self.key)?.answer.rows.len())
    }

    /// Whether rows stand before the page (是否有上一页).
    #[field(Public, Open)]
    pub fn has_previous_page(self) -> Result<bool, Fault> {
        Ok(self.span()?.rows.start > 0)
    }

    /// Cursor of the first row; null on an empty page (首条游标).
    #[field(Public, Open)]
    pub fn start_cursor(self) -> Result<Option<String>, Fault> {
        let rows = self.span()?.rows();
        self.cursor((!rows.is_empty()).then_some(rows.start))
    }

    /// Cursor of the last row, for `after`; null on an empty page (末条游标).
    #[field(Public, Open)]
    pub fn end_cursor(self) -> Result<Option<String>, Fault> {
        let rows = self.span()?.rows();
        self.cursor((!rows.is_empty()).then(|| rows.end - 1))
    }
}

record! {
    /// Where a page stands in a report (分页信息). Source: computed at each query.
    ReportPage as "PageInfo" by usize, implements [], fields [ReportPageFields::FIELDS], |_view, _at, _rule| true
}
