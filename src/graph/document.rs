//! Document: what a record rests on.

use super::engine::{Gid, Listed, Rank, Ref, Tag, Text};
use super::{ActedOn, Identified, NodeFields};
use crate::domain::{CodeRange, Day, RecordKind};
use crate::policy::{Place, View};
use crate::record;
use crate::snapshot::{DocumentRow, Handle};
use tiaokuai_macros::fields;

impl Identified for Document {
    fn gid(of: Ref<'_, Self>) -> Gid {
        Gid::seal(of.view.id_seal(), Tag::Document, of.view.document_id(of.key))
    }

    fn acted_on(of: Ref<'_, Self>) -> Option<ActedOn> {
        Some((Place::Territory(of.view.home(of.key)), &[Some(RecordKind::Document)]))
    }
}

impl<'v> Ref<'v, Document> {
    fn row(self) -> &'v DocumentRow {
        self.view.document_row(self.key)
    }
}

#[fields(DocumentFields)]
impl<'v> Ref<'v, Document> {
    /// Document number (文号), such as 东编发〔2019〕12号.
    #[field(Public, Open, filter, order)]
    pub fn number(self) -> Text<'v> {
        Text(self.view.text(self.key, self.row().number))
    }

    /// Title (标题).
    #[field(Public, Open, filter, order, example = "关于乡镇机构改革的实施方案")]
    pub fn title(self) -> Text<'v> {
        Text(self.view.text(self.key, self.row().title))
    }

    /// Issuing body (发文机关).
    #[field(Public, Open, filter, order, example = "东港市机构编制委员会")]
    pub fn issuer(self) -> Text<'v> {
        Text(self.view.text(self.key, self.row().issuer))
    }

    /// Date of issue (成文日期); null when not registered.
    #[field(Public, Open, filter, order)]
    pub fn issued_on(self) -> Option<Day> {
        self.row().issued_on
    }
}

record! {
    /// A document (依据文件) that records rest on. One that is not published is absent for those who may not see it.
    /// Source: the body that issued it (发文机关).
    Document as "Document" by Handle, implements ["Node"], fields [NodeFields::<Document>::FIELDS, DocumentFields::FIELDS],
    |view, at, rule| view.covers(rule, view.home(at))
}

impl Listed for Document {
    type Item<'v> = Ref<'v, Document>;
    fn item(view: &View, handle: Handle) -> Ref<'_, Document> {
        Ref::new(view, handle)
    }
    fn rank(view: &View, handle: Handle) -> Rank {
        [view.home(handle).from.cast_signed(), view.document_id(handle), 0, 0, 0, 0, 0, 0]
    }
    fn scan(view: &View, range: CodeRange) -> Box<dyn Iterator<Item = Handle> + Send + '_> {
        Box::new(view.documents_within(range))
    }
}
