//! Where a report may look, and what of persons it may show.

use super::dimension::ReportDimension;
use super::input::{Compare, Input};
use super::measure::ReportMeasure;
use super::plan::Scope;
use super::quantity::Quantity;
use crate::domain::{CodeList, CodeRange, Day, DivisionCode, DivisionLevel, ErrorCode, Fault, Locale};
use crate::policy::{Class, Rule, View};
use std::collections::BTreeSet;

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
    let scope = reach(input, view, range)?;
    if scope.grouped {
        in_groups(input, view, &scope.ranges)?;
    }
    Ok(scope)
}

/// Where a viewer may read what a report needs, be it the report's own territory or another.
///
/// # Errors
/// Those of [`scope`], except for what is asked of persons in groups.
pub fn reach(input: &Input, view: &View, range: CodeRange) -> Result<Scope, Fault> {
    let rules: Vec<Rule> = rules(input).into_iter().collect();
    let mut ranges = view.reached(&rules, range);
    if ranges.is_empty() && range == CodeRange::NATIONAL {
        // Somebody of a fictional county has nothing in the nation: without a territory theirs is meant.
        ranges = view.reached(&rules, CodeRange::ALL);
    }
    if ranges.is_empty() {
        return Err(forbidden(input, view, &rules));
    }
    for own in &ranges {
        if let Some(filter) = &input.filter {
            filter.check(view, *own)?;
        }
    }
    let by_line: Vec<Rule> =
        rules.iter().copied().filter(|rule| ranges.iter().any(|own| !view.covers(*rule, *own))).collect();
    let read_singly = ranges.iter().all(|own| view.covers(Rule::Staffing, *own));
    let grouped = rules.contains(&Rule::Structured) && !read_singly;
    let narrowed = ranges != [range] || !by_line.is_empty();
    Ok(Scope { narrowed, ranges, by_line, grouped })
}

fn forbidden(input: &Input, view: &View, rules: &[Rule]) -> Fault {
    let measures = input.measures.iter().map(|m| (m.value(), m.spec().rule));
    let dimensions = input.all_dimensions().map(|d| (d.value(), d.spec().rule));
    let segments = input.segments.iter().map(|s| (s.value(), s.spec().rule));
    let all = measures.chain(dimensions).chain(segments);
    let protected: Vec<&str> = all.filter(|(_, rule)| *rule != Rule::Open).map(|(name, _)| name).collect();
    let names = protected.join(", ");
    // The viewer's own grants are no secret.
    let own = view.reached(rules, CodeRange::ALL);
    if own.is_empty() {
        return Fault::new(
            ErrorCode::Forbidden,
            format!(
                "You may not read {names}: use a token of a role that may; `reportCatalog` lists what you may read."
            ),
            format!("您无权统计 {names}：请使用有权角色的令牌；可用指标见 reportCatalog。"),
        );
    }
    let told = |locale: Locale, between: &str| {
        own.iter().map(|range| place(*range, locale)).collect::<Vec<_>>().join(between)
    };
    let (en, zh) = (told(Locale::En, ", "), told(Locale::Zh, "、"));
    Fault::new(
        ErrorCode::Forbidden,
        format!(
            "`within` lies outside of where you may read {names}: that is {en}. Narrow `within` to it, or leave it out."
        ),
        format!("within 超出您可统计 {names} 的范围（{zh}）：请将 within 限定在该范围内，或不填。"),
    )
}

/// A territory as it is told: by its code, or as the nation.
pub fn place(range: CodeRange, locale: Locale) -> String {
    if range.covers(CodeRange::NATIONAL) {
        return locale.pick("全国", "nation").to_owned();
    }
    DivisionCode::from_number(range.from).to_string()
}

/// Who may read personal attributes in groups only gets them of counties and above, at the ends of quarters, unfiltered and uncompared
/// with another day: what two numbers that differ in one person say of that person. And not by what is public of posts or townships:
/// whoever is the only one at a level, or in the only township of a type, is known by it, and the one value beside which all others
/// are empty is theirs.
fn in_groups(input: &Input, view: &View, ranges: &[CodeRange]) -> Result<(), Fault> {
    use ReportDimension as D;
    let refuse = |en: &str, zh: &str| {
        Err(Fault::new(
            ErrorCode::Forbidden,
            format!("Personal attributes are for you in groups only: {en}."),
            format!("个人属性仅供您分组统计：{zh}。"),
        ))
    };
    let too_fine =
        |d: &D| d.spec().class < Class::Personal && !matches!(d, D::Province | D::Prefecture | D::County);
    if let Some(dimension) = input.all_dimensions().find(too_fine) {
        let name = dimension.value();
        return refuse(
            &format!(
                "leave out {name} and group by PROVINCE, PREFECTURE or COUNTY and by personal attributes"
            ),
            &format!("请去掉维度 {name}，仅可按 PROVINCE、PREFECTURE、COUNTY 及个人属性分组"),
        );
    }
    let attributes = input.all_dimensions().any(|dimension| dimension.spec().class >= Class::Personal);
    let of_posts = |measure: &&ReportMeasure| measure.spec().class < Class::Personal;
    if let Some(measure) = input.measures.iter().find(of_posts).filter(|_| attributes) {
        let name = measure.value();
        return refuse(
            &format!(
                "leave out {name}, which is public of each post, or the personal attributes: by them count PERSONS, WOMEN, WOMEN_SHARE or AVERAGE_AGE"
            ),
            &format!(
                "{name} 属可逐个职务公开查询的指标，不得按个人属性分组；按个人属性仅可统计 PERSONS、WOMEN、WOMEN_SHARE、AVERAGE_AGE"
            ),
        );
    }
    let women = |measure: &&ReportMeasure| measure.spec().numerator == Quantity::Women;
    if let Some(measure) = input.measures.iter().find(women)
        && input.all_dimensions().any(|dimension| dimension == D::Gender)
    {
        let name = measure.value();
        return refuse(
            &format!("leave out {name} or GENDER, which say the same: PERSONS by GENDER has the women"),
            &format!("请去掉 {name} 或维度 GENDER：按 GENDER 统计 PERSONS 即含女性人数"),
        );
    }
    if input.filter.is_some() || !input.segments.is_empty() {
        return refuse("leave out `where` and `segments`", "请去掉 where 和 segments");
    }
    let within_county = |range: &CodeRange| {
        let code = DivisionCode::from_number(range.from);
        !range.covers(CodeRange::NATIONAL)
            && matches!(code.level(), DivisionLevel::Township | DivisionLevel::Village)
    };
    let other = match &input.compare {
        Some(Compare::Within(code)) => Some(code.range()),
        _ => None,
    };
    if ranges.iter().chain(&other).any(within_county) {
        return refuse("`within` is a county or above", "within 应为县级及以上区划");
    }
    if input.compare.as_ref().is_some_and(|with| !matches!(with, Compare::Within(_))) {
        return refuse(
            "leave out `compareTo`, or compare with another county by `compareTo.within`",
            "请去掉 compareTo，或以 compareTo.within 与其他县比较",
        );
    }
    if other.is_some_and(|other| ranges.iter().any(|own| own.overlaps(other))) {
        return refuse(
            "compare with a territory that lies outside of this one: the difference between a whole and its part is the rest",
            "compareTo.within 不得与统计范围重叠：整体与部分之差即为其余部分",
        );
    }
    if view.present_is_other() {
        return refuse("leave out `knownAt`", "请去掉 knownAt");
    }
    if view.explicit_day().is_some_and(|day| !day.ends_quarter() || day > Day::today()) {
        return refuse(
            "`asOf` is the last day of a quarter that is over, such as 2025-12-31",
            "asOf 应为已结束季度的末日，如 2025-12-31",
        );
    }
    Ok(())
}
