//! Organisations in the snapshot, with their competent departments and their establishment.

use super::table::{Row, Span, Table, spans};
use super::{BuildError, Sym, shard::Builder};
use crate::domain::{
    AgencyKind, ConsultationKind, Day, DivisionCode, EstablishmentType, InstitutionRank, ManagementMode,
    OrganizationCategory, OrganizationField, OrganizationKind, PublicInstitutionClass, Validity,
};
use crate::store::entity;

/// What stays the same of an organisation.
#[derive(Debug)]
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
    pub document: Option<i64>,
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
#[derive(Debug)]
pub struct OrganizationVersion {
    /// When it held.
    pub validity: Validity,
    /// Full name.
    pub name: Sym,
    /// Short name.
    pub short_name: Option<Sym>,
    /// Rank.
    pub rank: Option<InstitutionRank>,
    /// Division it sits in.
    pub division: DivisionCode,
    /// Organisation that owns it.
    pub parent: Option<i64>,
    /// Form.
    pub category: Option<OrganizationCategory>,
    /// Business field.
    pub field: Option<OrganizationField>,
    /// Featured institution.
    pub featured: bool,
    /// Class of a public institution.
    pub class: Option<PublicInstitutionClass>,
    /// Unified social credit code.
    pub uscc: Option<Sym>,
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
    pub superior: Option<i64>,
    /// Duties in words.
    pub functions: Option<Sym>,
}

/// A competent department.
#[derive(Debug)]
pub struct CompetentRow {
    /// When it holds.
    pub validity: Validity,
    /// The department.
    pub department: i64,
}

/// Approved and occupied posts by type.
#[derive(Debug)]
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
pub struct Organizations {
    pub rows: Table<OrganizationRow>,
    pub versions: Vec<OrganizationVersion>,
    pub competent: Vec<CompetentRow>,
    pub establishment: Vec<EstablishmentRow>,
    /// Which organisation sat in which division at any time: code and row, ordered.
    pub located: Vec<(u64, u32)>,
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
    let mut versions = Vec::with_capacity(parts.versions.len());
    for version in &parts.versions {
        versions.push(build_version(b, version)?);
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
            document: row.document_id,
            versions: span,
            competent: b.span(&parts.competent, row.id, |c| c.organization_id),
            establishment: b.span(&parts.establishment, row.id, |e| e.organization_id),
            posts: Span::default(),
            patterns: Span::default(),
        });
    }
    rows.sort_by_key(|o| {
        let last = &versions[(o.versions.at + o.versions.len - 1) as usize];
        (last.division.number(), o.kind, last.category, o.id)
    });
    let rows = Table::new(rows);
    let mut located: Vec<(u64, u32)> = rows
        .iter()
        .flat_map(|(row, o)| o.versions.rows().map(move |v| (v, row)))
        .map(|(version, row)| (versions[version as usize].division.number(), row))
        .collect();
    located.sort_unstable();
    located.dedup();
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
    Ok(Organizations { rows, versions, competent, establishment, located })
}

fn build_version(
    b: &mut Builder,
    v: &entity::organization_version::Model,
) -> Result<OrganizationVersion, BuildError> {
    Ok(OrganizationVersion {
        validity: b.validity(v.valid_from.as_deref(), v.valid_to.as_deref())?,
        name: b.text(&v.name),
        short_name: b.maybe_text(v.short_name.as_deref()),
        rank: b.maybe_code(v.rank.as_deref())?,
        division: b.division_code(&v.division_code)?,
        parent: v.parent_id,
        category: b.maybe_code(v.category.as_deref())?,
        field: b.maybe_code(v.field.as_deref())?,
        featured: v.featured,
        class: b.maybe_code(v.class.as_deref())?,
        uscc: b.maybe_text(v.uscc.as_deref()),
        agency_kind: b.maybe_code(v.agency_kind.as_deref())?,
        management_mode: b.maybe_code(v.management_mode.as_deref())?,
        unified_command: v.unified_command,
        head_rule: b.maybe_code(v.head_rule.as_deref())?,
        appraisal_weight: v.appraisal_weight,
        superior: v.superior_id,
        functions: b.maybe_text(v.functions.as_deref()),
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
    let posts = spans(count, posts, post_owner);
    let patterns = spans(count, patterns, pattern_owner);
    organizations.rows.update(|row, organization| {
        organization.posts = posts[row];
        organization.patterns = patterns[row];
    });
}
