//! Leadership posts in the snapshot.

use super::organization::OrganizationRow;
use super::table::{Row, Span, Table};
use super::{BuildError, Sym, shard::Builder};
use crate::domain::{PostLevel, PostPosition, TownshipOrgan, Validity};
use crate::store::entity;

/// A leadership post.
#[derive(Debug)]
pub struct PostRow {
    /// Surrogate id.
    pub id: i64,
    /// Row of its organisation in the same shard.
    pub organization: u32,
    /// Organ of the township.
    pub organ: Option<TownshipOrgan>,
    /// Title.
    pub title: Sym,
    /// Principal or deputy.
    pub position: PostPosition,
    /// Post level.
    pub level: PostLevel,
    /// Approved number.
    pub quota: i32,
    /// When it exists.
    pub validity: Validity,
    /// Basis document.
    pub document: Option<i64>,
    /// Its appointments.
    pub appointments: Span,
}

impl Row for PostRow {
    fn id(&self) -> i64 {
        self.id
    }
}

/// Builds the posts, ordered by organisation, principal posts first, and id.
pub fn build(
    b: &mut Builder,
    rows: Vec<entity::leadership_post::Model>,
    organizations: &Table<OrganizationRow>,
) -> Result<Vec<PostRow>, BuildError> {
    let mut out = Vec::with_capacity(rows.len());
    for row in rows {
        let organization = organizations.find(row.organization_id).ok_or_else(|| {
            BuildError(format!(
                "leadership_post {}: organization {} is not in its shard",
                row.id, row.organization_id
            ))
        })?;
        out.push(PostRow {
            id: row.id,
            organization,
            organ: b.maybe_code(row.organ.as_deref())?,
            title: b.text(&row.title),
            position: b.code(&row.position)?,
            level: b.code(&row.level)?,
            quota: row.quota,
            validity: b.validity(row.valid_from.as_deref(), row.valid_to.as_deref())?,
            document: row.document_id,
            appointments: Span::default(),
        });
    }
    out.sort_by_key(|p| (p.organization, p.position, p.id));
    Ok(out)
}
