//! Leadership posts in the snapshot.

use super::forms::{Form, Forms, FormsBuilder};
use super::organization::OrganizationRow;
use super::table::Table;
use super::{BuildError, Sym, builder::Builder};
use crate::domain::{PostLevel, PostPosition, TownshipOrgan, Validity};
use crate::store::entity;

/// A leadership post.
#[derive(Debug, Clone)]
pub struct PostRow {
    /// Row of its organisation in the same shard.
    pub organization: u32,
    /// What it is.
    pub form: Form<PostForm>,
    /// When it exists.
    pub validity: Validity,
    /// Where its appointments begin.
    pub appointments: u32,
}

/// What posts are: the same for many.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct PostForm {
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
    /// Basis document.
    pub document: Option<i64>,
}

/// Posts with their ids, and what they are.
type Built = (Vec<(i64, PostRow)>, Forms<PostForm>);

/// Builds the posts, ordered by organisation, principal posts first, and id.
pub fn build(
    b: &mut Builder,
    rows: Vec<entity::leadership_post::Model>,
    organizations: &Table<OrganizationRow>,
) -> Result<Built, BuildError> {
    let mut forms = FormsBuilder::default();
    let mut out = Vec::with_capacity(rows.len());
    for row in rows {
        let organization = organizations.find(row.organization_id).ok_or_else(|| {
            BuildError(format!(
                "leadership_post {}: organization {} is not in its shard",
                row.id, row.organization_id
            ))
        })?;
        let form = PostForm {
            organ: b.maybe_code(row.organ.as_deref())?,
            title: b.text(&row.title),
            position: b.code(&row.position)?,
            level: b.code(&row.level)?,
            quota: row.quota,
            document: row.document_id,
        };
        let post = PostRow {
            organization,
            form: forms.add(form),
            validity: b.validity(row.valid_from.as_deref(), row.valid_to.as_deref())?,
            appointments: 0,
        };
        out.push((row.id, post, form.position));
    }
    out.sort_by_key(|(id, post, position)| (post.organization, *position, *id));
    Ok((out.into_iter().map(|(id, post, _)| (id, post)).collect(), forms.finish()))
}
