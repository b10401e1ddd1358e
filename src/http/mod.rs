//! HTTP: routes, limits, health. Bytes in, bytes out. The only room that names poem.

mod answer;
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
mod negotiate;
mod operation;
mod pages;
mod register;
mod registrar;
mod request;
mod server;
mod sockets;
mod subscribe;
mod told;

pub use connections::{Bounds, serve as serve_connections};
pub use execute::Level;
pub use files::{Wanted, report_file};
pub use gate::Limits;
pub use register::Register;
pub use server::{App, LoadError, serve};
