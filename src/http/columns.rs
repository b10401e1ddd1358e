//! Columns of a list that leaves as a file: what they are called, what they hold, and where it stands in an answer.

use crate::domain::{Day, Fault, Locale, Ratio};
use crate::graph::describe;
use crate::report::{ExportFormat, Written, broken};
use crate::sheet::{Encoding, Field as TypedField, Filled, Frame, Kind, Typed, csv_mark, csv_row};
use async_graphql::parser::types::Field;
use serde_json::Value as Json;

/// A column, or what columns stand below.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Column {
    /// Where it stands in an object of the list.
    pub path: Vec<String>,
    /// What each part of the way is called in Chinese, or the name that the query gives it.
    pub zh: Vec<String>,
    /// Its type by the contract; empty where that does not say.
    of: String,
    /// Whether there may be many.
    many: bool,
    /// Whether the way to it may leave the territory of the list.
    pub roams: bool,
}

/// Relations that do not leave the county of what they begin with.
const AT_HOME: [&str; 18] = [
    "nodes",
    "edges",
    "node",
    "person",
    "private",
    "post",
    "organization",
    "township",
    "incumbents",
    "appointments",
    "leadershipPosts",
    "internalOffices",
    "publicInstitutions",
    "secondedAgencies",
    "establishment",
    "consultations",
    "records",
    "fields",
];

impl Column {
    /// Where queries begin.
    pub fn root() -> Self {
        Self { path: Vec::new(), zh: Vec::new(), of: "Query".to_owned(), many: false, roams: false }
    }

    /// The objects of a list: columns are named from here on.
    pub fn as_row(&self) -> Self {
        Self { path: Vec::new(), zh: Vec::new(), of: self.of.clone(), many: false, roams: false }
    }

    /// A field below.
    pub fn below(&self, field: &Field) -> Self {
        let name = field.name.node.as_str();
        let known = describe(&self.of, name);
        let (mut path, mut zh) = (self.path.clone(), self.zh.clone());
        path.push(field.alias.as_ref().unwrap_or(&field.name).node.to_string());
        match (&field.alias, name) {
            (Some(alias), _) => zh.push(alias.node.to_string()),
            // What only holds a list together is not worth a word.
            (None, "nodes" | "edges" | "node") => {}
            (None, _) => zh.push(called(&self.of, name)),
        }
        let of = known.map_or_else(String::new, |known| known.of.clone());
        let roams = self.roams || !field.selection_set.node.items.is_empty() && !AT_HOME.contains(&name);
        Self { path, zh, of, many: self.many || known.is_none_or(|known| known.many), roams }
    }

    /// The same name on another type: where that is of another kind, both are texts.
    pub fn meets(&mut self, other: &Self) {
        self.many |= other.many || self.kind() != other.kind();
    }

    /// The same as an object of a certain type.
    pub fn on(&self, ty: Option<&str>) -> Self {
        Self { of: ty.unwrap_or(&self.of).to_owned(), ..self.clone() }
    }

    /// The name for programs.
    fn name(&self) -> String {
        self.path.join(".")
    }

    fn kind(&self) -> Kind {
        match self.of.as_str() {
            // Of many the values stand one after the other, as a text.
            _ if self.many => Kind::Text,
            "Int" => Kind::Whole,
            "Float" => Kind::Number,
            "Boolean" => Kind::Truth,
            "Date" => Kind::Day,
            _ => Kind::Text,
        }
    }

    /// The column for programs.
    pub fn field(&self) -> TypedField {
        TypedField { name: self.name(), kind: self.kind(), notes: vec![("label", self.zh.join("·"))] }
    }

    /// Its cell for programs.
    pub fn typed(&self, node: &Json) -> Typed {
        let value = || self.path.iter().try_fold(node, |node, name| node.get(name));
        let typed = match self.kind() {
            Kind::Text => None,
            Kind::Whole => value().and_then(Json::as_i64).map(Typed::Whole),
            Kind::Number => value().and_then(Json::as_f64).map(Typed::Number),
            Kind::Truth => value().and_then(Json::as_bool).map(Typed::Truth),
            Kind::Day => value().and_then(Json::as_str).and_then(Day::parse).map(Typed::Day),
        };
        // What does not fit stays a text: the file is refused then, and nothing is left out.
        typed.unwrap_or_else(|| self.text(node))
    }

    fn text(&self, node: &Json) -> Typed {
        match cell(node, &self.path) {
            Filled::Empty => Typed::Empty,
            other => Typed::Text(other.text()),
        }
    }
}

/// What a field is called in Chinese. `kindLabel` says in words what `kind` is, and is called as that is.
fn called(of: &str, name: &str) -> String {
    let base = name.strip_suffix("Label").and_then(|base| describe(of, base));
    base.or_else(|| describe(of, name)).map_or(name, |known| &known.zh).to_owned()
}

/// The cells of an object for readers.
pub fn filled(columns: &[Column], node: &Json) -> Vec<Filled> {
    columns.iter().map(|column| cell(node, &column.path)).collect()
}

/// The rows of a file while they are written, in a format that has no end of its own or is written by columns.
pub struct Rows<'l> {
    columns: &'l [Column],
    format: Format,
    /// What is written and not handed out yet.
    bytes: Vec<u8>,
}

enum Format {
    Csv(Encoding),
    Jsonl,
    Columns(Box<Frame>),
}

impl<'l> Rows<'l> {
    /// The beginning of a file.
    ///
    /// # Errors
    /// `INTERNAL` for columns that the library refuses.
    pub fn new(
        columns: &'l [Column],
        written: Written,
        notes: &[(&'static str, String)],
        locale: Locale,
    ) -> Result<Self, Fault> {
        let mut bytes = Vec::new();
        let format = match (written.format.columnar(), written.format) {
            (Some(columnar), _) => {
                let fields: Vec<TypedField> = columns.iter().map(Column::field).collect();
                let frame = Frame::new(columnar, &fields, notes).map_err(|error| broken(&error))?;
                Format::Columns(Box::new(frame))
            }
            (None, ExportFormat::Jsonl) => Format::Jsonl,
            (None, _) => {
                let encoding = written.encoding.encoding();
                let heads: Vec<Filled> = headings(columns, locale).into_iter().map(Filled::Text).collect();
                bytes = [csv_mark(encoding), &csv_row(&heads, encoding)].concat();
                Format::Csv(encoding)
            }
        };
        Ok(Self { columns, format, bytes })
    }

    /// Adds an object.
    ///
    /// # Errors
    /// `INTERNAL` where it does not fit its columns.
    pub fn push(&mut self, node: &Json) -> Result<(), Fault> {
        match &mut self.format {
            Format::Csv(encoding) => self.bytes.extend(csv_row(&filled(self.columns, node), *encoding)),
            Format::Jsonl => {
                self.bytes.extend(node.to_string().into_bytes());
                self.bytes.push(b'\n');
            }
            Format::Columns(frame) => {
                let cells = self.columns.iter().map(|column| column.typed(node)).collect();
                frame.push(cells).map_err(|error| broken(&error))?;
            }
        }
        Ok(())
    }

    /// What was written since it was last asked for.
    pub fn part(&mut self) -> Vec<u8> {
        match &mut self.format {
            Format::Columns(frame) => frame.part(),
            Format::Csv(_) | Format::Jsonl => std::mem::take(&mut self.bytes),
        }
    }

    /// The end of the file.
    ///
    /// # Errors
    /// `INTERNAL` when the library refuses.
    pub fn finish(self) -> Result<Vec<u8>, Fault> {
        match self.format {
            Format::Columns(frame) => frame.finish().map_err(|error| broken(&error)),
            Format::Csv(_) | Format::Jsonl => Ok(self.bytes),
        }
    }
}

/// Headings: in Chinese, where two would be the same with the names of the fields, or those names.
pub fn headings(columns: &[Column], locale: Locale) -> Vec<String> {
    if locale == Locale::En {
        return columns.iter().map(Column::name).collect();
    }
    let zh: Vec<String> = columns.iter().map(|column| column.zh.join("·")).collect();
    let heading = |(own, column): (&String, &Column)| match zh.iter().filter(|other| *other == own).count() {
        1 => own.clone(),
        _ => format!("{own}（{}）", column.name()),
    };
    zh.iter().zip(columns).map(heading).collect()
}

/// The value at a path; of what is many all values, one after the other.
fn cell(node: &Json, path: &[String]) -> Filled {
    let mut texts = Vec::new();
    let only = gather(node, path, &mut texts);
    match (only, &texts[..]) {
        (_, []) => Filled::Empty,
        (_, texts) if texts.iter().all(String::is_empty) => Filled::Empty,
        (Some(number), [_]) => number,
        _ => Filled::Text(texts.join("；")),
    }
}

/// Collects the values at a path; gives back a number where it is one.
fn gather(node: &Json, path: &[String], into: &mut Vec<String>) -> Option<Filled> {
    match (node, path) {
        (Json::Null, _) => None,
        (Json::Array(items), _) => {
            for item in items {
                let had = into.len();
                let _ = gather(item, path, into);
                if into.len() == had {
                    // Its place is kept: the third name and the third number are of the same.
                    into.push(String::new());
                }
            }
            None
        }
        (Json::Object(fields), [first, rest @ ..]) => gather(fields.get(first)?, rest, into),
        (Json::String(text), _) => {
            into.push(text.clone());
            None
        }
        (Json::Number(number), _) => {
            into.push(number.to_string());
            let whole = number.as_i64().and_then(|whole| Ratio::new(whole.into(), 1));
            whole.map(|whole| Filled::Number(whole.rounded(0), 0))
        }
        (other, _) => {
            into.push(other.to_string());
            None
        }
    }
}
