//! Search through the [`View`]: what is found is what the viewer may see, on the day of the view, and nothing else is touched.

use super::table::Rule;
use super::view::View;
use crate::domain::{CodeRange, DivisionCode, Fault, Validity};
use crate::snapshot::{Handle, Layer, Match, Needle, OrganizationVersion, Owner, Sym, TextOf};
use std::cmp::Ordering;

/// By what a record was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum FoundBy {
    /// Its code.
    Code,
    /// What it is called on the day.
    Name,
    /// What it was called before.
    FormerName,
    /// Its number.
    Number,
    /// Its title.
    Title,
    /// The number of the document it was founded on.
    FoundingDocument,
}

/// A record that was found. A record may be found by several texts.
#[derive(Debug, Clone, Copy)]
pub struct Found {
    /// The table it stands in.
    pub what: TextOf,
    /// The record.
    pub handle: Handle,
    /// By what.
    pub by: FoundBy,
    /// The text as it is written, and the record in whose shard it stands; none for a code.
    pub text: Option<(Handle, Sym)>,
    /// Where in the text.
    pub hit: Option<Match>,
}

/// How many bytes are looked through for one step.
const BYTES: u64 = 1_024;

impl View {
    /// Whether the viewer may find persons anywhere at all.
    #[must_use]
    pub fn may_search_persons(&self) -> bool {
        !self.rights.reach(Rule::Staffing).is_nowhere()
    }

    /// Everything in a territory that is called or numbered so.
    ///
    /// # Errors
    /// `QUERY_TOO_EXPENSIVE`.
    pub fn search(&self, needle: &Needle, range: CodeRange) -> Result<Vec<Found>, Fault> {
        let mut out = Vec::new();
        self.search_codes(needle, range, &mut out);
        let mut layers = vec![Layer::Public];
        if !self.rights.reach(Rule::Undisclosed).is_nowhere() {
            layers.push(Layer::Undisclosed);
        }
        if self.may_search_persons() {
            layers.push(Layer::Personal);
        }
        for (shard, data) in self.snapshot.shards() {
            // What lies in a territory is in its shards, but for persons, who may hold posts in several.
            let inside = data.range().overlaps(range);
            for layer in layers.iter().copied().filter(|l| inside || *l == Layer::Personal) {
                let index = data.search(layer);
                self.meter().charge(index.bytes() as u64 / BYTES)?;
                let before = out.len();
                index.find(needle, |owners, hit| {
                    out.extend(owners.iter().flat_map(|owner| self.found(shard, *owner, hit, range)));
                });
                self.meter().charge((out.len() - before) as u64)?;
            }
        }
        Ok(out)
    }

    /// A division by its code, the township there, and an organisation by its credit code.
    fn search_codes(&self, needle: &Needle, range: CodeRange, out: &mut Vec<Found>) {
        let mut add = |what, handle| {
            out.push(Found { what, handle, by: FoundBy::Code, text: None, hit: None });
        };
        let code = DivisionCode::parse(&needle.text).filter(|code| range.contains(*code));
        if let Some(code) = code
            && let Some(division) = self.division(code)
        {
            add(TextOf::Division, division);
            let here = self.organizations_within(CodeRange { from: code.number(), to: code.number() + 1 });
            here.filter(|h| self.organization_row(*h).is_township())
                .for_each(|h| add(TextOf::Organization, h));
        }
        let by_credit_code = self.organization_by_credit_code(&needle.text.to_uppercase());
        if let Some(handle) = by_credit_code.filter(|h| self.sits_in(*h, range)) {
            add(TextOf::Organization, handle);
        }
    }

    fn sits_in(&self, organization: Handle, range: CodeRange) -> bool {
        self.organization(organization).is_some_and(|v| range.contains(v.division))
    }

    /// What of an owner of a text may be seen.
    fn found(&self, shard: u32, owner: Owner, hit: Match, range: CodeRange) -> Vec<Found> {
        let handle = Handle { shard, row: owner.row };
        let one =
            |by| Found { what: owner.what, handle, by, text: Some((handle, owner.text)), hit: Some(hit) };
        match owner.what {
            TextOf::Division => {
                let here = self.division_version(handle).is_some_and(|v| range.contains(v.code));
                let versions = self.snapshot.shard(handle).division_versions(handle.row);
                let names = versions.iter().map(|v| (v.validity, v.name == owner.text));
                self.called(names).filter(|_| here).map(one).into_iter().collect()
            }
            TextOf::Organization => {
                let versions = self.snapshot.shard(handle).organization_versions(handle.row);
                let called =
                    |v: &OrganizationVersion| v.name == owner.text || v.short_name == Some(owner.text);
                let names = versions.iter().map(|v| (v.validity, called(v)));
                self.called(names).filter(|_| self.sits_in(handle, range)).map(one).into_iter().collect()
            }
            TextOf::Person => {
                let seen = self.person_in(handle, range) && self.may_person(Rule::Staffing, handle);
                seen.then(|| one(FoundBy::Name)).into_iter().collect()
            }
            TextOf::Reform => {
                let here = range.covers(self.home(handle));
                here.then(|| one(FoundBy::Name)).into_iter().collect()
            }
            TextOf::DocumentTitle | TextOf::DocumentNumber => {
                self.document_and_founded(handle, one, owner.what, range)
            }
        }
    }

    /// The document, and by its number what was founded on it.
    fn document_and_founded(
        &self,
        handle: Handle,
        one: impl Fn(FoundBy) -> Found,
        what: TextOf,
        range: CodeRange,
    ) -> Vec<Found> {
        let id = self.document_row(handle).id;
        if self.find_document(id) != Some(handle) {
            return Vec::new();
        }
        let by = if what == TextOf::DocumentNumber { FoundBy::Number } else { FoundBy::Title };
        let mut out: Vec<Found> = range.covers(self.home(handle)).then(|| one(by)).into_iter().collect();
        if what == TextOf::DocumentNumber {
            let founded = self.snapshot.founded_on(id).iter().filter(|h| self.sits_in(**h, range));
            out.extend(founded.map(|h| Found {
                what: TextOf::Organization,
                handle: *h,
                ..one(FoundBy::FoundingDocument)
            }));
        }
        out
    }

    /// Whether one of several dated names is the name on the day or an earlier one; names to come are not told.
    fn called(&self, names: impl Iterator<Item = (Validity, bool)>) -> Option<FoundBy> {
        let day = self.as_of();
        let by = |validity: Validity| match (validity.holds(day), validity.to.cmp(&day)) {
            (true, _) => Some(FoundBy::Name),
            (false, Ordering::Less | Ordering::Equal) => Some(FoundBy::FormerName),
            (false, Ordering::Greater) => None,
        };
        names.filter(|(_, called)| *called).filter_map(|(validity, _)| by(validity)).min()
    }

    /// Whether a person may be seen and holds or held a post in a territory.
    fn person_in(&self, person: Handle, range: CodeRange) -> bool {
        self.appointments_of_person(self.person_row(person).id).any(|h| {
            let row = self.appointment_row(h);
            let owner = self.post_owner(Handle { shard: h.shard, row: row.post });
            self.moment(row).organization(owner).is_some_and(|v| range.contains(v.division))
        })
    }
}
