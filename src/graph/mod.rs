//! The graph: one file a noun. `query` is the table of contents, `engine` knows how a field is executed.

pub mod engine;

mod appointment;
mod change;
mod contract;
mod dated_name;
mod department;
mod division;
mod document;
mod establishment;
mod internal_office;
mod leadership_post;
mod mutation;
mod node;
mod organization;
mod patterned;
mod person;
mod public_institution;
mod query;
mod reform;
mod reform_draft;
mod register;
mod report;
mod search;
mod seconded_agency;
mod setting_pattern;
mod subscription;
mod temporal;
mod township;
mod viewer;
mod when;

pub use appointment::{Appointment, ConsultationOf};
pub use change::{Change, ChangeRecord, ChangedField};
pub use contract::{Described, SDL, describe, no_value};
pub use dated_name::DatedName;
pub use department::Department;
pub use division::{Division, DivisionStatistics};
pub use document::Document;
pub use establishment::Establishment;
pub use internal_office::InternalOffice;
pub use leadership_post::LeadershipPost;
pub use mutation::{
    AppointmentPayload, ChangePayload, DivisionPayload, DocumentPayload, LeadershipPostPayload, Mutation,
    OrganizationPayload, PersonPayload, ReformDraftPayload, ReformPayload, UserError,
};
pub use node::{ActedOn, Identified, Node, NodeFields, NodeRef, ViewerCan};
pub use organization::{Organization, OrganizationFields, OrganizationRecord, OrganizationRef};
pub use patterned::{PatternedFields, PatternedRecord};
pub use person::{Person, PersonPrivate};
pub use public_institution::PublicInstitution;
pub use query::Query;
pub use reform::{OrganizationChange, Reform};
pub use reform_draft::ReformDraft;
pub use register::{CodeListOf, CodeValue, RegisterCounts, RegisterInfo, counts, notice};
pub use report::{
    DimensionValue, ExportLink, Kept, Link, MeasureValue, Report, ReportArgs, ReportCatalog, ReportColumn,
    ReportDimensionInfo, ReportInput, ReportMeasureInfo, ReportRow, ReportSegmentInfo, ReportWarningOf,
    Saved, SavedReport, SavedReportPayload, id_of_value, official_reports, read as read_report, report_for,
    saved, saved_report,
};
pub use search::{SearchEdge, SearchFragment, SearchKind};
pub use seconded_agency::SecondedAgency;
pub use setting_pattern::{PatternDeviation, SettingPattern, SettingSlot};
pub use subscription::{ChangeEvent, Feed, ImportProgress, Subscriptions};
pub use temporal::{Temporal, TemporalFields, TemporalRecord, TemporalRef};
pub use township::Township;
pub use viewer::{GrantOf, ViewerOf};

use async_graphql::Schema;
use engine::{Root, TypeInfo, type_info};
use std::marker::PhantomData;

/// The schema of the register.
pub type TiaokuaiSchema = Schema<Root<Query>, Root<Mutation>, Subscriptions>;

/// Builds the schema. The view of a request, and the key of its cursors, are data of the request.
#[must_use]
pub fn schema() -> TiaokuaiSchema {
    Schema::build(Root(PhantomData), Root(PhantomData), Subscriptions)
        .register_output_type::<TemporalRef<'static>>()
        .disable_suggestions()
        .finish()
}

/// The contract as text, sorted: `schema.graphql`.
#[must_use]
pub fn sdl() -> String {
    let options = async_graphql::SDLExportOptions::new()
        .sorted_fields()
        .sorted_arguments()
        .sorted_enum_items()
        .include_specified_by()
        .use_space_ident()
        .indent_width(2);
    let sdl = without_unlisted(schema().sdl_with_options(options));
    // An organisation stands in a township, and a township is an organisation: the linter's one objection.
    let (own, allowed) = ("\n  township: Township\n", "@graphql-eslint/no-typename-prefix");
    let Some((before, rest)) = sdl.split_once("\ntype Township ") else { return sdl };
    let rest = rest.replacen(own, &format!("\n  # eslint-disable-next-line {allowed}{own}"), 1);
    format!("{before}\ntype Township {rest}")
}

/// Leaves out the arguments that introspection does not list either: `asOf` and `knownAt` of `node`.
fn without_unlisted(sdl: String) -> String {
    let cut = || {
        let (before, node) = sdl.split_once("\n  node(\n")?;
        let (_, node) = node.split_once("    asOf: Date,\n")?;
        let (id, node) = node.split_once("    id: ID!,\n")?;
        let (_, rest) = node.split_once("    knownAt: DateTime\n")?;
        Some(format!("{before}\n  node(\n{id}    id: ID!\n{rest}"))
    };
    cut().unwrap_or_else(|| sdl.clone())
}

/// Defines a record type: its marker, its definition, and who may read its protected fields.
#[macro_export]
macro_rules! record {
    ($(#[doc = $doc:literal])+ $name:ident as $graph:literal by $key:ty, implements [$($interface:literal),*], fields [$($fields:expr),+ $(,)?], |$view:ident, $at:ident, $rule:ident| $permits:expr) => {
        $(#[doc = $doc])+
        pub struct $name;

        impl $crate::graph::engine::Record for $name {
            type Key = $key;
            const DEF: $crate::graph::engine::TypeDef<Self::Key> = $crate::graph::engine::TypeDef {
                name: $graph,
                doc: concat!($($doc),+),
                implements: &[$($interface),*],
                fields: &[$($fields),+],
            };
            fn permits($view: &$crate::policy::View, $at: Self::Key, $rule: $crate::policy::Rule) -> bool {
                $permits
            }
        }
    };
}

/// What is said about the subscriptions, whose type the library makes.
fn subscription_info() -> TypeInfo {
    let field = |name, doc| engine::FieldInfo {
        name,
        doc,
        class: crate::policy::Class::Public,
        rule: crate::policy::Rule::Open,
        cost: 1,
        deprecated: None,
    };
    let fields = vec![
        field("changes", "Changes of the register as they are made (变更订阅)."),
        field("importProgress", "How far an import has come, for who sends it (导入进度订阅)."),
    ];
    TypeInfo { name: "Subscription", fields }
}

/// The names of fields with personal data.
#[must_use]
pub fn personal_fields() -> &'static [&'static str] {
    static ALL: std::sync::OnceLock<Vec<&'static str>> = std::sync::OnceLock::new();
    ALL.get_or_init(|| {
        let fields = catalog().into_iter().flat_map(|info| info.fields);
        fields.filter(|field| field.class >= crate::policy::Class::Personal).map(|field| field.name).collect()
    })
}

/// Whether a value of JSON has fields with personal data, at any depth: a filter by them, or an order.
#[must_use]
pub fn names_personal(value: &serde_json::Value) -> bool {
    match value {
        serde_json::Value::Object(fields) => fields
            .iter()
            .any(|(name, value)| personal_fields().contains(&name.as_str()) || names_personal(value)),
        serde_json::Value::Array(items) => items.iter().any(names_personal),
        _ => false,
    }
}

/// What is said about every field of every type that is read from the register: for the policy matrix.
#[must_use]
pub fn catalog() -> Vec<TypeInfo> {
    vec![
        subscription_info(),
        type_info::<Query>(),
        type_info::<Mutation>(),
        type_info::<Division>(),
        type_info::<DivisionStatistics>(),
        type_info::<Township>(),
        type_info::<InternalOffice>(),
        type_info::<PublicInstitution>(),
        type_info::<SecondedAgency>(),
        type_info::<Department>(),
        type_info::<DatedName>(),
        type_info::<Establishment>(),
        type_info::<LeadershipPost>(),
        type_info::<Appointment>(),
        type_info::<ConsultationOf>(),
        type_info::<Person>(),
        type_info::<PersonPrivate>(),
        type_info::<Document>(),
        type_info::<Reform>(),
        type_info::<ReformDraft>(),
        type_info::<OrganizationChange>(),
        type_info::<Change>(),
        type_info::<ChangeEvent>(),
        type_info::<ImportProgress>(),
        type_info::<ChangeRecord>(),
        type_info::<ChangedField>(),
        type_info::<SettingPattern>(),
        type_info::<SettingSlot>(),
        type_info::<PatternDeviation>(),
        type_info::<SearchEdge>(),
        type_info::<SearchFragment>(),
        type_info::<OrganizationPayload>(),
        type_info::<LeadershipPostPayload>(),
        type_info::<PersonPayload>(),
        type_info::<AppointmentPayload>(),
        type_info::<ChangePayload>(),
        type_info::<DivisionPayload>(),
        type_info::<DocumentPayload>(),
        type_info::<ReformPayload>(),
        type_info::<ReformDraftPayload>(),
        type_info::<UserError>(),
        type_info::<ReportCatalog>(),
        type_info::<ReportDimensionInfo>(),
        type_info::<ReportMeasureInfo>(),
        type_info::<ReportSegmentInfo>(),
        type_info::<Report>(),
        type_info::<ReportColumn>(),
        type_info::<ReportRow>(),
        type_info::<MeasureValue>(),
        type_info::<DimensionValue>(),
        type_info::<ReportWarningOf>(),
        type_info::<ExportLink>(),
        type_info::<SavedReport>(),
        type_info::<SavedReportPayload>(),
        type_info::<RegisterInfo>(),
        type_info::<RegisterCounts>(),
        type_info::<CodeListOf>(),
        type_info::<CodeValue>(),
        type_info::<ViewerCan>(),
        type_info::<ViewerOf>(),
        type_info::<GrantOf>(),
    ]
}
