//! What a request may do beside reading: change the register, and see it as it was known. Who does that stands behind a trait, so that
//! the graph knows neither database nor server.

use super::view::View;
use super::viewer::{Grant, Viewer};
use crate::act::{Act, DraftWork, NewDocument, Notice};
use crate::code_list;
use crate::domain::{CodeRange, Day, DivisionCode, Fault, RecordKind, Role};
use crate::snapshot::Snapshot;
use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Instant;

/// The document on which acts rest.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Paper {
    /// One that is registered.
    Known(i64),
    /// One that is to be registered with the acts.
    New(NewDocument),
}

/// Acts that are to be carried out together, as they were read through a view.
#[derive(Debug, Clone)]
pub struct Batch {
    /// The county that keeps what is made: its document and its reform.
    pub home: i32,
    /// All counties that the acts may touch.
    pub counties: BTreeSet<i32>,
    /// The day on which all of it takes effect.
    pub on: Day,
    /// What it rests on.
    pub paper: Option<Paper>,
    /// Name of the reform that the acts make.
    pub reform: Option<String>,
    /// What is done.
    pub acts: Vec<Act>,
    /// Whether the log of the counties is needed: for what takes back.
    pub with_log: bool,
    /// What is done with a draft of a reform: then the acts are those of the draft, and carried out only when it is released.
    pub draft: Option<DraftWork>,
    /// The role in which the viewer does it.
    pub role: Role,
}

/// Why nothing is done.
#[derive(Debug, Clone)]
pub enum Stop {
    /// Acts of the batch are not acceptable, or the batch as a whole: the place of each, and why. None for what only follows from others.
    Refused(Vec<(Option<usize>, Notice)>),
    /// The request is not allowed.
    Fault(Fault),
}

impl Stop {
    /// The batch as a whole is refused.
    #[must_use]
    pub fn whole(notice: Notice) -> Self {
        Self::Refused(vec![(None, notice)])
    }
}

/// Reads a batch through a view. It may be read a second time, if the register moved on in between.
pub type ReadBatch = Arc<dyn Fn(&View) -> Result<Batch, Stop> + Send + Sync>;

/// What is asked for.
pub struct Order {
    /// What is to be done.
    pub read: ReadBatch,
    /// A key by which it is known when it is asked again, and a hash of what is asked.
    pub once: Option<(String, String)>,
    /// The revision that was read before.
    pub seen: Option<i64>,
    /// Only tried: nothing is written.
    pub dry_run: bool,
    /// Where in the input the acts stand; nothing when there is but one, which is the input.
    pub acts_at: &'static [&'static str],
}

/// Something that was said of an act.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Said {
    /// The place of the act; nothing for the batch as a whole.
    pub act: Option<usize>,
    /// What.
    pub notice: Notice,
    /// The revisions that changed what was to be changed.
    pub revisions: Vec<i64>,
}

/// What came of an order.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Reply {
    /// For each act the id of what it made or was about.
    pub objects: Vec<i64>,
    /// For each act what that is.
    pub kinds: Vec<RecordKind>,
    /// The reform that was made.
    pub reform: Option<i64>,
    /// The draft with which something was done.
    pub draft: Option<i64>,
    /// Why nothing was done.
    pub errors: Vec<Said>,
    /// What is to be looked at.
    pub warnings: Vec<Said>,
    /// The revision that it made; nothing when nothing was changed.
    pub revision: Option<i64>,
    /// Where in the input the acts stand.
    pub acts_at: &'static [&'static str],
    /// The day through which it is seen, where that is not today.
    pub on: Option<Day>,
    /// The county that keeps what was made.
    pub home: i32,
}

code_list! {
    /// With whom a saved report is shared (共享范围).
    Sharing {
        None = "NONE", "仅本人", "nobody";
        Territory = "TERRITORY", "地域内用户", "who has a grant in a territory";
        Everybody = "EVERYBODY", "全部登录用户", "everybody with a token";
    }
}

/// A report that somebody saved.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shelved {
    /// Its id; empty for a new one.
    pub id: String,
    /// Whose it is.
    pub owner: String,
    /// Name.
    pub name: String,
    /// What it says.
    pub description: String,
    /// What is asked for, as JSON.
    pub input: String,
    /// With whom it is shared.
    pub sharing: Sharing,
    /// With those of which territory.
    pub within: Option<DivisionCode>,
    /// When it was saved last, in UTC.
    pub at: String,
}

impl Shelved {
    /// Whether a viewer may run it, which shows nothing that the viewer may not see.
    #[must_use]
    pub fn is_for(&self, viewer: &Viewer) -> bool {
        let Some(subject) = &viewer.subject else { return false };
        let there = || {
            let range = self.within.map_or(CodeRange::ALL, DivisionCode::range);
            let grant = |grant: &Grant| grant.scope.territory.is_none_or(|code| code.range().overlaps(range));
            viewer.grants.iter().any(grant)
        };
        *subject == self.owner
            || match self.sharing {
                Sharing::None => false,
                Sharing::Territory => there(),
                Sharing::Everybody => true,
            }
    }
}

/// Carries out orders, and looks up what was known.
pub trait Registrar: Send + Sync {
    /// The register as it is now.
    fn snapshot(&self) -> Arc<Snapshot>;

    /// Carries out an order. What it gives is the register after it (or as it would be after it), and what came of it.
    ///
    /// # Errors
    /// `FORBIDDEN`; `UNAVAILABLE` and `TIMEOUT`, after which it is not known whether it was done.
    fn carry_out(&self, order: Order, view: &View) -> Result<(Arc<Snapshot>, Reply), Fault>;

    /// The register with one county as it was known at a moment.
    ///
    /// # Errors
    /// `UNAVAILABLE`, `TIMEOUT`.
    fn known_at(&self, county: u32, moment: &str, view: &View) -> Result<Arc<Snapshot>, Fault>;

    /// The saved reports that the viewer may run, by name.
    ///
    /// # Errors
    /// `UNAVAILABLE`, `TIMEOUT`.
    fn reports(&self, view: &View) -> Result<Vec<Shelved>, Fault>;

    /// Saves a report of the viewer: a new one when it has no id. What was saved.
    ///
    /// # Errors
    /// `BAD_USER_INPUT` for an id that is not of a report of the viewer's, and for too many; `UNAVAILABLE`, `TIMEOUT`.
    fn save_report(&self, report: Shelved, view: &View) -> Result<Shelved, Fault>;

    /// Removes a report of the viewer. Whether there was one.
    ///
    /// # Errors
    /// `UNAVAILABLE`, `TIMEOUT`.
    fn remove_report(&self, id: &str, view: &View) -> Result<bool, Fault>;
}

/// With what a request may change the register.
#[derive(Clone)]
pub struct Means {
    /// Who carries it out.
    pub registrar: Arc<dyn Registrar>,
    /// Id of the request.
    pub request: String,
    /// When it has to be answered.
    pub end: Instant,
}
