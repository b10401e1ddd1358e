//! Organisations in the snapshot, with their competent departments and their establishment.

use super::forms::{Form, Forms, FormsBuilder};
use super::ids::Reference;
use super::located::Located;
use super::mark::stays;
use super::table::{Span, Table, beginnings};
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
    /// Its kind, for life.
    pub kind: OrganizationKind,
    /// Whether the public may see it.
    pub disclosed: bool,
    /// When it exists.
    pub validity: Validity,
    /// Basis document of its founding.
    pub document: Reference,
    /// Where its versions begin.
    pub versions: u32,
    /// Where its competent departments begin.
    pub competent: u32,
    /// Where its establishment begins.
    pub establishment: u32,
    /// Where its leadership posts begin.
    pub posts: u32,
}

/// What an organisation was in a time.
#[derive(Debug, Clone, Copy)]
pub struct OrganizationVersion {
    /// When it held.
    pub validity: Validity,
    /// Division it sits in.
    pub division: DivisionCode,
    /// Organisation that owns it.
    pub parent: Reference,
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
    pub superior: Reference,
    /// Duties in words.
    pub functions: Option<Sym>,
}

/// A competent department.
#[derive(Debug, Clone, Copy)]
pub struct CompetentRow {
    /// When it holds.
    pub validity: Validity,
    /// The department.
    pub department: Reference,
}

/// Approved and occupied posts by type.
#[derive(Debug, Clone, Copy)]
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

impl OrganizationRow {
    /// Whether it is the authority of a township.
    #[must_use]
    pub fn is_township(&self) -> bool {
        OrganizationKind::TOWNSHIPS.contains(&self.kind)
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
    pub located: Located,
}

impl Organizations {
    /// The place of the version that held on a day, if the organisation existed.
    #[inline]
    pub fn place_on(&self, row: u32, day: Day) -> Option<u32> {
        if !self.rows.get(row).validity.holds(day) {
            return None;
        }
        let own = self.rows.part(row, self.versions.len(), |o| o.versions);
        own.rev().find(|at| self.versions[*at as usize].validity.holds(day))
    }

    /// The version that held on a day, if the organisation existed.
    #[inline]
    pub fn on(&self, row: u32, day: Day) -> Option<&OrganizationVersion> {
        self.place_on(row, day).map(|at| &self.versions[at as usize])
    }

    /// The organisations of some kinds that sat in a territory on a day, and the places of their versions, ordered by division.
    pub fn within<'s>(
        &'s self,
        range: CodeRange,
        day: Day,
        kinds: &'s [OrganizationKind],
    ) -> impl Iterator<Item = (u32, u32)> + 's {
        let wanted = OrganizationKind::bits(kinds);
        self.located.within(range, day, kinds).filter_map(move |(code, row)| {
            if !self.rows.get(row).kind.is_of(wanted) {
                return None;
            }
            let place = self.place_on(row, day)?;
            let sits = self.versions[place as usize].division.number() == code;
            sits.then_some((row, place))
        })
    }

    /// Bytes in memory.
    pub fn in_memory(&self) -> usize {
        self.rows.bytes()
            + size_of_val(self.versions.as_slice())
            + size_of_val(self.competent.as_slice())
            + size_of_val(self.establishment.as_slice())
            + self.located.bytes()
    }

    /// All versions, oldest first.
    pub fn versions_of(&self, row: u32) -> &[OrganizationVersion] {
        Span::from(self.rows.part(row, self.versions.len(), |o| o.versions)).of(&self.versions)
    }

    /// Competent departments of an organisation at any time.
    pub fn competent_of(&self, row: u32) -> &[CompetentRow] {
        Span::from(self.rows.part(row, self.competent.len(), |o| o.competent)).of(&self.competent)
    }

    /// Establishment of an organisation at any time.
    pub fn establishment_of(&self, row: u32) -> &[EstablishmentRow] {
        self.establishment_span(row).of(&self.establishment)
    }

    /// Where that stands.
    pub fn establishment_span(&self, row: u32) -> Span {
        self.rows.part(row, self.establishment.len(), |o| o.establishment).into()
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
    let mut forms = FormsBuilder::default();
    parts.versions.sort_by_key(|v| (v.organization_id, v.version));
    let versions = parts.versions.iter().map(|v| Ok((v.organization_id, build_version(b, v, &mut forms)?)));
    let versions = versions.collect::<Result<Vec<_>, BuildError>>()?;
    let forms = forms.finish();
    let mut rows = Vec::with_capacity(parts.rows.len());
    for row in parts.rows {
        let Some((_, last)) = versions[..versions.partition_point(|(id, _)| *id <= row.id)]
            .last()
            .filter(|(id, _)| *id == row.id)
        else {
            return Err(BuildError(format!("organization {} has no version", row.id)));
        };
        let organization = OrganizationRow {
            kind: b.code(&row.kind)?,
            disclosed: row.disclosed,
            validity: b.validity(row.valid_from.as_deref(), row.valid_to.as_deref())?,
            document: b.references.maybe(row.document_id),
            versions: 0,
            competent: 0,
            establishment: 0,
            posts: 0,
        };
        let place = (last.division.number(), organization.kind, forms.get(last.form).category, row.id);
        rows.push((place, organization));
    }
    rows.sort_by_key(|(place, _)| *place);
    let rows = Table::new(b.shard, rows.into_iter().map(|((.., id), row)| (id, row)).collect());
    let mut out = Organizations {
        versions: Vec::new(),
        forms,
        competent: Vec::new(),
        establishment: Vec::new(),
        located: Located::default(),
        rows,
    };
    let begin = |o: &mut OrganizationRow, at| o.versions = at;
    out.versions = by_owner(&mut out.rows, versions, begin);
    parts.competent.sort_by_key(|c| (c.department_id, c.version));
    let competent = parts.competent.iter().map(|c| {
        let row = CompetentRow {
            validity: b.validity(c.valid_from.as_deref(), c.valid_to.as_deref())?,
            department: b.references.to(c.department_id),
        };
        Ok((c.organization_id, row))
    });
    let competent = competent.collect::<Result<Vec<_>, BuildError>>()?;
    out.competent = by_owner(&mut out.rows, competent, |o, at| o.competent = at);
    parts.establishment.sort_by(|a, b| (&a.kind, a.version).cmp(&(&b.kind, b.version)));
    let establishment = parts.establishment.iter().map(|e| {
        let row = EstablishmentRow {
            validity: b.validity(e.valid_from.as_deref(), e.valid_to.as_deref())?,
            kind: b.code(&e.kind)?,
            approved: e.approved,
            occupied: e.occupied,
        };
        Ok((e.organization_id, row))
    });
    let establishment = establishment.collect::<Result<Vec<_>, BuildError>>()?;
    out.establishment = by_owner(&mut out.rows, establishment, |o, at| o.establishment = at);
    out.located = Located::build(&out, &stays(b, &out))?;
    Ok(out)
}

/// Puts what belongs to organisations into their order, and lets each know where its part begins. Within an organisation the order
/// stays.
fn by_owner<T: Copy>(
    rows: &mut Table<OrganizationRow>,
    items: Vec<(i64, T)>,
    begin: impl Fn(&mut OrganizationRow, u32),
) -> Vec<T> {
    let of = items.into_iter().filter_map(|(owner, item)| Some((rows.find(owner)?, item)));
    let mut items: Vec<(u32, T)> = of.collect();
    items.sort_by_key(|(row, _)| *row);
    let begins = beginnings(rows.len(), items.iter().map(|(row, _)| *row));
    rows.update(|row, organization| begin(organization, begins[row]));
    items.into_iter().map(|(_, item)| item).collect()
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
        superior: b.references.maybe(v.superior_id),
        functions: b.maybe_text(v.functions.as_deref()),
    };
    Ok(OrganizationVersion {
        validity: b.validity(v.valid_from.as_deref(), v.valid_to.as_deref())?,
        division: b.division_code(&v.division_code)?,
        parent: b.references.maybe(v.parent_id),
        name: b.text(&v.name),
        uscc: v.uscc.as_deref().map(|code| b.new_text(code)),
        form: forms.add(form),
    })
}
