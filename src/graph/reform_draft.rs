//! ReformDraft: acts that somebody wrote and another releases.

use super::engine::{Code, Gid, Listed, Rank, Ref, Tag, Text};
use super::{ActedOn, Identified, NodeFields, Reform};
use crate::domain::{CodeRange, DraftState, RecordKind};
use crate::policy::{Place, View};
use crate::record;
use crate::snapshot::{DraftRow, Handle};
use tiaokuai_macros::fields;

impl Identified for ReformDraft {
    fn gid(of: Ref<'_, Self>) -> Gid {
        Gid::seal(of.view.id_seal(), Tag::ReformDraft, of.view.draft_id(of.key))
    }

    fn acted_on(of: Ref<'_, Self>) -> Option<ActedOn> {
        Some((Place::Territory(of.view.home(of.key)), &[Some(RecordKind::ReformDraft)]))
    }
}

impl<'v> Ref<'v, ReformDraft> {
    fn row(self) -> &'v DraftRow {
        self.view.draft_row(self.key)
    }
}

#[fields(ReformDraftFields)]
impl<'v> Ref<'v, ReformDraft> {
    /// Name of the reform (改革名称).
    #[field(Public, Open, filter, order, example = "2026年虚构县乡镇机构改革")]
    pub fn name(self) -> Text<'v> {
        Text(self.view.text(self.key, self.row().name))
    }

    /// Its state (草案状态).
    #[field(Public, Open, filter, order)]
    pub fn state(self) -> Code<DraftState> {
        Code(self.row().state)
    }

    /// The acts and how they are done (草案内容), as JSON: the input of the reform as it was written. Example: {"name":"…","acts":[…]}.
    #[field(Public, Open)]
    pub fn content(self) -> Text<'v> {
        Text(self.view.text(self.key, self.row().content))
    }

    /// Who wrote it (起草人): the subject of the token.
    #[field(Public, Open, filter, order, example = "zhang.san")]
    pub fn author(self) -> Text<'v> {
        Text(self.view.text(self.key, self.row().author))
    }

    /// Who returned or released it last (审核人); null before that.
    #[field(Public, Open, filter, order, example = "li.si")]
    pub fn reviewer(self) -> Option<Text<'v>> {
        self.row().reviewer.map(|sym| Text(self.view.text(self.key, sym)))
    }

    /// Why it was returned (退回理由); null when it never was.
    #[field(Public, Open, example = "编制数与核定数不符")]
    pub fn opinion(self) -> Option<Text<'v>> {
        self.row().opinion.map(|sym| Text(self.view.text(self.key, sym)))
    }

    /// The reform that it became (办理结果); null until it is released.
    #[field(Public, Open, relation = anywhere)]
    pub fn reform(self) -> Option<Ref<'v, Reform>> {
        Some(self.to(self.view.find_reform(self.row().reform?)?))
    }
}

record! {
    /// A draft of a reform (改革方案草案): one writes and submits it, another returns or releases it. Absent for those who do not prepare or
    /// approve establishment. Source: its author.
    ReformDraft as "ReformDraft" by Handle, implements ["Node"], fields [NodeFields::<ReformDraft>::FIELDS, ReformDraftFields::FIELDS],
    |view, at, rule| view.covers(rule, view.home(at))
}

impl Listed for ReformDraft {
    type Item<'v> = Ref<'v, ReformDraft>;
    fn item(view: &View, handle: Handle) -> Ref<'_, ReformDraft> {
        Ref::new(view, handle)
    }
    fn rank(view: &View, handle: Handle) -> Rank {
        [view.home(handle).from.cast_signed(), view.draft_id(handle), 0, 0, 0, 0, 0, 0]
    }
    fn scan(view: &View, range: CodeRange) -> Box<dyn Iterator<Item = Handle> + Send + '_> {
        Box::new(view.drafts_within(range))
    }
}
