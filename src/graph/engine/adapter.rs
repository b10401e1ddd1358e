//! Every call of async-graphql that its documentation hides stands here. The version is pinned for their sake.

use super::cursor::CursorKey;
use super::record::{Arguments, FieldDef, FieldInfo, Record, TypeDef};
use super::request::Request;
use super::value::Code;
use crate::domain::{CodeList, Fault, Role};
use crate::policy::{Class, Rule, allows};
use async_graphql::registry::{
    __DirectiveLocation, Deprecation, MetaDirective, MetaDirectiveInvocation, MetaEnumValue, MetaField,
    MetaInputValue, MetaType, ObjectBuilder, Registry,
};
use async_graphql::{
    Context, Error, InputType, Name, OutputType, PathSegment, ServerError, ServerResult, Value,
    indexmap::IndexMap,
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

/// An argument that is taken but not listed by introspection.
pub fn unlisted(argument: MetaInputValue) -> MetaInputValue {
    MetaInputValue { visible: Some(|_| false), ..argument }
}

/// Describes a field of an input object.
pub fn input_field(name: &str, ty: impl Into<String>, doc: impl Into<String>) -> (String, MetaInputValue) {
    let mut meta = MetaInputValue::new(name, ty);
    meta.description = Some(doc.into());
    (name.to_owned(), meta)
}

/// The arguments of the field that the library's executor is at.
impl Arguments for Context<'_> {
    type Error = ServerError;
    fn value<T: InputType>(&self, name: &str) -> ServerResult<T> {
        self.param_value::<T>(name, None).map(|(_, value)| value)
    }
    fn refuse(&self, fault: Fault) -> ServerError {
        Error::from(fault).into_server_error(self.item.pos)
    }
    fn secret(&self) -> ServerResult<&CursorKey> {
        self.data::<CursorKey>().map_err(|e| e.into_server_error(self.item.pos))
    }
}

/// What the direct level has to know of a request that the library's executor runs.
pub fn request_of<'q>(ctx: &'q Context<'q>, secret: &'q CursorKey) -> Request<'q, 'q> {
    let env = ctx.query_env;
    Request::new(&env.operation.node, &env.fragments, &env.variables, secret)
}

/// Lets a value write itself with the selection of the present field.
///
/// # Errors
/// Those of the fields below.
pub async fn resolve_value<T: OutputType>(value: &T, ctx: &Context<'_>) -> ServerResult<Option<Value>> {
    value.resolve(&ctx.with_selection_set(&ctx.item.node.selection_set), ctx.item).await.map(Some)
}

/// What an error was made of, and where. The library's lists write their own place over that of an error inside of them.
#[derive(Debug)]
pub struct Placed {
    /// The fault, where it is one of ours.
    pub fault: Option<Fault>,
    /// The path of the field that failed.
    pub path: Vec<PathSegment>,
}

/// What becomes of an error: a nullable field becomes null and the error is noted, another passes it on.
pub fn resolve_error(error: ServerError, type_name: &str, ctx: &Context<'_>) -> ServerResult<Option<Value>> {
    let mut error = if error.path.is_empty() { ctx.set_error_path(error) } else { error };
    if error.source::<Placed>().is_none() {
        let fault = error.source::<Fault>().cloned();
        error.source = Some(Arc::new(Placed { fault, path: error.path.clone() }));
    }
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
            register_directives(registry);
        }
        let mut meta = MetaField::new(info.name, ty);
        meta.description = Some(doc);
        meta.args = (field.args)(registry).into_iter().map(|a| (a.name.clone(), a)).collect();
        if info.class != Class::Public {
            meta.directive_invocations = directives(info);
        }
        if let Some(reason) = info.deprecated {
            meta.deprecation = Deprecation::Deprecated { reason: Some(reason.to_owned()) };
        }
        fields.insert(info.name.to_owned(), meta);
    }
    fields
}

/// Defines `@class` and `@access`.
fn register_directives(registry: &mut Registry) {
    if registry.directives.contains_key("class") {
        return;
    }
    let of = argument::<Code<Class>>(registry, "of", "The class (数据分级).");
    let rule = argument::<Code<Rule>>(registry, "rule", "The rule (访问规则).");
    let roles = argument::<Vec<Code<Role>>>(
        registry,
        "roles",
        "The roles whose grants fulfil the rule, each within its scope (角色).",
    );
    let class = "Class of the data of a field (数据分级). A field without it is PUBLIC.";
    let access = "Who may read a field (访问控制): viewers with one of the roles, within the scope of the grant. For others it is null, \
         and it can be neither filtered, ordered nor counted by. A field without it is for everybody.";
    for (name, doc, args) in [("class", class, vec![of]), ("access", access, vec![rule, roles])] {
        registry.add_directive(MetaDirective {
            name: name.to_owned(),
            description: Some(doc.to_owned()),
            locations: vec![__DirectiveLocation::FIELD_DEFINITION],
            args: args.into_iter().map(|arg| (arg.name.clone(), arg)).collect(),
            is_repeatable: false,
            visible: None,
            composable: None,
        });
    }
}

/// `@class(of: …) @access(rule: …, roles: […])`.
fn directives(info: FieldInfo) -> Vec<MetaDirectiveInvocation> {
    let word = |value: &str| Value::Enum(Name::new(value));
    let roles = Role::ITEMS.iter().enumerate().filter_map(|(at, item)| Some((Role::at(at)?, item)));
    let roles = roles.filter(|(role, _)| allows(info.rule, *role)).map(|(_, item)| word(item.value));
    let access = [("rule", word(info.rule.value())), ("roles", Value::List(roles.collect()))];
    let invocation = |name: &str, args: &[(&str, Value)]| MetaDirectiveInvocation {
        name: name.to_owned(),
        args: args.iter().map(|(name, value)| ((*name).to_owned(), value.clone())).collect(),
    };
    vec![invocation("class", &[("of", word(info.class.value()))]), invocation("access", &access)]
}

fn visibility(class: Class, rule: Rule) -> String {
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

/// The fields of a record beside others, in an object type whose own fields are given by hand.
pub fn with_fields<K: 'static>(
    mut meta: MetaType,
    registry: &mut Registry,
    more: &'static [&'static [FieldDef<K>]],
) -> MetaType {
    let def = TypeDef { name: "", doc: "", implements: &[], fields: more };
    let more = meta_fields(registry, &def);
    if let MetaType::Object { fields, .. } = &mut meta {
        fields.extend(more);
    }
    meta
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

/// The fields of an input object with their types; nothing for other types.
pub fn input_fields(registry: &Registry, name: &str) -> Option<Vec<(String, String)>> {
    match registry.types.get(name)? {
        MetaType::InputObject { input_fields, .. } => {
            Some(input_fields.iter().map(|(name, field)| (name.clone(), field.ty.clone())).collect())
        }
        _ => None,
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
