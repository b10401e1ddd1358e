//! What reports count, once more as straight loops over the rows: facts, the groups they fall into, what they add.

use crate::oracle::{Eyes, Oracle, holds};
use crate::report_catalog::Kind;
use std::collections::{BTreeMap, BTreeSet};
use tiaokuai::store::entity;

/// A body as it is seen on the day.
pub struct Body<'r> {
    pub row: &'r entity::organization::Model,
    pub version: &'r entity::organization_version::Model,
    pub own: bool,
    pub establishment: Vec<&'r entity::establishment::Model>,
    pub departments: BTreeMap<i64, String>,
}

/// What is to be known of a division.
#[derive(Default)]
pub struct Place<'r> {
    pub kind: Option<&'static str>,
    /// Whether there is a township, seen or not.
    pub exists: bool,
    pub traits: Vec<&'r str>,
    pub residents: Option<i64>,
    /// Whether an authority sits there that is seen, and the pattern assigned to it.
    pub township: bool,
    pub pattern: Option<&'r entity::setting_pattern::Model>,
}

/// One of what is counted.
pub struct Fact<'r> {
    pub kind: Kind,
    pub code: &'r str,
    pub body: Option<usize>,
    pub establishment: Option<&'r entity::establishment::Model>,
    pub post: Option<&'r entity::leadership_post::Model>,
    /// How many hold the post.
    pub held: i64,
    pub appointment: Option<&'r entity::appointment::Model>,
    /// Who was appointed, where personal attributes are seen.
    pub person: Option<&'r entity::person::Model>,
    pub change: Option<&'r entity::organization_change::Model>,
}

/// All facts of a day, as they are seen.
pub struct Facts<'o, 'r> {
    pub oracle: &'o Oracle<'r>,
    pub bodies: Vec<Body<'r>>,
    pub places: BTreeMap<&'r str, Place<'r>>,
    pub all: Vec<Fact<'r>>,
    /// Who holds two posts or more, wherever they are.
    pub several: BTreeSet<i64>,
}

fn fact<'r>(kind: Kind, code: &'r str, body: Option<usize>) -> Fact<'r> {
    Fact {
        kind,
        code,
        body,
        establishment: None,
        post: None,
        held: 0,
        appointment: None,
        person: None,
        change: None,
    }
}

pub fn is_township(kind: &str) -> bool {
    ["GOVERNMENT", "SUBDISTRICT_OFFICE"].contains(&kind)
}

/// The day before a day.
fn day_before(day: &str) -> String {
    let part = |at: std::ops::Range<usize>| day[at].parse::<i32>().unwrap();
    let (y, m, d) = (part(0..4), part(5..7), part(8..10));
    let leap = (y % 4 == 0 && y % 100 != 0) || y % 400 == 0;
    match (m, d) {
        (1, 1) => format!("{}-12-31", y - 1),
        (5 | 7 | 10 | 12, 1) => format!("{y}-{:02}-30", m - 1),
        (3, 1) => format!("{y}-02-{}", if leap { 29 } else { 28 }),
        (_, 1) => format!("{y}-{:02}-31", m - 1),
        _ => format!("{y}-{m:02}-{:02}", d - 1),
    }
}

/// The type of a township by its code; the name decides between 乡 and 民族乡 only.
fn township_type(code: &str, name: &str) -> &'static str {
    match &code[6..7] {
        "0" => "SUBDISTRICT",
        "1" => "TOWN",
        "2" | "3" if name.ends_with("族乡") => "ETHNIC_TOWNSHIP",
        "2" | "3" => "TOWNSHIP",
        _ => "TOWNSHIP_LIKE",
    }
}

/// The sum of the numbers of a notation: 7+5 is 12, 三局五办六中心 is 14. Below ten each, or in digits.
pub fn notation(text: &str) -> i64 {
    let (mut sum, mut number) = (0, 0);
    for c in text.chars() {
        match (c.to_digit(10), "一二三四五六七八九".chars().position(|n| n == c)) {
            (Some(digit), _) => number = number * 10 + i64::from(digit),
            (None, Some(at)) => sum += at as i64 + 1,
            (None, None) => sum += std::mem::take(&mut number),
        }
    }
    sum + number
}

/// The bodies that are seen, with what hangs on each.
fn bodies<'r>(oracle: &Oracle<'r>) -> Vec<Body<'r>> {
    let rows = oracle.rows;
    let seen = rows.organization.iter().filter_map(|o| Some((o, oracle.version(o.id)?)));
    let seen: Vec<_> = seen.collect();
    let township = |id: i64, code: &str| {
        seen.iter().any(|(o, v)| o.id == id && is_township(&o.kind) && v.division_code == code)
    };
    let body =
        |(row, version): &(&'r entity::organization::Model, &'r entity::organization_version::Model)| {
            let part = ["INTERNAL_OFFICE", "PUBLIC_INSTITUTION"].contains(&row.kind.as_str());
            let below = version.parent_id.is_some_and(|parent| township(parent, &version.division_code));
            let establishment = rows.establishment.iter().filter(|e| e.organization_id == row.id);
            let establishment = establishment.filter(|e| now(oracle, &e.valid_from, &e.valid_to));
            let departments = rows.competent_department.iter().filter(|c| c.organization_id == row.id);
            let departments = departments.filter(|c| now(oracle, &c.valid_from, &c.valid_to));
            let named = departments.filter_map(|c| Some((c.department_id, oracle.version(c.department_id)?)));
            Body {
                row,
                version,
                own: is_township(&row.kind) || (part && below),
                establishment: establishment.collect(),
                departments: named.map(|(id, v)| (id, v.name.clone())).collect(),
            }
        };
    seen.iter().map(body).collect()
}

fn now(oracle: &Oracle, from: &Option<String>, to: &Option<String>) -> bool {
    holds(from.as_ref(), to.as_ref(), &oracle.day)
}

impl<'o, 'r> Facts<'o, 'r> {
    /// What a body is called on the day, if it is seen on it.
    pub fn name_of(&self, id: &str) -> Option<String> {
        let body = self.bodies.iter().find(|body| body.row.id.to_string() == id)?;
        Some(body.version.name.clone())
    }

    pub fn new(oracle: &'o Oracle<'r>) -> Self {
        let mut facts = Self {
            oracle,
            bodies: bodies(oracle),
            places: BTreeMap::new(),
            all: Vec::new(),
            several: BTreeSet::new(),
        };
        for at in 0..facts.bodies.len() {
            facts.body_facts(at);
        }
        facts.change_facts();
        let mut posts: BTreeMap<i64, BTreeSet<i64>> = BTreeMap::new();
        for a in facts.all.iter().filter_map(|f| f.appointment) {
            posts.entry(a.person_id).or_default().insert(a.post_id);
        }
        facts.several = posts.into_iter().filter(|(_, of)| of.len() > 1).map(|(who, _)| who).collect();
        let codes: BTreeSet<&str> = facts.all.iter().map(|f| f.code).collect();
        facts.places = codes.into_iter().map(|code| (code, facts.place(code))).collect();
        facts
    }

    /// The body itself, what its authority stands for, its establishment, its posts, and who is in them.
    fn body_facts(&mut self, at: usize) {
        let (oracle, body) = (self.oracle, &self.bodies[at]);
        let (id, code) = (body.row.id, body.version.division_code.as_str());
        let mut all = vec![fact(Kind::Body, code, Some(at))];
        if is_township(&body.row.kind) {
            all.push(fact(Kind::Township, code, Some(at)));
        }
        for row in &body.establishment {
            all.push(Fact { establishment: Some(row), ..fact(Kind::Establishment, code, Some(at)) });
        }
        for post in oracle.posts_of(id).into_iter().map(|p| p.1) {
            let row = oracle.rows.leadership_post.iter().find(|p| p.id == post);
            let holders = oracle.incumbents(post);
            let held = holders.len() as i64;
            all.push(Fact { post: row, held, ..fact(Kind::Post, code, Some(at)) });
            for appointment in holders.into_iter().map(|a| oracle.appointment(a.1)) {
                let seen = match oracle.eyes {
                    Eyes::Public => false,
                    Eyes::Analyst => true,
                    Eyes::Clerk(_) => oracle.sees_person(appointment.person_id),
                };
                let person = oracle.rows.person.iter().find(|p| seen && p.id == appointment.person_id);
                let one = fact(Kind::Appointment, code, Some(at));
                all.push(Fact { post: row, held, appointment: Some(appointment), person, ..one });
            }
        }
        self.all.append(&mut all);
    }

    /// Where the first body after it sits on its day, else the first before it on the day before; only such as are seen.
    fn change_facts(&mut self) {
        let oracle = self.oracle;
        let seen = |id: i64, day: &str| {
            let version = oracle.version_on(id, day)?;
            let code = version.division_code.as_str();
            (oracle.org(id).disclosed || oracle.in_scope(code)).then_some(code)
        };
        for change in oracle.rows.organization_change.iter().filter(|c| c.effective_on <= oracle.day) {
            let parties = |after: bool| {
                let all = oracle.rows.organization_change_party.iter();
                let own = all.filter(move |p| p.change_id == change.id && p.resulting == after);
                own.map(|p| p.organization_id).collect::<BTreeSet<i64>>()
            };
            let after = parties(true).into_iter().find_map(|id| seen(id, &change.effective_on));
            // A change is told where all that it was about may be seen.
            let told = parties(true).into_iter().all(|id| seen(id, &change.effective_on).is_some());
            let eve = day_before(&change.effective_on);
            if !told || !parties(false).into_iter().all(|id| seen(id, &eve).is_some()) {
                continue;
            }
            let place = after.or_else(|| parties(false).into_iter().find_map(|id| seen(id, &eve)));
            let facts = place.map(|code| Fact { change: Some(change), ..fact(Kind::Change, code, None) });
            self.all.extend(facts);
        }
    }

    fn place(&self, code: &str) -> Place<'r> {
        let rows = self.oracle.rows;
        let Some(division) = rows.division_version.iter().find(|v| v.code == code && code.len() == 9) else {
            return Place::default();
        };
        let traits = rows.division_trait.iter().filter(|t| t.division_id == division.division_id);
        let year: i32 = self.oracle.day[..4].parse().unwrap();
        let figures = rows.division_statistics.iter();
        let figures = figures.filter(|s| s.division_id == division.division_id && s.year <= year);
        let here = |b: &&Body| is_township(&b.row.kind) && b.version.division_code == code;
        // Seen or not: what a division is does not depend on it.
        let exists = |o: &entity::organization::Model| {
            let version = || self.oracle.version_on(o.id, &self.oracle.day);
            is_township(&o.kind) && version().is_some_and(|v| v.division_code == code)
        };
        let authority = self.bodies.iter().find(here).map(|b| b.row.id);
        let mut assigned = rows.pattern_assignment.iter().filter(|a| Some(a.organization_id) == authority);
        let assigned = assigned.find(|a| now(self.oracle, &a.valid_from, &a.valid_to));
        Place {
            kind: Some(township_type(code, &division.name)),
            traits: traits.map(|t| t.name.as_str()).collect(),
            residents: figures.max_by_key(|s| s.year).and_then(|s| s.population).map(i64::from),
            township: authority.is_some(),
            exists: rows.organization.iter().any(exists),
            pattern: assigned.and_then(|a| rows.setting_pattern.iter().find(|p| p.id == a.pattern_id)),
        }
    }
}
