//! What is wrong with a report, and what would be right; and where it may look.

use super::dimension::{Level, ReportDimension};
use super::fact::ReportFact;
use super::input::{By, Compare, Input, Order};
use super::measure::{Additivity, ReportMeasure};
use super::plan::Scope;
use crate::domain::{CodeList, CodeRange, DivisionCode, DivisionLevel, ErrorCode, Fault};
use crate::policy::{Class, Rule, View};
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
pub fn check(input: &Input) -> Checked {
    sizes(input)?;
    for measure in &input.measures {
        of_measure(input, *measure)?;
    }
    let asked = |measure: ReportMeasure, place: &str| {
        if input.measures.contains(&measure) {
            return Ok(());
        }
        let name = measure.value();
        wrong(
            format!("`{place}` names {name}, which the report does not ask for: add it to `measures`."),
            format!("{place} 使用了未列入 measures 的指标 {name}（{}），请将其加入 measures。", measure.item().zh),
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
    compare(input)
}

fn sizes(input: &Input) -> Checked {
    let all: Vec<ReportDimension> = input.all_dimensions().collect();
    if all.len() > DIMENSIONS || all.iter().collect::<BTreeSet<_>>().len() < all.len() {
        return wrong(
            format!("A report has at most {DIMENSIONS} dimensions, in `dimensions` and `pivot` together, each once."),
            format!("dimensions 与 pivot 合计最多 {DIMENSIONS} 个维度，且不得重复。"),
        );
    }
    let measures = &input.measures;
    if measures.is_empty()
        || measures.len() > MEASURES
        || measures.iter().collect::<BTreeSet<_>>().len() < measures.len()
    {
        return wrong(
            format!("A report has 1 to {MEASURES} measures, each once; `reportCatalog` lists them."),
            format!("measures 应有 1 至 {MEASURES} 个指标，且不得重复；可用指标见 reportCatalog。"),
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

fn of_measure(input: &Input, measure: ReportMeasure) -> Checked {
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

/// The rules that a report needs.
pub fn rules(input: &Input) -> BTreeSet<Rule> {
    let measures = input.measures.iter().map(|measure| measure.spec().rule);
    let dimensions = input.all_dimensions().map(|dimension| dimension.spec().rule);
    let segments = input.segments.iter().map(|segment| segment.spec().rule);
    measures.chain(dimensions).chain(segments).filter(|rule| *rule != Rule::Open).collect()
}

/// Where a report looks for a viewer.
///
/// # Errors
/// `FORBIDDEN` where there is no such place, and for filters by what the viewer may not read there.
pub fn scope(input: &Input, view: &View, range: CodeRange) -> Result<Scope, Fault> {
    let rules: Vec<Rule> = rules(input).into_iter().collect();
    let ranges = view.reached(&rules, range);
    if ranges.is_empty() {
        return Err(forbidden(input, view, &rules));
    }
    for own in &ranges {
        if let Some(filter) = &input.filter {
            filter.check(view, *own)?;
        }
    }
    let by_line = rules.iter().copied().filter(|rule| ranges.iter().any(|own| !view.covers(*rule, *own))).collect();
    let read_singly = ranges.iter().all(|own| view.covers(Rule::Staffing, *own));
    let grouped = rules.contains(&Rule::Structured) && !read_singly;
    let scope = Scope { narrowed: ranges != [range], ranges, by_line, grouped };
    if grouped {
        in_groups(input, view)?;
    }
    Ok(scope)
}

fn forbidden(input: &Input, view: &View, rules: &[Rule]) -> Fault {
    let measures = input.measures.iter().map(|m| (m.value(), m.spec().rule));
    let dimensions = input.all_dimensions().map(|d| (d.value(), d.spec().rule));
    let protected: Vec<&str> =
        measures.chain(dimensions).filter(|(_, rule)| *rule != Rule::Open).map(|(name, _)| name).collect();
    let names = protected.join(", ");
    // The viewer's own grants are no secret.
    let own = view.reached(rules, CodeRange::ALL);
    if own.is_empty() {
        return Fault::new(
            ErrorCode::Forbidden,
            format!("You may not read {names}: use a token of a role that may; `reportCatalog` lists what you may read."),
            format!("您无权统计 {names}：请使用有权角色的令牌；可用指标见 reportCatalog。"),
        );
    }
    let own: Vec<String> = own.iter().map(|range| place(*range)).collect();
    let own = own.join(", ");
    Fault::new(
        ErrorCode::Forbidden,
        format!("`within` lies outside of where you may read {names}: that is {own}. Narrow `within` to it, or leave it out."),
        format!("within 超出您可统计 {names} 的范围（{own}）：请将 within 限定在该范围内，或不填。"),
    )
}

/// A territory as it is told.
pub fn place(range: CodeRange) -> String {
    if range.covers(CodeRange::NATIONAL) {
        return "全国 (nation)".to_owned();
    }
    DivisionCode::from_number(range.from).to_string()
}

/// Whether a report has personal attributes.
pub fn is_personal(input: &Input) -> bool {
    let measures = input.measures.iter().any(|measure| measure.spec().class >= Class::Personal);
    measures || input.all_dimensions().any(|dimension| dimension.spec().class >= Class::Personal)
}

/// Who may read personal attributes in groups only gets them by county and above, at the ends of quarters, unfiltered: what two
/// reports that differ in one person say of that person.
fn in_groups(input: &Input, view: &View) -> Checked {
    use ReportDimension as D;
    let refuse = |en: &str, zh: &str| {
        Err(Fault::new(
            ErrorCode::Forbidden,
            format!("Personal attributes are for you in groups only: {en}."),
            format!("个人属性仅供您分组统计：{zh}。"),
        ))
    };
    let fine = |d: &D| {
        matches!(d, D::Township | D::Organization | D::LeadershipPost | D::CompetentDepartment | D::SettingPattern)
    };
    if let Some(dimension) = input.all_dimensions().find(fine) {
        let name = dimension.value();
        return refuse(&format!("leave out {name} and group by COUNTY or above"), &format!("请去掉维度 {name}，按 COUNTY 及以上分组"));
    }
    if input.filter.is_some() || !input.segments.is_empty() {
        return refuse("leave out `where` and `segments`", "请去掉 where 和 segments");
    }
    let county = |code: DivisionCode| matches!(code.level(), DivisionLevel::Township | DivisionLevel::Village);
    if input.within.is_some_and(county) {
        return refuse("`within` is a county or above", "within 应为县级及以上区划");
    }
    let other = matches!(input.compare, Some(Compare::Reform(_) | Compare::Peers(_) | Compare::Standard(_)));
    let compared = match input.compare {
        Some(Compare::Day(day)) => !day.ends_quarter(),
        Some(Compare::Within(code)) => county(code),
        _ => other,
    };
    if compared {
        return refuse("compare with the end of a quarter or a county", "仅可与季度末或县级及以上区划比较");
    }
    if view.present_is_other() {
        return refuse("leave out `knownAt`", "请去掉 knownAt");
    }
    if view.explicit_day().is_some_and(|day| !day.ends_quarter()) {
        return refuse("`asOf` is the last day of a quarter, such as 2025-12-31", "asOf 应为季度末日期，如 2025-12-31");
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
