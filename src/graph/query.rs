//! The root of the queries: a table of contents.

use super::change::changes;
use super::engine::{Code, Conn, DateTime, Gid, ListArgs, Listed, Paging, Ref, Source};
use super::node::not_an_id;
use super::report::ReportQueryFields;
use super::search::{SearchEdge, SearchKind, search};
use super::when::When;
use super::{
    Appointment, Change, CodeListOf, Department, Division, Document, InternalOffice, LeadershipPost, NodeRef,
    Organization, OrganizationRef, PublicInstitution, Reform, ReformDraft, RegisterInfo, SecondedAgency,
    Township, ViewerOf,
};
use crate::domain::{CodeRange, CreditCode, Day, DivisionCode, DivisionLevel, Fault};
use crate::policy::View;
use crate::record;
use async_graphql::ID;
use tiaokuai_macros::fields;

/// A list over a territory as of a day; over the nation when none is given.
fn list<'v, T: Listed>(
    root: Ref<'v, Query>,
    within: Option<DivisionCode>,
    when: When,
    args: ListArgs<T>,
) -> Result<Conn<'v, T>, Fault> {
    let view = when.view(root.view, within)?;
    Conn::new(view, Source::Territory(territory(view, within)?), args)
}

pub(super) fn territory(view: &View, within: Option<DivisionCode>) -> Result<CodeRange, Fault> {
    let Some(code) = within else { return Ok(CodeRange::NATIONAL) };
    if view.division(code).is_none() {
        return Err(Fault::input(
            format!("No division has the code {code} on {}. Look it up with `divisions`.", view.as_of()),
            format!("{}不存在代码为 {code} 的行政区划，请用 divisions 查询。", view.as_of()),
        ));
    }
    Ok(code.range())
}

#[fields(QueryFields)]
impl<'v> Ref<'v, Query> {
    /// Any object by its global id (按标识查询). Null when there is none, or when it is not for the viewer.
    ///
    /// `asOf` and `knownAt` are taken here as everywhere. They are not listed, since Relay refetches by a `node` with one argument only:
    /// its clients send the header `X-Tiaokuai-As-Of`.
    #[field(Public, Open)]
    pub fn node(
        self,
        #[arg("The id (标识).")] id: ID,
        #[arg("As of this day (时点); today when absent.")]
        #[unlisted]
        as_of: Option<Day>,
        #[arg("As the register knew it at this moment (登记时点); as it knows it now when absent.")]
        #[unlisted]
        known_at: Option<DateTime>,
    ) -> Result<Option<NodeRef<'v>>, Fault> {
        NodeRef::known(self.view, &id, as_of, known_at.as_ref())
    }

    /// Several objects by their global ids (按标识批量查询), in the order of the ids, with null for what is not there. A text
    /// that is no id at all is an error.
    #[field(Public, Open, cost = 4)]
    pub fn nodes(
        self,
        #[arg("The ids (标识), at most 100.")] ids: Vec<ID>,
        #[arg("As of this day (时点); today when absent.")] as_of: Option<Day>,
        #[arg(
            "As the register knew them at this moment (登记时点); as it knows them now when absent. At most ten ids then."
        )]
        known_at: Option<DateTime>,
    ) -> Result<Vec<Option<NodeRef<'v>>>, Fault> {
        NodeRef::several(self.view, &ids, as_of, known_at.as_ref())
    }

    /// A division by its code (按代码查询行政区划). Null when no division has the code on the day.
    #[field(Public, Open)]
    pub fn division(
        self,
        #[arg("Code (行政区划代码): 2, 4, 6, 9 or 12 digits.")] code: DivisionCode,
        #[group] when: When,
    ) -> Result<Option<Ref<'v, Division>>, Fault> {
        let view = when.view(self.view, Some(code))?;
        Ok(view.division(code).map(|division| Ref::new(view, division)))
    }

    /// Divisions of all levels (行政区划), ordered by code.
    #[field(Public, Open, cost = 4)]
    pub fn divisions(
        self,
        #[arg("Only this division and those in it (地域范围); the nation when absent.")] within: Option<
            DivisionCode,
        >,
        #[group] when: When,
        #[group] args: ListArgs<Division>,
    ) -> Result<Conn<'v, Division>, Fault> {
        list(self, within, when, args)
    }

    /// A township by the code of its division (按代码查询乡镇、街道). Null when none is registered there on the day.
    #[field(Public, Open)]
    pub fn township(
        self,
        #[arg("Code of its division (行政区划代码): 9 or 12 digits.")] code: DivisionCode,
        #[group] when: When,
    ) -> Result<Option<Ref<'v, Township>>, Fault> {
        if !matches!(code.level(), DivisionLevel::Township | DivisionLevel::Village) {
            return Err(Fault::input(
                format!(
                    "{code} is not the code of a township: that has 9 digits. List its townships with `townships(within: \"{code}\")`."
                ),
                format!(
                    "{code} 不是乡镇代码（应为 9 位），请用 townships(within: \"{code}\") 查询其所辖乡镇。"
                ),
            ));
        }
        let view = when.view(self.view, Some(code))?;
        Ok(view.division(code).and_then(|division| Ref::<Division>::new(view, division).township()))
    }

    /// Townships and sub-districts (乡镇、街道), ordered by code. Farms and zones are divisions, not townships.
    #[field(Public, Open, cost = 4)]
    pub fn townships(
        self,
        #[arg("Only in this division (地域范围); the nation when absent.")] within: Option<DivisionCode>,
        #[group] when: When,
        #[group] args: ListArgs<Township>,
    ) -> Result<Conn<'v, Township>, Fault> {
        list(self, within, when, args)
    }

    /// Internal offices (内设机构), ordered by division.
    #[field(Public, Open, cost = 4)]
    pub fn internal_offices(
        self,
        #[arg("Only in this division (地域范围); the nation when absent.")] within: Option<DivisionCode>,
        #[group] when: When,
        #[group] args: ListArgs<InternalOffice>,
    ) -> Result<Conn<'v, InternalOffice>, Fault> {
        list(self, within, when, args)
    }

    /// Public institutions (事业单位), ordered by division.
    #[field(Public, Open, cost = 4)]
    pub fn public_institutions(
        self,
        #[arg("Only in this division (地域范围); the nation when absent.")] within: Option<DivisionCode>,
        #[group] when: When,
        #[group] args: ListArgs<PublicInstitution>,
    ) -> Result<Conn<'v, PublicInstitution>, Fault> {
        list(self, within, when, args)
    }

    /// Seconded agencies (派驻机构), ordered by division.
    #[field(Public, Open, cost = 4)]
    pub fn seconded_agencies(
        self,
        #[arg("Only in this division (地域范围); the nation when absent.")] within: Option<DivisionCode>,
        #[group] when: When,
        #[group] args: ListArgs<SecondedAgency>,
    ) -> Result<Conn<'v, SecondedAgency>, Fault> {
        list(self, within, when, args)
    }

    /// Departments of the county and above (部门), ordered by division.
    #[field(Public, Open, cost = 4)]
    pub fn departments(
        self,
        #[arg("Only in this division (地域范围); the nation when absent.")] within: Option<DivisionCode>,
        #[group] when: When,
        #[group] args: ListArgs<Department>,
    ) -> Result<Conn<'v, Department>, Fault> {
        list(self, within, when, args)
    }

    /// All organisations (机构), ordered by division.
    #[field(Public, Open, cost = 4)]
    pub fn organizations(
        self,
        #[arg("Only in this division (地域范围); the nation when absent.")] within: Option<DivisionCode>,
        #[group] when: When,
        #[group] args: ListArgs<Organization>,
    ) -> Result<Conn<'v, Organization>, Fault> {
        list(self, within, when, args)
    }

    /// An organisation by its unified social credit code (按统一社会信用代码查询机构). Null when none has it on the day.
    #[field(Public, Open)]
    pub fn organization(
        self,
        #[arg("Unified social credit code (统一社会信用代码).")] uscc: CreditCode,
        #[group] when: When,
    ) -> Result<Option<OrganizationRef<'v>>, Fault> {
        // What was known is asked of the county in which some body has, or had, the code; which it is, nobody learns from that.
        let place = if when.is_known() { self.view.county_of_credit_code(uscc.as_str()) } else { None };
        if when.is_known() && place.is_none() {
            return Ok(None);
        }
        let view = when.view(self.view, place)?;
        Ok(view.organization_by_credit_code(uscc.as_str()).map(|body| OrganizationRef::new(view, body)))
    }

    /// Leadership posts (领导职务), ordered by division and organisation.
    #[field(Public, Open, cost = 4)]
    pub fn leadership_posts(
        self,
        #[arg("Only in this division (地域范围); the nation when absent.")] within: Option<DivisionCode>,
        #[group] when: When,
        #[group] args: ListArgs<LeadershipPost>,
    ) -> Result<Conn<'v, LeadershipPost>, Fault> {
        list(self, within, when, args)
    }

    /// Appointments in force on the day (任职), ordered by division, organisation and post.
    #[field(Public, Open, cost = 4)]
    pub fn appointments(
        self,
        #[arg("Only in this division (地域范围); the nation when absent.")] within: Option<DivisionCode>,
        #[group] when: When,
        #[group] args: ListArgs<Appointment>,
    ) -> Result<Conn<'v, Appointment>, Fault> {
        list(self, within, when, args)
    }

    /// Drafts of reforms (改革方案草案), ordered by county and then as they were written.
    #[field(Public, Open, cost = 4)]
    pub fn reform_drafts(
        self,
        #[arg("Only of this division (地域范围); the nation when absent.")] within: Option<DivisionCode>,
        #[group] args: ListArgs<ReformDraft>,
    ) -> Result<Conn<'v, ReformDraft>, Fault> {
        list(self, within, When::default(), args)
    }

    /// The change log (变更日志), newest first: what was done to the register, when, by whom, on what document. Those of one object with
    /// `of`, those of a territory with `within`.
    #[field(Public, Open, cost = 4)]
    pub fn changes(
        self,
        #[arg("Only of the counties of this division (地域范围); the nation when absent.")] within: Option<
            DivisionCode,
        >,
        #[arg("Only about the object with this id (对象标识).")] of: Option<ID>,
        #[arg("Only after this revision of the register (起始修订号). Unit: revisions (次).")] since: Option<
            i64,
        >,
        #[group] args: ListArgs<Change>,
    ) -> Result<Conn<'v, Change>, Fault> {
        // An object is asked for wherever it lies; a territory is the nation, without what is made up, as in all lists.
        let everywhere = of.is_some() && within.is_none();
        let range = if everywhere { CodeRange::ALL } else { territory(self.view, within)? };
        let of = match &of {
            None => None,
            Some(id) => {
                let (tag, id) = Gid::open(self.view.id_seal(), id).ok_or_else(not_an_id)?;
                // An id that was never given out has no history.
                NodeRef::record_of(tag).map(|kind| (kind, id.unwrap_or_default()))
            }
        };
        changes(self.view, of, range, since.unwrap_or(0), args)
    }

    /// Reforms (机构改革), ordered by county and day.
    #[field(Public, Open, cost = 4)]
    pub fn reforms(
        self,
        #[arg("Only of this division (地域范围); the nation when absent.")] within: Option<DivisionCode>,
        #[group] when: When,
        #[group] args: ListArgs<Reform>,
    ) -> Result<Conn<'v, Reform>, Fault> {
        list(self, within, when, args)
    }

    /// Documents (依据文件), ordered by county.
    #[field(Public, Open, cost = 4)]
    pub fn documents(
        self,
        #[arg("Only of this division (地域范围); the nation when absent.")] within: Option<DivisionCode>,
        #[group] when: When,
        #[group] args: ListArgs<Document>,
    ) -> Result<Conn<'v, Document>, Fault> {
        list(self, within, when, args)
    }

    /// Finds divisions, organisations, persons, documents and reforms (检索): by name as it is written in simplified or
    /// traditional characters, by pinyin or its initials, by former name, by code, by document number. The best first.
    #[field(Public, Open, cost = 64)]
    pub fn search(
        self,
        #[arg(
            "What to look for (检索词), 1 to 100 characters, such as 普基镇, 普基鎮, puji, pj or 513428100."
        )]
        text: String,
        #[arg("Only these kinds of objects (检索对象); all that the viewer may see when absent.")]
        in_: Option<Vec<Code<SearchKind>>>,
        #[arg("Only in this division (地域范围); the nation when absent.")] within: Option<DivisionCode>,
        #[group] when: When,
        #[group] paging: Paging,
    ) -> Result<Conn<'v, SearchEdge>, Fault> {
        let view = when.view(self.view, within)?;
        search(view, &text, in_, territory(view, within)?, paging)
    }

    /// All code lists with their labels (代码表), by name; about thirty.
    #[field(Public, Open)]
    pub fn code_lists(self) -> Vec<Ref<'v, CodeListOf>> {
        (0..super::register::CODE_LISTS.len()).map(|at| self.to(at)).collect()
    }

    /// Who asks (当前访问者).
    #[field(Public, Open)]
    pub fn viewer(self) -> Ref<'v, ViewerOf> {
        self.to(())
    }

    /// The register as a whole (登记库概况): revision, counts, and whether the data are synthetic.
    #[field(Public, Open)]
    pub fn register(self) -> Ref<'v, RegisterInfo> {
        self.to(())
    }
}

record! {
    /// All queries (查询).
    Query as "Query" by (), implements [], fields [QueryFields::FIELDS, ReportQueryFields::FIELDS], |_view, _at, _rule| true
}
