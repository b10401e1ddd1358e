//! What the fast levels know of a request: its operation, the fragments beside it, and its variables.

use super::cursor::CursorKey;
use crate::domain::Fault;
use async_graphql::parser::types::{Directive, FragmentDefinition, OperationDefinition, SelectionSet};
use async_graphql::{Name, Positioned, Value, Variables};
use async_graphql_value::Value as Given;
use std::collections::HashMap;

/// This level cannot answer: the level above runs the request from its beginning. Errors are made there, and only there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bail;

/// What compiling needs of a request.
pub struct Request<'q> {
    operation: &'q OperationDefinition,
    pub(super) fragments: &'q HashMap<Name, Positioned<FragmentDefinition>>,
    variables: &'q Variables,
    /// The key of its cursors.
    pub secret: &'q CursorKey,
    #[cfg(debug_assertions)]
    planted: Option<Planted>,
}

/// A fault that a test plants, to see that it would be noticed. A release has no place for one.
#[cfg(debug_assertions)]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Planted {
    /// Repeated fields are not merged: the first stands for all.
    NoMerging,
    /// Every type condition holds.
    NoTypeConditions,
    /// Nothing is masked.
    NoMask,
}

impl<'q> Request<'q> {
    /// A request: an operation that was validated, the fragments beside it, and its variables with the defaults filled in.
    #[must_use]
    pub fn new(
        operation: &'q OperationDefinition,
        fragments: &'q HashMap<Name, Positioned<FragmentDefinition>>,
        variables: &'q Variables,
        secret: &'q CursorKey,
    ) -> Self {
        Self {
            operation,
            fragments,
            variables,
            secret,
            #[cfg(debug_assertions)]
            planted: None,
        }
    }

    /// The same request, run with a fault.
    #[cfg(debug_assertions)]
    #[must_use]
    pub fn with_fault(self, planted: Option<Planted>) -> Self {
        Self { planted, ..self }
    }

    #[cfg(debug_assertions)]
    pub(super) fn is_planted(&self, fault: Planted) -> bool {
        self.planted == Some(fault)
    }

    /// The selection at the root.
    #[must_use]
    pub fn root(&self) -> &'q SelectionSet {
        &self.operation.selection_set.node
    }

    /// The value of an argument; nothing for a variable that was not given.
    pub(super) fn constant(&self, value: &Given) -> Option<Value> {
        Some(match value {
            Given::Variable(name) => return self.variable(name),
            Given::Null => Value::Null,
            Given::Number(number) => Value::Number(number.clone()),
            Given::String(text) => Value::String(text.clone()),
            Given::Boolean(truth) => Value::Boolean(*truth),
            Given::Binary(bytes) => Value::Binary(bytes.clone()),
            Given::Enum(name) => Value::Enum(name.clone()),
            Given::List(items) => {
                Value::List(items.iter().map(|item| self.constant(item).unwrap_or(Value::Null)).collect())
            }
            Given::Object(fields) => {
                let fields = fields.iter().filter_map(|(key, v)| Some((key.clone(), self.constant(v)?)));
                Value::Object(fields.collect())
            }
        })
    }

    fn variable(&self, name: &Name) -> Option<Value> {
        let definitions = &self.operation.variable_definitions;
        self.variables.get(name).cloned().or_else(|| {
            let own = definitions.iter().find(|d| d.node.name.node == *name)?;
            own.node.default_value.as_ref().map(|value| value.node.clone())
        })
    }

    /// Whether `@skip` and `@include` let a selection stand.
    pub(super) fn stands(&self, directives: &[Positioned<Directive>]) -> Result<bool, Bail> {
        for directive in directives {
            let wanted = match directive.node.name.node.as_str() {
                "skip" => false,
                "include" => true,
                _ => return Err(Bail),
            };
            let condition = directive.node.arguments.iter().find(|(name, _)| name.node == "if");
            match condition.and_then(|(_, value)| self.constant(&value.node)) {
                Some(Value::Boolean(condition)) if condition == wanted => {}
                Some(Value::Boolean(_)) => return Ok(false),
                _ => return Err(Bail),
            }
        }
        Ok(true)
    }
}

/// Fills in defaults, which `@skip` and `@include` of the library do not look at, and asks for what is required.
///
/// # Errors
/// `BAD_USER_INPUT` for a required variable that was not given.
pub fn bind(operation: &OperationDefinition, mut given: Variables) -> Result<Variables, Fault> {
    for definition in &operation.variable_definitions {
        let name: &Name = &definition.node.name.node;
        let value = given.get(name);
        if value.is_none()
            && let Some(default) = &definition.node.default_value
        {
            given.insert(name.clone(), default.node.clone());
        } else if !definition.node.var_type.node.nullable && value.is_none_or(|v| *v == Value::Null) {
            return Err(Fault::input(
                format!("The variable ${name} is required."),
                format!("变量 ${name} 为必填。"),
            ));
        }
    }
    Ok(given)
}
