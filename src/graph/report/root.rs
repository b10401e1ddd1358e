//! What of the root is about reports.

use super::saved::all;
use super::{Report, ReportArgs, ReportCatalog, SavedReport, work_out};
use crate::domain::{Fault, LabelLocale, Locale};
use crate::graph::Query;
use crate::graph::engine::{Code, Ref};
use tiaokuai_macros::fields;

#[fields(ReportQueryFields)]
impl<'v> Ref<'v, Query> {
    /// What reports can be made of (报表目录): dimensions, measures and segments, as far as the viewer may.
    #[field(Public, Open)]
    pub fn report_catalog(
        self,
        #[arg("Language of labels and definitions (语言); ZH_CN when absent.")] locale: Option<
            Code<LabelLocale>,
        >,
    ) -> Ref<'v, ReportCatalog> {
        self.to(if locale == Some(Code(LabelLocale::En)) { Locale::En } else { Locale::Zh })
    }

    /// Reports under a name (保存的报表): those that come with the program, one's own, and those that others share.
    #[field(Public, Open, cost = 4)]
    pub fn saved_reports(self) -> Result<Vec<Ref<'v, SavedReport>>, Fault> {
        all(self.view)
    }

    /// A report (报表): the register in groups, with what is said of each, and totals. Worked out at each query, for the viewer.
    #[field(Public, Open, cost = 64)]
    pub fn report(self, #[group] args: ReportArgs) -> Result<Ref<'v, Report>, Fault> {
        work_out(self.view, args)
    }
}
