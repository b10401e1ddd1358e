//! Change: what was done to the register, by whom, on what document; and what of it the viewer may read.

use super::engine::{Code, Conn, DateTime, Gid, Int64, ListArgs, Listed, Rank, Ref, Source, Tag, Text};
use super::{ActedOn, Division, Document, Identified, NodeFields, NodeRef};
use crate::domain::{ActKind, CodeList, CodeRange, Fault, RecordKind, Role};
use crate::policy::{Place, View};
use crate::record;
use crate::snapshot::{EntryRow, FieldRow, Handle, RecordRow, Word};
use tiaokuai_macros::fields;

impl Identified for Change {
    fn gid(of: Ref<'_, Self>) -> Gid {
        Gid::seal(of.view.id_seal(), Tag::Change, of.view.entry_id(of.key))
    }

    fn acted_on(of: Ref<'_, Self>) -> Option<ActedOn> {
        Some((Place::Territory(of.view.home(of.key)), &[None]))
    }
}

/// The changes of an object, or those of the counties of a territory, that were made after a revision.
pub(super) fn changes<'v>(
    view: &'v View,
    of: Option<(RecordKind, i64)>,
    within: CodeRange,
    since: i64,
    args: ListArgs<Change>,
) -> Result<Conn<'v, Change>, Fault> {
    let rows = match of {
        Some((kind, id)) => {
            let mut rows = view.entries_of(kind, id, since);
            rows.retain(|entry| within.overlaps(view.home(*entry)));
            rows
        }
        None => view.entries_within(within, since),
    };
    // The list goes by this number in its cursors: what it is of, and since when.
    let object = of.map_or(0, |(kind, id)| id * 32 + kind.index() as i64 + 1);
    let number = object.wrapping_mul(1_000_003).wrapping_add(since);
    Conn::new(view, Source::InOrder(number, within, rows.into()), args)
}

impl<'v> Ref<'v, Change> {
    fn row(self) -> &'v EntryRow {
        self.view.entry_row(self.key)
    }

    fn text(self, word: Word) -> Text<'v> {
        Text(self.view.word(self.key, word))
    }

    /// The entries of another revision in the county, newest first.
    fn others(self, revision: Option<i64>) -> Vec<Handle> {
        let others = revision.map(|revision| self.view.entries_at(self.view.home(self.key), revision));
        others.unwrap_or_default()
    }
}

#[fields(ChangeFields)]
impl<'v> Ref<'v, Change> {
    /// The revision of the register that it made (修订号), together with all else that was done in it. Numbers without a gap, in the
    /// order in which changes were made.
    #[field(Public, Open, filter, order, unit = "revisions (次)", example = "3")]
    pub fn revision(self) -> Int64 {
        Int64(self.row().revision)
    }

    /// When it was made (登记时间), in UTC.
    #[field(Public, Open)]
    pub fn at(self) -> DateTime {
        DateTime(self.text(self.row().at).0.to_owned())
    }

    /// What was done (业务操作); null for an act of a later release.
    #[field(Public, Open, filter, order)]
    pub fn act(self) -> Option<Code<ActKind>> {
        self.row().act.map(Code)
    }

    /// The document it rests on (依据文件); null when there is none, or none for the viewer.
    #[field(Public, Open, relation = anywhere)]
    pub fn basis(self) -> Option<Ref<'v, Document>> {
        Some(self.to(self.view.find_document(self.row().document?)?))
    }

    /// Who did it (经办人): the subject of the token.
    #[field(Internal, Logged, filter, order, example = "zhang.san")]
    pub fn principal(self) -> Option<Text<'v>> {
        Some(self.text(self.row().principal))
    }

    /// In which role it was done (经办角色).
    #[field(Internal, Logged, filter, order)]
    pub fn role(self) -> Option<Code<Role>> {
        self.row().role.map(Code)
    }

    /// Id of the request that did it (请求编号), such as stands in `X-Request-Id`.
    #[field(Internal, Logged, filter)]
    pub fn request(self) -> Option<Text<'v>> {
        Some(self.text(self.row().request))
    }

    /// The county that keeps it (所属县); a division above the county for what is kept there.
    #[field(Public, Open, relation = anywhere)]
    pub fn county(self) -> Option<Ref<'v, Division>> {
        Some(self.to(self.view.home_division(self.key)?))
    }

    /// What it takes back (所撤销的变更); null when it is no reversal, or not for the viewer.
    #[field(Public, Open, cost = 4)]
    pub fn reverses(self) -> Option<Ref<'v, Change>> {
        let mut others = self.others(self.row().reverses).into_iter().rev();
        // Documents stay on file.
        let first = others.find(|entry| self.view.entry_row(*entry).act != Some(ActKind::DocumentRegister));
        first.map(|entry| self.to(entry))
    }

    /// By what it was taken back (撤销本变更的登记); null when it stands, or not for the viewer.
    #[field(Public, Open, cost = 4)]
    pub fn reversed_by(self) -> Option<Ref<'v, Change>> {
        let by = self.others(self.row().reversed_by).into_iter();
        // What else came with the reversal, such as its document, is not what took this back.
        let mut by = by.filter(|entry| self.view.entry_row(*entry).reverses == Some(self.row().revision));
        by.next().map(|entry| self.to(entry))
    }

    /// What was written (变更记录), as far as the viewer may know of it; mostly a few, some hundreds for an act that moves a whole body.
    #[field(Public, Open, cost = 4)]
    pub fn records(self) -> Vec<Ref<'v, ChangeRecord>> {
        self.view.records_of(self.key).map(|record| self.to(record)).collect()
    }
}

record! {
    /// An entry of the change log (变更日志): one act, as far as it touched one county. Never changed, never removed.
    /// Source: the log, whose hash chain `tiaokuai audit verify` walks.
    Change as "Change" by Handle, implements ["Node"], fields [NodeFields::<Change>::FIELDS, ChangeFields::FIELDS],
    |view, at, rule| view.may_entry(rule, at)
}

impl Listed for Change {
    type Item<'v> = Ref<'v, Change>;
    fn item(view: &View, handle: Handle) -> Ref<'_, Change> {
        Ref::new(view, handle)
    }
    fn rank(view: &View, handle: Handle) -> Rank {
        // Newest first.
        [-view.entry_row(handle).revision, -i64::from(handle.row), handle.shard.into(), 0, 0, 0, 0, 0]
    }
    fn scan(view: &View, range: CodeRange) -> Box<dyn Iterator<Item = Handle> + Send + '_> {
        Box::new(view.entries_within(range, 0).into_iter())
    }
}

impl<'v> Ref<'v, ChangeRecord> {
    fn row(self) -> &'v RecordRow {
        self.view.record_row(self.key)
    }
}

#[fields(ChangeRecordFields)]
impl<'v> Ref<'v, ChangeRecord> {
    /// What it is about (变更记录类别).
    #[field(Public, Open)]
    pub fn kind(self) -> Code<RecordKind> {
        Code(self.row().kind)
    }

    /// The object in whose history it stands (所属对象), as of the day of the query; null when it does not exist on the day.
    #[field(Public, Open)]
    pub fn object(self) -> Option<NodeRef<'v>> {
        NodeRef::of_record(self.view, self.row().of, self.row().object)
    }

    /// Whether there was none before (是否新增).
    #[field(Public, Open)]
    pub fn created(self) -> bool {
        self.row().created
    }

    /// Whether there is none after (是否撤除): what made it was taken back.
    #[field(Public, Open)]
    pub fn removed(self) -> bool {
        self.row().removed
    }

    /// The values that changed (变更内容), without those that the viewer may not read; at most some dozens.
    #[field(Public, Open, cost = 2)]
    pub fn fields(self) -> Vec<Ref<'v, ChangedField>> {
        self.view.changed_fields(self.key).map(|field| self.to(field)).collect()
    }
}

record! {
    /// A record that an act wrote (变更记录): before and after. Source: the change log.
    ChangeRecord as "ChangeRecord" by Handle, implements [], fields [ChangeRecordFields::FIELDS], |_view, _at, _rule| true
}

impl<'v> Ref<'v, ChangedField> {
    fn row(self) -> &'v FieldRow {
        self.view.changed_field(self.key)
    }

    fn text(self, word: Option<Word>) -> Option<Text<'v>> {
        word.map(|word| Text(self.view.word(self.key, word)))
    }
}

#[fields(ChangedFieldFields)]
impl<'v> Ref<'v, ChangedField> {
    /// Name of the value in the register (字段), such as `approved` or `valid_to`.
    #[field(Public, Open)]
    pub fn name(self) -> Text<'v> {
        Text(self.view.word(self.key, self.row().name))
    }

    /// The value before (变更前); null where there was none. Example: 3.
    #[field(Public, Open)]
    pub fn before(self) -> Option<Text<'v>> {
        self.text(self.row().before)
    }

    /// The value after (变更后); null where there is none any more. Example: 5.
    #[field(Public, Open)]
    pub fn after(self) -> Option<Text<'v>> {
        self.text(self.row().after)
    }
}

record! {
    /// A value before and after a change (变更内容). Source: the change log.
    ChangedField as "ChangedField" by Handle, implements [], fields [ChangedFieldFields::FIELDS], |_view, _at, _rule| true
}
