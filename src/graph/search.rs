//! Search: by name as it is written or sounds, by former name, by code and by document number.

use super::engine::{Code, Conn, FieldDef, Int64, Listed, Paging, Rank, Ref, Source, Text};
use super::{Division, Document, NodeRef, Organization, OrganizationRef, Person, Reform};
use crate::code_list;
use crate::domain::reading::passed_over;
use crate::domain::{CodeList, CodeRange, DivisionLevel, ErrorCode, Fault, OrganizationKind};
use crate::policy::{Found, SearchField, View};
use crate::record;
use crate::snapshot::{Handle, How, Match, Needle, Sym, TextOf};
use rustc_hash::FxHashMap;
use tiaokuai_macros::fields;

code_list! {
    /// What can be searched for (检索对象). Equal finds stand in this order.
    SearchKind {
        Division = "DIVISION", "行政区划", "divisions";
        Township = "TOWNSHIP", "乡镇、街道", "townships and sub-districts";
        Department = "DEPARTMENT", "部门", "departments";
        InternalOffice = "INTERNAL_OFFICE", "内设机构", "internal offices";
        PublicInstitution = "PUBLIC_INSTITUTION", "事业单位", "public institutions";
        SecondedAgency = "SECONDED_AGENCY", "派驻机构", "seconded agencies";
        Person = "PERSON", "人员", "persons, for who may read their data";
        Document = "DOCUMENT", "依据文件", "documents";
        Reform = "REFORM", "机构改革", "reforms";
    }
}

/// The longest text that can be searched for, in characters.
const LONGEST: usize = 100;

/// Finds what is called or numbered so, the best first.
///
/// # Errors
/// `BAD_USER_INPUT` for a text that is empty or too long, `FORBIDDEN` for persons without the right to any,
/// `QUERY_TOO_EXPENSIVE`, `CURSOR_INVALID`.
pub(super) fn search<'v>(
    view: &'v View,
    text: &str,
    kinds: Option<Vec<Code<SearchKind>>>,
    range: CodeRange,
    paging: Paging,
) -> Result<Conn<'v, SearchEdge>, Fault> {
    let needle = Needle::new(text);
    if needle.text.is_empty() || text.chars().count() > LONGEST {
        return Err(Fault::input(
            format!("`text` takes 1 to {LONGEST} characters, such as 普基镇, puji, pj or 513428100."),
            format!("text 应为 1 至 {LONGEST} 个字符，如 普基镇、puji、pj 或 513428100。"),
        ));
    }
    let kinds: Option<Vec<SearchKind>> = kinds.map(|kinds| kinds.into_iter().map(|k| k.0).collect());
    if kinds.as_ref().is_some_and(|k| k.contains(&SearchKind::Person)) && !view.may_search_persons() {
        return Err(Fault::new(
            ErrorCode::Forbidden,
            "Persons are found only by who may read their data: use a token of such a role, or leave PERSON out of `in`.",
            "仅有权查看人员信息者可检索人员：请使用相应角色的令牌，或在 in 中去掉 PERSON。",
        ));
    }
    let mut best: FxHashMap<(SearchKind, Handle), HitKey> = FxHashMap::default();
    for found in view.search(&needle, range)? {
        let hit = HitKey::of(view, &found);
        if kinds.as_ref().is_some_and(|k| !k.contains(&hit.kind)) {
            continue;
        }
        let known = best.entry((hit.kind, found.handle)).or_insert(hit);
        if hit.place() > known.place() {
            *known = hit;
        }
    }
    // Cursors of one search are refused by another: by its text and its kinds.
    let kinds = kinds.unwrap_or_default();
    let identity = blake3::hash(format!("{} {kinds:?} {range:?}", needle.text).as_bytes());
    let owner = i64::from_le_bytes(identity.as_bytes()[..8].try_into().unwrap_or_default());
    let rows = best.into_values().collect();
    Conn::new(view, Source::Rows(owner, range, rows), paging.into())
}

/// What was found, and by what.
#[derive(Clone, Copy)]
pub struct HitKey {
    kind: SearchKind,
    handle: Handle,
    field: SearchField,
    text: Option<(Handle, Sym)>,
    hit: Option<Match>,
    score: i64,
}

impl HitKey {
    fn of(view: &View, found: &Found) -> Self {
        let kind = match found.what {
            TextOf::Division => SearchKind::Division,
            TextOf::Person => SearchKind::Person,
            TextOf::DocumentNumber | TextOf::DocumentTitle => SearchKind::Document,
            TextOf::Reform => SearchKind::Reform,
            TextOf::Organization => match view.organization_row(found.handle).kind {
                OrganizationKind::Government | OrganizationKind::SubdistrictOffice => SearchKind::Township,
                OrganizationKind::InternalOffice => SearchKind::InternalOffice,
                OrganizationKind::PublicInstitution => SearchKind::PublicInstitution,
                OrganizationKind::SecondedAgency => SearchKind::SecondedAgency,
                OrganizationKind::Department => SearchKind::Department,
            },
        };
        let field = found.by;
        let score = match found.hit {
            Some(hit) => score(hit, field),
            None if found.whole => 100,
            None => 60,
        };
        Self { kind, handle: found.handle, field, text: found.text, hit: found.hit, score }
    }

    /// How well it was found: the score, then the shorter text.
    fn place(self) -> (i64, i64) {
        (self.score, -self.hit.map_or(0, |hit| i64::from(hit.of)))
    }
}

/// From 0 to 100.
fn score(hit: Match, field: SearchField) -> i64 {
    let how = match hit.how {
        How::Whole => 100,
        How::WholeSpelling => 90,
        How::Beginning => 80,
        How::BeginningSpelling => 70,
        How::BeginningPartly => 60,
        How::BeginningInitials => 55,
        How::Inside => 50,
        How::InsideSpelling => 40,
        How::InsidePartly => 30,
        How::InsideInitials => 25,
    };
    let by = match field {
        SearchField::FormerName => 5,
        SearchField::FoundingDocument => 20,
        SearchField::Code | SearchField::Name | SearchField::Number | SearchField::Title => 0,
    };
    how - by - if hit.unusual { 3 } else { 0 }
}

#[fields(SearchEdgeFields)]
impl<'v> Ref<'v, SearchEdge> {
    /// What kind of object it is (对象类别).
    #[field(Public, Open)]
    pub fn kind(self) -> Code<SearchKind> {
        Code(self.key.kind)
    }

    /// What the object is called on the day of the query (名称); of a document its title.
    #[field(Public, Open, example = "普基镇")]
    pub fn name(self) -> Text<'v> {
        let (view, handle) = (self.view, self.key.handle);
        match self.key.kind {
            SearchKind::Division => Ref::<Division>::new(view, handle).name(),
            SearchKind::Person => Ref::<Person>::new(view, handle).name(),
            SearchKind::Document => Ref::<Document>::new(view, handle).title(),
            SearchKind::Reform => Ref::<Reform>::new(view, handle).name(),
            _ => Ref::<Organization>::new(view, handle).name(),
        }
    }

    /// By what it was found (匹配字段).
    #[field(Public, Open)]
    pub fn field(self) -> Code<SearchField> {
        Code(self.key.field)
    }

    /// How well it was found, from 0 to 100 (匹配度): 100 for the whole name or a code, less for a part, for what only sounds
    /// alike, for initials and for former names.
    #[field(Public, Open, unit = "points (分)", example = "70")]
    pub fn score(self) -> Int64 {
        Int64(self.key.score)
    }

    /// The text that was found in pieces, to mark what was searched for (高亮片段); at most three. Empty for a code.
    #[field(Public, Open)]
    pub fn fragments(self) -> Vec<Ref<'v, SearchFragment>> {
        let (Some((at, text)), Some(hit)) = (self.key.text, self.key.hit) else { return Vec::new() };
        let (from, to) = written(self.view.text(at, text), hit);
        let end = self.view.text(at, text).len();
        let pieces = [(0, from, false), (from, to, true), (to, end, false)];
        let pieces = pieces.into_iter().filter(|(from, to, _)| from < to);
        pieces.map(|(from, to, marked)| self.to(FragmentKey { at, text, from, to, marked })).collect()
    }
}

/// Where in a text as it is written stands what was found in its folded form, which lacks what folding passes over.
fn written(text: &str, hit: Match) -> (usize, usize) {
    let mut kept = text.char_indices().filter(|(_, c)| !passed_over(*c));
    let from = kept.nth(usize::from(hit.at)).map_or(text.len(), |(at, _)| at);
    let mut rest = text[from..].char_indices().filter(|(_, c)| !passed_over(*c));
    let last = rest.nth(usize::from(hit.len.max(1)) - 1).map(|(at, c)| from + at + c.len_utf8());
    (from, last.unwrap_or(text.len()))
}

record! {
    /// What a search found (检索结果).
    SearchEdge as "SearchEdge" by HitKey, implements [], fields [SearchEdgeFields::FIELDS], |_view, _at, _rule| true
}

impl Listed for SearchEdge {
    type Item<'v> = NodeRef<'v>;
    fn item(view: &View, HitKey { kind, handle, .. }: HitKey) -> NodeRef<'_> {
        match kind {
            SearchKind::Division => NodeRef::Division(Ref::new(view, handle)),
            SearchKind::Person => NodeRef::Person(Ref::new(view, handle)),
            SearchKind::Document => NodeRef::Document(Ref::new(view, handle)),
            SearchKind::Reform => NodeRef::Reform(Ref::new(view, handle)),
            _ => OrganizationRef::new(view, handle).into(),
        }
    }
    fn list_name() -> String {
        "Search".to_owned()
    }
    const EDGE: &'static [&'static [FieldDef<HitKey>]] = &[SearchEdgeFields::FIELDS];
    /// The best first; then the higher level, the shorter text, the kind, and the place of the object in its own list.
    fn rank(view: &View, key: HitKey) -> Rank {
        let (score, length) = key.place();
        // A county before the towns that sound alike, and places before the bodies in them.
        let level = match key.kind {
            SearchKind::Division => {
                let code = view.division_version(key.handle).map(|v| v.code);
                code.map_or(0, |code| i64::try_from(code.level().index()).unwrap_or(0))
            }
            SearchKind::Township => i64::try_from(DivisionLevel::Township.index()).unwrap_or(0),
            _ => i64::try_from(DivisionLevel::ITEMS.len()).unwrap_or(0),
        };
        let [a, b, c, d, ..] = match key.kind {
            SearchKind::Division => Division::rank(view, key.handle),
            SearchKind::Document => Document::rank(view, key.handle),
            SearchKind::Reform => Reform::rank(view, key.handle),
            SearchKind::Person => [view.person_id(key.handle), 0, 0, 0, 0, 0, 0, 0],
            _ => super::organization::rank(view, key.handle),
        };
        [-score, level, -length, i64::try_from(key.kind.index()).unwrap_or(0), a, b, c, d]
    }
    /// A search is never a territory's whole list.
    fn scan(_: &View, _: CodeRange) -> Box<dyn Iterator<Item = HitKey> + Send + '_> {
        Box::new(std::iter::empty())
    }
}

/// A piece of a text.
#[derive(Clone, Copy)]
pub struct FragmentKey {
    at: Handle,
    text: Sym,
    from: usize,
    to: usize,
    marked: bool,
}

#[fields(SearchFragmentFields)]
impl<'v> Ref<'v, SearchFragment> {
    /// The piece (片段文字).
    #[field(Public, Open, example = "普基")]
    pub fn text(self) -> Text<'v> {
        let FragmentKey { at, text, from, to, .. } = self.key;
        Text(self.view.text(at, text).get(from..to).unwrap_or_default())
    }

    /// Whether it is what was searched for, to be marked (是否高亮).
    #[field(Public, Open)]
    pub fn marked(self) -> bool {
        self.key.marked
    }
}

record! {
    /// A piece of a text that was found (高亮片段).
    SearchFragment as "SearchFragment" by FragmentKey, implements [], fields [SearchFragmentFields::FIELDS],
    |_view, _at, _rule| true
}

#[cfg(test)]
mod tests {
    use super::{How, Match, written};
    use crate::domain::reading;

    #[test]
    fn what_is_marked_is_what_was_found() {
        let text = "演示编〔2019〕 1 号";
        let folded = reading::fold(text);
        assert_eq!(folded, "演示编20191号");
        let at = u16::try_from(folded.chars().position(|c| c == '1').unwrap_or(0)).unwrap_or(0);
        let hit = |at, len| Match { how: How::Inside, unusual: false, of: 11, at, len };
        let (from, to) = written(text, hit(at, 4));
        assert_eq!(&text[from..to], "19〕 1 号");
        let (from, to) = written(text, hit(0, 2));
        assert_eq!(&text[from..to], "演示");
    }
}
