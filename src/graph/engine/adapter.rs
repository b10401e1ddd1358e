//! Every call of async-graphql that its documentation hides stands here. The version is pinned for their sake.

use super::record::{Record, TypeDef};
use crate::domain::Fault;
use crate::policy::Class;
use async_graphql::registry::{
    Deprecation, MetaEnumValue, MetaField, MetaInputValue, MetaType, ObjectBuilder, Registry,
};
use async_graphql::{
    Context, Error, InputType, OutputType, ServerError, ServerResult, Value, indexmap::IndexMap,
};
use std::sync::Arc;

/// A fault travels inside the error; the HTTP room takes it out and chooses the language.
impl From<Fault> for Error {
    fn from(fault: Fault) -> Self {
        Self { message: fault.en.clone(), source: Some(Arc::new(fault)), extensions: None }
    }
}

/// Describes an argument.
pub fn argument<T: InputType>(registry: &mut Registry, name: &str, doc: &str) -> MetaInputValue {
    let mut meta = MetaInputValue::new(name, T::create_type_info(registry));
    meta.description = Some(doc.to_owned());
    meta
}

/// Describes a field of an input object.
pub fn input_field(name: &str, ty: impl Into<String>, doc: impl Into<String>) -> (String, MetaInputValue) {
    let mut meta = MetaInputValue::new(name, ty);
    meta.description = Some(doc.into());
    (name.to_owned(), meta)
}

/// Reads an argument of the present field.
///
/// # Errors
/// When the value is not acceptable.
pub fn read_argument<T: InputType>(ctx: &Context<'_>, name: &str) -> ServerResult<T> {
    ctx.param_value::<T>(name, None).map(|(_, value)| value)
}

/// Lets a value write itself with the selection of the present field.
///
/// # Errors
/// Those of the fields below.
pub async fn resolve_value<T: OutputType>(value: &T, ctx: &Context<'_>) -> ServerResult<Option<Value>> {
    value.resolve(&ctx.with_selection_set(&ctx.item.node.selection_set), ctx.item).await.map(Some)
}

/// What becomes of an error: a nullable field becomes null and the error is noted, another passes it on.
pub fn resolve_error(error: ServerError, type_name: &str, ctx: &Context<'_>) -> ServerResult<Option<Value>> {
    let error = if error.path.is_empty() { ctx.set_error_path(error) } else { error };
    let fields = ctx.schema_env.registry.types.get(type_name).and_then(MetaType::fields);
    let field = fields.and_then(|f| f.get(ctx.item.node.name.node.as_str()));
    if field.is_some_and(|f| !f.ty.ends_with('!')) {
        ctx.add_error(error);
        return Ok(Some(Value::Null));
    }
    Err(error)
}

/// The fields of a type for the registry. Any class above PUBLIC makes a field nullable.
pub fn meta_fields<K>(registry: &mut Registry, def: &TypeDef<K>) -> IndexMap<String, MetaField> {
    let mut fields = IndexMap::new();
    for field in def.all() {
        let info = field.info;
        let mut ty = (field.ty)(registry);
        let mut doc = info.doc.to_owned();
        if info.class != Class::Public {
            ty = ty.trim_end_matches('!').to_owned();
            doc.push_str(&visibility(info.class, info.rule));
        }
        let mut meta = MetaField::new(info.name, ty);
        meta.description = Some(doc);
        meta.args = (field.args)(registry).into_iter().map(|a| (a.name.clone(), a)).collect();
        if let Some(reason) = info.deprecated {
            meta.deprecation = Deprecation::Deprecated { reason: Some(reason.to_owned()) };
        }
        fields.insert(info.name.to_owned(), meta);
    }
    fields
}

fn visibility(class: Class, rule: crate::policy::Rule) -> String {
    use crate::domain::CodeList;
    format!(
        "\n\nClass {} ({}), rule {} ({}): null for others, and named in `extensions.masked`.",
        class.value(),
        class.item().zh,
        rule.value(),
        rule.item().zh
    )
}

/// An object type.
pub fn object<T: Record>(registry: &mut Registry) -> MetaType {
    let def = &T::DEF;
    for interface in def.implements {
        registry.add_implements(def.name, interface);
    }
    let fields = meta_fields(registry, def);
    ObjectBuilder::new(def.name, fields)
        .description(Some(def.doc.to_owned()))
        .rust_typename(std::any::type_name::<super::Ref<'static, T>>())
        .build()
}

/// An object type whose fields are given by hand: name, type, description.
pub fn plain_object(name: &str, doc: &str, rust: &'static str, fields: &[(&str, String, &str)]) -> MetaType {
    let fields = fields
        .iter()
        .map(|(name, ty, doc)| {
            let mut meta = MetaField::new(*name, ty.clone());
            meta.description = Some((*doc).to_owned());
            ((*name).to_owned(), meta)
        })
        .collect();
    ObjectBuilder::new(name, fields).description(Some(doc.to_owned())).rust_typename(rust).build()
}

/// An interface type.
pub fn interface_type<K>(
    registry: &mut Registry,
    def: &TypeDef<K>,
    possible: &[&str],
    rust: &'static str,
) -> MetaType {
    for interface in def.implements {
        registry.add_implements(def.name, interface);
    }
    MetaType::Interface {
        name: def.name.to_owned(),
        description: Some(def.doc.to_owned()),
        fields: meta_fields(registry, def),
        possible_types: possible.iter().map(|p| (*p).to_owned()).collect(),
        extends: false,
        keys: None,
        visible: None,
        inaccessible: false,
        tags: Vec::new(),
        rust_typename: Some(rust),
        directive_invocations: Vec::new(),
        requires_scopes: Vec::new(),
    }
}

/// An enum type: name and description of each value.
pub fn enum_type(name: &str, doc: &str, rust: &'static str, values: Vec<(String, String)>) -> MetaType {
    let enum_values = values
        .into_iter()
        .map(|(value, doc)| {
            let mut meta = MetaEnumValue::new(value.clone());
            meta.description = Some(doc);
            (value, meta)
        })
        .collect();
    MetaType::Enum {
        name: name.to_owned(),
        description: Some(doc.to_owned()),
        enum_values,
        visible: None,
        inaccessible: false,
        tags: Vec::new(),
        rust_typename: Some(rust),
        directive_invocations: Vec::new(),
        requires_scopes: Vec::new(),
    }
}

/// An input object type.
pub fn input_object(
    name: &str,
    doc: &str,
    rust: &'static str,
    fields: impl IntoIterator<Item = (String, MetaInputValue)>,
) -> MetaType {
    MetaType::InputObject {
        name: name.to_owned(),
        description: Some(doc.to_owned()),
        input_fields: fields.into_iter().collect(),
        visible: None,
        inaccessible: false,
        tags: Vec::new(),
        rust_typename: Some(rust),
        oneof: false,
        directive_invocations: Vec::new(),
    }
}

/// A scalar type.
pub fn scalar(name: &str, doc: &str, specified_by: &str) -> MetaType {
    MetaType::Scalar {
        name: name.to_owned(),
        description: Some(doc.to_owned()),
        is_valid: None,
        visible: None,
        inaccessible: false,
        tags: Vec::new(),
        specified_by_url: Some(specified_by.to_owned()),
        directive_invocations: Vec::new(),
        requires_scopes: Vec::new(),
    }
}
