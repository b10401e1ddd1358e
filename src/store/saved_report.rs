//! Saved reports in the store. They are no part of the register: they have no revision and no log.

use super::{Store, StoreError, entity};
use entity::saved_report::{ActiveModel, Column, Entity, Model};
use sea_orm::ActiveValue::NotSet;
use sea_orm::{
    ActiveModelTrait, ColumnTrait, EntityTrait, IntoActiveModel, PaginatorTrait, QueryFilter, QueryOrder,
    QuerySelect,
};

/// The most of others that are read at once.
const MOST: u64 = 1_000;

impl Store {
    /// The reports of an owner, and those that are shared with anybody; by name.
    ///
    /// # Errors
    /// `Database`.
    pub async fn saved_reports(&self, owner: &str) -> Result<Vec<Model>, StoreError> {
        // One's own are all there, however many others are shared.
        let own = Entity::find().filter(Column::Owner.eq(owner));
        let shared = Entity::find()
            .filter(Column::Owner.ne(owner))
            .filter(Column::Sharing.ne("NONE"))
            .order_by_asc(Column::Name)
            .order_by_asc(Column::Id)
            .limit(MOST);
        let mut all = own.all(&self.db).await?;
        all.extend(shared.all(&self.db).await?);
        all.sort_by(|a, b| (&a.name, &a.id).cmp(&(&b.name, &b.id)));
        Ok(all)
    }

    /// How many reports an owner has.
    ///
    /// # Errors
    /// `Database`.
    pub async fn count_saved_reports(&self, owner: &str) -> Result<u64, StoreError> {
        Ok(Entity::find().filter(Column::Owner.eq(owner)).count(&self.db).await?)
    }

    /// Puts a report in place of the one with its id and owner. Whether there was one.
    ///
    /// # Errors
    /// `Database`.
    pub async fn replace_report(&self, report: Model) -> Result<bool, StoreError> {
        let own =
            Entity::update_many().filter(Column::Id.eq(&report.id)).filter(Column::Owner.eq(&report.owner));
        let new = ActiveModel { id: NotSet, owner: NotSet, ..report.into_active_model().reset_all() };
        Ok(own.set(new).exec(&self.db).await?.rows_affected > 0)
    }

    /// Saves a new report.
    ///
    /// # Errors
    /// `Database`.
    pub async fn save_report(&self, report: Model) -> Result<(), StoreError> {
        Entity::insert(report.into_active_model()).exec_without_returning(&self.db).await?;
        Ok(())
    }

    /// Removes a report of an owner. Whether there was one.
    ///
    /// # Errors
    /// `Database`.
    pub async fn remove_report(&self, id: &str, owner: &str) -> Result<bool, StoreError> {
        let own = Entity::delete_many().filter(Column::Id.eq(id)).filter(Column::Owner.eq(owner));
        Ok(own.exec(&self.db).await?.rows_affected > 0)
    }
}
