//! The data files, embedded in the binary: reference divisions and the demonstration.

use crate::domain::DivisionCode;
use crate::generate::Named;
use crate::store::Source;
use rust_embed::RustEmbed;

#[derive(RustEmbed)]
#[folder = "data/"]
#[include = "divisions/*.csv"]
#[include = "demo/*.csv"]
struct Files;

fn source(name: &'static str, synthetic: bool) -> Source {
    let prefix = format!("{name}/");
    let files = Files::iter()
        .filter(|path| path.starts_with(&prefix))
        .filter_map(|path| Some((path.to_string(), Files::get(&path)?.data)))
        .collect();
    Source { name, synthetic, files }
}

/// The divisions of the 31 provincial units down to the township.
#[must_use]
pub fn divisions() -> Source {
    source("divisions", false)
}

/// The demonstration counties.
#[must_use]
pub fn demo() -> Source {
    source("demo", true)
}

/// Codes and names of all divisions in the files, the fictional ones too, ordered by code.
#[must_use]
pub fn names() -> Vec<Named> {
    let files = Files::iter()
        .filter(|p| p.starts_with("divisions/") || p == "demo/99.csv")
        .filter_map(|p| Files::get(&p));
    let mut out: Vec<Named> = Vec::new();
    for file in files {
        for line in String::from_utf8_lossy(&file.data).lines().skip(1) {
            if let Some((code, name)) = line.split_once(',')
                && let Some(code) = DivisionCode::parse(code)
            {
                out.push((code, name.to_owned()));
            }
        }
    }
    out.sort_by_key(|(code, _)| *code);
    out
}
