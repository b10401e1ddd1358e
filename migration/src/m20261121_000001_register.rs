//! The tables of the register. Written out, and never changed after a release: later changes are later migrations.

use sea_orm_migration::{prelude::*, schema::*};

/// Creates the tables of the register.
#[derive(DeriveMigrationName)]
pub struct Migration;

/// Table, columns (a trailing `?` means nullable), primary key, foreign keys.
type Table_ = (
    &'static str,
    &'static [(&'static str, Kind)],
    &'static [&'static str],
    &'static [(&'static str, &'static str)],
);

#[derive(Clone, Copy)]
enum Kind {
    Big,
    BigNull,
    Int,
    IntNull,
    Text,
    TextNull,
    Bool,
    BoolNull,
}
use Kind::*;

const TABLES: &[Table_] = &[
    (
        "document",
        &[
            ("id", Big),
            ("shard", Int),
            ("number", Text),
            ("title", Text),
            ("issuer", Text),
            ("issued_on", TextNull),
            ("disclosed", Bool),
        ],
        &["id"],
        &[],
    ),
    (
        "division",
        &[
            ("id", Big),
            ("shard", Int),
            ("valid_from", TextNull),
            ("valid_to", TextNull),
            ("document_id", BigNull),
        ],
        &["id"],
        &[],
    ),
    (
        "division_version",
        &[
            ("division_id", Big),
            ("version", Int),
            ("shard", Int),
            ("valid_from", TextNull),
            ("valid_to", TextNull),
            ("code", Text),
            ("name", Text),
            ("document_id", BigNull),
        ],
        &["division_id", "version"],
        &[("division_id", "division")],
    ),
    (
        "division_trait",
        &[("division_id", Big), ("name", Text), ("shard", Int), ("synthetic", Bool)],
        &["division_id", "name"],
        &[("division_id", "division")],
    ),
    (
        "division_statistics",
        &[
            ("division_id", Big),
            ("year", Int),
            ("shard", Int),
            ("population", IntNull),
            ("residents_committees", IntNull),
            ("village_committees", IntNull),
            ("other_units", IntNull),
            ("synthetic", Bool),
        ],
        &["division_id", "year"],
        &[("division_id", "division")],
    ),
    (
        "organization",
        &[
            ("id", Big),
            ("shard", Int),
            ("kind", Text),
            ("disclosed", Bool),
            ("valid_from", TextNull),
            ("valid_to", TextNull),
            ("document_id", BigNull),
        ],
        &["id"],
        &[],
    ),
    (
        "organization_version",
        &[
            ("organization_id", Big),
            ("version", Int),
            ("shard", Int),
            ("valid_from", TextNull),
            ("valid_to", TextNull),
            ("name", Text),
            ("short_name", TextNull),
            ("rank", TextNull),
            ("division_code", Text),
            ("parent_id", BigNull),
            ("category", TextNull),
            ("field", TextNull),
            ("featured", Bool),
            ("class", TextNull),
            ("uscc", TextNull),
            ("agency_kind", TextNull),
            ("management_mode", TextNull),
            ("unified_command", Bool),
            ("head_rule", TextNull),
            ("appraisal_weight", IntNull),
            ("superior_id", BigNull),
            ("functions", TextNull),
            ("document_id", BigNull),
        ],
        &["organization_id", "version"],
        &[("organization_id", "organization")],
    ),
    (
        "competent_department",
        &[
            ("organization_id", Big),
            ("department_id", Big),
            ("version", Int),
            ("shard", Int),
            ("valid_from", TextNull),
            ("valid_to", TextNull),
        ],
        &["organization_id", "department_id", "version"],
        &[("organization_id", "organization"), ("department_id", "organization")],
    ),
    (
        "establishment",
        &[
            ("organization_id", Big),
            ("kind", Text),
            ("version", Int),
            ("shard", Int),
            ("valid_from", TextNull),
            ("valid_to", TextNull),
            ("approved", Int),
            ("occupied", Int),
            ("document_id", BigNull),
        ],
        &["organization_id", "kind", "version"],
        &[("organization_id", "organization")],
    ),
    (
        "leadership_post",
        &[
            ("id", Big),
            ("shard", Int),
            ("organization_id", Big),
            ("organ", TextNull),
            ("title", Text),
            ("position", Text),
            ("level", Text),
            ("quota", Int),
            ("valid_from", TextNull),
            ("valid_to", TextNull),
            ("document_id", BigNull),
        ],
        &["id"],
        &[("organization_id", "organization")],
    ),
    (
        "person",
        &[
            ("id", Big),
            ("shard", Int),
            ("name", Text),
            ("identity", TextNull),
            ("gender", TextNull),
            ("ethnicity", TextNull),
            ("birth_date", TextNull),
            ("id_number", TextNull),
            ("phone", TextNull),
        ],
        &["id"],
        &[],
    ),
    (
        "appointment",
        &[
            ("id", Big),
            ("shard", Int),
            ("post_id", Big),
            ("person_id", Big),
            ("kind", Text),
            ("mode", Text),
            ("state", Text),
            ("nominator", TextNull),
            ("appointer", TextNull),
            ("concurrent", Bool),
            ("consultation", TextNull),
            ("consulted_on", TextNull),
            ("answered_on", TextNull),
            ("answer", TextNull),
            ("valid_from", TextNull),
            ("valid_to", TextNull),
            ("document_id", BigNull),
        ],
        &["id"],
        &[("post_id", "leadership_post"), ("person_id", "person")],
    ),
    (
        "reform",
        &[("id", Big), ("shard", Int), ("name", Text), ("effective_on", Text), ("document_id", BigNull)],
        &["id"],
        &[],
    ),
    (
        "organization_change",
        &[
            ("id", Big),
            ("shard", Int),
            ("reform_id", BigNull),
            ("kind", Text),
            ("effective_on", Text),
            ("document_id", BigNull),
        ],
        &["id"],
        &[("reform_id", "reform")],
    ),
    (
        "organization_change_party",
        &[("change_id", Big), ("organization_id", Big), ("resulting", Bool), ("shard", Int)],
        &["change_id", "organization_id", "resulting"],
        &[("change_id", "organization_change"), ("organization_id", "organization")],
    ),
    (
        "setting_pattern",
        &[
            ("id", Big),
            ("shard", Int),
            ("name", Text),
            ("notation", TextNull),
            ("valid_from", TextNull),
            ("valid_to", TextNull),
            ("document_id", BigNull),
        ],
        &["id"],
        &[],
    ),
    (
        "setting_slot",
        &[
            ("pattern_id", Big),
            ("ordinal", Int),
            ("shard", Int),
            ("label", Text),
            ("kind", TextNull),
            ("category", TextNull),
            ("fields", Text),
            ("featured", BoolNull),
            ("min", Int),
            ("max", Int),
            ("condition", TextNull),
        ],
        &["pattern_id", "ordinal"],
        &[("pattern_id", "setting_pattern")],
    ),
    (
        "pattern_assignment",
        &[
            ("organization_id", Big),
            ("version", Int),
            ("pattern_id", Big),
            ("shard", Int),
            ("valid_from", TextNull),
            ("valid_to", TextNull),
        ],
        &["organization_id", "version"],
        &[("organization_id", "organization"), ("pattern_id", "setting_pattern")],
    ),
    (
        "register",
        &[("id", Int), ("revision", Big), ("updated_at", Text), ("synthetic", Bool), ("secret", Text)],
        &["id"],
        &[],
    ),
    ("loaded_file", &[("name", Text), ("digest", Text), ("revision", Big)], &["name"], &[]),
];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for (name, columns, key, references) in TABLES {
            manager.create_table(table(name, columns, key, references)).await?;
            if columns.iter().any(|(column, _)| *column == "shard") {
                let index =
                    Index::create().name(format!("{name}_shard")).table(*name).col("shard").to_owned();
                manager.create_index(index).await?;
            }
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for (name, ..) in TABLES.iter().rev() {
            manager.drop_table(Table::drop().table(*name).to_owned()).await?;
        }
        Ok(())
    }
}

fn table(
    name: &'static str,
    columns: &[(&'static str, Kind)],
    key: &[&'static str],
    references: &[(&'static str, &'static str)],
) -> TableCreateStatement {
    let mut table = Table::create();
    table.table(name);
    for (column, kind) in columns {
        table.col(match kind {
            Big => big_integer(*column),
            BigNull => big_integer_null(*column),
            Int => integer(*column),
            IntNull => integer_null(*column),
            Text => text(*column),
            TextNull => text_null(*column),
            Bool => boolean(*column),
            BoolNull => boolean_null(*column),
        });
    }
    let mut primary = Index::create();
    for column in key {
        primary.col(*column);
    }
    table.primary_key(&mut primary);
    for (column, target) in references {
        let first = TABLES.iter().find(|t| t.0 == *target).map_or("id", |t| t.2[0]);
        table.foreign_key(ForeignKey::create().from(name, *column).to(*target, first));
    }
    table
}
