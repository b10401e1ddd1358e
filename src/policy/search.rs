//! Search through the [`View`]: what is found is what the viewer may see, on the day of the view, and nothing else is touched.

use super::table::Rule;
use super::view::View;
use crate::code_list;
use crate::domain::{CodeRange, DivisionCode, Fault, OrganizationKind, Validity};
use crate::snapshot::{Handle, Layer, Link, Match, Needle, OrganizationVersion, Owner, Sym, TextOf};
use std::cmp::Ordering;

code_list! {
    /// By what an object was found (匹配字段).
    SearchField {
        Code = "CODE", "代码", "division code or unified social credit code";
        Name = "NAME", "名称", "name or short name on the day of the query";
        FormerName = "FORMER_NAME", "曾用名", "former name";
        Number = "NUMBER", "文号", "document number";
        Title = "TITLE", "标题", "title";
        FoundingDocument = "FOUNDING_DOCUMENT", "设立依据文号", "number of the document it was founded on";
    }
}

/// A record that was found. A record may be found by several texts.
#[derive(Debug, Clone, Copy)]
pub struct Found {
    /// The table it stands in.
    pub what: TextOf,
    /// The record.
    pub handle: Handle,
    /// By what.
    pub by: SearchField,
    /// The text as it is written, and the record in whose shard it stands; none for a code.
    pub text: Option<(Handle, Sym)>,
    /// Where in the text.
    pub hit: Option<Match>,
    /// Whether it is all of a code, not only its beginning.
    pub whole: bool,
}

/// Steps that a hit costs.
const HIT: u64 = 4;
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
        for (shard, data) in self.snapshot.shards() {
            // A document above a county may be what its bodies were founded on; a person may hold posts in several counties.
            let near = data.home().range().overlaps(range);
            // What is hidden is looked through only where the viewer may see some of it, so that its size tells nothing.
            let may = |rule| self.rights.reach(rule).touches(data.range());
            let layers = [
                (Layer::Public, near),
                (Layer::Undisclosed, near && may(Rule::Undisclosed)),
                (Layer::Personal, may(Rule::Staffing)),
            ];
            for (layer, _) in layers.into_iter().filter(|(_, wanted)| *wanted) {
                let index = data.search(layer);
                // Of what is hidden only what is let through counts: its size is nobody's to know.
                let open = layer == Layer::Public;
                let mut steps = if open { 1 + index.bytes() as u64 / BYTES } else { 1 };
                index.find(needle, |owners, hit| {
                    let before = out.len();
                    owners.iter().for_each(|owner| self.found(shard, *owner, hit, range, &mut out));
                    let seen = (out.len() - before) as u64;
                    steps += HIT * seen + if open { owners.len() as u64 } else { 0 };
                });
                self.meter().charge(steps)?;
            }
        }
        Ok(out)
    }

    /// Divisions by their code or its beginning, the townships there, and an organisation by its credit code.
    fn search_codes(&self, needle: &Needle, range: CodeRange, out: &mut Vec<Found>) {
        let mut add = |what, handle, whole| {
            out.push(Found { what, handle, by: SearchField::Code, text: None, hit: None, whole });
        };
        let code = DivisionCode::parse(&needle.text).filter(|code| self.division(*code).is_some());
        let codes = match code {
            Some(code) => Some(CodeRange { from: code.number(), to: code.number() + 1 }),
            None => beginning(&needle.text),
        };
        if let Some(codes) = codes {
            let here = CodeRange { from: codes.from.max(range.from), to: codes.to.min(range.to) };
            self.divisions_within(here).for_each(|h| add(TextOf::Division, h, code.is_some()));
            let townships = self.organizations_within(here, OrganizationKind::TOWNSHIPS);
            townships.for_each(|h| add(TextOf::Organization, h, code.is_some()));
        }
        let by_credit_code = self.organization_by_credit_code(&needle.text.to_uppercase());
        if let Some(handle) = by_credit_code.filter(|h| self.sits_in(*h, range)) {
            add(TextOf::Organization, handle, true);
        }
    }

    fn sits_in(&self, organization: Handle, range: CodeRange) -> bool {
        self.organization(organization).is_some_and(|v| range.contains(v.division))
    }

    /// Adds what of an owner of a text may be seen.
    fn found(&self, shard: u32, owner: Owner, hit: Match, range: CodeRange, out: &mut Vec<Found>) {
        let handle = Handle { shard, row: owner.row() };
        let one = |by| Found {
            what: owner.what(),
            handle,
            by,
            text: Some((handle, owner.text)),
            hit: Some(hit),
            whole: false,
        };
        match owner.what() {
            TextOf::Division => {
                let here = self.division_version(handle).is_some_and(|v| range.contains(v.code));
                let versions = self.snapshot.shard(handle).division_versions(handle.row);
                let names = versions.iter().map(|v| (v.validity, v.name == owner.text));
                out.extend(self.called(names).filter(|_| here).map(one));
            }
            TextOf::Organization => {
                let versions = self.snapshot.shard(handle).organization_versions(handle.row);
                let called = |v: &OrganizationVersion| {
                    v.name == owner.text || self.organization_form(handle, v).short_name == Some(owner.text)
                };
                let names = versions.iter().map(|v| (v.validity, called(v)));
                out.extend(self.called(names).filter(|_| self.sits_in(handle, range)).map(one));
            }
            TextOf::Person => {
                let seen = self.person_in(handle, range) && self.may_person(Rule::Staffing, handle);
                out.extend(seen.then(|| one(SearchField::Name)));
            }
            TextOf::Reform => {
                let here = range.covers(self.home(handle)) && self.may_see_reform(handle);
                out.extend(here.then(|| one(SearchField::Name)));
            }
            TextOf::DocumentTitle | TextOf::DocumentNumber => {
                self.document_and_founded(handle, one, owner.what(), range, out);
            }
        }
    }

    /// Adds the document, and by its number what was founded on it.
    fn document_and_founded(
        &self,
        handle: Handle,
        one: impl Fn(SearchField) -> Found,
        what: TextOf,
        range: CodeRange,
        out: &mut Vec<Found>,
    ) {
        let id = self.document_id(handle);
        if self.find_document(id) != Some(handle) {
            return;
        }
        let by = if what == TextOf::DocumentNumber { SearchField::Number } else { SearchField::Title };
        out.extend(range.covers(self.home(handle)).then(|| one(by)));
        if what == TextOf::DocumentNumber {
            let founded = self.snapshot.linking(Link::Founding, id).filter(|h| self.sits_in(*h, range));
            out.extend(founded.map(|h| Found {
                what: TextOf::Organization,
                handle: h,
                ..one(SearchField::FoundingDocument)
            }));
        }
    }

    /// Whether one of several dated names is the name on the day or an earlier one; names to come are not told.
    fn called(&self, names: impl Iterator<Item = (Validity, bool)>) -> Option<SearchField> {
        let day = self.as_of();
        let by = |validity: Validity| match (validity.holds(day), validity.to.cmp(&day)) {
            (true, _) => Some(SearchField::Name),
            (false, Ordering::Less | Ordering::Equal) => Some(SearchField::FormerName),
            (false, Ordering::Greater) => None,
        };
        names.filter(|(_, called)| *called).filter_map(|(validity, _)| by(validity)).min()
    }

    /// Whether a person may be seen and holds or held a post in a territory.
    fn person_in(&self, person: Handle, range: CodeRange) -> bool {
        self.appointments_of_person(self.person_id(person)).any(|h| {
            let row = self.appointment_row(h);
            let owner = self.post_owner(Handle { shard: h.shard, row: row.post });
            self.organization_at(owner, self.last_day(row)).is_some_and(|v| range.contains(v.division))
        })
    }
}

/// The codes that begin so; none for what is no beginning of a code. A single digit would be a tenth of the nation.
fn beginning(text: &str) -> Option<CodeRange> {
    let digits = text.len();
    if !(2..12).contains(&digits) || !text.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let unit = 10_u64.pow(u32::try_from(12 - digits).ok()?);
    let from = text.parse::<u64>().ok()? * unit;
    Some(CodeRange { from, to: from + unit })
}
