//! What the fast levels know of a request: its operation, the fragments beside it, and its variables.

use super::cursor::CursorKey;
use super::record::Arguments;
use crate::domain::Fault;
use async_graphql::parser::types::{
    Directive, FragmentDefinition, OperationDefinition, SelectionSet, VariableDefinition,
};
use async_graphql::{InputType, Name, Positioned, Value, Variables};
use async_graphql_value::Value as Given;
use std::cell::Cell;
use std::collections::HashMap;

/// This level cannot answer: the level above runs the request from its beginning. Errors are made there, and only there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bail;

/// The values of variables, and what opens cursors: what the arguments of a field are read from.
#[derive(Clone, Copy)]
pub struct Bound<'v> {
    definitions: &'v [Positioned<VariableDefinition>],
    variables: &'v Variables,
    secret: &'v CursorKey,
}

/// A request: an operation of a document, which may live longer than the request, and what it is run with.
pub struct Request<'d, 'v> {
    operation: &'d OperationDefinition,
    pub(super) fragments: &'d HashMap<Name, Positioned<FragmentDefinition>>,
    pub(super) bound: Bound<'v>,
    /// How many steps and values were compiled.
    pub(super) compiled: Cell<usize>,
    /// Until so many are compiled, types of interfaces are compiled before an object of them is met.
    pub(super) ahead: Cell<usize>,
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

impl<'d: 'v, 'v> Request<'d, 'v> {
    /// A request: an operation that was validated, the fragments beside it, its variables with the defaults filled in, and the key of
    /// its cursors.
    #[must_use]
    pub fn new(
        operation: &'d OperationDefinition,
        fragments: &'d HashMap<Name, Positioned<FragmentDefinition>>,
        variables: &'v Variables,
        secret: &'v CursorKey,
    ) -> Self {
        let definitions = operation.variable_definitions.as_slice();
        Self {
            operation,
            fragments,
            bound: Bound { definitions, variables, secret },
            compiled: Cell::new(0),
            ahead: Cell::new(0),
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
}

impl<'d> Request<'d, '_> {
    #[cfg(debug_assertions)]
    pub(super) fn is_planted(&self, fault: Planted) -> bool {
        self.planted == Some(fault)
    }

    /// The selection at the root.
    #[must_use]
    pub fn root(&self) -> &'d SelectionSet {
        &self.operation.selection_set.node
    }

    /// What of the variables decides what a plan holds: whether each of them is true or false, since it may stand in `@skip` and
    /// `@include`. All else is read when a field is written.
    #[must_use]
    pub fn variation(&self) -> Vec<Option<bool>> {
        let truth = |definition: &Positioned<VariableDefinition>| match self
            .bound
            .variables
            .get(&definition.node.name.node)
        {
            Some(Value::Boolean(truth)) => Some(*truth),
            _ => None,
        };
        self.operation.variable_definitions.iter().map(truth).collect()
    }

    /// Notes what was compiled.
    pub(super) fn count(&self, parts: usize) {
        self.compiled.set(self.compiled.get().saturating_add(parts));
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
            match condition.and_then(|(_, value)| self.bound.constant(&value.node)) {
                Some(Value::Boolean(condition)) if condition == wanted => {}
                Some(Value::Boolean(_)) => return Ok(false),
                _ => return Err(Bail),
            }
        }
        Ok(true)
    }
}

impl<'v> Bound<'v> {
    /// The key of the request's cursors.
    pub(super) fn secret(&self) -> &'v CursorKey {
        self.secret
    }

    /// The value of an argument; nothing for a variable that was not given.
    fn constant(&self, value: &Given) -> Option<Value> {
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
        self.variables.get(name).cloned().or_else(|| {
            let own = self.definitions.iter().find(|d| d.node.name.node == *name)?;
            own.node.default_value.as_ref().map(|value| value.node.clone())
        })
    }
}

/// The arguments of a field as they are written in the document.
pub type Written = [(Positioned<Name>, Positioned<Given>)];

/// The arguments of a field with the variables of a request.
#[derive(Clone, Copy)]
pub struct Reading<'r> {
    pub(super) bound: Bound<'r>,
    pub(super) written: &'r Written,
}

impl Arguments for Reading<'_> {
    type Error = Bail;
    fn value<T: InputType>(&self, name: &str) -> Result<T, Bail> {
        let given = self.written.iter().find(|(n, _)| n.node == name);
        T::parse(given.and_then(|(_, value)| self.bound.constant(&value.node))).map_err(|_| Bail)
    }
    fn refuse(&self, _: Fault) -> Bail {
        Bail
    }
    fn secret(&self) -> Result<&CursorKey, Bail> {
        Ok(self.bound.secret)
    }
}

/// How many values stand in an argument.
pub(super) fn size(value: &Given) -> usize {
    match value {
        Given::List(items) => 1 + items.iter().map(size).sum::<usize>(),
        Given::Object(fields) => 1 + fields.values().map(size).sum::<usize>(),
        _ => 1,
    }
}

/// Whether a variable stands in an argument.
pub(super) fn varies(value: &Given) -> bool {
    match value {
        Given::Variable(_) => true,
        Given::List(items) => items.iter().any(varies),
        Given::Object(fields) => fields.values().any(varies),
        _ => false,
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
