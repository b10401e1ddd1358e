//! A report as a table for readers: title, unit, date and territory, headings over each other, totals, and what the numbers mean.

use super::answer::{Answer, Row};
use super::dimension::ReportDimension;
use super::input::Compare;
use super::measure::ReportMeasure;
use super::value::Value;
use super::{Input, MeasureState, shown};
use crate::domain::{CodeList, Day, Locale};
use crate::policy::View;
use crate::sheet::{Filled, Grid, Head, Line};
use rustc_hash::FxHashMap;
use std::cell::RefCell;
use std::collections::BTreeSet;

/// With what a report is compared, in words.
#[must_use]
pub fn compared_with(view: &View, with: &Compare, locale: Locale) -> String {
    let name = |at, sym| view.text(at, sym).to_owned();
    match with {
        Compare::Day(day) => day.to_string(),
        Compare::Reform(reform) => {
            let row = view.reform_row(*reform);
            let before = crate::domain::Day(row.effective_on.0.saturating_sub(1));
            format!("{} ({before})", name(*reform, row.name))
        }
        Compare::Within(code) => {
            let division = view.division(*code).map(|at| name(at, view.division_shown(at).name));
            format!("{} {code}", division.unwrap_or_default())
        }
        Compare::Peers(_) => locale.pick("同类乡镇", "townships of the same kind").to_owned(),
        Compare::Standard(pattern) => name(*pattern, view.pattern_row(*pattern).name),
    }
}

/// What stands above a table and on its second sheet.
pub struct Titled<'t> {
    /// The title.
    pub title: &'t str,
    /// The input as it was written, in JSON.
    pub input: &'t str,
}

/// What holds for all of a file.
#[derive(Debug, Clone)]
pub struct Facts {
    /// The day that it is of.
    pub as_of: Day,
    /// The revision of the register.
    pub revision: i64,
    /// The territories that it is about: their codes, or `nation`.
    pub scope: String,
    /// What is to be known of it, by codes.
    pub warnings: String,
}

impl Facts {
    /// By the names that the graph has for them.
    #[must_use]
    pub fn notes(&self) -> Vec<(&'static str, String)> {
        vec![
            ("asOf", self.as_of.to_string()),
            ("revision", self.revision.to_string()),
            ("appliedScope", self.scope.clone()),
            ("warnings", self.warnings.clone()),
        ]
    }
}

/// Gives the id of the record that a value stands for, if it is one.
pub type Ids = fn(&View, Value<'_>) -> Option<String>;

/// A report as a table for readers.
pub struct Table<'t> {
    view: &'t View,
    answer: &'t Answer,
    locale: Locale,
    /// The ids of records that values stand for, as the graph gives them.
    ids: Ids,
    /// Labels of values that were looked up already: most stand in many rows.
    labels: RefCell<FxHashMap<(ReportDimension, u64, bool), String>>,
}

impl<'t> Table<'t> {
    /// The table of a report.
    #[must_use]
    pub fn new(view: &'t View, answer: &'t Answer, locale: Locale, ids: Ids) -> Self {
        Self { view, answer, locale, ids, labels: RefCell::default() }
    }

    /// The id of the record that a value stands for.
    pub(super) fn id(&self, value: Value<'_>) -> Option<String> {
        (self.ids)(self.view, value)
    }

    fn pick<'a>(&self, zh: &'a str, en: &'a str) -> &'a str {
        self.locale.pick(zh, en)
    }

    /// What is shown, and through which view.
    pub(super) fn of(&self) -> (&'t View, &'t Answer) {
        (self.view, self.answer)
    }

    pub(super) fn label(&self, value: Value<'_>) -> String {
        let of = (value.dimension, value.value, value.of_part);
        let mut labels = self.labels.borrow_mut();
        labels.entry(of).or_insert_with(|| value.label(self.view, self.locale)).clone()
    }

    /// What holds for all of it, for programs.
    #[must_use]
    pub fn facts(&self) -> Facts {
        let codes: BTreeSet<&str> = self.answer.warnings.iter().map(|warned| warned.code.value()).collect();
        Facts {
            as_of: self.view.as_of(),
            revision: self.view.revision(),
            scope: self.answer.places(Locale::En).join(", "),
            warnings: codes.into_iter().collect::<Vec<_>>().join(", "),
        }
    }

    /// What each measure has of columns: its value, and with a comparison what it is compared with and the difference.
    fn parts(&self) -> Vec<&'static str> {
        if self.answer.compared {
            vec![
                self.locale.pick("本期", "value"),
                self.locale.pick("比较值", "previous"),
                self.locale.pick("增减", "change"),
            ]
        } else {
            vec![""]
        }
    }

    /// Name and unit of a measure.
    fn measure(&self, measure: ReportMeasure) -> String {
        let (item, (zh, en)) = (measure.item(), measure.spec().unit);
        match self.locale {
            Locale::Zh => format!("{}（{zh}）", item.zh),
            Locale::En => format!("{} ({en})", item.en),
        }
    }

    /// All but the rows.
    #[must_use]
    pub fn grid(&self, titled: &Titled<'_>, input: &Input) -> Grid {
        let day = self.view.as_of();
        let scope = self.answer.places(self.locale).join(self.pick("、", ", "));
        let mut notes = vec![format!(
            "{}：{day}　{}：{scope}　{}：{}",
            self.pick("统计时点", "As of"),
            self.pick("统计范围", "Territory"),
            self.pick("登记库修订号", "Revision"),
            self.view.revision()
        )];
        notes.extend(self.told(input));
        notes.extend(self.answer.warnings.iter().map(|warned| warned.text.clone()));
        Grid {
            title: titled.title.to_owned(),
            notes,
            header: self.header(),
            flat: self.flat(),
            keys: u16::try_from(self.answer.dimensions.len()).unwrap_or(0),
            about: self.about(titled, input),
        }
    }

    /// With what it is compared, and which part of the register it counts.
    fn told(&self, input: &Input) -> Vec<String> {
        let mut out = Vec::new();
        if let Some(with) = &input.compare {
            out.push(format!(
                "{}：{}",
                self.pick("比较对象", "Compared with"),
                compared_with(self.view, with, self.locale)
            ));
        }
        if !input.segments.is_empty() {
            let labels = input.segments.iter().map(|segment| segment.item());
            let labels: Vec<&str> = labels.map(|item| self.pick(item.zh, item.en)).collect();
            out.push(format!("{}：{}", self.pick("口径", "Segments"), labels.join(self.pick("、", ", "))));
        }
        out
    }

    pub(super) fn dimension(&self, dimension: ReportDimension) -> &'static str {
        let item = dimension.item();
        self.locale.pick(item.zh, item.en)
    }

    /// Headings over each other: values of the pivot, measures, parts of the comparison.
    fn header(&self) -> Vec<Vec<Head>> {
        let (parts, pivots) = (self.parts(), self.answer.pivot.len());
        let compared = u32::from(parts.len() > 1);
        let depth = u32::try_from(pivots).unwrap_or(0) + 1 + compared;
        let own = self.answer.dimensions.iter().map(|dimension| Head {
            text: self.dimension(*dimension).to_owned(),
            columns: 1,
            rows: depth,
        });
        let mut out: Vec<Vec<Head>> = vec![own.collect()];
        out.resize(depth as usize, Vec::new());
        let width = u16::try_from(parts.len()).unwrap_or(1);
        for (level, row) in out.iter_mut().enumerate().take(pivots) {
            // Neighbours with the same values up to here stand under one heading.
            let (mut last, mut heads): (Option<Vec<u64>>, Vec<Head>) = (None, Vec::new());
            for column in &self.answer.columns {
                let values: Vec<Value<'_>> = self.answer.pivot_of(column).take(level + 1).collect();
                let key: Vec<u64> = values.iter().map(|value| value.value).collect();
                match heads.last_mut().filter(|_| last.as_ref() == Some(&key)) {
                    Some(head) => head.columns += width,
                    None => {
                        let text = values.last().map(|value| self.label(*value)).unwrap_or_default();
                        heads.push(Head { text, columns: width, rows: 1 });
                    }
                }
                last = Some(key);
            }
            row.extend(heads);
        }
        for column in &self.answer.columns {
            out[pivots].push(Head { text: self.measure(column.measure), columns: width, rows: 1 });
            if compared > 0 {
                let head = |text: &&str| Head { text: (*text).to_owned(), columns: 1, rows: 1 };
                out[pivots + 1].extend(parts.iter().map(head));
            }
        }
        out
    }

    /// Headings in one row.
    #[must_use]
    pub fn flat(&self) -> Vec<String> {
        let mut out: Vec<String> =
            self.answer.dimensions.iter().map(|d| self.dimension(*d).to_owned()).collect();
        for column in &self.answer.columns {
            let mut name: Vec<String> = self.answer.pivot_of(column).map(|value| self.label(value)).collect();
            name.push(self.measure(column.measure));
            for part in self.parts() {
                let with = name.iter().map(String::as_str).chain((!part.is_empty()).then_some(part));
                out.push(with.collect::<Vec<_>>().join("·"));
            }
        }
        out
    }

    /// What a measure means.
    pub(super) fn said(&self, measure: ReportMeasure) -> Vec<(&'static str, String)> {
        let (item, spec) = (measure.item(), measure.spec());
        let additivity = spec.additivity.item();
        vec![
            ("label", self.pick(item.zh, item.en).to_owned()),
            ("unit", self.pick(spec.unit.0, spec.unit.1).to_owned()),
            ("additivity", self.pick(additivity.zh, additivity.en).to_owned()),
            ("definition", self.pick(spec.definition.0, spec.definition.1).to_owned()),
            ("legalBasis", spec.basis.unwrap_or_default().to_owned()),
        ]
    }

    /// What the numbers mean, and how they were asked for.
    fn about(&self, titled: &Titled<'_>, input: &Input) -> Vec<Vec<String>> {
        let heads = [
            ("指标", "Measure"),
            ("单位", "Unit"),
            ("可加性", "Additivity"),
            ("定义", "Definition"),
            ("法规依据", "Legal basis"),
        ];
        let mut out = vec![heads.map(|(zh, en)| self.pick(zh, en).to_owned()).to_vec()];
        let said = |measure: &ReportMeasure| self.said(*measure).into_iter().map(|(_, text)| text).collect();
        out.extend(input.measures.iter().map(said));
        let said = |zh: &str, en: &str, text: &str| {
            vec![self.pick(zh, en).to_owned(), String::new(), String::new(), text.to_owned(), String::new()]
        };
        out.push(said(
            "取数方式",
            "Rounding",
            self.pick("四舍五入；增减按未舍入值计算", "half up; differences are taken before rounding"),
        ));
        out.push(said("报表定义", "Input", titled.input));
        out
    }

    /// A row as it is shown.
    #[must_use]
    pub fn line(&self, row: &Row) -> Line {
        let keys = self.answer.dimensions.iter().filter_map(|dimension| self.answer.value(row, *dimension));
        let mut cells: Vec<Filled> = keys.map(|value| Filled::Text(self.label(value))).collect();
        for (cell, column) in row.cells.iter().zip(&self.answer.columns) {
            let decimals = self.answer.decimals;
            let value = shown(column.measure, cell, decimals);
            let ratio = column.measure.spec().denominator.is_some();
            let fill = |number: Option<crate::domain::Decimal>, count: u32| {
                number.map_or(Filled::Empty, |number| Filled::Number(number, count))
            };
            let own = if ratio { decimals } else { 0 };
            cells.push(match cell.state {
                MeasureState::Suppressed => Filled::Text("*".to_owned()),
                MeasureState::Ok | MeasureState::NoData => fill(value.value, own),
            });
            if self.answer.compared {
                let mean = cell.previous.is_some_and(|(_, below)| below != 1);
                let other = if ratio || mean { decimals } else { 0 };
                cells.push(fill(value.previous, other));
                cells.push(fill(value.delta, other));
            }
        }
        Line { cells, is_total: row.is_total }
    }

    /// All rows and then the totals, as they are shown.
    pub fn lines(&self) -> impl Iterator<Item = Line> + '_ {
        self.answer.rows.iter().chain(&self.answer.totals).map(|row| self.line(row))
    }

    /// How many there are.
    #[must_use]
    pub fn count(&self) -> usize {
        self.answer.rows.len() + self.answer.totals.len()
    }
}
