//! What a report is asked for, after its ids were opened and its filters read.

use super::dimension::ReportDimension;
use super::fact::ReportFact;
use super::measure::ReportMeasure;
use super::segment::ReportSegment;
use crate::code_list;
use crate::domain::{CodeRange, Day, DivisionCode, Fault, Ratio};
use crate::policy::View;
use crate::snapshot::Handle;

code_list! {
    /// Which totals a report has (合计层级).
    TotalLevel {
        Grand = "GRAND", "总计", "over all groups";
        First = "FIRST", "按第一维度小计", "for each value of the first dimension";
        Second = "SECOND", "按前两个维度小计", "for each pair of values of the first two of three dimensions or more";
        Third = "THIRD", "按前三个维度小计", "for each triple of values of the first three of four dimensions or more";
    }
}

/// Filters of the lists, as reports use them. What a fact does not have is not asked for.
pub trait Filter: Send + Sync {
    /// Which facts can be filtered by each, by the names of the parts: those that are given.
    fn parts(&self) -> Vec<Part>;
    /// Whether the viewer may filter so in a territory.
    ///
    /// # Errors
    /// `FORBIDDEN`.
    fn check(&self, view: &View, range: CodeRange) -> Result<(), Fault>;
    /// Whether a record passes the part of the filter about it.
    ///
    /// # Errors
    /// `QUERY_TOO_EXPENSIVE`.
    fn passes(&self, part: Part, view: &View, at: Handle) -> Result<bool, Fault>;
}

/// A part of a filter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// About the township of a fact.
    Township,
    /// About its body.
    Organization,
    /// About its post.
    LeadershipPost,
    /// About its appointment.
    Appointment,
    /// About the change that it is.
    Change,
}

impl Part {
    /// What it is called in the input.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Township => "township",
            Self::Organization => "organization",
            Self::LeadershipPost => "leadershipPost",
            Self::Appointment => "appointment",
            Self::Change => "change",
        }
    }

    /// Whether facts of a kind have what it is about.
    #[must_use]
    pub fn is_of(self, fact: ReportFact) -> bool {
        use super::dimension::Level as L;
        match self {
            Self::Township => true,
            Self::Organization => L::Body.is_of(fact),
            Self::LeadershipPost => L::Post.is_of(fact),
            Self::Appointment => L::Appointment.is_of(fact),
            Self::Change => L::Change.is_of(fact),
        }
    }
}

/// A condition on the value of a measure in a group.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Having {
    /// The measure.
    pub measure: ReportMeasure,
    /// At least, more than, at most, less than: as far as given.
    pub bounds: [Option<Ratio>; 4],
    /// Whether there is no value.
    pub is_null: Option<bool>,
}

/// A key of the order of rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Order {
    /// By which.
    pub by: By,
    /// Largest first.
    pub descending: bool,
}

/// By what rows are ordered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum By {
    /// The value of a measure.
    Measure(ReportMeasure),
    /// How much larger it is than what it is compared with.
    Delta(ReportMeasure),
    /// The value of a dimension.
    Dimension(ReportDimension),
}

/// With what a report is compared.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Compare {
    /// The same on another day.
    Day(Day),
    /// The same on the day before a reform, following what became of bodies.
    Reform(Handle),
    /// The same in another territory.
    Within(DivisionCode),
    /// Each township with those of its type and size.
    Peers(Peers),
    /// What a setting pattern allows.
    Standard(Handle),
}

/// Which townships are compared with each other.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Peers {
    /// In which territory they are looked for.
    pub within: Option<DivisionCode>,
    /// Whether they are of the same type.
    pub same_type: bool,
    /// Whether they are of the same size.
    pub same_band: bool,
}

/// What a report is asked for.
pub struct Input {
    /// By what rows are grouped.
    pub dimensions: Vec<ReportDimension>,
    /// By what columns are grouped.
    pub pivot: Vec<ReportDimension>,
    /// What is said of each group.
    pub measures: Vec<ReportMeasure>,
    /// Parts of the register.
    pub segments: Vec<ReportSegment>,
    /// The territory.
    pub within: Option<DivisionCode>,
    /// Filters.
    pub filter: Option<Box<dyn Filter>>,
    /// Conditions on groups.
    pub having: Vec<Having>,
    /// With what it is compared.
    pub compare: Option<Compare>,
    /// The order of rows.
    pub order: Vec<Order>,
    /// Which totals there are.
    pub totals: Vec<TotalLevel>,
    /// Decimals of ratios.
    pub decimals: u32,
}

impl Input {
    /// All dimensions, those of columns last.
    pub fn all_dimensions(&self) -> impl Iterator<Item = ReportDimension> + '_ {
        self.dimensions.iter().chain(&self.pivot).copied()
    }
}
