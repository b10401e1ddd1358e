//! The two fast levels: a whole answer as bytes, and the fields of the root as bytes inside of the library's executor.

use super::adapter::request_of;
use super::collect::collect;
use super::plan::{Plan, SIZE, Sub, step};
use super::record::{Arguments, Record, Ref};
use super::request::{Bail, Request};
use super::writer::Writer;
use crate::policy::View;
use async_graphql::{Context, Value};
use std::sync::atomic::{AtomicBool, Ordering};

/// The most bytes that are set aside for an answer before it is known how long it gets.
const LONGEST: usize = 256 << 10;

/// Writes the answer to an operation that was validated before: `{"data":…`, without the last bracket.
///
/// # Errors
/// When the request has to be run by the library: for every error, and for what only the library knows.
pub fn direct<'d, T: Record<Key = ()>>(
    plan: &Plan<'d>,
    request: &Request<'d, '_>,
    view: &View,
) -> Result<Vec<u8>, Bail> {
    let Sub::Object(steps) = &plan.root else { return Err(Bail) };
    let mut out = Writer::new(request, view, Vec::with_capacity(plan.size.load(Ordering::Relaxed)));
    out.raw("{\"data\":");
    out.object(steps, Ref::<T>::new(view, ()))?;
    // What was walked over last counts too: an answer that the budget cut short is none.
    view.meter().charge(0).map_err(|_| Bail)?;
    let mut bytes = out.finish();
    // The next answer is mostly about as long as this one; what is longer grows on the way.
    plan.size.store((bytes.len() + bytes.len() / 4).min(LONGEST), Ordering::Relaxed);
    if bytes.len() < bytes.capacity() / 4 {
        bytes.shrink_to_fit();
    }
    Ok(bytes)
}

/// Data of a request whose root fields are to be written as bytes (the bytes level); absent at the ordinary level.
#[derive(Debug, Default)]
pub struct Bytes {
    gave_up: AtomicBool,
}

impl Bytes {
    /// Whether a field could not be written: then the answer is none, and the ordinary level runs the request.
    #[must_use]
    pub fn gave_up(&self) -> bool {
        self.gave_up.load(Ordering::Relaxed)
    }

    /// Writes a field of the root: all selections of its key in the whole operation, since the library resolves repeated
    /// fields one by one, keeps the first, and cannot merge bytes.
    pub(super) fn field<T: Record<Key = ()>>(&self, ctx: &Context<'_>, view: &View) -> Option<Value> {
        if self.gave_up() {
            return None;
        }
        let written = write::<T>(ctx, view);
        // Each field has a writer of its own; the answer is bounded as a whole.
        let written = written.and_then(|b| view.meter().will_write(b.len()).map(|()| b).map_err(|_| Bail));
        self.gave_up.store(written.is_err(), Ordering::Relaxed);
        written.ok().map(|bytes| Value::Binary(bytes.into()))
    }
}

fn write<T: Record<Key = ()>>(ctx: &Context<'_>, view: &View) -> Result<Vec<u8>, Bail> {
    let request = request_of(ctx, ctx.secret().map_err(|_| Bail)?);
    let key = ctx.item.node.response_key().node.as_str();
    let wanted = collect(&request, &[request.root()], &|condition| T::DEF.is(condition))?;
    let wanted = wanted.iter().find(|wanted| wanted.key() == key).ok_or(Bail)?;
    let step = step(&request, wanted, &T::DEF)?;
    let mut out = Writer::new(&request, view, Vec::with_capacity(SIZE));
    out.charged::<T>(T::DEF.fields, &step, Ref::new(view, ()))?;
    Ok(out.finish())
}
