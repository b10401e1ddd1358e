//! What is to be known of an answer.

use super::answer::{Answer, MeasureState, Row};
use super::compare::{Previous, allowed};
use super::input::Compare;
use super::measure::ReportMeasure;
use super::plan::Plan;
use super::quantity::Quantity;
use super::suppress::LEAST;
use super::{ReportWarning, Warned};
use crate::domain::{CodeList, CodeRange, Day, Locale};
use crate::policy::{Rule, View};

/// How many values are not shown.
#[must_use]
pub fn count_suppressed(rows: &[Row], totals: &[Row]) -> usize {
    let cells = rows.iter().chain(totals).flat_map(|row| &row.cells);
    cells.filter(|cell| cell.state == MeasureState::Suppressed).count()
}

/// What is to be known of an answer.
#[must_use]
pub fn warnings(
    view: &View,
    plan: &Plan<'_>,
    (all, previous): (usize, Option<&Previous>),
    answer: &Answer,
) -> Vec<Warned> {
    let mut out = Vec::new();
    let mut warn = |code: ReportWarning, en: String, zh: String| {
        out.push(Warned { code, text: view.locale().pick(&zh, &en).to_owned() });
    };
    if plan.scope.narrowed {
        let (en, zh) = (answer.places(Locale::En).join(", "), answer.places(Locale::Zh).join("、"));
        warn(
            ReportWarning::Narrowed,
            format!("The numbers are those of {en}, where you may read them."),
            format!("数据范围为您有权读取的 {zh}。"),
        );
    }
    if matches!(previous, Some(Previous::Peers { narrowed: true, .. })) {
        warn(
            ReportWarning::Narrowed,
            "Peers are those where you may read them.".to_owned(),
            "同类乡镇仅含您有权读取的部分。".to_owned(),
        );
    }
    for (en, zh) in comparison(view, plan, previous) {
        warn(ReportWarning::Comparison, en, zh);
    }
    // Whose persons may be read is said by where they are now.
    let other_day = view.as_of() != Day::today()
        || matches!(plan.input.compare, Some(Compare::Day(_) | Compare::Reform(_)));
    let persons = plan.rules().contains(&Rule::Structured) && !plan.scope.grouped;
    if persons && other_day && !view.covers(Rule::Structured, CodeRange::ALL) {
        warn(
            ReportWarning::Narrowed,
            "Of another day persons are counted as far as they hold a post where you may read them today."
                .to_owned(),
            "其他时点仅统计目前仍在您授权范围内任职的人员。".to_owned(),
        );
    }
    let left = all - answer.rows.len();
    if left > 0 {
        warn(
            ReportWarning::HavingLeftOut,
            format!("{left} group(s) are left out by `having`; totals count them."),
            format!("按条件未列 {left} 组；合计仍包含这些分组。"),
        );
    }
    if answer.left_out {
        warn(
            ReportWarning::Suppressed,
            format!(
                "Groups of fewer than {LEAST} persons, and others that would tell of them, are not listed; totals count them. By fewer attributes, or of a larger territory, there are more."
            ),
            format!(
                "涉及不足 {LEAST} 人（或可据以推算）的分组未列出；合计仍包含这些分组。减少个人属性维度或扩大范围可列出更多。"
            ),
        );
    }
    if answer.suppressed > 0 {
        warn(
            ReportWarning::Suppressed,
            format!(
                "{} values are not shown: they are about fewer than {LEAST} persons, or would tell of such.",
                answer.suppressed
            ),
            format!("{} 个数值因涉及不足 {LEAST} 人（或可据以推算）而不予显示。", answer.suppressed),
        );
    }
    if let Some((_, dimension)) = plan.overlapping().and_then(|at| plan.dimensions().nth(at)) {
        let (name, label) = (dimension.value(), dimension.item().zh);
        warn(
            ReportWarning::Overlapping,
            format!("Groups by {name} overlap: a body counts under each of its values, and once in totals."),
            format!("按{label}（{name}）分组有重叠：一个机构可计入多组，合计不重复。"),
        );
    }
    if view.as_of() > Day::today() {
        warn(
            ReportWarning::Future,
            format!("{} is yet to come: the numbers are what is registered for it by now.", view.as_of()),
            format!("{}尚未到来，数值为目前已登记的未来安排。", view.as_of()),
        );
    }
    if all == 0 && !answer.left_out {
        warn(
            ReportWarning::NoData,
            format!("On {} nothing is registered there that the report counts.", view.as_of()),
            format!("{}该范围内没有可统计的登记数据。", view.as_of()),
        );
    }
    let empty = |row: &Row| row.cells.iter().any(|cell| cell.state == MeasureState::NoData);
    if answer.rows.iter().any(empty) {
        warn(
            ReportWarning::NoData,
            "Some groups have no value: nothing is registered there, or the denominator is zero.".to_owned(),
            "部分分组无数据：未登记，或分母为零。".to_owned(),
        );
    }
    if view.is_synthetic() {
        warn(
            ReportWarning::Synthetic,
            "The register holds synthetic data: do not quote the numbers.".to_owned(),
            "登记库含合成演示数据，数值请勿引用。".to_owned(),
        );
    }
    out
}

/// What is to be known of a comparison: in English and Chinese.
fn comparison(view: &View, plan: &Plan<'_>, previous: Option<&Previous>) -> Vec<(String, String)> {
    let mut out = Vec::new();
    match &plan.input.compare {
        Some(Compare::Standard(pattern)) => {
            let none = |m: &&ReportMeasure| allowed(m.spec().numerator).is_none();
            let none: Vec<&str> = plan.input.measures.iter().filter(none).map(|m| m.value()).collect();
            if !none.is_empty() {
                let names = none.join(", ");
                out.push((
                    format!("A setting pattern says nothing about {names}: they are compared with nothing."),
                    format!("机构设置模式未规定 {names}，不作比较。"),
                ));
            }
            let open = view.pattern_row(*pattern).slots.iter().filter(|slot| slot.kind.is_none());
            let open: Vec<&str> = open.map(|slot| slot.label.as_str()).collect();
            let split =
                |m: &ReportMeasure| matches!(m.spec().numerator, Quantity::Offices | Quantity::Institutions);
            if !open.is_empty() && plan.input.measures.iter().any(split) {
                let labels = open.join("、");
                out.push((
                    format!("The pattern does not say of {labels} whether offices or institutions fill them: offices and bureaus (办, 局) count as offices, centres, stations and teams (中心, 站, 队) as institutions, others as neither."),
                    format!("该模式未规定 {labels} 由内设机构还是事业单位承担：办、局计入内设机构，中心、站、队计入事业单位，其余均不计入。"),
                ));
            }
        }
        Some(Compare::Reform(reform)) if view.reform_row(*reform).effective_on > view.as_of() => out.push((
            format!("On {} the reform has not taken effect yet: both days lie before it.", view.as_of()),
            format!("{}该改革尚未生效，两个时点均在改革之前。", view.as_of()),
        )),
        _ => {}
    }
    if let Some(Previous::Peers { unknown: count @ 1.., .. }) = previous {
        out.push((
            format!("Of {count} townships no population is registered: their peers are those of which none is either."),
            format!("{count} 个乡镇未登记常住人口，仅与同样未登记人口的乡镇比较。"),
        ));
    }
    out
}
