//! What is selected on one type: the fields in the order in which they first stand there, repeated ones merged, type conditions,
//! `@skip` and `@include` applied.

use super::quoted::Quoted;
#[cfg(debug_assertions)]
use super::request::Planted;
use super::request::{Bail, Request};
use async_graphql::parser::types::{Field, Selection, SelectionSet};
use smallvec::{SmallVec, smallvec};

/// A field that is wanted: all selections with its key, merged.
pub struct Wanted<'d> {
    key: &'d str,
    pub(super) field: &'d Field,
    /// Hardly ever more than one.
    sets: SmallVec<[&'d SelectionSet; 1]>,
}

impl<'d> Wanted<'d> {
    /// Its key in the answer.
    #[must_use]
    pub fn key(&self) -> &'d str {
        self.key
    }

    /// Its name in the schema.
    #[must_use]
    pub fn name(&self) -> &'d str {
        self.field.name.node.as_str()
    }

    /// What is selected below it.
    #[must_use]
    pub fn sets(&self) -> &[&'d SelectionSet] {
        &self.sets
    }

    /// What a long key costs beside its field.
    pub(super) fn weight(&self) -> u64 {
        self.key.len() as u64 / 16
    }

    /// The key as it is written.
    pub(super) fn quoted(&self) -> Quoted {
        Quoted::new(self.key)
    }
}

/// Collects the fields of selections on one type, in the order in which they first stand there.
///
/// # Errors
/// When a directive cannot be told.
pub fn collect<'d>(
    request: &Request<'d, '_>,
    sets: &[&'d SelectionSet],
    is: &dyn Fn(&str) -> bool,
) -> Result<Vec<Wanted<'d>>, Bail> {
    let mut out = Vec::with_capacity(sets.first().map_or(0, |set| set.items.len()));
    let mut collect = Collect { request, is, out: &mut out };
    sets.iter().try_for_each(|set| collect.set(set))?;
    Ok(out)
}

struct Collect<'c, 'd, 'v> {
    request: &'c Request<'d, 'v>,
    is: &'c dyn Fn(&str) -> bool,
    out: &'c mut Vec<Wanted<'d>>,
}

impl<'d> Collect<'_, 'd, '_> {
    fn set(&mut self, set: &'d SelectionSet) -> Result<(), Bail> {
        for item in &set.items {
            let (directives, on, below) = match &item.node {
                Selection::Field(field) => {
                    if self.request.stands(&field.node.directives)? {
                        self.field(&field.node)?;
                    }
                    continue;
                }
                Selection::FragmentSpread(spread) => {
                    let fragment =
                        &self.request.fragments.get(&spread.node.fragment_name.node).ok_or(Bail)?.node;
                    let on = Some(&fragment.type_condition.node.on.node);
                    (&spread.node.directives, on, &fragment.selection_set.node)
                }
                Selection::InlineFragment(inline) => {
                    let on = inline.node.type_condition.as_ref().map(|c| &c.node.on.node);
                    (&inline.node.directives, on, &inline.node.selection_set.node)
                }
            };
            let holds = on.is_none_or(|on| (self.is)(on));
            #[cfg(debug_assertions)]
            let holds = holds || self.request.is_planted(Planted::NoTypeConditions);
            if self.request.stands(directives)? && holds {
                self.set(below)?;
            }
        }
        Ok(())
    }

    fn field(&mut self, field: &'d Field) -> Result<(), Bail> {
        let key = field.alias.as_ref().unwrap_or(&field.name).node.as_str();
        let below = &field.selection_set.node;
        match self.out.iter_mut().find(|wanted| wanted.key == key) {
            #[cfg(debug_assertions)]
            Some(_) if self.request.is_planted(Planted::NoMerging) => {}
            // The library's validation lets some conflicts pass, and its executor makes something of them.
            Some(wanted) if wanted.field.name != field.name || wanted.field.arguments != field.arguments => {
                return Err(Bail);
            }
            Some(wanted) => wanted.sets.push(below),
            None => self.out.push(Wanted { key, field, sets: smallvec![below] }),
        }
        Ok(())
    }
}
