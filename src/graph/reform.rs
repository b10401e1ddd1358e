//! Reform and OrganizationChange: what became of what, on which day, on the basis of which document.

use super::engine::{Code, Conn, Gid, ListArgs, Listed, Rank, Ref, Source, Tag, Text};
use super::{Document, Identified, NodeFields, OrganizationRef};
use crate::domain::{ChangeKind, CodeRange, Day, Fault};
use crate::policy::View;
use crate::record;
use crate::snapshot::{ChangeRow, Handle, ReformRow};
use tiaokuai_macros::fields;

impl Identified for Reform {
    fn gid(of: Ref<'_, Self>) -> Gid {
        Gid::seal(of.view.id_seal(), Tag::Reform, of.view.reform_id(of.key))
    }
}

impl Identified for OrganizationChange {
    fn gid(of: Ref<'_, Self>) -> Gid {
        Gid::seal(of.view.id_seal(), Tag::OrganizationChange, of.view.change_id(of.key))
    }
}

impl<'v> Ref<'v, Reform> {
    fn row(self) -> &'v ReformRow {
        self.view.reform_row(self.key)
    }
}

impl<'v> Ref<'v, OrganizationChange> {
    fn row(self) -> &'v ChangeRow {
        self.view.change_row(self.key)
    }
}

#[fields(ReformFields)]
impl<'v> Ref<'v, Reform> {
    /// Name (改革名称).
    #[field(Public, Open, filter, order, example = "2022年普格县乡镇机构改革")]
    pub fn name(self) -> Text<'v> {
        Text(self.view.text(self.key, self.row().name))
    }

    /// Day on which it takes effect (生效日期).
    #[field(Public, Open, filter, order)]
    pub fn effective_on(self) -> Day {
        self.row().effective_on
    }

    /// The document it rests on (依据文件).
    #[field(Public, Open, relation = anywhere)]
    pub fn basis(self) -> Option<Ref<'v, Document>> {
        Some(self.to(self.view.find_document(self.row().document?)?))
    }

    /// Its changes (机构变动), in the order of their registration.
    #[field(Public, Open, cost = 8, relation = anywhere)]
    pub fn changes(
        self,
        #[group] list: ListArgs<OrganizationChange>,
    ) -> Result<Conn<'v, OrganizationChange>, Fault> {
        let rows: Vec<Handle> = self.view.changes_of_reform(self.key).collect();
        Conn::new(
            self.view,
            Source::Rows(self.view.reform_id(self.key), self.view.home(self.key), rows.into()),
            list,
        )
    }
}

record! {
    /// A reform (机构改革): changes of organisations which take effect together. Source: the plan of the reform (改革方案).
    Reform as "Reform" by Handle, implements ["Node"], fields [NodeFields::<Reform>::FIELDS, ReformFields::FIELDS],
    |view, at, rule| view.covers(rule, view.home(at))
}

impl Listed for Reform {
    type Item<'v> = Ref<'v, Reform>;
    fn item(view: &View, handle: Handle) -> Ref<'_, Reform> {
        Ref::new(view, handle)
    }
    fn rank(view: &View, handle: Handle) -> Rank {
        let row = view.reform_row(handle);
        [
            view.home(handle).from.cast_signed(),
            row.effective_on.0.into(),
            view.reform_id(handle),
            0,
            0,
            0,
            0,
            0,
        ]
    }
    fn scan(view: &View, range: CodeRange) -> Box<dyn Iterator<Item = Handle> + Send + '_> {
        Box::new(view.reforms_within(range))
    }
}

#[fields(OrganizationChangeFields)]
impl<'v> Ref<'v, OrganizationChange> {
    /// Kind of change (变动类型), such as 合并 or 撤销.
    #[field(Public, Open, filter, order)]
    pub fn kind(self) -> Code<ChangeKind> {
        Code(self.row().kind)
    }

    /// Day on which it takes effect (生效日期).
    #[field(Public, Open, filter, order)]
    pub fn effective_on(self) -> Day {
        self.row().effective_on
    }

    /// The reform it belongs to (所属改革); null for a change of its own.
    #[field(Public, Open, relation = anywhere)]
    pub fn reform(self) -> Option<Ref<'v, Reform>> {
        Some(self.to(self.view.find_reform(self.row().reform?)?))
    }

    /// The document it rests on (依据文件).
    #[field(Public, Open, relation = anywhere)]
    pub fn basis(self) -> Option<Ref<'v, Document>> {
        Some(self.to(self.view.find_document(self.row().document?)?))
    }

    /// The organisations before it (变动前机构), as they were on the day before; at most a few dozen.
    #[field(Public, Open, cost = 2, relation = anywhere)]
    pub fn originals(self) -> Vec<OrganizationRef<'v>> {
        self.view.parties(self.key, false).map(|(then, h)| OrganizationRef::new(then, h)).collect()
    }

    /// The organisations after it (变动后机构), as they were on its day; at most a few dozen.
    #[field(Public, Open, cost = 2, relation = anywhere)]
    pub fn results(self) -> Vec<OrganizationRef<'v>> {
        self.view.parties(self.key, true).map(|(then, h)| OrganizationRef::new(then, h)).collect()
    }
}

record! {
    /// A change of organisations (机构变动): what became of what. Source: the basis document (依据文件).
    OrganizationChange as "OrganizationChange" by Handle, implements ["Node"],
    fields [NodeFields::<OrganizationChange>::FIELDS, OrganizationChangeFields::FIELDS],
    |view, at, rule| view.covers(rule, view.home(at))
}

impl Listed for OrganizationChange {
    type Item<'v> = Ref<'v, OrganizationChange>;
    fn item(view: &View, handle: Handle) -> Ref<'_, OrganizationChange> {
        Ref::new(view, handle)
    }
    fn rank(view: &View, handle: Handle) -> Rank {
        let row = view.change_row(handle);
        [row.effective_on.0.into(), view.change_id(handle), 0, 0, 0, 0, 0, 0]
    }
    /// Changes are listed where they hang, never by territory.
    fn scan(_: &View, _: CodeRange) -> Box<dyn Iterator<Item = Handle> + Send + '_> {
        Box::new(std::iter::empty())
    }
}
