//! Tables and nothing else: one file a table. Dates are ISO texts, codes are the values of the code lists.
#![allow(missing_docs, reason = "the derive macros write items that cannot carry documentation")]

pub mod answered;
pub mod appointment;
pub mod change;
pub mod change_object;
pub mod competent_department;
pub mod division;
pub mod division_statistics;
pub mod division_trait;
pub mod division_version;
pub mod document;
pub mod establishment;
pub mod leadership_post;
pub mod loaded_file;
pub mod organization;
pub mod organization_change;
pub mod organization_change_party;
pub mod organization_version;
pub mod pattern_assignment;
pub mod person;
pub mod reform;
pub mod reform_draft;
pub mod register;
pub mod saved_report;
pub mod setting_pattern;
pub mod setting_slot;
