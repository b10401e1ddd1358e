//! From one county to the nation: how long reading it into memory takes, and how much memory.

use crate::process::{self, Server};
use std::path::Path;

/// A county, a prefecture, two provinces, and the nation.
const SIZES: [Option<&str>; 5] = [Some("210681"), Some("2106"), Some("21"), Some("51"), None];

/// Prints a line for each size of register in each database. `url` gives the address of a database for a size.
pub fn measure(name: &str, url: impl Fn(Option<&str>) -> String, directory: &Path) {
    println!(
        "{:<28}{:>10}{:>10}{:>12}{:>10}{:>10}",
        name, "townships", "ready s", "tables MiB", "MB", "at most"
    );
    for within in SIZES {
        let url = url(within);
        process::generate(&url, within, directory);
        let server = Server::start(&url, "direct", directory);
        let counts = server.counts();
        println!(
            "{:<28}{:>10}{:>10.2}{:>12}{:>10}{:>10}",
            within.unwrap_or("the nation"),
            counts.townships,
            server.seconds(),
            counts.memory,
            server.status("VmRSS"),
            server.status("VmHWM")
        );
    }
    println!();
}
