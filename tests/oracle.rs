//! The register once more, as straight loops over the rows: slow, simple, and written apart from the product. Filters and
//! lists are compared with it.

use crate::harness::register::SECRET;
use serde_json::{Value, json};
use tiaokuai::domain::IdSeal;
use tiaokuai::domain::reading::sort_key;
use tiaokuai::graph::engine::{Gid, Tag};
use tiaokuai::store::{Rows, entity};

/// What the oracle knows: a part of the types.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ty {
    Division,
    Township,
    InternalOffice,
    PublicInstitution,
    SecondedAgency,
    Department,
    /// Any organisation, by what all of them have.
    Organization,
    Document,
    Reform,
    LeadershipPost,
    Appointment,
    Person,
    PersonPrivate,
    Establishment,
    /// A former name: its key is the position of the version.
    DatedName,
}

/// An object: its type and its surrogate id.
pub type Obj = (Ty, i64);

/// Whose eyes the oracle looks through.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Eyes {
    Public,
    /// Numbers everywhere.
    Analyst,
    /// Numbers, persons and bodies that are not published, in one territory.
    Clerk(&'static str),
}

pub struct Oracle<'r> {
    pub rows: &'r Rows,
    pub day: String,
    pub today: String,
    pub eyes: Eyes,
}

pub fn holds(from: Option<&String>, to: Option<&String>, day: &str) -> bool {
    from.is_none_or(|f| f.as_str() <= day) && to.is_none_or(|t| day < t.as_str())
}

/// The division that keeps a shard: the six digits without the zeros at their end, in pairs.
fn home(shard: i32) -> String {
    let mut code = shard.to_string();
    while code.len() > 2 && code.ends_with("00") {
        code.truncate(code.len() - 2);
    }
    code
}

const IN_OFFICE: [&str; 4] = ["APPOINTED", "PROBATION", "CONFIRMED", "REMOVED"];

impl<'r> Oracle<'r> {
    pub fn org(&self, id: i64) -> &'r entity::organization::Model {
        self.rows.organization.iter().find(|o| o.id == id).unwrap()
    }

    pub fn version_on(&self, id: i64, day: &str) -> Option<&'r entity::organization_version::Model> {
        let own = self.org(id);
        let versions = self.rows.organization_version.iter().filter(|v| v.organization_id == id);
        let mut now: Vec<_> =
            versions.filter(|v| holds(v.valid_from.as_ref(), v.valid_to.as_ref(), day)).collect();
        now.sort_by_key(|v| v.version);
        now.pop().filter(|_| holds(own.valid_from.as_ref(), own.valid_to.as_ref(), day))
    }

    /// Whether the territory is within the scope of a right that only the clerk has.
    pub fn in_scope(&self, code: &str) -> bool {
        matches!(self.eyes, Eyes::Clerk(scope) if code.starts_with(scope))
    }

    /// An organisation as far as it is seen.
    pub fn version(&self, id: i64) -> Option<&'r entity::organization_version::Model> {
        let version = self.version_on(id, &self.day)?;
        (self.org(id).disclosed || self.in_scope(&version.division_code)).then_some(version)
    }

    fn division(&self, id: i64) -> &'r entity::division_version::Model {
        self.rows.division_version.iter().find(|v| v.division_id == id).unwrap()
    }

    fn division_by_code(&self, code: &str) -> Vec<Obj> {
        let found = self.rows.division_version.iter().find(|v| v.code == code);
        found.map(|v| (Ty::Division, v.division_id)).into_iter().collect()
    }

    fn post(&self, id: i64) -> Option<&'r entity::leadership_post::Model> {
        let post = self.rows.leadership_post.iter().find(|p| p.id == id)?;
        let exists = holds(post.valid_from.as_ref(), post.valid_to.as_ref(), &self.day);
        (exists && self.version(post.organization_id).is_some()).then_some(post)
    }

    pub fn appointment(&self, id: i64) -> &'r entity::appointment::Model {
        self.rows.appointment.iter().find(|a| a.id == id).unwrap()
    }

    /// In force, and published.
    fn appointments_of(&self, post: i64) -> Vec<Obj> {
        let own = self.rows.appointment.iter().filter(|a| a.post_id == post);
        let seen = own.filter(|a| {
            let published = IN_OFFICE.contains(&a.state.as_str()) || a.state == "PUBLICISED";
            published && holds(a.valid_from.as_ref(), a.valid_to.as_ref(), &self.day)
        });
        seen.map(|a| (Ty::Appointment, a.id)).collect()
    }

    pub fn incumbents(&self, post: i64) -> Vec<Obj> {
        let in_office = |o: &Obj| IN_OFFICE.contains(&self.appointment(o.1).state.as_str());
        self.appointments_of(post).into_iter().filter(in_office).collect()
    }

    pub fn posts_of(&self, organization: i64) -> Vec<Obj> {
        let own = self.rows.leadership_post.iter().filter(|p| p.organization_id == organization);
        own.filter(|p| self.post(p.id).is_some()).map(|p| (Ty::LeadershipPost, p.id)).collect()
    }

    fn ty(&self, organization: i64) -> Ty {
        match self.org(organization).kind.as_str() {
            "GOVERNMENT" | "SUBDISTRICT_OFFICE" => Ty::Township,
            "INTERNAL_OFFICE" => Ty::InternalOffice,
            "PUBLIC_INSTITUTION" => Ty::PublicInstitution,
            "SECONDED_AGENCY" => Ty::SecondedAgency,
            _ => Ty::Department,
        }
    }

    fn organizations(&self, within: &str, ty: Ty) -> Vec<Obj> {
        let all = self.rows.organization.iter().map(|o| o.id).filter(|id| self.ty(*id) == ty);
        let here = all.filter(|id| self.version(*id).is_some_and(|v| v.division_code.starts_with(within)));
        here.map(|id| (ty, id)).collect()
    }

    /// All objects of a type in a territory.
    pub fn list(&self, ty: Ty, within: &str) -> Vec<Obj> {
        match ty {
            Ty::Division => {
                let here = self.rows.division_version.iter().filter(|v| v.code.starts_with(within));
                here.map(|v| (ty, v.division_id)).collect()
            }
            Ty::Organization => {
                let all = self.rows.organization.iter().filter_map(|o| Some((o.id, self.version(o.id)?)));
                all.filter(|(_, v)| v.division_code.starts_with(within)).map(|(id, _)| (ty, id)).collect()
            }
            Ty::Document => {
                let seen = |d: &&entity::document::Model| d.disclosed || self.in_scope(&home(d.shard));
                let here = self.rows.document.iter().filter(|d| home(d.shard).starts_with(within));
                here.filter(seen).map(|d| (ty, d.id)).collect()
            }
            Ty::Reform => {
                let here = self.rows.reform.iter().filter(|r| home(r.shard).starts_with(within));
                here.map(|r| (ty, r.id)).collect()
            }
            Ty::LeadershipPost => {
                let owned = |p: &&entity::leadership_post::Model| {
                    self.version(p.organization_id).is_some_and(|v| v.division_code.starts_with(within))
                };
                let here = self.rows.leadership_post.iter().filter(owned);
                here.filter(|p| self.post(p.id).is_some()).map(|p| (ty, p.id)).collect()
            }
            Ty::Appointment => {
                let posts = self.list(Ty::LeadershipPost, within);
                posts.into_iter().flat_map(|p| self.appointments_of(p.1)).collect()
            }
            _ => self.organizations(within, ty),
        }
    }

    /// The bodies of a township of a type: those on its territory, offices and institutions only its own.
    fn bodies(&self, township: i64, ty: Ty) -> Vec<Obj> {
        let Some(here) = self.version(township) else { return Vec::new() };
        let all = self.organizations("", ty).into_iter().filter(|o| {
            let v = self.version(o.1).unwrap();
            v.division_code == here.division_code
                && (ty == Ty::SecondedAgency || v.parent_id == Some(township))
        });
        all.collect()
    }

    /// Approved, occupied, vacant, over: of a body alone.
    fn own_numbers(&self, id: i64) -> Option<[i64; 4]> {
        let rows = self.rows.establishment.iter().filter(|e| e.organization_id == id);
        let rows = rows.filter(|e| holds(e.valid_from.as_ref(), e.valid_to.as_ref(), &self.day));
        rows.map(|e| (i64::from(e.approved), i64::from(e.occupied)))
            .map(|(a, o)| [a, o, (a - o).max(0), (o - a).max(0)])
            .reduce(|a, b| [a[0] + b[0], a[1] + b[1], a[2] + b[2], a[3] + b[3]])
    }

    fn numbers(&self, id: i64) -> Option<[i64; 4]> {
        let mut bodies = vec![id];
        if self.ty(id) == Ty::Township {
            for ty in [Ty::InternalOffice, Ty::PublicInstitution] {
                bodies.extend(self.bodies(id, ty).into_iter().map(|o| o.1));
            }
        }
        let own = bodies.into_iter().filter_map(|b| self.own_numbers(b));
        own.reduce(|a, b| [a[0] + b[0], a[1] + b[1], a[2] + b[2], a[3] + b[3]])
    }

    /// Whether personal data of somebody are seen: by a post held today; of who never had a published appointment, in the county.
    pub fn sees_person(&self, person: i64) -> bool {
        let mut own = self.rows.appointment.iter().filter(|a| a.person_id == person);
        if own.all(|a| !IN_OFFICE.contains(&a.state.as_str()) && a.state != "PUBLICISED") {
            let row = self.rows.person.iter().find(|p| p.id == person).unwrap();
            return self.in_scope(&home(row.shard));
        }
        self.rows.appointment.iter().filter(|a| a.person_id == person).any(|a| {
            let post = self.rows.leadership_post.iter().find(|p| p.id == a.post_id).unwrap();
            IN_OFFICE.contains(&a.state.as_str())
                && holds(a.valid_from.as_ref(), a.valid_to.as_ref(), &self.today)
                && self
                    .version_on(post.organization_id, &self.today)
                    .is_some_and(|v| self.in_scope(&v.division_code))
        })
    }

    /// The value of a column as JSON.
    pub fn column(&self, (ty, id): Obj, name: &str) -> Value {
        if name == "id" {
            return self.id((ty, id)).into();
        }
        match ty {
            Ty::Division => {
                let v = self.division(id);
                match name {
                    "code" => json!(v.code),
                    "name" => json!(v.name),
                    "level" => json!(match v.code.len() {
                        2 => "PROVINCE",
                        4 => "PREFECTURE",
                        6 => "COUNTY",
                        9 => "TOWNSHIP",
                        _ => "VILLAGE",
                    }),
                    "fictional" => json!(v.code.starts_with("99")),
                    _ => panic!("{name}"),
                }
            }
            Ty::LeadershipPost => {
                let p = self.rows.leadership_post.iter().find(|p| p.id == id).unwrap();
                let vacant = (i64::from(p.quota) - self.incumbents(id).len() as i64).max(0);
                match name {
                    "title" => json!(p.title),
                    "position" => json!(p.position),
                    "level" => json!(p.level),
                    "organ" => json!(p.organ),
                    "quota" => json!(p.quota),
                    "validFrom" => json!(p.valid_from),
                    "vacant" => json!(vacant),
                    "isVacant" => json!(vacant > 0),
                    _ => panic!("{name}"),
                }
            }
            Ty::Appointment => {
                let a = self.appointment(id);
                match name {
                    "kind" => json!(a.kind),
                    "mode" => json!(a.mode),
                    "state" => json!(a.state),
                    "concurrent" => json!(a.concurrent),
                    "validFrom" => json!(a.valid_from),
                    "validTo" => json!(a.valid_to),
                    _ => panic!("{name}"),
                }
            }
            Ty::Person | Ty::PersonPrivate => {
                let p = self.rows.person.iter().find(|p| p.id == id).unwrap();
                match name {
                    "name" => json!(p.name),
                    _ if !self.sees_person(id) => Value::Null,
                    "identity" => json!(p.identity),
                    "birthDate" => json!(p.birth_date),
                    "phone" => json!(p.phone),
                    _ => panic!("{name}"),
                }
            }
            Ty::Establishment => {
                let at = ["approved", "occupied", "vacant", "over"].iter().position(|n| *n == name).unwrap();
                json!(self.numbers(id).unwrap()[at])
            }
            Ty::Document => {
                let d = self.rows.document.iter().find(|d| d.id == id).unwrap();
                match name {
                    "number" => json!(d.number),
                    "title" => json!(d.title),
                    "issuer" => json!(d.issuer),
                    "issuedOn" => json!(d.issued_on),
                    _ => panic!("{name}"),
                }
            }
            Ty::Reform => {
                let r = self.rows.reform.iter().find(|r| r.id == id).unwrap();
                match name {
                    "name" => json!(r.name),
                    "effectiveOn" => json!(r.effective_on),
                    _ => panic!("{name}"),
                }
            }
            Ty::DatedName => {
                json!(self.rows.organization_version[usize::try_from(id).unwrap()].name)
            }
            _ => self.organization_column(id, name),
        }
    }

    fn organization_column(&self, id: i64, name: &str) -> Value {
        let (o, v) = (self.org(id), self.version(id).unwrap());
        match name {
            "name" => json!(v.name),
            "shortName" => json!(v.short_name),
            "kind" => json!(o.kind),
            "rank" => json!(v.rank),
            "divisionCode" => json!(v.division_code),
            "validFrom" => json!(o.valid_from),
            "validTo" => json!(o.valid_to),
            "category" => json!(v.category),
            "slot" => json!(v.field),
            "featured" => json!(v.featured),
            "class" => json!(v.class),
            "agencyKind" => json!(v.agency_kind),
            "managementMode" => json!(v.management_mode),
            "appraisalWeight" => json!(v.appraisal_weight),
            _ => panic!("{name}"),
        }
    }

    /// What an object is related to.
    pub fn related(&self, (ty, id): Obj, name: &str) -> Vec<Obj> {
        match (ty, name) {
            (Ty::Division, "children") => {
                let own = &self.division(id).code;
                let below: Vec<_> = self
                    .rows
                    .division_version
                    .iter()
                    .filter(|v| v.code.starts_with(own) && v.code != *own)
                    .collect();
                // Directly below: with nothing between.
                let direct = below
                    .iter()
                    .filter(|v| !below.iter().any(|w| w.code != v.code && v.code.starts_with(&w.code)));
                direct.map(|v| (Ty::Division, v.division_id)).collect()
            }
            (Ty::Division, "parent") => {
                let own = &self.division(id).code;
                let above = self.rows.division_version.iter();
                let above = above.filter(|v| own.starts_with(&v.code) && v.code != *own);
                let above = above.max_by_key(|v| v.code.len());
                above.map(|v| (Ty::Division, v.division_id)).into_iter().collect()
            }
            (Ty::Division, "townships") => self.organizations(&self.division(id).code, Ty::Township),
            (Ty::LeadershipPost, "organization") => {
                let owner = self.post(id).unwrap().organization_id;
                vec![(self.ty(owner), owner)]
            }
            (Ty::LeadershipPost, "incumbents") => self.incumbents(id),
            (Ty::LeadershipPost, "appointments") => self.appointments_of(id),
            (Ty::Appointment, "post") => vec![(Ty::LeadershipPost, self.appointment(id).post_id)],
            (Ty::Appointment, "person") => vec![(Ty::Person, self.appointment(id).person_id)],
            (Ty::Person, "private") => {
                if self.sees_person(id) {
                    vec![(Ty::PersonPrivate, id)]
                } else {
                    Vec::new()
                }
            }
            (_, "internalOffices") => self.bodies(id, Ty::InternalOffice),
            (_, "publicInstitutions") => self.bodies(id, Ty::PublicInstitution),
            (_, "secondedAgencies") => self.bodies(id, Ty::SecondedAgency),
            (_, "leadershipPosts") => self.posts_of(id),
            (_, "establishment") => self.numbers(id).map(|_| (Ty::Establishment, id)).into_iter().collect(),
            (_, "division") => self.division_by_code(&self.version(id).unwrap().division_code),
            (_, "parent") => {
                let parent = self.version(id).unwrap().parent_id.filter(|p| self.version(*p).is_some());
                parent.map(|p| (self.ty(p), p)).into_iter().collect()
            }
            (_, "formerNames") => {
                let now = &self.version(id).unwrap().name;
                let all = self.rows.organization_version.iter().enumerate();
                let former = all.filter(|(_, v)| {
                    v.organization_id == id
                        && v.name != *now
                        && v.valid_to.as_ref().is_some_and(|to| *to <= self.day)
                });
                former.map(|(at, _)| (Ty::DatedName, at as i64)).collect()
            }
            _ => panic!("{ty:?}.{name}"),
        }
    }

    /// The global id.
    pub fn id(&self, (ty, id): Obj) -> String {
        let ty = if ty == Ty::Organization { self.ty(id) } else { ty };
        let tag = match ty {
            Ty::Document => Tag::Document,
            Ty::Reform => Tag::Reform,
            Ty::Division => Tag::Division,
            Ty::Township => Tag::Township,
            Ty::InternalOffice => Tag::InternalOffice,
            Ty::PublicInstitution => Tag::PublicInstitution,
            Ty::SecondedAgency => Tag::SecondedAgency,
            Ty::Department => Tag::Department,
            Ty::LeadershipPost => Tag::LeadershipPost,
            Ty::Appointment => Tag::Appointment,
            _ => Tag::Person,
        };
        Gid::seal(&IdSeal::new(&SECRET), tag, id).text().to_owned()
    }

    /// Whether an object passes a filter.
    pub fn passes(&self, of: Obj, filter: &Value) -> bool {
        filter.as_object().unwrap().iter().all(|(name, condition)| match name.as_str() {
            "and" => condition.as_array().unwrap().iter().all(|f| self.passes(of, f)),
            "or" => condition.as_array().unwrap().iter().any(|f| self.passes(of, f)),
            "not" => !self.passes(of, condition),
            _ => match relations(of.0).iter().find(|(n, _, _)| n == name) {
                None => {
                    let value = self.column(of, name);
                    condition.as_object().unwrap().iter().all(|(op, operand)| test(op, operand, &value))
                }
                Some((_, _, false)) => self.related(of, name).into_iter().any(|o| self.passes(o, condition)),
                Some((_, _, true)) => {
                    let there = self.related(of, name);
                    let count = |f: &Value| there.iter().filter(|o| self.passes(**o, f)).count();
                    condition.as_object().unwrap().iter().all(|(how, f)| match how.as_str() {
                        "some" => count(f) > 0,
                        "none" => count(f) == 0,
                        "every" => count(f) == there.len(),
                        _ => {
                            let found = json!(count(f.get("where").unwrap_or(&json!({}))));
                            let tests = f.as_object().unwrap().iter().filter(|(op, _)| *op != "where");
                            tests.into_iter().all(|(op, operand)| test(op, operand, &found))
                        }
                    })
                }
            },
        })
    }
}

/// Whether a value passes an operator.
fn test(op: &str, operand: &Value, value: &Value) -> bool {
    let text = |v: &Value| v.as_str().unwrap_or_default().to_owned();
    // Numbers as numbers; dates as texts, whose order is theirs.
    let less = |a: &Value, b: &Value| match (a.as_i64(), b.as_i64()) {
        (Some(a), Some(b)) => a < b,
        _ => text(a) < text(b),
    };
    let there = !value.is_null();
    match op {
        "eq" => value == operand,
        "ne" => value != operand,
        "in" => operand.as_array().unwrap().contains(value),
        "notIn" => !operand.as_array().unwrap().contains(value),
        "lt" => there && less(value, operand),
        "lte" => there && !less(operand, value),
        "gt" => there && less(operand, value),
        "gte" => there && !less(value, operand),
        "contains" => there && text(value).contains(&text(operand)),
        "startsWith" | "within" => there && text(value).starts_with(&text(operand)),
        "endsWith" => there && text(value).ends_with(&text(operand)),
        "isNull" => there != operand.as_bool().unwrap(),
        _ => panic!("{op}"),
    }
}

/// A key to sort by: objects without a value apart, texts by pinyin.
pub fn order_key(name: &str, value: &Value) -> Option<(i64, String)> {
    match value {
        Value::Null => None,
        Value::Bool(b) => Some((i64::from(*b), String::new())),
        Value::Number(n) => Some((n.as_i64().unwrap(), String::new())),
        Value::String(s) if name.starts_with("valid") || name.ends_with("On") => Some((0, s.clone())),
        // As if filled up with zeros; the division itself before those in it.
        Value::String(s) if name.ends_with("ode") => Some((0, s.clone())),
        Value::String(s) => Some((0, sort_key(s))),
        _ => panic!("{value}"),
    }
}

/// The relations the oracle knows: name, where it leads, whether to many.
pub fn relations(ty: Ty) -> &'static [(&'static str, Ty, bool)] {
    match ty {
        Ty::Division => &[
            ("children", Ty::Division, true),
            ("parent", Ty::Division, false),
            ("townships", Ty::Township, true),
        ],
        Ty::Township => &[
            ("internalOffices", Ty::InternalOffice, true),
            ("publicInstitutions", Ty::PublicInstitution, true),
            ("secondedAgencies", Ty::SecondedAgency, true),
            ("leadershipPosts", Ty::LeadershipPost, true),
            ("establishment", Ty::Establishment, false),
            ("division", Ty::Division, false),
        ],
        Ty::InternalOffice
        | Ty::PublicInstitution
        | Ty::SecondedAgency
        | Ty::Department
        | Ty::Organization => &[
            ("leadershipPosts", Ty::LeadershipPost, true),
            ("establishment", Ty::Establishment, false),
            ("division", Ty::Division, false),
            ("formerNames", Ty::DatedName, true),
        ],
        Ty::LeadershipPost => {
            &[("incumbents", Ty::Appointment, true), ("appointments", Ty::Appointment, true)]
        }
        Ty::Appointment => &[("post", Ty::LeadershipPost, false), ("person", Ty::Person, false)],
        Ty::Person => &[("private", Ty::PersonPrivate, false)],
        Ty::PersonPrivate | Ty::Establishment | Ty::DatedName | Ty::Document | Ty::Reform => &[],
    }
}

/// The columns the oracle knows: name, operators, and the right that it takes.
pub fn columns(ty: Ty) -> &'static [(&'static str, Ops, Right)] {
    use Ops::{Choice, Place, Quantity, Text, Truth};
    use Right::{Numbers, Open, Staffing};
    const BODY: [(&str, Ops, Right); 8] = [
        ("id", Choice, Open),
        ("name", Text, Open),
        ("shortName", Text, Open),
        ("kind", Choice, Open),
        ("rank", Choice, Open),
        ("divisionCode", Place, Open),
        ("validFrom", Quantity, Open),
        ("validTo", Quantity, Open),
    ];
    match ty {
        Ty::Division => &[
            ("code", Place, Open),
            ("name", Text, Open),
            ("level", Choice, Open),
            ("fictional", Truth, Open),
        ],
        Ty::InternalOffice => &[
            BODY[0],
            BODY[1],
            BODY[4],
            BODY[5],
            ("category", Choice, Open),
            ("slot", Choice, Open),
            ("featured", Truth, Open),
        ],
        Ty::PublicInstitution => {
            &[BODY[1], BODY[2], BODY[6], BODY[7], ("class", Choice, Open), ("category", Choice, Open)]
        }
        Ty::SecondedAgency => &[
            BODY[1],
            BODY[5],
            ("agencyKind", Choice, Open),
            ("managementMode", Choice, Open),
            ("appraisalWeight", Quantity, Open),
        ],
        Ty::Township | Ty::Department | Ty::Organization => &BODY,
        Ty::Document => &[
            ("number", Text, Open),
            ("title", Text, Open),
            ("issuer", Text, Open),
            ("issuedOn", Quantity, Open),
        ],
        Ty::Reform => &[("name", Text, Open), ("effectiveOn", Quantity, Open)],
        Ty::LeadershipPost => &[
            ("title", Text, Open),
            ("position", Choice, Open),
            ("level", Choice, Open),
            ("organ", Choice, Open),
            ("quota", Quantity, Numbers),
            ("vacant", Quantity, Numbers),
            ("isVacant", Truth, Numbers),
            ("validFrom", Quantity, Open),
        ],
        Ty::Appointment => &[
            ("kind", Choice, Open),
            ("mode", Choice, Open),
            ("state", Choice, Open),
            ("concurrent", Truth, Open),
            ("validFrom", Quantity, Open),
            ("validTo", Quantity, Open),
        ],
        Ty::Person => &[("name", Text, Open), ("identity", Choice, Staffing)],
        Ty::PersonPrivate => &[("birthDate", Quantity, Staffing), ("phone", Text, Staffing)],
        Ty::Establishment => &[
            ("approved", Quantity, Numbers),
            ("occupied", Quantity, Numbers),
            ("vacant", Quantity, Numbers),
            ("over", Quantity, Numbers),
        ],
        Ty::DatedName => &[("name", Text, Open)],
    }
}

/// Which operators a column has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ops {
    Truth,
    Choice,
    Quantity,
    Text,
    Place,
}

/// Which right a column takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Right {
    Open,
    Numbers,
    Staffing,
}
