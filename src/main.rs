//! The command line.

fn main() {
    print!("{}", tiaokuai::graph::sdl());
}
