//! The command line.

fn main() {
    let rows = tiaokuai::generate::demo(&tiaokuai::data::names());
    tiaokuai::generate::write(&rows, std::path::Path::new("data/demo")).expect("write");
}
