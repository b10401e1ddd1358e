//! The command line: parse, then call the library.

mod cli;

use clap::Parser;
use std::process::ExitCode;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    let command = cli::Cli::parse();
    if command.serves() {
        give_memory_back_soon();
    }
    let outcome = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .map_err(|e| format!("cannot start: {e}"))
        .and_then(|runtime| runtime.block_on(command.run()));
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            eprintln!("tiaokuai: {message}");
            ExitCode::FAILURE
        }
    }
}

/// After how many milliseconds the allocator gives memory back to the system. Left to itself it waits for a second, in which reading
/// a national register frees a hundred megabytes that nobody needs any more.
#[cfg(unix)]
const SOON: (&str, &str) = ("MIMALLOC_PURGE_DELAY", "10");

/// The allocator reads its settings from the environment before anything of ours runs. So a server begins once more, as the same
/// process, with the setting; whoever sets it himself is left alone.
#[cfg(unix)]
fn give_memory_back_soon() {
    use std::os::unix::process::CommandExt;
    let mut given = std::env::args_os();
    if let (None, Ok(program), Some(name)) = (std::env::var_os(SOON.0), std::env::current_exe(), given.next())
    {
        // Comes back only when it cannot be done; then memory is given back later.
        let _ = std::process::Command::new(program).arg0(name).args(given).env(SOON.0, SOON.1).exec();
    }
}

#[cfg(not(unix))]
fn give_memory_back_soon() {}
