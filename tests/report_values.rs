//! What facts of reports say: the values of their dimensions, whether they pass a segment, what they add to a sum.

use crate::report_catalog::{BODY, CHANGE, Kind, PERSONAL, PLACE};
use crate::report_facts::{Body, Fact, Facts, is_township, notation};

/// Counts of what belongs to townships.
const OF_TOWNSHIPS: &[&str] =
    &["OWN_BODIES", "INTERNAL_OFFICES", "PUBLIC_INSTITUTIONS", "SECONDED_AGENCIES", "IN_TOWNSHIPS"];

/// A value of a dimension: what it is by itself, and its code; absent where there is none.
pub type Key = Option<(String, String)>;

fn plain(text: impl ToString) -> Key {
    Some((text.to_string(), text.to_string()))
}

fn maybe(text: &Option<String>) -> Key {
    text.as_ref().and_then(plain)
}

/// Occupied posts beyond the approved ones, below zero where some are vacant.
fn beyond(e: &tiaokuai::store::entity::establishment::Model) -> i64 {
    i64::from(e.occupied) - i64::from(e.approved)
}

fn staffing(body: &Body) -> Key {
    let any = |test: fn(i64) -> bool| body.establishment.iter().any(|e| test(beyond(e)));
    match () {
        () if body.establishment.is_empty() => None,
        () if any(|n| n > 0) => plain("OVER"),
        () if any(|n| n < 0) => plain("VACANT"),
        () => plain("FULL"),
    }
}

impl<'r> Facts<'_, 'r> {
    fn body(&self, fact: &Fact<'r>) -> &Body<'r> {
        &self.bodies[fact.body.unwrap()]
    }

    /// Full years on the day.
    fn age(&self, fact: &Fact) -> Option<i64> {
        let born = fact.person?.birth_date.as_ref()?;
        let year = |day: &str| day[..4].parse::<i64>().unwrap();
        Some(year(&self.oracle.day) - year(born) - i64::from(self.oracle.day[5..] < born[5..]))
    }

    /// The values of a dimension: one, where there is none too; of competent departments each.
    pub fn values(&self, fact: &Fact<'r>, dimension: &str) -> Vec<Key> {
        if dimension == "COMPETENT_DEPARTMENT" {
            let all = self.body(fact).departments.iter();
            let all: Vec<Key> = all.map(|(id, name)| Some((id.to_string(), name.clone()))).collect();
            return if all.is_empty() { vec![None] } else { all };
        }
        let value = match dimension {
            _ if PLACE.contains(&dimension) => self.of_place(fact, dimension),
            _ if BODY.contains(&dimension) => of_body(self.body(fact), dimension),
            _ if CHANGE.contains(&dimension) => self.of_change(fact, dimension),
            _ if PERSONAL.contains(&dimension) => self.of_person(fact, dimension),
            "ESTABLISHMENT_TYPE" => plain(&fact.establishment.unwrap().kind),
            "APPOINTMENT_MODE" => plain(&fact.appointment.unwrap().mode),
            "APPOINTMENT_KIND" => plain(&fact.appointment.unwrap().kind),
            _ => of_post(fact.post.unwrap(), dimension),
        };
        vec![value]
    }

    fn of_place(&self, fact: &Fact, dimension: &str) -> Key {
        let cut = |digits: usize| fact.code.get(..digits).and_then(plain);
        let place = &self.places[fact.code];
        let has = |name: &str| place.kind.and_then(|_| plain(place.traits.contains(&name)));
        match dimension {
            "PROVINCE" => cut(2),
            "PREFECTURE" => cut(4),
            "COUNTY" => cut(6),
            "TOWNSHIP" => cut(9),
            "TOWNSHIP_TYPE" => place.kind.and_then(plain),
            "SETTING_PATTERN" => place.pattern.map(|p| (p.id.to_string(), p.name.clone())),
            _ => has(dimension),
        }
    }

    fn of_person(&self, fact: &Fact, dimension: &str) -> Key {
        let person = fact.person?;
        match dimension {
            "PERSONNEL_IDENTITY" => maybe(&person.identity),
            "GENDER" => maybe(&person.gender),
            "ETHNICITY" => maybe(&person.ethnicity),
            _ => match self.age(fact)? {
                ..=35 => plain("TO_35"),
                36..=45 => plain("FROM_36"),
                46..=55 => plain("FROM_46"),
                _ => plain("FROM_56"),
            },
        }
    }

    fn of_change(&self, fact: &Fact, dimension: &str) -> Key {
        let change = fact.change.unwrap();
        let day = change.effective_on.as_str();
        match dimension {
            "CHANGE_KIND" => plain(&change.kind),
            "YEAR" => plain(&day[..4]),
            "QUARTER" => plain(format!("{}-Q{}", &day[..4], day[5..7].parse::<u32>().unwrap().div_ceil(3))),
            "MONTH" => plain(&day[..7]),
            "DAY" => plain(day),
            _ => {
                let reform = self.oracle.rows.reform.iter().find(|r| Some(r.id) == change.reform_id)?;
                Some((reform.id.to_string(), reform.name.clone()))
            }
        }
    }

    /// Whether a fact is in a segment. One without a township passes no condition on a township.
    pub fn passes(&self, fact: &Fact<'r>, segment: &str) -> bool {
        let place = &self.places[fact.code];
        match segment {
            "OWN_BODIES" => self.body(fact).own,
            "OVER_ESTABLISHED" => self.body(fact).establishment.iter().any(|e| beyond(e) > 0),
            "VACANT_POSTS" => i64::from(fact.post.unwrap().quota) > fact.held,
            "PATTERNED_TOWNSHIPS" => place.pattern.is_some(),
            "SUBDISTRICTS" => place.exists && place.kind == Some("SUBDISTRICT"),
            "TOWNS_AND_TOWNSHIPS" => place.exists && place.kind != Some("SUBDISTRICT"),
            _ => place.exists && place.traits.contains(&segment.strip_suffix("_TOWNSHIPS").unwrap()),
        }
    }

    /// What a fact adds to a sum, and whom it is about; nothing where the sum does not count it.
    pub fn adds(&self, fact: &Fact<'r>, sum: &str) -> Option<(i64, Option<i64>)> {
        match fact.kind {
            Kind::Township => Some((self.of_township(fact, sum)?, None)),
            Kind::Body => {
                // What belongs to townships says nothing of bodies above them.
                let here = self.places[fact.code].township || !OF_TOWNSHIPS.contains(&sum);
                Some((of_bodies(self.body(fact), sum).filter(|number| here || *number > 0)?, None))
            }
            Kind::Establishment => {
                let row = fact.establishment.filter(|_| self.body(fact).own)?;
                let number = match sum {
                    "APPROVED" => i64::from(row.approved),
                    "OCCUPIED" => i64::from(row.occupied),
                    "VACANT" => (-beyond(row)).max(0),
                    _ => beyond(row).max(0),
                };
                Some((number, None))
            }
            Kind::Post => Some((self.of_places(fact, sum)?, None)),
            Kind::Appointment => self.of_appointment(fact, sum),
            Kind::Change => Some((1, None)),
        }
    }

    fn of_township(&self, fact: &Fact, sum: &str) -> Option<i64> {
        let place = &self.places[fact.code];
        match sum {
            "TOWNSHIPS" => Some(1),
            "RESIDENTS" => place.residents,
            _ => {
                let pattern = place.pattern?;
                let slots = self.oracle.rows.setting_slot.iter().filter(|s| s.pattern_id == pattern.id);
                let here = slots.filter(|s| s.condition.as_deref().is_none_or(|c| place.traits.contains(&c)));
                let slots = here.map(|s| i64::from(if sum == "PATTERN_LEAST" { s.min } else { s.max })).sum();
                Some(pattern.notation.as_ref().map_or(slots, |text| notation(text)))
            }
        }
    }

    /// Leadership posts; quota and holders in places, of own bodies with any establishment.
    fn of_places(&self, fact: &Fact<'r>, sum: &str) -> Option<i64> {
        let (quota, held, body) = (i64::from(fact.post?.quota), fact.held, self.body(fact));
        let counted = body.own && !body.establishment.is_empty();
        match sum {
            "LEADERSHIP_POSTS" => Some(1),
            "VACANT_LEADERSHIP_POSTS" => Some(i64::from(quota > held)),
            "LEADERSHIP_QUOTA" => counted.then_some(quota),
            "LEADERS_IN_POST" => counted.then_some(held),
            "LEADERSHIP_VACANT" => counted.then_some((quota - held).max(0)),
            _ => counted.then_some((held - quota).max(0)),
        }
    }

    fn of_appointment(&self, fact: &Fact, sum: &str) -> Option<(i64, Option<i64>)> {
        let who = fact.appointment?.person_id;
        let gender = fact.person.and_then(|p| p.gender.as_deref());
        match sum {
            "APPOINTMENTS" | "LEADERS" => Some((1, Some(who))),
            "LEADERS_WITH_SEVERAL_POSTS" if self.several.contains(&who) => Some((1, Some(who))),
            "LEADERS_WITH_SEVERAL_POSTS" => Some((0, None)),
            "PERSONS" => fact.person.map(|_| (1, Some(who))),
            "WOMEN" => gender.map(|g| if g == "女" { (1, Some(who)) } else { (0, None) }),
            "AGES" => self.age(fact).map(|age| (age, Some(who))),
            _ => self.age(fact).map(|_| (1, Some(who))),
        }
    }
}

/// Bodies are counted as zero or one; bodies over-established only own ones for which any establishment is registered.
fn of_bodies(body: &Body, sum: &str) -> Option<i64> {
    let kind = body.row.kind.as_str();
    let part = body.own && !is_township(kind);
    let yes = match sum {
        "BODIES" => true,
        "OWN_BODIES" => part,
        "INTERNAL_OFFICES" => kind == "INTERNAL_OFFICE",
        "PUBLIC_INSTITUTIONS" => part && kind == "PUBLIC_INSTITUTION",
        "SECONDED_AGENCIES" => kind == "SECONDED_AGENCY",
        "DEPARTMENTS" => kind == "DEPARTMENT",
        "IN_TOWNSHIPS" => part || kind == "SECONDED_AGENCY",
        _ if !body.own || body.establishment.is_empty() => return None,
        _ => body.establishment.iter().any(|e| beyond(e) > 0),
    };
    Some(i64::from(yes))
}

fn of_body(body: &Body, dimension: &str) -> Key {
    let version = body.version;
    match dimension {
        "KIND" => plain(&body.row.kind),
        "CATEGORY" => maybe(&version.category),
        "FIELD" => maybe(&version.field),
        "FEATURED" => plain(version.featured),
        "INSTITUTION_CLASS" => maybe(&version.class),
        "RANK" => maybe(&version.rank),
        "AGENCY_KIND" => maybe(&version.agency_kind),
        "MANAGEMENT_MODE" => maybe(&version.management_mode),
        "UNIFIED_COMMAND" if body.row.kind == "SECONDED_AGENCY" => plain(version.unified_command),
        "UNIFIED_COMMAND" => None,
        "HEAD_APPOINTMENT_RULE" => maybe(&version.head_rule),
        "ORGANIZATION" => Some((body.row.id.to_string(), version.name.clone())),
        _ => staffing(body),
    }
}

fn of_post(post: &tiaokuai::store::entity::leadership_post::Model, dimension: &str) -> Key {
    match dimension {
        "POST_POSITION" => plain(&post.position),
        "POST_LEVEL" => plain(&post.level),
        "ORGAN" => maybe(&post.organ),
        _ => Some((post.id.to_string(), post.title.clone())),
    }
}
