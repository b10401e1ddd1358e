//! Subscriptions: a request becomes a stream of answers, whichever way they are sent.

use super::answer::{Asked, code_of};
use super::documents::operation;
use super::execute::{Visit, find};
use super::request::GraphqlRequest;
use super::server::App;
use crate::domain::{ErrorCode, Fault};
use crate::graph::Feed;
use crate::graph::engine::bind;
use async_graphql::parser::types::{OperationType, Selection};
use futures_util::StreamExt;
use futures_util::stream::BoxStream;
use std::sync::Arc;

/// Steps that an event may cost: well under a millisecond, since events are made between requests.
const STEPS: u64 = 16_384;

/// Whether a request is a subscription; those that cannot be read are none.
pub fn is_subscription(app: &App, wanted: &GraphqlRequest, visit: &Visit) -> bool {
    let Ok((known, _)) = find(app, &wanted.query, visit.limits) else { return false };
    operation(known.document(), wanted.operation_name.as_deref())
        .is_ok_and(|operation| operation.node.ty == OperationType::Subscription)
}

/// The answers of a subscription, each as a JSON object. An error of the request is the only answer then.
///
/// # Errors
/// Whatever is refused before anything is executed.
pub fn subscribe(
    app: &App,
    wanted: GraphqlRequest,
    visit: &Visit,
    asked: Asked,
) -> Result<BoxStream<'static, Vec<u8>>, Fault> {
    let (known, _) = find(app, &wanted.query, visit.limits)?;
    let operation = operation(known.document(), wanted.operation_name.as_deref())?;
    let items = &operation.node.selection_set.node.items;
    if !matches!(items.as_slice(), [one] if matches!(one.node, Selection::Field(_))) {
        return Err(Fault::new(
            ErrorCode::GraphqlValidationFailed,
            "A subscription has exactly one field, without a fragment around it.",
            "订阅操作应恰有一个字段，且不得置于片段中。",
        ));
    }
    let variables = bind(&operation.node, wanted.variables)?;
    let feed = Feed {
        register: app.register.clone(),
        revisions: app.register.revisions(),
        viewer: visit.viewer.clone(),
        locale: asked.locale,
        steps: STEPS,
        turn: app.telling.clone(),
        imports: app.imports.clone(),
        meter: Arc::default(),
    };
    let meter = feed.meter.clone();
    let mut request = async_graphql::Request::new("").variables(variables).data(feed);
    request.operation_name = wanted.operation_name;
    request.set_parsed_query(known.document().clone());
    let answers = app.schema.execute_stream(request);
    // One that asks for too much asks for too much each time: it is told so once.
    let answers = answers.scan(false, |over, done| {
        let go_on = !std::mem::replace(over, too_expensive(&done));
        std::future::ready(go_on.then_some(done))
    });
    Ok(answers.map(move |done| asked.object(done, &meter)).boxed())
}

/// Whether an event cost more than it may.
fn too_expensive(done: &async_graphql::Response) -> bool {
    done.errors.iter().any(|error| code_of(error) == ErrorCode::QueryTooExpensive)
}
