//! Reversals (撤销登记): what was registered in error is taken back as a whole. The log keeps the error, and that it was taken back.
//!
//! A revision is taken back only while nothing later builds on it: the newest first. What changes divisions, and what takes something back
//! itself, is taken back only while nothing later stands in its counties at all. Documents that were registered stay on file.

use super::Acting;
use super::notice::{Notice, Problem};
use crate::store::Written;
use crate::store::entity::change::Model;
use serde_json::Value;
use std::collections::BTreeSet;

/// By what changes are seen to be about the same: a body, a post, who holds posts, a number that only one has, where a body sits.
type Mark = (&'static str, String);
/// What marks a record leaves.
type Of = fn(&Written, &mut Vec<Mark>);

impl Acting<'_> {
    /// Takes back all that was done in a revision.
    pub(super) fn reverse(&mut self, revision: i64) -> Result<i64, Notice> {
        let (own, later) = standing(self.desk.log(), revision)?;
        // What a later change stands on may be put back or taken away again in many ways: here it has to be the last.
        let alone = own.iter().any(|change| change.reverses.is_some());
        let mut own = own.into_iter().map(read).collect::<Result<Vec<_>, _>>()?.concat();
        if own.is_empty() {
            return Err(Notice::new(
                Problem::NotFound,
                format!("there is no change of revision {revision} in these counties"),
                format!("所涉县不存在修订号为 {revision} 的变更"),
            ));
        }
        // Documents stay on file.
        own.retain(|record| record.table != "document" || record.before.is_some());
        let alone = alone || own.iter().any(moves_division);
        let [touched, created, leant_on] = [touches as Of, creates, leans_on].map(|of| marks(&own, of));
        let mut on_it = BTreeSet::new();
        for change in later {
            let records = read(change)?;
            let meets = |own: &BTreeSet<Mark>, of: Of| !own.is_disjoint(&marks(&records, of));
            // A draft does nothing.
            let counts = records.iter().any(|record| record.table != "reform_draft");
            if alone && counts
                || meets(&touched, touches)
                || meets(&created, refers)
                || meets(&leant_on, ends)
            {
                on_it.insert(change.revision);
            }
        }
        if !on_it.is_empty() {
            return Err(built_on(&on_it));
        }
        for record in own.into_iter().rev() {
            if self.desk.take_back(record, true) != Some(true) {
                return Err(Notice::new(
                    Problem::LaterChange,
                    "files that were loaded since then have changed it",
                    "此后载入的数据文件已将其变更",
                ));
            }
        }
        if !self.desk.is_changed() {
            return Err(Notice::new(
                Problem::NoChange,
                format!("revision {revision} changed nothing in the end"),
                format!("修订号 {revision} 并未造成变化"),
            ));
        }
        Ok(revision)
    }
}

/// Which changes they are, those hear who may know of them.
fn built_on(revisions: &BTreeSet<i64>) -> Notice {
    let notice = Notice::new(
        Problem::LaterChange,
        "later changes build on it: take those back first, the newest first (`changes` of this error has them)",
        "之后的变更与其有关，请先由新到旧依次撤销（见本错误的 changes）",
    );
    Notice { later: revisions.iter().rev().copied().collect(), ..notice.of("change") }
}

/// The entries of a revision, and those after it that stand: neither taken back, nor taking back one that came after the revision.
fn standing(log: &[Model], revision: i64) -> Result<(Vec<&Model>, Vec<&Model>), Notice> {
    let (mut taken, mut later) = (BTreeSet::new(), Vec::new());
    for change in log.iter().rev().filter(|change| change.revision > revision) {
        if taken.contains(&change.revision) {
            continue;
        }
        match change.reverses {
            Some(earlier) if earlier == revision => {
                let by = change.revision;
                return Err(Notice::new(
                    Problem::NoChange,
                    format!("revision {revision} was taken back in revision {by}"),
                    format!("修订号 {revision} 已于修订号 {by} 撤销"),
                ));
            }
            Some(earlier) if earlier > revision => drop(taken.insert(earlier)),
            _ => later.push(change),
        }
    }
    Ok((log.iter().filter(|change| change.revision == revision).collect(), later))
}

fn read(change: &Model) -> Result<Vec<Written>, Notice> {
    serde_json::from_str(&change.records).map_err(|_| {
        Notice::new(
            Problem::WrongState,
            format!("revision {} was written by another release", change.revision),
            format!("修订号 {} 由其他版本写成", change.revision),
        )
    })
}

fn marks(records: &[Written], of: Of) -> BTreeSet<Mark> {
    let mut out = Vec::new();
    records.iter().for_each(|record| of(record, &mut out));
    out.into_iter().collect()
}

/// What rows have in a column.
fn column<'r>(
    rows: impl IntoIterator<Item = &'r Value>,
    name: &str,
    mark: &'static str,
    out: &mut Vec<Mark>,
) {
    let found = rows.into_iter().filter_map(|row| row.get(name)).filter(|value| !value.is_null());
    out.extend(found.map(|value| (mark, value.to_string())));
}

/// The rows of a record, before and after.
fn rows(record: &Written) -> impl Iterator<Item = &Value> {
    record.before.iter().chain(&record.after)
}

/// The object that a record makes or changes.
fn own(record: &Written) -> impl Iterator<Item = Mark> {
    record.object().map(|(table, id)| (table, id.to_string())).into_iter()
}

/// What a record changes.
fn touches(record: &Written, out: &mut Vec<Mark>) {
    out.extend(own(record));
    match record.table.as_str() {
        "leadership_post" => column(rows(record), "organization_id", "organization", out),
        "appointment" => {
            column(rows(record), "post_id", "leadership_post", out);
            column(rows(record), "person_id", "holder", out);
        }
        "person" => column(rows(record), "id_number", "identity", out),
        "organization_version" => column(rows(record), "uscc", "credit code", out),
        "document" => column(rows(record), "number", "number", out),
        _ => {}
    }
}

/// What a record makes, that others may refer to later.
fn creates(record: &Written, out: &mut Vec<Mark>) {
    out.extend(own(record).filter(|(table, _)| record.before.is_none() && *table == record.table));
}

/// What a record refers to.
fn refers(record: &Written, out: &mut Vec<Mark>) {
    leans_on(record, out);
    references(&record.after, out);
}

/// What the row refers to that comes back.
fn leans_on(record: &Written, out: &mut Vec<Mark>) {
    references(&record.before, out);
}

fn references(row: &Option<Value>, out: &mut Vec<Mark>) {
    for (name, mark) in [
        ("parent_id", "organization"),
        ("department_id", "organization"),
        ("person_id", "person"),
        ("division_code", "seat"),
    ] {
        column(row, name, mark, out);
    }
}

/// Whether a record is of another division, or of other codes or times of one: not of its name alone.
fn moves_division(record: &Written) -> bool {
    let of = |row: &Option<Value>| {
        let row = row.as_ref();
        ["code", "valid_from", "valid_to"].map(|column| row.and_then(|row| row.get(column)).cloned())
    };
    record.table.starts_with("division")
        && (record.table != "division_version" || of(&record.before) != of(&record.after))
}

/// What is there no more after a record, or under another code.
fn ends(record: &Written, out: &mut Vec<Mark>) {
    if record.table == "division_version" && moves_division(record) {
        column(rows(record), "code", "seat", out);
    }
    let open =
        |row: &Option<Value>| row.as_ref().is_some_and(|row| row.get("valid_to").is_none_or(Value::is_null));
    if record.before.is_some() && !open(&record.after) {
        out.extend(own(record).filter(|(table, _)| *table == record.table));
    }
}
