//! What a client asks for: the inputs of a report, read into what the report room takes.

use super::filtering::Filtering;
use crate::domain::decimal::of_number;
use crate::domain::{Day, DivisionCode, Fault};
use crate::graph::engine::{
    ArgGroup, Arguments, Code, CursorKey, DateTime, Gid, OrderDirection, Tag, Where, argument,
};
use crate::graph::{Appointment, LeadershipPost, Organization, OrganizationChange, Township};
use crate::policy::View;
use crate::report::{
    By, Compare, Filter, Having, Input, Order, Peers, ReportDimension, ReportMeasure, ReportSegment,
    TotalLevel,
};
use crate::snapshot::Handle;
use async_graphql::registry::{MetaInputValue, Registry};
use async_graphql::{ID, InputObject, InputType, InputValueError, InputValueResult, OneofObject, Value};
use std::borrow::Cow;
use std::sync::Arc;

/// By what rows, or columns, are grouped (分组维度).
#[derive(Debug, InputObject)]
pub struct DimensionInput {
    /// The dimension (维度).
    pub dimension: Code<ReportDimension>,
}

/// A condition on the value of a measure in a group (指标条件). All given bounds have to hold; values are compared before they are rounded, and
/// a group without a value passes none of them.
#[derive(Debug, InputObject)]
pub struct MeasureWhere {
    /// The measure (指标), one of those that the report asks for.
    pub measure: Code<ReportMeasure>,
    /// At least (不小于).
    pub gte: Option<f64>,
    /// More than (大于).
    pub gt: Option<f64>,
    /// At most (不大于).
    pub lte: Option<f64>,
    /// Less than (小于).
    pub lt: Option<f64>,
    /// Whether there is no value (是否无值).
    pub is_null: Option<bool>,
}

/// A key of the order of rows (排序). Rows without a value come last.
#[derive(Debug, InputObject)]
pub struct ReportOrder {
    /// By the value of a measure (按指标), over all columns of a pivot.
    pub measure: Option<Code<ReportMeasure>>,
    /// By how much larger a measure is than what it is compared with (按增减).
    pub delta: Option<Code<ReportMeasure>>,
    /// By a dimension (按维度): as values are registered, divisions by code, texts by pinyin.
    pub dimension: Option<Code<ReportDimension>>,
    /// Direction (方向).
    #[graphql(default_with = "Code(OrderDirection::Asc)")]
    pub direction: Code<OrderDirection>,
}

/// Which townships are compared with each other (同类口径).
#[derive(Debug, InputObject)]
pub struct PeerRule {
    /// Where they are looked for (地域范围); the nation when absent.
    pub within: Option<DivisionCode>,
    /// Whether they are of the same type (同类型), such as 镇.
    #[graphql(default = true)]
    pub same_type: bool,
    /// Whether their population is in the same band (同人口规模).
    #[graphql(default = true)]
    pub same_population_band: bool,
}

/// With what a report is compared (比较对象).
#[derive(Debug, OneofObject)]
pub enum CompareInput {
    /// The same on another day (另一时点).
    AsOf(Day),
    /// The same on the day before a reform with this id (改革前): rows of bodies are followed through merging and renaming.
    Reform(ID),
    /// The same in another division (另一地域), by dimensions that are no divisions.
    Within(DivisionCode),
    /// Each township with the mean of others of its kind (同类乡镇); the dimensions have `TOWNSHIP`.
    Peers(PeerRule),
    /// What the setting pattern with this id allows at most (机构设置模式), for measures that count bodies.
    Standard(ID),
}

/// Which records are counted (筛选): with the filters of the lists. What a part says nothing about cannot be asked for with it.
#[derive(InputObject)]
pub struct ReportWhere {
    /// Only in townships that pass (乡镇条件).
    pub township: Option<Where<Township>>,
    /// Only bodies that pass (机构条件).
    pub organization: Option<Where<Organization>>,
    /// Only leadership posts that pass (领导职务条件).
    pub leadership_post: Option<Where<LeadershipPost>>,
    /// Only appointments that pass (任职条件).
    pub appointment: Option<Where<Appointment>>,
    /// Only changes of organisations that pass (机构变动条件).
    pub change: Option<Where<OrganizationChange>>,
}

/// A report (报表): what is said of which groups, where and when. `reportCatalog` lists dimensions, measures and segments.
#[derive(InputObject)]
#[graphql(name = "ReportInput")]
pub struct ReportFields {
    /// By what rows are grouped (行维度); one row for all that is counted when empty. With those of `pivot` at most 6.
    #[graphql(default)]
    pub dimensions: Vec<DimensionInput>,
    /// By what columns are grouped (列维度).
    #[graphql(default)]
    pub pivot: Vec<DimensionInput>,
    /// What is said of each group (指标), 1 to 80.
    pub measures: Vec<Code<ReportMeasure>>,
    /// Parts of the register under a name (常用口径); all of them hold.
    #[graphql(default)]
    pub segments: Vec<Code<ReportSegment>>,
    /// Only in this division (地域范围); the nation when absent.
    pub within: Option<DivisionCode>,
    /// Which records are counted (筛选).
    pub r#where: Option<ReportWhere>,
    /// Which groups are shown (分组条件); totals count the others too.
    #[graphql(default)]
    pub having: Vec<MeasureWhere>,
    /// As of this day (时点); today when absent.
    pub as_of: Option<Day>,
    /// As the register knew it at this moment (登记时点); in one county only.
    pub known_at: Option<DateTime>,
    /// With what it is compared (比较对象).
    pub compare_to: Option<CompareInput>,
    /// In which order rows stand (排序); by their dimensions when absent.
    #[graphql(default)]
    pub order_by: Vec<ReportOrder>,
    /// How many rows, 1 to 1000 (行数). A file has all of them.
    #[graphql(default = 200)]
    pub first: i32,
    /// The cursor after which the page begins (起始游标): `pageInfo { endCursor }` of the page before.
    pub after: Option<String>,
    /// Which totals there are (合计层级).
    #[graphql(default_with = "vec![Code(TotalLevel::Grand)]")]
    pub totals: Vec<Code<TotalLevel>>,
    /// Decimals of values, 0 to 6 (小数位数). They are rounded half up (四舍五入), differences after they were taken.
    #[graphql(default = 2)]
    pub decimals: i32,
}

/// A report as it was asked for: read, and as it was written.
#[derive(Clone)]
pub struct ReportInput {
    /// What was read.
    pub fields: Arc<ReportFields>,
    /// As it was written.
    pub written: Arc<serde_json::Value>,
}

impl InputType for ReportInput {
    type RawValueType = Self;
    fn type_name() -> Cow<'static, str> {
        <ReportFields as InputType>::type_name()
    }
    fn create_type_info(registry: &mut Registry) -> String {
        <ReportFields as InputType>::create_type_info(registry)
    }
    fn parse(value: Option<Value>) -> InputValueResult<Self> {
        let written = value.clone().unwrap_or_default().into_json().map_err(InputValueError::custom)?;
        let fields = ReportFields::parse(value).map_err(InputValueError::propagate)?;
        Ok(Self { fields: Arc::new(fields), written: Arc::new(written) })
    }
    fn to_value(&self) -> Value {
        Value::from_json((*self.written).clone()).unwrap_or_default()
    }
    fn as_raw_value(&self) -> Option<&Self> {
        Some(self)
    }
}

/// The argument of a report, with the key of its cursors and links.
#[derive(Clone)]
pub struct ReportArgs {
    /// What is asked for.
    pub input: ReportInput,
    /// The key.
    pub secret: CursorKey,
}

impl ArgGroup for ReportArgs {
    fn describe(registry: &mut Registry, into: &mut Vec<MetaInputValue>) {
        into.push(argument::<ReportInput>(registry, "input", "What is asked for (报表定义)."));
    }
    fn read<A: Arguments>(given: &A) -> Result<Self, A::Error> {
        Ok(Self { input: given.value("input")?, secret: given.secret()?.clone() })
    }
}

/// The most rows of a page.
const ROWS: i32 = 1_000;

impl ReportFields {
    /// The view of the day that is asked about.
    ///
    /// # Errors
    /// Those of [`View::known_at`].
    pub fn view<'v>(&self, view: &'v View) -> Result<&'v View, Fault> {
        let known = self.known_at.as_ref().map(|moment| moment.0.as_str());
        Ok(view.known_at(known, self.within)?.maybe_at(self.as_of))
    }

    /// How many rows a page has.
    ///
    /// # Errors
    /// `BAD_USER_INPUT`.
    pub fn size(&self) -> Result<usize, Fault> {
        let size = usize::try_from(self.first).ok().filter(|_| (1..=ROWS).contains(&self.first));
        size.ok_or_else(|| {
            Fault::input(
                format!(
                    "`first` has to be between 1 and {ROWS}: get more with `after`, or all with `export`."
                ),
                format!("first 应在 1 到 {ROWS} 之间；更多行请用 after 翻页，或以 export 导出全部。"),
            )
        })
    }
}

impl ReportInput {
    /// What the report room takes, with ids opened for a view.
    ///
    /// # Errors
    /// `BAD_USER_INPUT`.
    pub fn open(&self, view: &View) -> Result<Input, Fault> {
        let fields = &self.fields;
        let dimensions = |of: &[DimensionInput]| of.iter().map(|input| input.dimension.0).collect();
        let decimals = u32::try_from(fields.decimals).ok().filter(|n| *n <= crate::domain::decimal::MOST);
        let decimals = decimals.ok_or_else(|| {
            Fault::input("`decimals` has to be between 0 and 6.", "decimals 应在 0 到 6 之间。")
        })?;
        Ok(Input {
            dimensions: dimensions(&fields.dimensions),
            pivot: dimensions(&fields.pivot),
            measures: fields.measures.iter().map(|code| code.0).collect(),
            segments: fields.segments.iter().map(|code| code.0).collect(),
            within: fields.within,
            filter: fields
                .r#where
                .as_ref()
                .map(|_| Box::new(Filtering(self.fields.clone())) as Box<dyn Filter>),
            having: fields.having.iter().map(having).collect::<Result<_, _>>()?,
            compare: fields.compare_to.as_ref().map(|with| compare(with, view)).transpose()?,
            order: fields.order_by.iter().map(order).collect::<Result<_, _>>()?,
            totals: fields.totals.iter().map(|code| code.0).collect(),
            decimals,
        })
    }
}

fn having(of: &MeasureWhere) -> Result<Having, Fault> {
    let number = |number: Option<f64>| {
        let read = number.map(|number| of_number(number).ok_or(number)).transpose();
        read.map_err(|_| {
            Fault::input(
                "`having` compares with a number of usual size.",
                "having 中的数值超出可比较的范围。",
            )
        })
    };
    let bounds = [number(of.gte)?, number(of.gt)?, number(of.lte)?, number(of.lt)?];
    if bounds.iter().all(Option::is_none) && of.is_null.is_none() {
        return Err(Fault::input(
            "`having` takes a comparison such as {measure: BODIES, gte: 3}.",
            "having 须给出比较条件，如 {measure: BODIES, gte: 3}。",
        ));
    }
    Ok(Having { measure: of.measure.0, bounds, is_null: of.is_null })
}

fn order(of: &ReportOrder) -> Result<Order, Fault> {
    let by = match (of.measure, of.delta, of.dimension) {
        (Some(measure), None, None) => By::Measure(measure.0),
        (None, Some(measure), None) => By::Delta(measure.0),
        (None, None, Some(dimension)) => By::Dimension(dimension.0),
        _ => {
            return Err(Fault::input(
                "Each key of `orderBy` names one of `measure`, `delta` and `dimension`.",
                "orderBy 的每一项应且仅应给出 measure、delta、dimension 之一。",
            ));
        }
    };
    Ok(Order { by, descending: of.direction.0 == OrderDirection::Desc })
}

fn compare(with: &CompareInput, view: &View) -> Result<Compare, Fault> {
    let open = |id: &ID, wanted: Tag, find: fn(&View, i64) -> Option<Handle>| {
        let found = Gid::open(view.id_seal(), id)
            .filter(|(tag, _)| *tag == wanted)
            .and_then(|(_, id)| find(view, id?));
        found.ok_or_else(|| {
            let name = wanted.type_name();
            Fault::input(
                format!("`compareTo`: there is no {name} with this id. `reforms` lists reforms, `township {{ settingPattern }}` has the pattern of a township."),
                format!("compareTo：没有该标识的 {name}。改革见 reforms，机构设置模式见 township {{ settingPattern }}。"),
            )
        })
    };
    Ok(match with {
        CompareInput::AsOf(day) => Compare::Day(*day),
        CompareInput::Reform(id) => Compare::Reform(open(id, Tag::Reform, View::find_reform)?),
        CompareInput::Within(code) => Compare::Within(*code),
        CompareInput::Standard(id) => Compare::Standard(open(id, Tag::SettingPattern, View::find_pattern)?),
        CompareInput::Peers(rule) => Compare::Peers(Peers {
            within: rule.within,
            same_type: rule.same_type,
            same_band: rule.same_population_band,
        }),
    })
}
