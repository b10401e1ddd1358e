//! HTTP: routes, limits, health. Bytes in, bytes out. The only room that names poem.

mod answer;
mod columns;
mod connections;
mod cors;
mod documents;
mod events;
mod execute;
mod files;
mod front;
mod gate;
mod graphql;
mod imports;
mod lists;
mod negotiate;
mod operation;
mod pages;
mod register;
mod registrar;
mod request;
mod rewrite;
mod server;
mod shelf;
mod sockets;
mod streamed;
mod subscribe;
mod told;
mod turns;
mod v1;

pub use connections::{Bounds, serve as serve_connections};
pub use execute::Level;
pub use files::{Wanted, report_file};
pub use gate::Limits;
pub use register::Register;
pub use server::{App, LoadError, serve};
