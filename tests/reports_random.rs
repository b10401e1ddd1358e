//! Random reports on random registers, through several eyes: each is what the slow oracle says.

use crate::harness::register::{Register, pick, seeds};
use crate::oracle::{Eyes, Oracle};
use crate::random::viewer;
use crate::report_facts::Facts;
use crate::report_inputs::{Asked, random_report, report_register};
use crate::report_oracle::{Cell, Expected, Line, OVER, Work};
use crate::report_secrets::Secrets;
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::SeedableRng;
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use tiaokuai::domain::Day;
use tiaokuai::graph::engine::Placed;
use tiaokuai::graph::schema;
use tiaokuai::store::Rows;

const EYES: &[Eyes] = &[
    Eyes::Public,
    Eyes::Analyst,
    Eyes::Analyst,
    Eyes::Clerk("990101"),
    Eyes::Clerk("990101"),
    Eyes::Clerk("513428"),
];

/// How many cases have a register in common: one is expensive.
const IN_COMMON: u64 = 20;

/// What a run was about, so that it cannot be about nothing.
#[derive(Debug, Default)]
struct Tally {
    compared: u64,
    refused: u64,
    suppressed: u64,
    rows: usize,
    empty: u64,
}

/// The whole report, with each measure over all columns too.
fn query(asked: &Asked) -> String {
    let value = "measure numerator denominator previous value state";
    let over: String = asked
        .measures
        .iter()
        .enumerate()
        .map(|(at, m)| format!("m{at}: value(of: {m}) {{ {value} }} "))
        .collect();
    let line = format!("keys {{ dimension code isNull isTotal }} values {{ {value} }} {over}");
    format!(
        "query($input: ReportInput!) {{ report(input: $input) {{ groupCount suppressedCells
         columns {{ measure pivot {{ code isNull isTotal }} }} rows {{ {line} }} totals {{ {line} }} }} }}"
    )
}

fn ask(register: &Register, eyes: Eyes, asked: &Asked) -> Result<Value, String> {
    let (mut done, _, _) = register.ask(&viewer(eyes), &query(asked), json!({ "input": asked.input() }));
    match done.errors.first() {
        Some(error) => Err(error
            .source::<Placed>()
            .and_then(|p| p.fault.as_ref())
            .map_or_else(|| error.message.clone(), |fault| format!("{:?}", fault.code))),
        None => Ok(std::mem::take(&mut done.data).into_json().unwrap()["report"].take()),
    }
}

fn list(value: &Value) -> &Vec<Value> {
    value.as_array().unwrap()
}

fn key(value: &Value) -> String {
    match (&value["isTotal"], &value["isNull"], &value["code"]) {
        (Value::Bool(true), Value::Bool(false), Value::Null) => "*".to_owned(),
        (Value::Bool(false), Value::Bool(true), Value::Null) => "∅".to_owned(),
        (Value::Bool(false), Value::Bool(false), Value::String(code)) => code.clone(),
        _ => panic!("no key: {value}"),
    }
}

/// All that is not shown: of rows or totals, keys, measure and column.
type Hidden = BTreeSet<(&'static str, Vec<String>, String, String)>;

/// A line of the answer: its keys, and its values by measure and column.
type Got = (Vec<String>, BTreeMap<(String, String), Value>);

fn got(line: &Value, columns: &[(String, String)], asked: &Asked) -> Got {
    let keys = list(&line["keys"]).iter();
    let by: Vec<&str> = keys.clone().map(|k| k["dimension"].as_str().unwrap()).collect();
    assert_eq!(by, asked.dimensions, "the keys of {line}");
    let values = list(&line["values"]);
    assert_eq!(values.len(), columns.len(), "the values of {line}");
    let mut cells = BTreeMap::new();
    for (column, value) in columns.iter().zip(values) {
        assert_eq!(value["measure"], column.0, "the column of {value}");
        assert!(cells.insert(column.clone(), value.clone()).is_none(), "{column:?} is there twice");
    }
    for (at, measure) in asked.measures.iter().enumerate() {
        cells.insert(((*measure).to_owned(), OVER.to_owned()), line[format!("m{at}")].clone());
    }
    (keys.map(key).collect(), cells)
}

/// What a value of the answer says. Without a value, all that could tell of it has to be absent.
fn said(value: &Value) -> String {
    let number = |name: &str| value[name].as_f64().map_or("-".to_owned(), |n| n.to_string());
    let state = value["state"].as_str().unwrap();
    match state {
        "NO_DATA" => format!("NO_DATA {} < {}", number("value"), number("previous")),
        _ => format!(
            "{state} {}/{} = {} < {}",
            number("numerator"),
            number("denominator"),
            number("value"),
            number("previous")
        ),
    }
}

fn expected(asked: &Asked, (cell, then): &(Cell, Option<Cell>)) -> String {
    let number = |n: Option<f64>| n.map_or("-".to_owned(), |n| n.to_string());
    let previous = number(then.as_ref().and_then(|cell| cell.value(asked.decimals)));
    match cell.value(asked.decimals) {
        None => format!("NO_DATA - < {previous}"),
        Some(value) => format!(
            "OK {}/{} = {value} < {previous}",
            cell.numerator,
            number(cell.denominator.map(|n| n as f64))
        ),
    }
}

const HIDDEN: &str = "SUPPRESSED -/- = - < -";

fn shown(keys: &[String], cells: impl Iterator<Item = ((String, String), String)>) -> String {
    let cells: Vec<String> =
        cells.map(|((measure, column), said)| format!("{measure}[{column}] {said}")).collect();
    format!("{} | {}", keys.join(" "), cells.join("; "))
}

/// One case: what is asked, and what has come.
struct Case<'a> {
    asked: &'a Asked,
    what: String,
    report: Value,
}

impl Case<'_> {
    fn columns(&self) -> Vec<(String, String)> {
        let column = |c: &Value| {
            let pivot: Vec<String> = list(&c["pivot"]).iter().map(key).collect();
            (c["measure"].as_str().unwrap().to_owned(), pivot.join(","))
        };
        list(&self.report["columns"]).iter().map(column).collect()
    }

    fn lines(&self, name: &str) -> Vec<Got> {
        let columns = self.columns();
        list(&self.report[name]).iter().map(|line| got(line, &columns, self.asked)).collect()
    }

    /// Compares the lines of the answer with those of the oracle: the same ones, however often each is there. Of a report
    /// with more than a thousand rows the first ones have to be among them.
    fn compare(&self, name: &'static str, expected_lines: &[Line], hidden: &Hidden) {
        let mut left: BTreeMap<String, usize> = BTreeMap::new();
        let columns: BTreeSet<(String, String)> = self.columns().into_iter().collect();
        let listed = |(at, _): &(&(String, String), &_)| at.1 == OVER || columns.contains(*at);
        for line in expected_lines {
            let cells = line.cells.iter().filter(listed).map(|((measure, column), cell)| {
                let at = (name, line.keys.clone(), measure.clone(), column.clone());
                let text = if hidden.contains(&at) { HIDDEN.to_owned() } else { expected(self.asked, cell) };
                ((measure.clone(), column.clone()), text)
            });
            *left.entry(shown(&line.keys, cells)).or_default() += 1;
        }
        let mut wrong = Vec::new();
        for (keys, cells) in self.lines(name) {
            let text = shown(&keys, cells.into_iter().map(|(at, value)| (at, said(&value))));
            match left.get_mut(&text) {
                Some(count) if *count > 0 => *count -= 1,
                _ => wrong.push(text),
            }
        }
        let whole = name == "totals" || expected_lines.len() <= 1000;
        let mut missing: Vec<String> =
            left.into_iter().filter(|(_, n)| *n > 0).map(|(text, _)| text).collect();
        missing.truncate(if whole || !wrong.is_empty() { 12 } else { 0 });
        wrong.truncate(12);
        assert!(
            wrong.is_empty() && missing.is_empty(),
            "{}\n{name} of the oracle that are not in the answer:\n  {}\n{name} of the answer that the oracle does not have:\n  {}",
            self.what,
            missing.join("\n  "),
            wrong.join("\n  ")
        );
    }

    fn hidden(&self) -> Hidden {
        let lines = ["rows", "totals"].map(|name| self.lines(name).into_iter().map(move |line| (name, line)));
        let each = lines.into_iter().flatten().flat_map(|(name, (keys, cells))| {
            let hidden = cells.into_iter().filter(|(_, value)| value["state"] == "SUPPRESSED");
            hidden.map(move |((measure, column), _)| (name, keys.clone(), measure, column))
        });
        each.collect()
    }

    /// The lines that are in the answer; in groups, those whose names would tell of few persons are not.
    fn listed(&self, name: &'static str, lines: Vec<Line>, in_groups: bool) -> (Vec<Line>, Vec<Line>) {
        let named: BTreeSet<Vec<String>> = self.lines(name).into_iter().map(|(keys, _)| keys).collect();
        lines.into_iter().partition(|line| !in_groups || named.contains(&line.keys))
    }

    fn check(&self, mut expected: Expected, in_groups: bool) {
        let hidden = self.hidden();
        assert!(hidden.is_empty() || in_groups, "{}\nhidden: {hidden:?}", self.what);
        let (rows, rows_left) = self.listed("rows", expected.rows, in_groups);
        let (totals, totals_left) = self.listed("totals", expected.totals, in_groups);
        (expected.rows, expected.totals) = (rows, totals);
        assert_eq!(self.report["groupCount"], expected.rows.len(), "{}\ngroupCount", self.what);
        assert_eq!(list(&self.report["rows"]).len(), expected.rows.len().min(1000), "{}\nrows", self.what);
        if in_groups {
            let shown: BTreeSet<String> = self.columns().into_iter().map(|(_, column)| column).collect();
            expected.columns.retain(|column| shown.contains(column));
        }
        let measures = self.asked.measures.iter();
        let columns =
            expected.columns.iter().flat_map(|c| measures.clone().map(|m| ((*m).to_owned(), c.clone())));
        let columns: BTreeSet<(String, String)> = columns.collect();
        assert_eq!(self.columns().into_iter().collect::<BTreeSet<_>>(), columns, "{}\ncolumns", self.what);
        self.compare("rows", &expected.rows, &hidden);
        self.compare("totals", &expected.totals, &hidden);
        if in_groups {
            self.check_secrets(&expected, [rows_left, totals_left], hidden);
        }
    }

    fn check_secrets(&self, expected: &Expected, left: [Vec<Line>; 2], mut hidden: Hidden) {
        let said = self.report["suppressedCells"].as_u64().unwrap();
        let in_cells =
            |line: &Value| list(&line["values"]).iter().filter(|v| v["state"] == "SUPPRESSED").count();
        let lines = list(&self.report["rows"]).iter().chain(list(&self.report["totals"]));
        let seen: usize = lines.map(in_cells).sum();
        assert_eq!(said, seen as u64, "{}\nsuppressedCells", self.what);
        let rows = expected.rows.iter().chain(&left[0]).map(|line| ("rows", line));
        let totals = expected.totals.iter().chain(&left[1]).map(|line| ("totals", line));
        let named: Vec<_> = rows.chain(totals).collect();
        let of =
            |line: &&Line| line.cells.get(&("PERSONS".to_owned(), OVER.to_owned())).map(|cell| cell.0.about);
        let few = |line: &&Line| matches!(of(line), Some(1..=2)) && self.asked.is_by_person(&line.keys);
        let told = expected.rows.iter().chain(&expected.totals).find(few);
        assert!(told.is_none(), "{}\nfew persons are named: {told:?}", self.what);
        // Of what is left out nothing is said.
        let personal = |line: &&Line| self.asked.is_by_person(&line.keys);
        let needless = left.iter().flatten().find(|line| !personal(line));
        assert!(needless.is_none(), "{}\nleft out: {needless:?}", self.what);
        let shown: BTreeSet<(String, String)> = self.columns().into_iter().collect();
        let gone = ["rows", "totals"].into_iter().zip(&left);
        let gone: BTreeSet<(&str, &Vec<String>)> =
            gone.flat_map(|(name, lines)| lines.iter().map(move |line| (name, &line.keys))).collect();
        for (name, line) in &named {
            for (measure, column) in line.cells.keys() {
                let unsaid = column != OVER && !shown.contains(&(measure.clone(), column.clone()));
                if unsaid || gone.contains(&(*name, &line.keys)) {
                    hidden.insert((name, line.keys.clone(), measure.clone(), column.clone()));
                }
            }
        }
        let place = |(name, keys, measure, column): (&str, Vec<String>, String, String)| {
            let at = named.iter().position(|(of, line)| *of == name && line.keys == keys).unwrap();
            (at, measure, column)
        };
        let hidden = hidden.into_iter().map(place).collect();
        let lines = named.iter().map(|(_, line)| *line).collect();
        let secrets = Secrets { asked: self.asked, lines, hidden };
        secrets.check().unwrap_or_else(|e| panic!("{}\n{e}\nin {:#}", self.what, self.report));
    }
}

fn run(register: &Register, rows: &Rows, (eyes, asked): (Eyes, &Asked), what: String, tally: &mut Tally) {
    let answer = ask(register, eyes, asked);
    let Some(territory) = asked.territory(eyes) else {
        assert_eq!(answer.err().as_deref(), Some("Forbidden"), "{what}");
        tally.refused += 1;
        return;
    };
    let report = answer.unwrap_or_else(|e| panic!("{what}\nrefused: {e}"));
    let today = Day::today().to_string();
    let of = |day: &String| Oracle { rows, day: day.clone(), today: today.clone(), eyes };
    let (now, then) = (of(&asked.day), asked.other.as_ref().map(of));
    let (now, then) = (Facts::new(&now), then.as_ref().map(Facts::new));
    let expected = Work::new(asked, territory, &now, then.as_ref()).expected();
    let case = Case { asked, what, report };
    let count = expected.rows.len();
    case.check(expected, eyes == Eyes::Analyst && asked.is_personal());
    tally.compared += u64::from(count > 0);
    tally.empty += u64::from(count == 0);
    tally.rows += count;
    tally.suppressed += case.report["suppressedCells"].as_u64().unwrap();
}

#[test]
fn random_reports_equal_the_slow_oracle() {
    let (seed, cases) = seeds(2000);
    let (schema, mut tally) = (schema(), Tally::default());
    let mut common: Option<(u64, Rows, Register)> = None;
    for number in seed..seed + cases {
        let mut rng = ChaCha8Rng::seed_from_u64(number);
        let block = number - number % IN_COMMON;
        if common.as_ref().is_none_or(|(of, _, _)| *of != block) {
            let rows = report_register(&mut ChaCha8Rng::seed_from_u64(block));
            common = Some((block, rows.clone(), Register::build(&schema, rows)));
        }
        let (_, rows, register) = common.as_ref().unwrap();
        let eyes = EYES[pick(&mut rng, EYES)];
        let asked = random_report(&mut rng, eyes);
        let what = format!("case {number} (SEED={number} CASES=1): {eyes:?} asks for\n{}", asked.input());
        run(register, rows, (eyes, &asked), what, &mut tally);
    }
    println!("{tally:?}");
    assert!(cases < 100 || tally.compared > cases / 2, "the cases are too easy: {tally:?}");
    assert!(cases < 100 || (tally.suppressed > 0 && tally.refused > 0), "the cases are too easy: {tally:?}");
}
