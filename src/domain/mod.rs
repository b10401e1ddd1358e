//! The words and the pure rules of the field. No input, no output, no clock: a leaf that every room may use.

pub mod acts;
pub mod appointing;
pub mod code_list;
pub mod codes;
pub mod credit_code;
pub mod date;
pub mod decimal;
pub mod division_code;
pub mod drafting;
pub mod establishment;
pub mod fault;
mod id_seal;
pub mod locale;
pub mod reading;
pub mod setting_pattern;
pub mod working_day;

pub use acts::{ActKind, RecordKind};
pub use code_list::{CodeItem, CodeList};
pub use codes::*;
pub use credit_code::CreditCode;
pub use date::{Day, Validity};
pub use decimal::{Decimal, Ratio};
pub use division_code::{CodeRange, DivisionCode};
pub use drafting::DraftState;
pub use establishment::{Leaders, Numbers, Posts};
pub use fault::{ErrorCode, Fault};
pub use id_seal::IdSeal;
pub use locale::Locale;
