//! Organisations in the snapshot, with their competent departments and their establishment.

use super::forms::{Form, Forms, FormsBuilder};
use super::located::Located;
use super::table::{MaybeId, Row, Span, Table, spans};
use super::{BuildError, Sym, builder::Builder};
use crate::domain::{
    AgencyKind, CodeRange, ConsultationKind, Day, DivisionCode, EstablishmentType, InstitutionRank,
    ManagementMode, OrganizationCategory, OrganizationField, OrganizationKind, PublicInstitutionClass,
    Validity,
};
use crate::store::entity;

/// What stays the same of an organisation.
#[derive(Debug, Clone)]
pub struct OrganizationRow {
    /// Surrogate id.
    pub id: i64,
    /// Its kind, for life.
    pub kind: OrganizationKind,
    /// Whether the public may see it.
    pub disclosed: bool,
    /// When it exists.
    pub validity: Validity,
    /// Basis document of its founding.
    pub document: MaybeId,
    /// Its versions.
    pub versions: Span,
    /// Its competent departments.
    pub competent: Span,
    /// Its establishment.
    pub establishment: Span,
    /// Its leadership posts.
    pub posts: Span,
    /// The patterns assigned to it.
    pub patterns: Span,
}

/// What an organisation was in a time.
#[derive(Debug, Clone)]
pub struct OrganizationVersion {
    /// When it held.
    pub validity: Validity,
    /// Division it sits in.
    pub division: DivisionCode,
    /// Organisation that owns it.
    pub parent: MaybeId,
    /// Full name.
    pub name: Sym,
    /// Unified social credit code.
    pub uscc: Option<Sym>,
    /// What it has in common with others.
    pub form: Form<OrganizationForm>,
}

/// What many organisations have in common.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct OrganizationForm {
    /// Short name.
    pub short_name: Option<Sym>,
    /// Rank.
    pub rank: Option<InstitutionRank>,
    /// Form.
    pub category: Option<OrganizationCategory>,
    /// Business field.
    pub field: Option<OrganizationField>,
    /// Featured institution.
    pub featured: bool,
    /// Class of a public institution.
    pub class: Option<PublicInstitutionClass>,
    /// Kind of a seconded agency.
    pub agency_kind: Option<AgencyKind>,
    /// Management mode of an agency.
    pub management_mode: Option<ManagementMode>,
    /// Whether the township commands it.
    pub unified_command: bool,
    /// How the township is heard on its head.
    pub head_rule: Option<ConsultationKind>,
    /// Weight of the township's appraisal in percent.
    pub appraisal_weight: Option<i32>,
    /// Department above, in the line.
    pub superior: MaybeId,
    /// Duties in words.
    pub functions: Option<Sym>,
}

/// A competent department.
#[derive(Debug, Clone)]
pub struct CompetentRow {
    /// When it holds.
    pub validity: Validity,
    /// The department.
    pub department: i64,
}

/// Approved and occupied posts by type.
#[derive(Debug, Clone)]
pub struct EstablishmentRow {
    /// When it holds.
    pub validity: Validity,
    /// Type of establishment.
    pub kind: EstablishmentType,
    /// Approved posts.
    pub approved: i32,
    /// Occupied posts.
    pub occupied: i32,
}

impl Row for OrganizationRow {
    fn id(&self) -> i64 {
        self.id
    }
}

impl OrganizationRow {
    /// Whether it is the authority of a township.
    #[must_use]
    pub fn is_township(&self) -> bool {
        matches!(self.kind, OrganizationKind::Government | OrganizationKind::SubdistrictOffice)
    }
}

/// The organisations of a shard.
#[derive(Clone)]
pub struct Organizations {
    pub rows: Table<OrganizationRow>,
    pub versions: Vec<OrganizationVersion>,
    pub forms: Forms<OrganizationForm>,
    pub competent: Vec<CompetentRow>,
    pub establishment: Vec<EstablishmentRow>,
    located: Located,
}

impl Organizations {
    /// The version that held on a day, if the organisation existed.
    #[inline]
    pub fn on(&self, row: u32, day: Day) -> Option<&OrganizationVersion> {
        let organization = self.rows.get(row);
        if !organization.validity.holds(day) {
            return None;
        }
        self.versions_of(row).iter().rev().find(|v| v.validity.holds(day))
    }

    /// The organisations that sat in a territory on a day, ordered by division.
    pub fn within(&self, range: CodeRange, day: Day) -> impl Iterator<Item = u32> + '_ {
        self.located
            .within(range, day)
            .filter_map(move |(code, row)| (self.on(row, day)?.division.number() == code).then_some(row))
    }

    /// Bytes in memory.
    pub fn in_memory(&self) -> usize {
        self.rows.len_of_rows() * size_of::<OrganizationRow>()
            + self.rows.len_of_index() * size_of::<u32>()
            + size_of_val(self.versions.as_slice())
            + size_of_val(self.competent.as_slice())
            + size_of_val(self.establishment.as_slice())
            + self.located.bytes()
    }

    /// All versions, oldest first.
    pub fn versions_of(&self, row: u32) -> &[OrganizationVersion] {
        let span = self.rows.get(row).versions;
        &self.versions[span.at as usize..(span.at + span.len) as usize]
    }
}

/// The rows an organisation is made of.
pub struct Parts {
    pub rows: Vec<entity::organization::Model>,
    pub versions: Vec<entity::organization_version::Model>,
    pub competent: Vec<entity::competent_department::Model>,
    pub establishment: Vec<entity::establishment::Model>,
}

/// Builds the organisations, ordered by division, kind, form and id.
pub fn build(b: &mut Builder, mut parts: Parts) -> Result<Organizations, BuildError> {
    parts.versions.sort_by_key(|v| (v.organization_id, v.version));
    parts.competent.sort_by_key(|c| (c.organization_id, c.department_id, c.version));
    parts.establishment.sort_by(|a, b| {
        (a.organization_id, &a.kind, a.version).cmp(&(b.organization_id, &b.kind, b.version))
    });
    let mut forms = FormsBuilder::default();
    let mut versions = Vec::with_capacity(parts.versions.len());
    for version in &parts.versions {
        versions.push(build_version(b, version, &mut forms)?);
    }
    let mut rows = Vec::with_capacity(parts.rows.len());
    for row in parts.rows {
        let span = b.span(&parts.versions, row.id, |v| v.organization_id);
        if span.len == 0 {
            return Err(BuildError(format!("organization {} has no version", row.id)));
        }
        rows.push(OrganizationRow {
            id: row.id,
            kind: b.code(&row.kind)?,
            disclosed: row.disclosed,
            validity: b.validity(row.valid_from.as_deref(), row.valid_to.as_deref())?,
            document: row.document_id.into(),
            versions: span,
            competent: b.span(&parts.competent, row.id, |c| c.organization_id),
            establishment: b.span(&parts.establishment, row.id, |e| e.organization_id),
            posts: Span::default(),
            patterns: Span::default(),
        });
    }
    let forms = forms.finish();
    rows.sort_by_key(|o| {
        let last = &versions[(o.versions.at + o.versions.len - 1) as usize];
        (last.division.number(), o.kind, forms.get(last.form).category, o.id)
    });
    let rows = Table::new(rows);
    let located = Located::build(rows.iter().flat_map(|(row, o)| {
        let own = o.versions.rows().map(|v| &versions[v as usize]);
        own.map(move |v| (v.division.number(), row, v.validity.to.min(o.validity.to)))
    }));
    let competent = parts
        .competent
        .iter()
        .map(|c| {
            Ok(CompetentRow {
                validity: b.validity(c.valid_from.as_deref(), c.valid_to.as_deref())?,
                department: c.department_id,
            })
        })
        .collect::<Result<_, BuildError>>()?;
    let establishment = parts
        .establishment
        .iter()
        .map(|e| {
            Ok(EstablishmentRow {
                validity: b.validity(e.valid_from.as_deref(), e.valid_to.as_deref())?,
                kind: b.code(&e.kind)?,
                approved: e.approved,
                occupied: e.occupied,
            })
        })
        .collect::<Result<_, BuildError>>()?;
    Ok(Organizations { rows, versions, forms, competent, establishment, located })
}

fn build_version(
    b: &mut Builder,
    v: &entity::organization_version::Model,
    forms: &mut FormsBuilder<OrganizationForm>,
) -> Result<OrganizationVersion, BuildError> {
    let form = OrganizationForm {
        short_name: b.maybe_text(v.short_name.as_deref()),
        rank: b.maybe_code(v.rank.as_deref())?,
        category: b.maybe_code(v.category.as_deref())?,
        field: b.maybe_code(v.field.as_deref())?,
        featured: v.featured,
        class: b.maybe_code(v.class.as_deref())?,
        agency_kind: b.maybe_code(v.agency_kind.as_deref())?,
        management_mode: b.maybe_code(v.management_mode.as_deref())?,
        unified_command: v.unified_command,
        head_rule: b.maybe_code(v.head_rule.as_deref())?,
        appraisal_weight: v.appraisal_weight,
        superior: v.superior_id.into(),
        functions: b.maybe_text(v.functions.as_deref()),
    };
    Ok(OrganizationVersion {
        validity: b.validity(v.valid_from.as_deref(), v.valid_to.as_deref())?,
        division: b.division_code(&v.division_code)?,
        parent: v.parent_id.into(),
        name: b.text(&v.name),
        uscc: v.uscc.as_deref().map(|code| b.new_text(code)),
        form: forms.add(form),
    })
}

/// Gives each organisation its stretch of posts and of patterns, which are ordered by organisation.
pub fn attach<P, A>(
    organizations: &mut Organizations,
    posts: &[P],
    post_owner: impl Fn(&P) -> u32,
    patterns: &[A],
    pattern_owner: impl Fn(&A) -> u32,
) {
    let count = organizations.rows.len();
    let posts = spans(count, posts.iter().map(post_owner));
    let patterns = spans(count, patterns.iter().map(pattern_owner));
    organizations.rows.update(|row, organization| {
        organization.posts = posts[row];
        organization.patterns = patterns[row];
    });
}
