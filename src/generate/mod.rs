//! The generator of the demonstration data: deterministic, so that the files in `data/demo` can be made again.
//!
//! Real: the divisions and the published totals. Synthetic: everything else, and it looks it. Irregular cases stand in
//! the fictional county only.

mod agencies;
mod bodies;
mod builder;
mod county;
mod departments;
mod leaders;
mod nation;
mod numbers;
mod planted;
mod profile;
mod staff;

pub use nation::{Nation, Wish};

use crate::domain::DivisionCode;
use crate::store::Rows;
use builder::Builder;
use std::io;
use std::path::Path;

/// Files of the demonstration that the generator does not make: real figures, and the fictional divisions.
pub const BY_HAND: &[&str] = &["99.csv", "division_statistics.csv"];

/// A division with its name.
pub type Named = (DivisionCode, String);

/// Makes the rows of the demonstration for the counties of the profiles.
#[must_use]
pub fn demo(divisions: &[Named]) -> Rows {
    let mut b = Builder::new();
    departments::build(&mut b, divisions);
    let plan = numbers::Plan::new(&mut b, divisions);
    for profile in profile::PROFILES {
        if let Some(code) = DivisionCode::parse(profile.county) {
            county::build(&mut b, profile, (code, profile.reform), divisions, &plan);
        }
    }
    b.finish()
}

/// Writes each table that has rows as a CSV file.
///
/// # Errors
/// When a file cannot be written.
pub fn write(rows: &Rows, directory: &Path) -> io::Result<()> {
    std::fs::create_dir_all(directory)?;
    for table in Rows::TABLES {
        let name = format!("{table}.csv");
        let mut text = Vec::new();
        rows.write_csv(table, &mut text)?;
        if !text.is_empty() && !BY_HAND.contains(&name.as_str()) {
            std::fs::write(directory.join(name), text)?;
        }
    }
    Ok(())
}
