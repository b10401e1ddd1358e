//! Random documents over the whole schema: aliases, fragments, type conditions, `@skip` and `@include` with defaults, repeated
//! fields, variables, every argument, interfaces, and now and then something wrong.

use crate::harness::block_on;
use crate::harness::register::pick;
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::RngCore;
use serde_json::{Map, Value, json};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::sync::OnceLock;
use tiaokuai::graph::catalog;
use tiaokuai::policy::Class;

/// A type as introspection tells it: `[Thing!]!` is a list of things that are never null.
#[derive(Debug, Clone)]
pub struct Type {
    pub text: String,
    pub name: String,
}

/// Name, type, arguments.
type Field = (String, Type, Vec<(String, Type)>);

#[derive(Debug, Default)]
pub struct Kind {
    pub kind: String,
    pub fields: Vec<Field>,
    pub inputs: Vec<(String, Type)>,
    pub values: Vec<String>,
    pub possible: Vec<String>,
    pub interfaces: Vec<String>,
}

/// The schema, and values that questions are made of.
pub struct World {
    pub types: BTreeMap<String, Kind>,
    /// Ids of objects, and cursors, from earlier answers.
    pub ids: Vec<String>,
    pub cursors: Vec<(String, String)>,
}

const INTROSPECTION: &str =
    "{ __schema { types { kind name possibleTypes { name } interfaces { name } enumValues { name }
    inputFields { name type { ...T } } fields { name type { ...T } args { name type { ...T } } } } } }
    fragment T on __Type { kind name ofType { kind name ofType { kind name ofType { kind name } } } }";

/// `[Thing!]!` and the like.
fn text_of(value: &Value) -> String {
    match value["kind"].as_str().unwrap() {
        "NON_NULL" => format!("{}!", text_of(&value["ofType"])),
        "LIST" => format!("[{}]", text_of(&value["ofType"])),
        _ => value["name"].as_str().unwrap().to_owned(),
    }
}

fn type_of(value: &Value) -> Type {
    let text = text_of(value);
    let name = text.trim_matches(|c: char| !c.is_alphanumeric()).to_owned();
    Type { text, name }
}

fn names(of: &Value) -> Vec<String> {
    of.as_array().into_iter().flatten().map(|v| v["name"].as_str().unwrap().to_owned()).collect()
}

impl World {
    pub fn new() -> Self {
        let done = block_on(tiaokuai::graph::schema().execute(INTROSPECTION));
        let schema = done.data.into_json().unwrap();
        let mut types = BTreeMap::new();
        for ty in schema["__schema"]["types"].as_array().unwrap() {
            let pair = |f: &Value| (f["name"].as_str().unwrap().to_owned(), type_of(&f["type"]));
            let pairs = |of: &Value| of.as_array().into_iter().flatten().map(pair).collect::<Vec<_>>();
            let fields = ty["fields"].as_array().into_iter().flatten();
            let kind = Kind {
                kind: ty["kind"].as_str().unwrap().to_owned(),
                fields: fields.map(|f| (pair(f).0, pair(f).1, pairs(&f["args"]))).collect(),
                inputs: pairs(&ty["inputFields"]),
                values: names(&ty["enumValues"]),
                possible: names(&ty["possibleTypes"]),
                interfaces: names(&ty["interfaces"]),
            };
            types.insert(ty["name"].as_str().unwrap().to_owned(), kind);
        }
        Self { types, ids: Vec::new(), cursors: Vec::new() }
    }

    /// Keeps the ids and cursors of an answer for later questions.
    pub fn learn(&mut self, answer: &Value) {
        match answer {
            Value::Object(fields) => {
                for (key, value) in fields {
                    match value {
                        Value::String(text) if text.len() == 25 && text.as_bytes()[2] == b'_' => {
                            self.ids.push(text.clone());
                        }
                        Value::String(text) if key.ends_with("ursor") => {
                            self.cursors.push((String::new(), text.clone()));
                        }
                        other => self.learn(other),
                    }
                }
            }
            Value::Array(items) => items.iter().for_each(|item| self.learn(item)),
            _ => {}
        }
        let (ids, cursors) = (self.ids.len().saturating_sub(300), self.cursors.len().saturating_sub(30));
        self.ids.drain(..ids);
        self.cursors.drain(..cursors);
    }
}

/// A document with its variables.
#[derive(Debug, Clone, Default)]
pub struct Document {
    pub text: String,
    pub variables: Map<String, Value>,
}

pub struct Writer<'w> {
    world: &'w World,
    rng: &'w mut ChaCha8Rng,
    definitions: Vec<String>,
    fragments: Vec<String>,
    variables: Map<String, Value>,
    fields: usize,
}

fn one_in(rng: &mut ChaCha8Rng, n: u32) -> bool {
    rng.next_u32().is_multiple_of(n)
}

/// Writes a document.
pub fn document(world: &World, rng: &mut ChaCha8Rng) -> Document {
    let mut w = Writer::new(world, rng);
    let body = w.selection("Query", 6);
    w.finish(&body)
}

/// A list of the root with arguments, as a question for its cursors and as one for a random page after or before one.
pub fn pages(
    world: &World,
    rng: &mut ChaCha8Rng,
) -> (Document, impl Fn(&World, &mut ChaCha8Rng, &str) -> Document + use<>) {
    let lists: Vec<_> =
        world.types["Query"].fields.iter().filter(|(_, t, _)| t.name.ends_with("Connection")).collect();
    let (name, ty, known) = lists[pick(rng, &lists)].clone();
    let mut w = Writer::new(world, rng);
    let mut given = Vec::new();
    for (argument, of) in &known {
        let paging = ["first", "last", "after", "before"].contains(&argument.as_str());
        if !paging && (of.text.ends_with('!') || w.one_in(3)) {
            let value = w.value(argument, of, &name, 2);
            given.push(format!("{argument}: {}", literal(world, &of.text, &value)));
        }
    }
    let given = given.join(", ");
    let text = format!(
        "{{ {name}({given}{} first: 4) {{ pageInfo {{ startCursor endCursor }} edges {{ cursor }} }} }}",
        if given.is_empty() { "" } else { "," }
    );
    let page = move |world: &World, rng: &mut ChaCha8Rng, cursor: &str| {
        let mut w = Writer::new(world, rng);
        let side = if w.one_in(2) { "after" } else { "before" };
        let end = if w.one_in(2) { "first" } else { "last" };
        let size = 1 + w.rng.next_u32() % 4;
        let below = w.selection(&ty.name, 4);
        let comma = if given.is_empty() { "" } else { ", " };
        w.definitions.push("$page: String".to_owned());
        w.variables.insert("page".to_owned(), json!(cursor));
        w.finish(&format!("{{ {name}({given}{comma}{side}: $page, {end}: {size}) {below} }}"))
    };
    (Document { text, variables: Map::new() }, page)
}

impl<'w> Writer<'w> {
    fn new(world: &'w World, rng: &'w mut ChaCha8Rng) -> Self {
        Self { world, rng, definitions: Vec::new(), fragments: Vec::new(), variables: Map::new(), fields: 40 }
    }

    fn finish(self, body: &str) -> Document {
        let definitions = if self.definitions.is_empty() {
            String::new()
        } else {
            format!("({})", self.definitions.join(", "))
        };
        let text = format!("query Q{definitions} {body}\n{}", self.fragments.join("\n"));
        Document { text, variables: self.variables }
    }
}

/// Whether a field is not for everybody.
fn is_protected(ty: &str, field: &str) -> bool {
    static ALL: OnceLock<BTreeSet<(&str, &str)>> = OnceLock::new();
    let all = ALL.get_or_init(|| {
        let fields =
            catalog().into_iter().flat_map(|info| info.fields.into_iter().map(move |f| (info.name, f)));
        fields.filter(|(_, f)| f.class != Class::Public).map(|(ty, f)| (ty, f.name)).collect()
    });
    all.contains(&(ty, field))
}

impl Writer<'_> {
    fn one_in(&mut self, n: u32) -> bool {
        one_in(self.rng, n)
    }

    /// A selection on a type, perhaps by way of fragments.
    fn selection(&mut self, ty: &str, depth: u32) -> String {
        let mut out = String::from("{ ");
        for _ in 0..1 + self.rng.next_u32() % if ty == "Query" { 2 } else { 5 } {
            self.item(ty, depth, &mut out);
        }
        out.push('}');
        out
    }

    fn item(&mut self, ty: &str, depth: u32, out: &mut String) {
        let directive = self.directive();
        match self.rng.next_u32() % 12 {
            0 if depth > 1 => {
                let on = self.narrower(ty);
                let below = self.selection(&on, depth - 1);
                let condition = if on == ty && self.one_in(2) { String::new() } else { format!(" on {on}") };
                write!(out, "...{condition}{directive} {below} ").unwrap();
            }
            1 if depth > 1 => {
                let on = self.narrower(ty);
                let below = self.selection(&on, depth - 1);
                let name = format!("F{}", self.fragments.len());
                self.fragments.push(format!("fragment {name} on {on} {below}"));
                write!(out, "...{name}{directive} ").unwrap();
                // Now and then the same fragment twice.
                if self.one_in(4) {
                    write!(out, "...{name} ").unwrap();
                }
            }
            2 => write!(out, "__typename{directive} ").unwrap(),
            _ => self.field(ty, depth, &directive, out),
        }
    }

    /// The type itself, one that it may be, or an interface that it has.
    fn narrower(&mut self, ty: &str) -> String {
        let of = &self.world.types[ty];
        let mut all: Vec<&String> = of.possible.iter().chain(&of.interfaces).collect();
        let own = ty.to_owned();
        all.push(&own);
        all[pick(self.rng, &all)].clone()
    }

    fn directive(&mut self) -> String {
        if !self.one_in(9) {
            return String::new();
        }
        let name = if self.one_in(2) { "skip" } else { "include" };
        let value = self.one_in(2);
        if self.one_in(2) {
            return format!(" @{name}(if: {value})");
        }
        let variable = format!("v{}", self.definitions.len());
        // By its default, by a value that goes before the default, or required.
        match self.rng.next_u32() % 3 {
            0 => self.definitions.push(format!("${variable}: Boolean = {value}")),
            1 => {
                self.definitions.push(format!("${variable}: Boolean! = {}", !value));
                self.variables.insert(variable.clone(), json!(value));
            }
            _ => {
                self.definitions.push(format!("${variable}: Boolean!"));
                self.variables.insert(variable.clone(), json!(value));
            }
        }
        format!(" @{name}(if: ${variable})")
    }

    fn field(&mut self, ty: &str, depth: u32, directive: &str, out: &mut String) {
        let all = &self.world.types[ty].fields;
        let leaf = |t: &Type| matches!(self.world.types[&t.name].kind.as_str(), "SCALAR" | "ENUM");
        let room = depth > 1 && self.fields > 0;
        let known: Vec<_> = all.iter().filter(|(_, t, _)| room || leaf(t)).collect();
        if known.is_empty() {
            out.push_str("__typename ");
            return;
        }
        self.fields = self.fields.saturating_sub(1);
        // Fields that not everybody may read are few, and asked for more often: what is masked is what the levels may differ in.
        let guarded: Vec<_> = known.iter().copied().filter(|(name, ..)| is_protected(ty, name)).collect();
        let known = if !guarded.is_empty() && self.one_in(5) { guarded } else { known };
        let (name, of, arguments) = known[pick(self.rng, &known)];
        let is_leaf = leaf(of);
        let arguments = self.arguments(name, arguments);
        let below = if is_leaf { String::new() } else { self.selection(&of.name, depth - 1) };
        // A field may stand only once under a key unless its arguments are the same: keys are told apart by a number.
        let number = self.rng.next_u32() % 1_000_000;
        let alias =
            if arguments.is_empty() && !self.one_in(6) { String::new() } else { format!("a{number}: ") };
        write!(out, "{alias}{name}{arguments}{directive} {below} ").unwrap();
        // The same field again, with something else below it: both have to come out merged.
        if self.one_in(6) {
            let again = if is_leaf { String::new() } else { self.selection(&of.name, depth - 1) };
            write!(out, "{alias}{name}{arguments} {again} ").unwrap();
        }
    }

    fn arguments(&mut self, field: &str, known: &[(String, Type)]) -> String {
        let mut given = Vec::new();
        for (name, ty) in known {
            let required = ty.text.ends_with('!');
            let wanted = match name.as_str() {
                "last" | "before" => 8,
                "after" | "where" | "orderBy" => 4,
                _ => 2,
            };
            if !required && !self.one_in(wanted)
                || name == "last" && given.iter().any(|g: &String| g.starts_with("first")) && !self.one_in(20)
            {
                continue;
            }
            let value = self.value(name, ty, field, 3);
            given.push(self.give(name, ty, value));
        }
        if given.is_empty() { String::new() } else { format!("({})", given.join(", ")) }
    }

    /// An argument as it stands in the document: as a value, or as a variable, perhaps with a default, perhaps not given.
    fn give(&mut self, name: &str, ty: &Type, value: Value) -> String {
        if self.one_in(2) {
            return format!("{name}: {}", literal(self.world, &ty.text, &value));
        }
        let variable = format!("v{}", self.definitions.len());
        let default = literal(self.world, &ty.text, &value);
        match self.rng.next_u32() % 5 {
            0 if !value.is_null() => self.definitions.push(format!("${variable}: {} = {default}", ty.text)),
            1 if !ty.text.ends_with('!') => self.definitions.push(format!("${variable}: {}", ty.text)),
            _ => {
                self.definitions.push(format!("${variable}: {}", ty.text));
                self.variables.insert(variable.clone(), value);
            }
        }
        format!("{name}: ${variable}")
    }

    /// A value of a type, hardly ever a wrong one.
    fn value(&mut self, name: &str, ty: &Type, field: &str, depth: u32) -> Value {
        if !ty.text.ends_with('!') && self.one_in(25) {
            return Value::Null;
        }
        if ty.text.starts_with('[') {
            let inner = Type {
                text: ty.text.trim_end_matches('!')[1..].trim_end_matches(']').to_owned(),
                ..ty.clone()
            };
            let count = self.rng.next_u32() % 3 + u32::from(name == "ids");
            return (0..count).map(|_| self.value(name, &inner, field, depth)).collect();
        }
        const CODES: &[&str] = &[
            "99",
            "9901",
            "990101",
            "990101100",
            "990101105",
            "990101200",
            "51",
            "5134",
            "513428",
            "513428100",
            "513428101",
            "11",
        ];
        const DAYS: &[&str] =
            &["2026-11-01", "2020-06-30", "2021-01-01", "2022-03-01", "2023-05-05", "1999-01-01"];
        const WORDS: &[&str] = &["镇", "办公室", "puji", "示例", "中心", "党", "xx", "0"];
        let kind = &self.world.types[&ty.name];
        match ty.name.as_str() {
            "Int" => match name {
                "first" | "last" => json!(
                    [1, 2, 3, 5, 8, 2, 3, 0, 101][self.rng.next_u32() as usize
                        % if self.rng.next_u32().is_multiple_of(8) { 9 } else { 7 }]
                ),
                "year" => json!(2023),
                _ => json!(self.rng.next_u32() % 5),
            },
            "Float" => json!(f64::from(self.rng.next_u32() % 9) / 2.0),
            "Boolean" => json!(self.one_in(2)),
            "Date" => json!(DAYS[pick(self.rng, DAYS)]),
            "DivisionCode" => json!(if field == "township" && !self.one_in(9) {
                CODES[3 + pick(self.rng, &CODES[3..6])]
            } else {
                CODES[pick(self.rng, CODES)]
            }),
            "CreditCode" => json!("11990101MB00000011"),
            // These registers have no past to be looked up.
            "DateTime" => Value::Null,
            "ID" if self.world.ids.is_empty() || self.one_in(12) => json!("tw_AAAAAAAAAAAAAAAAAAAAAA"),
            "ID" => json!(self.world.ids[pick(self.rng, &self.world.ids)]),
            "String" if name == "after" || name == "before" => {
                match self.world.cursors.is_empty() || self.one_in(6) {
                    true => json!("AAAA"),
                    false => json!(self.world.cursors[pick(self.rng, &self.world.cursors)].1),
                }
            }
            "String" => json!(WORDS[pick(self.rng, WORDS)]),
            _ if kind.kind == "ENUM" => json!(kind.values[pick(self.rng, &kind.values)]),
            _ if kind.kind == "INPUT_OBJECT" => self.object(ty, field, depth),
            other => panic!("no value for {other}"),
        }
    }

    fn object(&mut self, ty: &Type, field: &str, depth: u32) -> Value {
        let kind = &self.world.types[&ty.name];
        let mut out = Map::new();
        let required: Vec<_> = kind.inputs.iter().filter(|(_, t)| t.text.ends_with('!')).collect();
        for (name, t) in &required {
            out.insert(name.clone(), self.value(name, t, field, depth));
        }
        let shallow = |t: &Type| {
            let deep = t.name.ends_with("Where")
                || t.name.ends_with("ListFilter")
                || t.name.ends_with("CountFilter");
            depth > 0 || !deep
        };
        let others: Vec<_> =
            kind.inputs.iter().filter(|(_, t)| !t.text.ends_with('!') && shallow(t)).collect();
        for _ in 0..self.rng.next_u32() % 2 + u32::from(required.is_empty()) {
            if !others.is_empty() {
                let (name, t) = others[pick(self.rng, &others)];
                let value = self.value(name, t, field, depth.saturating_sub(1));
                out.insert(name.clone(), value);
            }
        }
        Value::Object(out)
    }
}

/// A value as it is written in a document.
fn literal(world: &World, ty: &str, value: &Value) -> String {
    let inner = ty.trim_end_matches('!');
    match value {
        Value::Array(items) => {
            let of = inner.trim_start_matches('[').trim_end_matches(']');
            let items: Vec<String> = items.iter().map(|item| literal(world, of, item)).collect();
            format!("[{}]", items.join(", "))
        }
        Value::Object(fields) => {
            let kind = &world.types[inner.trim_matches(|c: char| !c.is_alphanumeric())];
            let of = |name: &str| {
                kind.inputs.iter().find(|(n, _)| n == name).map(|(_, t)| t.text.as_str()).unwrap()
            };
            let fields: Vec<String> =
                fields.iter().map(|(name, v)| format!("{name}: {}", literal(world, of(name), v))).collect();
            format!("{{{}}}", fields.join(", "))
        }
        Value::String(text) if world.types[inner].kind == "ENUM" => text.clone(),
        other => other.to_string(),
    }
}
