//! How a page of a list is read: in canonical order from its beginning or its end, or sorted by other keys.

use super::connection::{Conn, Listed, Rank, Source};
use super::cursor::Cursor;
use super::page::Page;
use crate::domain::{CodeRange, Fault};
use std::cmp::Ordering;

impl<'v, T: Listed> Conn<'v, T> {
    pub(super) fn page(&self) -> Result<Page<'_, 'v, T>, Fault> {
        if let Some(rows) = self.as_they_stand() {
            return self.beginning(rows);
        }
        if self.args.order.is_empty() {
            if self.args.paging.backwards { self.backwards() } else { self.forwards() }
        } else {
            self.ordered()
        }
    }

    /// The first of rows that stand in their order and all pass: the same as walking over them, and charged the same.
    fn beginning<'c>(&'c self, rows: &'c [T::Key]) -> Result<Page<'c, 'v, T>, Fault> {
        let size = self.args.paging.size;
        self.view.meter().charge(rows.len().min(size + 1) as u64)?;
        let more = rows.len() > size;
        let rows = rows[..rows.len().min(size)].into();
        Ok(Page { conn: self, rows, previous: Some(false), next: Some(more) })
    }

    /// The rank of the cursors, in canonical order.
    fn bounds(&self) -> (Option<Rank>, Option<Rank>) {
        let paging = &self.args.paging;
        (paging.after.as_ref().map(|c| c.rank), paging.before.as_ref().map(|c| c.rank))
    }

    fn forwards(&self) -> Result<Page<'_, 'v, T>, Fault> {
        let (after, before) = self.bounds();
        let (mut rows, mut more) = (Vec::with_capacity(self.args.paging.size), false);
        // Rows of an object stand in canonical order: what follows one after the cursor is after it too. In a territory of a past day
        // something may stand where its county is now.
        let ordered = !matches!(self.source, Source::Territory(_));
        let mut passed = after.is_none();
        self.walk(from(after), |key| {
            if !(passed || after.is_some_and(|after| T::rank(self.view, key) > after)) {
                return false;
            }
            passed = passed || ordered;
            more = rows.len() == self.args.paging.size
                || before.is_some_and(|before| T::rank(self.view, key) >= before);
            if !more {
                rows.push(key);
            }
            more
        })?;
        Ok(Page {
            conn: self,
            rows: rows.into(),
            previous: after.is_none().then_some(false),
            next: Some(more),
        })
    }

    /// Reads the stretches of the territory from the last one back until there are enough.
    fn backwards(&self) -> Result<Page<'_, 'v, T>, Fault> {
        let (after, before) = self.bounds();
        let wanted = self.args.paging.size + 1;
        let mut rows = Vec::new();
        let stretches = match &self.source {
            Source::Territory(range) => self.view.stretches(*range),
            Source::Rows(..) | Source::InOrder(..) => vec![CodeRange::ALL],
        };
        // What ends before the code of the other cursor need not be looked at.
        let least = from(after).from;
        for stretch in stretches.into_iter().rev().take_while(|stretch| stretch.to > least) {
            self.view.meter().charge(1)?;
            let stretch = CodeRange { from: stretch.from.max(least), to: stretch.to };
            // What begins after the code of the cursor cannot stand before it.
            if before.is_some_and(|before| stretch.from.cast_signed() > before[0].max(0)) {
                continue;
            }
            let mut here = Vec::new();
            self.walk(stretch, |key| {
                let rank = T::rank(self.view, key);
                if before.is_some_and(|before| rank >= before) {
                    return true;
                }
                if after.is_none_or(|after| rank > after) {
                    here.push(key);
                }
                false
            })?;
            here.append(&mut rows);
            rows = here;
            if rows.len() >= wanted {
                break;
            }
        }
        let more = rows.len() >= wanted;
        rows.drain(..rows.len().saturating_sub(self.args.paging.size));
        let previous = (more || after.is_none()).then_some(more);
        Ok(Page { conn: self, rows: rows.into(), previous, next: before.is_none().then_some(false) })
    }

    fn ordered(&self) -> Result<Page<'_, 'v, T>, Fault> {
        let mut all = Vec::new();
        self.walk(CodeRange::ALL, |key| {
            all.push(key);
            false
        })?;
        let mut keyed = Vec::with_capacity(all.len());
        for key in all {
            keyed.push((self.keys(key)?, T::rank(self.view, key), key));
        }
        let mut all = keyed;
        all.sort_by(|a, b| self.compare(&a.0, &b.0).then_with(|| a.1.cmp(&b.1)));
        let paging = &self.args.paging;
        let place = |cursor: &Cursor, passed: fn(Ordering) -> bool| {
            all.partition_point(|(keys, rank, _)| {
                passed(self.compare(keys, &cursor.keys).then_with(|| rank.cmp(&cursor.rank)))
            })
        };
        let mut start = paging.after.as_ref().map_or(0, |after| place(after, Ordering::is_le));
        let mut end = paging.before.as_ref().map_or(all.len(), |before| place(before, Ordering::is_lt));
        end = end.max(start);
        if paging.backwards {
            start = start.max(end.saturating_sub(paging.size));
        } else {
            end = end.min(start + paging.size);
        }
        let rows: Vec<T::Key> = all[start..end].iter().map(|(_, _, key)| *key).collect();
        Ok(Page { conn: self, rows: rows.into(), previous: Some(start > 0), next: Some(end < all.len()) })
    }

    /// Whether an object stands before the page that `after` begins (`previous`), or after the one that `before` ends.
    pub(super) fn exists(&self, previous: bool) -> Result<bool, Fault> {
        let (after, before) = self.bounds();
        let mut found = false;
        if previous {
            self.walk(CodeRange::ALL, |key| {
                found = after.is_some_and(|after| T::rank(self.view, key) <= after);
                true
            })?;
        } else {
            self.walk(from(before), |key| {
                found = before.is_some_and(|before| T::rank(self.view, key) >= before);
                found
            })?;
        }
        Ok(found)
    }
}

/// The codes from that of an object on: the first part of a rank is the code, so what lies before need not be walked over.
fn from(rank: Option<Rank>) -> CodeRange {
    let from = rank.and_then(|rank| u64::try_from(rank[0]).ok()).unwrap_or(0);
    CodeRange { from, ..CodeRange::ALL }
}
