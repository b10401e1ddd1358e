//! A random history of acts, by random people, ends in the same register as a slow model of the rules says, and each act is answered as the
//! model says. The model knows nothing of dates, desks or databases: bodies, their numbers, their posts.

use crate::harness::register::{pick, seeds};
use crate::harness::{BACKENDS, Client, own_server};
use crate::reform::{COUNTY, TOWN, mutation, township};
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{RngCore, SeedableRng};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use tiaokuai::domain::Day;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Office,
    Institution,
    Agency,
}

/// A body as the model has it.
#[derive(Debug, Clone)]
struct Body {
    id: String,
    kind: Kind,
    name: String,
    alive: bool,
    /// Approved and occupied, by type; nothing where no number was ever set.
    numbers: BTreeMap<&'static str, (i64, i64)>,
    /// Ids of its open posts; those that moved with their body are not known by id any more.
    posts: Vec<String>,
    moved_posts: usize,
}

/// What somebody does.
#[derive(Debug, Clone)]
enum Deed {
    Establish(Kind, String),
    Rename(usize, String),
    Set(usize, &'static str, i64, i64),
    Correct(usize, &'static str, i64, i64),
    CorrectName(usize, String),
    Shift(usize, usize, &'static str, i64, i64),
    TakeOver(usize, usize),
    Abolish(usize),
    CreatePost(usize),
    ClosePost(usize, usize),
}

const TYPES: [&str; 3] = ["ADMINISTRATIVE", "PUBLIC_INSTITUTION", "WORKER"];

/// Which types a kind of body may have (机构编制条例): offices hold administrative posts, institutions those of institutions, agencies both;
/// workers (工勤) go everywhere.
fn may_hold(kind: Kind, ty: &str) -> bool {
    match kind {
        Kind::Office => ty != "PUBLIC_INSTITUTION",
        Kind::Institution => ty != "ADMINISTRATIVE",
        Kind::Agency => true,
    }
}

#[derive(Debug, Clone, Default)]
struct Model {
    bodies: Vec<Body>,
}

type Verdict = Result<(), &'static str>;

impl Model {
    /// What an act is about; it has to exist.
    fn about(deed: &Deed) -> Vec<usize> {
        match deed {
            Deed::Establish(..) => vec![],
            Deed::Rename(a, _)
            | Deed::CorrectName(a, _)
            | Deed::Set(a, ..)
            | Deed::Correct(a, ..)
            | Deed::Abolish(a)
            | Deed::CreatePost(a)
            | Deed::ClosePost(a, _) => vec![*a],
            Deed::Shift(a, b, ..) | Deed::TakeOver(a, b) => vec![*a, *b],
        }
    }

    /// What becomes of the register, and what is answered.
    fn act(&mut self, deed: &Deed, made: &str) -> Verdict {
        let mut next = self.clone();
        next.attempt(deed, made)?;
        *self = next;
        Ok(())
    }

    fn attempt(&mut self, deed: &Deed, made: &str) -> Verdict {
        match deed.clone() {
            Deed::Establish(kind, name) => {
                let (numbers, posts) = (BTreeMap::new(), Vec::new());
                self.bodies.push(Body {
                    id: made.to_owned(),
                    kind,
                    name,
                    alive: true,
                    numbers,
                    posts,
                    moved_posts: 0,
                });
                Ok(())
            }
            // The model knows no days: a correction of what is there now is a change.
            Deed::Rename(a, name) | Deed::CorrectName(a, name) => {
                if self.bodies[a].name == name {
                    return Err("NO_CHANGE");
                }
                self.bodies[a].name = name;
                Ok(())
            }
            Deed::Set(a, ty, approved, occupied) => self.set(a, ty, approved, occupied),
            Deed::Correct(a, ty, approved, occupied) => {
                let now = *self.bodies[a].numbers.get(ty).ok_or("NOT_FOUND")?;
                if now == (approved, occupied) {
                    return Err("NO_CHANGE");
                }
                self.set(a, ty, approved, occupied)
            }
            Deed::Shift(a, b, ty, approved, occupied) => self.shift(a, b, ty, approved, occupied),
            Deed::TakeOver(a, b) => {
                if a == b {
                    return Err("WRONG_KIND");
                }
                for (ty, (approved, occupied)) in self.bodies[a].numbers.clone() {
                    if approved + occupied > 0 {
                        self.shift(a, b, ty, approved, occupied)?;
                    }
                }
                let posts = self.bodies[a].posts.len() + self.bodies[a].moved_posts;
                self.bodies[b].moved_posts += posts;
                self.bodies[a].alive = false;
                Ok(())
            }
            Deed::Abolish(a) => {
                let body = &mut self.bodies[a];
                let empty = body.numbers.values().all(|n| *n == (0, 0))
                    && body.posts.is_empty()
                    && body.moved_posts == 0;
                body.alive = !empty;
                if empty { Ok(()) } else { Err("STILL_HOLDS") }
            }
            Deed::CreatePost(a) => {
                self.bodies[a].posts.push(made.to_owned());
                Ok(())
            }
            Deed::ClosePost(a, at) => {
                self.bodies[a].posts.remove(at);
                Ok(())
            }
        }
    }

    fn set(&mut self, a: usize, ty: &'static str, approved: i64, occupied: i64) -> Verdict {
        let body = &mut self.bodies[a];
        if approved > 0 && !may_hold(body.kind, ty) {
            return Err("WRONG_KIND");
        }
        if approved < 0 || occupied < 0 {
            return Err("OUT_OF_RANGE");
        }
        if body.numbers.insert(ty, (approved, occupied)) == Some((approved, occupied)) {
            Err("NO_CHANGE")
        } else {
            Ok(())
        }
    }

    fn shift(&mut self, a: usize, b: usize, ty: &'static str, approved: i64, occupied: i64) -> Verdict {
        if a == b || approved < 0 || occupied < 0 || approved + occupied == 0 {
            return Err("OUT_OF_RANGE");
        }
        let of = |body: &Body| body.numbers.get(ty).copied().unwrap_or((0, 0));
        let (from, to) = (of(&self.bodies[a]), of(&self.bodies[b]));
        if from.0 < approved || from.1 < occupied {
            return Err("NOT_ENOUGH");
        }
        self.set(a, ty, from.0 - approved, from.1 - occupied)?;
        self.set(b, ty, to.0 + approved, to.1 + occupied)
    }
}

fn random(rng: &mut ChaCha8Rng, model: &Model) -> Deed {
    let kinds = [Kind::Office, Kind::Institution, Kind::Agency];
    let number = |rng: &mut ChaCha8Rng| i64::from(rng.next_u32() % 7) - 1;
    if model.bodies.len() < 4 {
        return Deed::Establish(kinds[pick(rng, &kinds)], format!("模型机构{}", rng.next_u32() % 90));
    }
    let (a, b) = (pick(rng, &model.bodies), pick(rng, &model.bodies));
    let ty = TYPES[pick(rng, &TYPES)];
    match rng.next_u32() % 15 {
        0 => Deed::Establish(kinds[pick(rng, &kinds)], format!("模型机构{}", rng.next_u32() % 90)),
        1 => Deed::Rename(a, format!("模型机构{}", rng.next_u32() % 9)),
        2..=4 => Deed::Set(a, ty, number(rng), number(rng)),
        5 | 6 => Deed::Shift(a, b, ty, number(rng), number(rng).min(1)),
        7 => Deed::TakeOver(a, b),
        8 => Deed::Abolish(a),
        12 | 13 => Deed::Correct(a, ty, number(rng), number(rng)),
        14 => Deed::CorrectName(a, format!("模型机构{}", rng.next_u32() % 9)),
        9 if !model.bodies[a].posts.is_empty() => Deed::ClosePost(a, pick(rng, &model.bodies[a].posts)),
        _ => Deed::CreatePost(a),
    }
}

/// The mutation of a deed, and its input.
fn order(deed: &Deed, model: &Model, town: &str, day: &str) -> (String, Value) {
    let id = |at: &usize| model.bodies[*at].id.clone();
    let body = "organization { id }";
    let (name, selection, mut input) = match deed {
        Deed::Establish(kind, name) => {
            let mut input = json!({ "divisionCode": TOWN, "name": name });
            let more = match kind {
                Kind::Office => json!({ "kind": "INTERNAL_OFFICE", "parent": town }),
                Kind::Institution => json!({ "kind": "PUBLIC_INSTITUTION", "parent": town }),
                Kind::Agency => {
                    json!({ "kind": "SECONDED_AGENCY", "agencyKind": "OTHER", "managementMode": "DUAL" })
                }
            };
            input.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
            ("organizationEstablish", body, input)
        }
        Deed::Rename(a, name) => ("organizationRename", body, json!({ "organization": id(a), "name": name })),
        Deed::Set(a, ty, approved, occupied) => (
            "establishmentSet",
            body,
            json!({ "organization": id(a), "establishmentType": ty, "approved": approved, "occupied": occupied }),
        ),
        Deed::CorrectName(a, name) => {
            ("organizationCorrect", body, json!({ "organization": id(a), "name": name }))
        }
        Deed::Correct(a, ty, approved, occupied) => (
            "establishmentCorrect",
            body,
            json!({ "organization": id(a), "establishmentType": ty, "approved": approved, "occupied": occupied }),
        ),
        Deed::Shift(a, b, ty, approved, occupied) => (
            "establishmentTransfer",
            body,
            json!({ "from": id(a), "to": id(b), "establishmentType": ty, "approved": approved, "occupied": occupied }),
        ),
        Deed::TakeOver(a, b) => {
            ("organizationTransfer", body, json!({ "organization": id(a), "successor": id(b) }))
        }
        Deed::Abolish(a) => ("organizationAbolish", body, json!({ "organization": id(a) })),
        Deed::CreatePost(a) => {
            let input = json!({ "organization": id(a), "title": "副主任", "position": "DEPUTY", "level": "SUBSECTION" });
            ("leadershipPostCreate", "leadershipPost { id }", input)
        }
        Deed::ClosePost(a, at) => (
            "leadershipPostClose",
            "leadershipPost { id }",
            json!({ "leadershipPost": model.bodies[*a].posts[*at] }),
        ),
    };
    input["effectiveOn"] = json!(day);
    (mutation(name, selection), input)
}

/// The register as it is told, in the words of the model.
fn told(client: &Client, model: &Model, day: &str) -> BTreeSet<String> {
    let mut out = BTreeSet::new();
    for body in &model.bodies {
        let types =
            TYPES.map(|ty| format!("{ty}: establishment(type: {ty}) {{ approved occupied }}")).join(" ");
        let query = format!(
            "query($id: ID!) {{ node(id: $id) {{ ... on Organization {{ name {types} leadershipPosts(first: 1) {{ totalCount }} }} }} }}"
        );
        let answer = client.raw_with(&query, json!({ "id": body.id }), &[("X-Tiaokuai-As-Of", day)]).json();
        let node = &answer["data"]["node"];
        if node.is_null() {
            continue;
        }
        let numbers = TYPES.map(|ty| {
            let number = |name: &str| node[ty][name].as_i64().unwrap_or(0);
            (number("approved"), number("occupied"))
        });
        out.insert(format!(
            "{} {:?} {:?} {}",
            body.id,
            node["name"].as_str(),
            numbers,
            node["leadershipPosts"]["totalCount"]
        ));
    }
    out
}

fn expected(model: &Model) -> BTreeSet<String> {
    let alive = model.bodies.iter().filter(|body| body.alive);
    let line = |body: &Body| {
        let numbers = TYPES.map(|ty| body.numbers.get(ty).copied().unwrap_or((0, 0)));
        format!("{} {:?} {:?} {}", body.id, Some(&body.name), numbers, body.posts.len() + body.moved_posts)
    };
    alive.map(line).collect()
}

#[test]
fn a_random_history_by_random_people_is_what_a_slow_model_says() {
    let (seed, cases) = seeds(150);
    for backend in BACKENDS {
        let mut rng = ChaCha8Rng::seed_from_u64(seed);
        let client = own_server(backend, "model");
        let town = township(&client);
        let people = [
            (client.person("director", "ESTABLISHMENT_DIRECTOR", Some(COUNTY)), true),
            (client.person("committee", "ESTABLISHMENT_COMMITTEE", None), true),
            (client.person("clerk", "ESTABLISHMENT_CLERK", Some(COUNTY)), false),
            (client.person("elsewhere", "ESTABLISHMENT_DIRECTOR", Some("610902")), false),
            (client.person("finance", "FINANCE", Some(COUNTY)), false),
            (client.person("leader", "TOWNSHIP_LEADER", Some(TOWN)), false),
        ];
        let (mut model, mut verdicts) = (Model::default(), BTreeMap::<String, usize>::new());
        let first = Day::parse("2026-12-01").unwrap().0;
        for case in 0..cases {
            let deed = random(&mut rng, &model);
            // Mostly somebody who may.
            let who =
                if rng.next_u32() % 4 > 0 { pick(&mut rng, &people[..2]) } else { pick(&mut rng, &people) };
            let (person, may) = &people[who];
            let day = Day(first + i32::try_from(case).unwrap()).to_string();
            let (query, input) = order(&deed, &model, &town, &day);
            let answer = person.raw(&query, json!({ "input": input })).json();
            let payload =
                answer["data"].as_object().and_then(|data| data.values().next()).cloned().unwrap_or_default();
            let got = match answer["errors"][0]["extensions"]["code"].as_str() {
                Some(code) => Err(code.to_owned()),
                None => payload["errors"][0]["code"].as_str().map_or(Ok(()), |code| Err(code.to_owned())),
            };
            let gone = Model::about(&deed).iter().any(|at| !model.bodies[*at].alive);
            let made = payload
                .pointer("/organization/id")
                .or(payload.pointer("/leadershipPost/id"))
                .and_then(Value::as_str);
            let wanted = if gone {
                Err("NOT_FOUND")
            } else if !may {
                Err("FORBIDDEN")
            } else {
                model.act(&deed, made.unwrap_or_default())
            };
            let wanted = wanted.map_err(str::to_owned);
            assert_eq!(got, wanted, "{backend:?}, seed {seed}, case {case}: {deed:?} by {who}\n{answer:#}");
            *verdicts.entry(wanted.err().unwrap_or_default()).or_default() += 1;
        }
        let day = Day(first + i32::try_from(cases).unwrap()).to_string();
        assert_eq!(told(&people[0].0, &model, &day), expected(&model), "{backend:?}, seed {seed}");
        println!("{backend:?}: seed {seed}, {verdicts:?}");
        assert!(verdicts.len() >= 7 || cases < 150, "{verdicts:?}");
    }
}
