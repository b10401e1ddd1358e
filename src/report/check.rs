//! What is wrong with a report, and what would be right; and where it may look.

use super::dimension::{Level, ReportDimension};
use super::fact::ReportFact;
use super::input::{By, Compare, Input, Order};
use super::measure::{Additivity, ReportMeasure};
use crate::domain::{CodeList, CodeRange, Fault};
use crate::policy::{Class, View};
use std::collections::BTreeSet;

/// The most dimensions of a report, those of columns among them.
pub const DIMENSIONS: usize = 6;
/// The most measures.
pub const MEASURES: usize = 80;
/// The most conditions on groups, keys of an order, and segments.
const CONDITIONS: usize = 20;

type Checked = Result<(), Fault>;

fn wrong<T>(en: impl Into<String>, zh: impl Into<String>) -> Result<T, Fault> {
    Err(Fault::input(en, zh))
}

/// Refuses what does not go together.
///
/// # Errors
/// `BAD_USER_INPUT`, with what would be right.
pub fn check(view: &View, input: &Input) -> Checked {
    sizes(input)?;
    for measure in &input.measures {
        of_measure(view, input, *measure)?;
    }
    let asked = |measure: ReportMeasure, place: &str| {
        if input.measures.contains(&measure) {
            return Ok(());
        }
        let name = measure.value();
        wrong(
            format!("`{place}` names {name}, which the report does not ask for: add it to `measures`."),
            format!(
                "{place} 使用了未列入 measures 的指标 {name}（{}），请将其加入 measures。",
                measure.item().zh
            ),
        )
    };
    for having in &input.having {
        asked(having.measure, "having")?;
    }
    for Order { by, .. } in &input.order {
        match by {
            By::Measure(measure) => asked(*measure, "orderBy")?,
            By::Delta(measure) => {
                asked(*measure, "orderBy")?;
                if input.compare.is_none() {
                    return wrong(
                        "An order by `delta` needs something to compare with: give `compareTo`.",
                        "按增减排序（delta）须给出 compareTo。",
                    );
                }
            }
            By::Dimension(dimension) if input.dimensions.contains(dimension) => {}
            By::Dimension(dimension) => {
                let name = dimension.value();
                return wrong(
                    format!("`orderBy` names {name}, by which rows are not grouped: add it to `dimensions`."),
                    format!("orderBy 使用了未列入 dimensions 的维度 {name}，请将其加入 dimensions。"),
                );
            }
        }
    }
    if view.present_is_other() && matches!(input.compare, Some(Compare::Within(_) | Compare::Peers(_))) {
        return wrong(
            "`knownAt` is of one county: the others are not told as they were known then. Leave out `knownAt`, or compare with another day.",
            "knownAt 仅限一个县：其他地域无法按当时登记比较。请去掉 knownAt，或与其他时点比较。",
        );
    }
    compare(input)
}

fn sizes(input: &Input) -> Checked {
    let all: Vec<ReportDimension> = input.all_dimensions().collect();
    if all.len() > DIMENSIONS {
        return wrong(
            format!("A report has at most {DIMENSIONS} dimensions, in `dimensions` and `pivot` together."),
            format!("dimensions 与 pivot 合计最多 {DIMENSIONS} 个维度。"),
        );
    }
    if let Some(twice) = (1..all.len()).find(|at| all[..*at].contains(&all[*at])) {
        let name = all[twice].value();
        return wrong(
            format!("{name} stands twice in `dimensions` and `pivot`: leave one of them out."),
            format!("维度 {name} 在 dimensions 与 pivot 中重复，请去掉其一。"),
        );
    }
    let measures = &input.measures;
    if measures.is_empty() || measures.len() > MEASURES {
        return wrong(
            format!("A report has 1 to {MEASURES} measures; `reportCatalog` lists them."),
            format!("measures 应有 1 至 {MEASURES} 个指标；可用指标见 reportCatalog。"),
        );
    }
    if let Some(twice) = (1..measures.len()).find(|at| measures[..*at].contains(&measures[*at])) {
        let name = measures[twice].value();
        return wrong(
            format!("{name} stands twice in `measures`: leave one of them out."),
            format!("指标 {name} 在 measures 中重复，请去掉其一。"),
        );
    }
    let many = [input.having.len(), input.order.len(), input.segments.len()];
    if many.iter().any(|count| *count > CONDITIONS) {
        return wrong(
            format!("`having`, `orderBy` and `segments` have at most {CONDITIONS} entries each."),
            format!("having、orderBy、segments 各最多 {CONDITIONS} 项。"),
        );
    }
    for level in &input.totals {
        let needs = level.index() + usize::from(level.index() > 0);
        if needs > input.dimensions.len() {
            return wrong(
                format!(
                    "The total {} needs {needs} `dimensions` or more: the rows themselves are the finest level.",
                    level.value()
                ),
                format!("小计 {} 须有至少 {needs} 个 dimensions：明细行即为最细层级。", level.value()),
            );
        }
    }
    Ok(())
}

/// The dimensions by which a measure can be grouped.
pub fn dimensions_of(measure: ReportMeasure) -> impl Iterator<Item = ReportDimension> {
    let fact = measure.spec().fact();
    (0..).map_while(ReportDimension::at).filter(move |dimension| dimension.spec().level.is_of(fact))
}

fn is_time(dimension: ReportDimension) -> bool {
    use ReportDimension as D;
    matches!(dimension, D::Year | D::Quarter | D::Month | D::Day)
}

fn of_measure(view: &View, input: &Input, measure: ReportMeasure) -> Checked {
    let (spec, name, zh) = (measure.spec(), measure.value(), measure.item().zh);
    let fact = spec.fact();
    for dimension in input.all_dimensions() {
        if dimension.spec().level.is_of(fact) {
            continue;
        }
        let by = dimension.value();
        if is_time(dimension) && spec.additivity != Additivity::Additive {
            return wrong(
                format!(
                    "{name} is a state of one day and cannot be summed over time: leave out {by} and compare days with `asOf` and `compareTo: {{asOf}}`; {by} groups events, such as CHANGES."
                ),
                format!(
                    "{name}（{zh}）是时点指标，不得按时间累加：请去掉维度 {by}，以 asOf 与 compareTo 比较不同时点；{by} 仅用于 CHANGES 等时期指标。"
                ),
            );
        }
        let possible: Vec<&str> = dimensions_of(measure).map(ReportDimension::value).collect();
        let others: Vec<&str> = (0..)
            .map_while(ReportMeasure::at)
            .filter(|other| dimension.spec().level.is_of(other.spec().fact()))
            .filter(|other| !view.reached(&[other.spec().rule], CodeRange::ALL).is_empty())
            .map(ReportMeasure::value)
            .collect();
        return wrong(
            format!(
                "{name} cannot be grouped by {by}. It can be grouped by {}; by {by} can be grouped {}.",
                possible.join(", "),
                others.join(", ")
            ),
            format!(
                "指标 {name}（{zh}）不能按 {by}（{}）分组。可用维度：{}；可按 {by} 分组的指标：{}。",
                dimension.item().zh,
                possible.join("、"),
                others.join("、")
            ),
        );
    }
    if let Some(segment) = input.segments.iter().find(|segment| !segment.spec().level.is_of(fact)) {
        return wrong(
            format!("The segment {} says nothing about {name}: leave one of them out.", segment.value()),
            format!("口径 {} 不适用于指标 {name}（{zh}），请去掉其一。", segment.value()),
        );
    }
    let parts = input.filter.as_ref().map(|filter| filter.parts()).unwrap_or_default();
    if let Some(part) = parts.iter().find(|part| !part.is_of(fact)) {
        let part = part.name();
        return wrong(
            format!("`where.{part}` says nothing about {name}: leave one of them out."),
            format!("筛选 where.{part} 不适用于指标 {name}（{zh}），请去掉其一。"),
        );
    }
    Ok(())
}

fn compare(input: &Input) -> Checked {
    let place = |dimension: &ReportDimension| dimension.spec().level == Level::Place;
    match &input.compare {
        Some(Compare::Within(_)) => {
            use ReportDimension as D;
            let here = |d: &D| matches!(d, D::Province | D::Prefecture | D::County | D::Township);
            if let Some(dimension) = input.all_dimensions().find(here) {
                return wrong(
                    format!(
                        "Another territory has other divisions: leave {} out of the dimensions to compare with `compareTo.within`.",
                        dimension.value()
                    ),
                    format!("与其他地域比较（compareTo.within）时，请去掉区划维度 {}。", dimension.value()),
                );
            }
        }
        Some(Compare::Peers(_)) => {
            if !input.dimensions.contains(&ReportDimension::Township) {
                return wrong(
                    "Peers are townships of the same kind: add TOWNSHIP to `dimensions` to compare with `compareTo.peers`.",
                    "同类比较（compareTo.peers）以乡镇为单位：请在 dimensions 中加入 TOWNSHIP。",
                );
            }
            let distinct = |m: &&ReportMeasure| m.spec().additivity == Additivity::Distinct;
            if let Some(measure) = input.measures.iter().find(distinct) {
                let name = measure.value();
                return wrong(
                    format!(
                        "{name} counts each once, wherever it stands, so peers have no mean of it: leave it out to compare with `compareTo.peers`."
                    ),
                    format!("{name}（{}）为去重计数，没有同类均值：请去掉该指标。", measure.item().zh),
                );
            }
        }
        Some(Compare::Standard(_)) => {
            if let Some(dimension) = input.all_dimensions().find(|dimension| !place(dimension)) {
                return wrong(
                    format!(
                        "A setting pattern says how many bodies a township has: leave {} out of the dimensions to compare with `compareTo.standard`.",
                        dimension.value()
                    ),
                    format!("与机构设置模式比较（compareTo.standard）时，请去掉维度 {}。", dimension.value()),
                );
            }
        }
        Some(Compare::Day(_) | Compare::Reform(_)) | None => {}
    }
    Ok(())
}

/// What the facts of a report are.
pub fn facts(input: &Input) -> BTreeSet<ReportFact> {
    let of = |measure: &ReportMeasure| {
        let spec = measure.spec();
        std::iter::once(spec.fact()).chain(spec.denominator.map(|quantity| quantity.fact()))
    };
    input.measures.iter().flat_map(of).collect()
}

/// Whether a report has personal attributes.
pub fn is_personal(input: &Input) -> bool {
    let measures = input.measures.iter().any(|measure| measure.spec().class >= Class::Personal);
    measures || input.all_dimensions().any(|dimension| dimension.spec().class >= Class::Personal)
}
