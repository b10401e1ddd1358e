//! Reports: the register in groups, with what is said of each group, under the viewer's [`View`].
//!
//! A report is checked (`check`), planned (`plan`), and worked out in one walk over the facts of its territory (`scan`), which adds up
//! quantities (`quantity`) by group (`cube`, `totals`). Measures (`measure`) are quantities, or one divided by another; dimensions
//! (`dimension`) say into which group a fact falls. What is worked out elsewhere than in memory would fill a [`cube::Cube`] too: nothing
//! behind it knows where sums come from.

mod answer;
mod attribute;
mod band;
mod check;
mod compare;
mod counting;
mod cube;
mod dimension;
mod fact;
mod file;
mod follows;
mod frame;
mod input;
mod making;
mod measure;
mod plan;
mod quantity;
mod scan;
mod scope;
mod segment;
mod sink;
mod suppress;
mod table;
mod totals;
mod value;
mod warning;
mod withheld;

pub use answer::{Answer, Cell, Column, MeasureState, Row};
pub use band::{AgeBand, PopulationBand};
pub use check::{check, dimensions_of, is_personal};
pub use cube::Key;
pub use dimension::{Dimension, Meaning, ReportDimension, unpacked};
pub use fact::ReportFact;
pub use file::{ExportFormat, TextEncoding, Written, broken, fits, write};
pub use input::{By, Compare, Filter, Having, Input, Order, Part, Peers, TotalLevel};
pub use measure::{Additivity, Measure, ReportMeasure};
pub use segment::{ReportSegment, Segment};
pub use table::{Facts, Ids, Table, Titled, compared_with};
pub use value::Value;

use crate::code_list;
use crate::domain::{CodeRange, Decimal, DivisionCode, Fault};
use crate::policy::View;
use crate::snapshot::Handle;
use making::{Making, parts};
use plan::Plan;
use scan::Scan;
use sink::Collecting;
use totals::{Leaves, Totals};
use warning::{count_suppressed, warnings};
use withheld::Withheld;

code_list! {
    /// What is to be known of a report (报表提示).
    ReportWarning {
        Narrowed = "NARROWED", "范围收窄", "the numbers are those of a part of the territory";
        HavingLeftOut = "HAVING_LEFT_OUT", "条件排除", "groups were left out by a condition, and totals count them";
        Suppressed = "SUPPRESSED", "小数抑制", "values are not shown, since they are about few persons";
        Overlapping = "OVERLAPPING", "分组重叠", "groups overlap";
        NoData = "NO_DATA", "无数据", "some groups have no value";
        Comparison = "COMPARISON", "对比提示", "what is compared is less, or other, than one may think";
        Future = "FUTURE", "未来时点", "the day is yet to come, and what is registered for it counts";
        OtherDay = "OTHER_DAY", "统计日调整", "the report is of another day than today";
        Synthetic = "SYNTHETIC", "演示数据", "the register holds synthetic data";
    }
}

/// Something that is to be known of a report.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Warned {
    /// What.
    pub code: ReportWarning,
    /// In words, in the language of the viewer.
    pub text: String,
}

/// The territory of a report: the nation when none is given.
///
/// # Errors
/// `BAD_USER_INPUT` where there is no such division.
pub(crate) fn territory(view: &View, within: Option<DivisionCode>) -> Result<CodeRange, Fault> {
    let Some(code) = within else { return Ok(CodeRange::NATIONAL) };
    if view.division(code).is_none() {
        return Err(Fault::input(
            format!("No division has the code {code} on {}. Look it up with `divisions`.", view.as_of()),
            format!("{}不存在代码为 {code} 的行政区划，请用 divisions 查询。", view.as_of()),
        ));
    }
    Ok(code.range())
}

/// The territory of a report; what is compared with the day before a reform is that of the reform.
fn whole(view: &View, input: &Input) -> Result<CodeRange, Fault> {
    match (&input.compare, input.within) {
        (Some(Compare::Reform(reform)), None) => Ok(view.home(*reform)),
        (_, within) => territory(view, within),
    }
}

/// Works a report out, as of the day of the view.
///
/// # Errors
/// `BAD_USER_INPUT` with what would be right, `FORBIDDEN`, `QUERY_TOO_EXPENSIVE`, `TIMEOUT`.
pub fn run<'v>(view: &'v View, input: &Input) -> Result<(Answer, &'v View), Fault> {
    check::check(view, input)?;
    let asked = view;
    let (mut view, mut scope) = (view, scope::scope(input, view, whole(view, input)?)?);
    if scope.grouped && view.explicit_day().is_none() {
        // Personal attributes in groups are those of the end of a quarter.
        view = view.at(view.as_of().end_of_quarter());
        scope = scope::scope(input, view, whole(view, input)?)?;
    }
    let told = scope.ranges.clone();
    let (grouped, plan) = (scope.grouped, Plan::new(input, scope));
    let leaves = Leaves::new(view, &plan)?;
    if grouped {
        view.meter().charge(leaves.cost_of_all(&plan))?;
    }
    let totals = Totals::of(&plan, leaves);
    let previous =
        input.compare.as_ref().map(|with| compare::previous(view, &plan, with, &totals)).transpose()?;
    let mut texts = value::texts(totals.leaf());
    if let Some(before) = previous.as_ref().and_then(compare::Previous::groups) {
        texts.extend(value::texts(before));
    }
    let [all, pivots] = parts(&plan, &totals, previous.as_ref(), &texts);
    let withheld = |totals: &Totals| if grouped { Withheld::of(&plan, totals) } else { Withheld::default() };
    let making = Making {
        plan: &plan,
        totals: &totals,
        previous: previous.as_ref(),
        withheld: withheld(&totals),
        withheld_before: match &previous {
            Some(compare::Previous::Same(before)) => withheld(before),
            _ => Withheld::default(),
        },
    };
    let listed = |keys: &[Key]| keys.iter().copied().filter(|key| making.is_listed(key)).collect::<Vec<_>>();
    let (rows, shown) = (listed(&all), listed(&pivots));
    let columns = making.columns(&shown)?;
    // Paid before there is room for them.
    let wide = columns.len() + if input.pivot.is_empty() { 0 } else { input.measures.len() };
    view.meter().charge((rows.len() * wide) as u64)?;
    let (of_rows, of_totals) = (making.rows(&rows, &columns, &texts), making.totals(&all, &columns));
    let mut answer = Answer {
        dimensions: input.dimensions.clone(),
        pivot: input.pivot.clone(),
        measures: input.measures.clone(),
        decimals: input.decimals,
        columns,
        suppressed: count_suppressed(&of_rows, &of_totals),
        rows: of_rows,
        totals: of_totals,
        scope: told,
        warnings: Vec::new(),
        texts,
        left_out: rows.len() < all.len() || shown.len() < pivots.len(),
        compared: previous.is_some(),
        grouped,
    };
    answer.warnings = warnings(view, &plan, (rows.len(), previous.as_ref()), &answer);
    if view.as_of() != asked.as_of() {
        let day = view.as_of();
        let (en, zh) =
            (format!("Personal attributes are those of {day}."), format!("个人属性为 {day} 的数据。"));
        answer
            .warnings
            .push(Warned { code: ReportWarning::OtherDay, text: view.locale().pick(&zh, &en).to_owned() });
    }
    Ok((answer, view))
}

/// A value as it is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Shown {
    /// The value.
    pub value: Option<Decimal>,
    /// What it is compared with.
    pub previous: Option<Decimal>,
    /// How much larger it is, taken before rounding.
    pub delta: Option<Decimal>,
    /// The same in percent of what it is compared with.
    pub percent: Option<Decimal>,
}

/// A value as it is shown: counts are whole, ratios have decimals, and so have means that counts are compared with.
#[must_use]
pub fn shown(measure: ReportMeasure, cell: &Cell, decimals: u32) -> Shown {
    let spec = measure.spec();
    let ratio = spec.denominator.is_some();
    let mean = cell.previous.is_some_and(|(_, below)| below != 1);
    let (value, before) = (cell.value(spec.scale), cell.before(spec.scale));
    let delta = value.zip(before).map(|(value, before)| value.minus(before));
    let percent = delta.zip(before).and_then(|(delta, before)| delta.percent_of(before));
    let (own, other) = (if ratio { decimals } else { 0 }, if ratio || mean { decimals } else { 0 });
    Shown {
        value: value.map(|value| value.rounded(own)),
        previous: before.map(|value| value.rounded(other)),
        delta: delta.map(|value| value.rounded(other)),
        percent: percent.map(|value| value.rounded(decimals)),
    }
}

/// The bodies behind a row; of one measure those that add to it.
///
/// # Errors
/// `FORBIDDEN` where persons are shown in groups only, `QUERY_TOO_EXPENSIVE`, `TIMEOUT`.
pub fn records(
    view: &View,
    input: &Input,
    row: &Key,
    measure: Option<ReportMeasure>,
) -> Result<Vec<Handle>, Fault> {
    let scope = scope::scope(input, view, whole(view, input)?)?;
    if scope.grouped {
        return Err(Fault::new(
            crate::domain::ErrorCode::Forbidden,
            "Personal attributes are for you in groups only: the records behind them are not told. Leave out `records`.",
            "个人属性仅供您分组统计，不提供明细。请去掉 records。",
        ));
    }
    let plan = Plan::new(input, scope);
    let numerator = measure.map(|measure| measure.spec().numerator);
    let facts: Vec<ReportFact> = match numerator {
        Some(quantity) => vec![quantity.fact()],
        None => input.measures.iter().map(|measure| measure.spec().fact()).collect(),
    };
    let wanted = |kind: ReportFact, key: &Key, fact: &fact::Fact<'_, '_>| {
        let same = (0..plan.width()).all(|at| row[at] == dimension::ALL || row[at] == key[at]);
        same && facts.contains(&kind)
            && numerator.is_none_or(|quantity| match quantity.add() {
                quantity::Add::Number(read) => read(fact).is_some_and(|number| number != 0),
                quantity::Add::Own(which) => {
                    counting::posts(fact).is_some_and(|n| n.all()[which as usize] != 0)
                }
                quantity::Add::Once(read) => matches!(read(fact), quantity::Counted::This(_)),
            })
    };
    let mut sink = Collecting { wanted: &wanted, bodies: Vec::new() };
    Scan { view, plan: &plan, dropped: None }.all(&plan.scope.ranges, &mut sink)?;
    let mut seen = rustc_hash::FxHashSet::default();
    sink.bodies.retain(|body| seen.insert(*body));
    Ok(sink.bodies)
}
