//! `#[fields(Name)]`: one definition of a field of the graph.
//!
//! The attribute stands on an ordinary `impl<'v> Ref<'v, Noun>` block. Each method with a `#[field(Class, Rule, ..)]`
//! attribute becomes a `FieldDef`: name, type, description, arguments, class, rule, cost and the code that reads it.
//! The schema, the policy matrix, the filters, the orders and the answers are all made from these definitions.
//! rustfmt and rust-analyzer see nothing but ordinary Rust.

mod parse;

use parse::{Spec, arguments, camel, documentation, lifetime};
use proc_macro::TokenStream;
use proc_macro2::TokenStream as Tokens;
use quote::{ToTokens, quote};
use syn::{Error, Ident, ImplItem, ImplItemFn, ItemImpl, Result, ReturnType, Type};

/// Collects the `#[field]` methods of an impl block into `Name::FIELDS`, a table of `FieldDef`s.
///
/// `#[fields(Name)]` on `impl<'v> Ref<'v, Noun>`; on `impl<'v, T: Bound> Ref<'v, T>` the table is generic over `T`.
/// * `#[field(Class, Rule)]`, then any of `cost = n`, `filter`, `order`, `deprecated = "why and until when"`,
///   `unit = "posts (个)"` of a number, `example = "63"`; on a field that
///   leads to other objects `relation` (lists can be filtered through it) or `relation = anywhere` (and it leads out of the
///   territory of the list).
/// * an argument takes its description from `#[arg("…")]`; `#[group]` marks a group of arguments (`ListArgs`),
///   `#[unlisted]` one that is taken but not listed in the contract.
/// * a trailing `_` in a method's or an argument's name is dropped; names become camelCase.
#[proc_macro_attribute]
pub fn fields(attr: TokenStream, item: TokenStream) -> TokenStream {
    let name = syn::parse_macro_input!(attr as Ident);
    let block = syn::parse_macro_input!(item as ItemImpl);
    expand(name, block).unwrap_or_else(Error::into_compile_error).into()
}

fn expand(name: Ident, mut block: ItemImpl) -> Result<Tokens> {
    let target = record_type(&block.self_ty)?;
    let generic = block.generics.type_params().next().cloned();
    let mut defs = Vec::new();
    for item in &mut block.items {
        if let ImplItem::Fn(function) = item
            && let Some(at) = function.attrs.iter().position(|a| a.path().is_ident("field"))
        {
            let spec: Spec = function.attrs.remove(at).parse_args()?;
            if returns_code(&function.sig.output) {
                let label = label_definition(function, &spec, &target);
                defs.push(definition(function, spec, &target)?);
                defs.push(label);
            } else {
                defs.push(definition(function, spec, &target)?);
            }
        }
    }
    let docs = format!("The fields of `{}`.", target.to_token_stream());
    let (decl, head) = match &generic {
        None => (quote!(pub struct #name;), quote!(impl #name)),
        Some(p) => {
            let (ident, bounds) = (&p.ident, &p.bounds);
            (
                quote!(pub struct #name<#ident>(::std::marker::PhantomData<#ident>);),
                quote!(impl<#ident: #bounds> #name<#ident>),
            )
        }
    };
    Ok(quote! {
        #block
        #[doc = #docs]
        #decl
        #head {
            /// One definition for each field, in the order of the schema.
            pub const FIELDS: &'static [crate::graph::engine::FieldDef<<#target as crate::graph::engine::Record>::Key>] = &[#(#defs),*];
        }
    })
}

/// `Noun` in `Ref<'v, Noun>`.
fn record_type(ty: &Type) -> Result<Type> {
    let Type::Path(path) = ty else { return Err(Error::new_spanned(ty, "expected `Ref<'v, Noun>`")) };
    let last = path.path.segments.last().ok_or_else(|| Error::new_spanned(ty, "expected `Ref<'v, Noun>`"))?;
    if let syn::PathArguments::AngleBracketed(args) = &last.arguments {
        for arg in &args.args {
            if let syn::GenericArgument::Type(t) = arg {
                return Ok(t.clone());
            }
        }
    }
    Err(Error::new_spanned(ty, "expected `Ref<'v, Noun>`"))
}

fn definition(function: &mut ImplItemFn, spec: Spec, target: &Type) -> Result<Tokens> {
    let method = function.sig.ident.clone();
    let graph_name = camel(&method);
    let mut doc = documentation(&function.attrs);
    if doc.is_empty() {
        return Err(Error::new_spanned(&method, "a field needs a description"));
    }
    for (name, text) in [("Unit", &spec.unit), ("Example", &spec.example)] {
        doc.extend(text.iter().map(|text| format!(" {name}: {}.", text.value())));
    }
    let ReturnType::Type(_, ret) = &function.sig.output else {
        return Err(Error::new_spanned(&method, "a field returns something"));
    };
    let (ret_local, ret_static) =
        (lifetime(ret.to_token_stream(), "_"), lifetime(ret.to_token_stream(), "static"));
    let args = arguments(function)?;
    let (mut metas, mut reads, mut names, mut types) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    for a in &args {
        let (ident, ty, doc, key) = (&a.ident, &a.ty, &a.doc, camel(&a.ident));
        if a.group {
            metas.push(quote!(<#ty as crate::graph::engine::ArgGroup>::describe(registry, &mut args);));
            reads.push(quote!(let #ident = <#ty as crate::graph::engine::ArgGroup>::read(given)?;));
        } else {
            let argument = quote!(crate::graph::engine::argument::<#ty>(registry, #key, #doc));
            metas.push(if a.unlisted {
                quote!(args.push(crate::graph::engine::unlisted(#argument));)
            } else {
                quote!(args.push(#argument);)
            });
            reads.push(quote!(let #ident = crate::graph::engine::Arguments::value::<#ty>(given, #key)?;));
        }
        names.push(ident.clone());
        types.push(ty.clone());
    }
    let Spec { class, rule, cost, filter, order, relation, deprecated, .. } = spec;
    let relation = relation_definition(relation, target, &method, args.len(), &ret_static);
    let sort_key = if filter || order {
        quote!(Some(crate::graph::engine::Column {
            of: <#ret_static as crate::graph::engine::Sortable<'static>>::FILTER,
            key: |view, key| crate::graph::engine::Sortable::sort_key(&crate::graph::engine::Ref::<#target>::new(view, key).#method()),
            filter: #filter,
            order: #order,
        }))
    } else {
        quote!(None)
    };
    // A field without arguments has nothing to take.
    let take = if names.is_empty() {
        quote!()
    } else {
        quote!(let (#(#names,)*) = step.arguments::<(#(#types,)*)>(out)?;)
    };
    let deprecated = match deprecated {
        Some(text) => quote!(Some(#text)),
        None => quote!(None),
    };
    Ok(quote! {
        crate::graph::engine::FieldDef {
            info: crate::graph::engine::FieldInfo {
                name: #graph_name,
                doc: #doc,
                class: crate::policy::Class::#class,
                rule: crate::policy::Rule::#rule,
                cost: #cost,
                deprecated: #deprecated,
            },
            ty: |registry| <#ret_static as async_graphql::OutputType>::create_type_info(registry),
            args: |registry| {
                #[allow(unused_mut, reason = "most fields have no argument")]
                let mut args = ::std::vec::Vec::new();
                let _ = &registry;
                #(#metas)*
                args
            },
            column: #sort_key,
            relation: #relation,
            resolve: |view, key, given| ::std::boxed::Box::pin(async move {
                #(#reads)*
                let value: #ret_local = crate::graph::engine::Ref::<#target>::new(view, key).#method(#(#names),*);
                crate::graph::engine::resolve_value(&value, given).await
            }),
            arguments: |given| {
                let given = &given;
                let _ = given;
                #(#reads)*
                Ok(::std::boxed::Box::new((#(#names,)*)))
            },
            below: <#ret_static as crate::graph::engine::Out>::compile,
            write: |view, key, step, out| {
                #take
                let value: #ret_local = crate::graph::engine::Ref::<#target>::new(view, key).#method(#(#names),*);
                crate::graph::engine::Out::write(&value, step.below()?, out)
            },
        }
    })
}

/// How lists are filtered through a field: the field is read with all its arguments absent.
fn relation_definition(
    relation: Option<bool>,
    target: &Type,
    method: &Ident,
    arguments: usize,
    ret: &Tokens,
) -> Tokens {
    let Some(anywhere) = relation else { return quote!(None) };
    let absent = (0..arguments).map(|_| quote!(::core::default::Default::default()));
    quote!(Some(crate::graph::engine::Relation {
        anywhere: #anywhere,
        describe: crate::graph::engine::relation::describe::<#ret>,
        read: crate::graph::engine::relation::read::<#ret>,
        check: crate::graph::engine::relation::check::<#ret>,
        test: |view, key, condition| {
            let of = crate::graph::engine::Ref::<#target>::new(view, key).#method(#(#absent),*);
            crate::graph::engine::relation::test(of, view, condition)
        },
    }))
}

/// Whether a method returns `Code<…>` or `Option<Code<…>>`: beside an enum field stands its label.
fn returns_code(output: &ReturnType) -> bool {
    let ReturnType::Type(_, ty) = output else { return false };
    let text = ty.to_token_stream().to_string().replace(' ', "");
    text.starts_with("Code<") || text.starts_with("Option<Code<")
}

/// The field `kindLabel(locale)` beside the field `kind`.
fn label_definition(function: &ImplItemFn, spec: &Spec, target: &Type) -> Tokens {
    let method = &function.sig.ident;
    let field = camel(method);
    let (name, doc) = (
        format!("{field}Label"),
        format!("Label of `{field}` in a language (中英文标签); null when `{field}` is."),
    );
    let (class, rule) = (&spec.class, &spec.rule);
    let ReturnType::Type(_, ret) = &function.sig.output else { return Tokens::new() };
    let code = lifetime(ret.to_token_stream(), "static");
    let locale = quote!(Option<crate::graph::engine::Code<crate::domain::LabelLocale>>);
    quote! {
        crate::graph::engine::FieldDef {
            info: crate::graph::engine::FieldInfo {
                name: #name,
                doc: #doc,
                class: crate::policy::Class::#class,
                rule: crate::policy::Rule::#rule,
                cost: 1,
                deprecated: None,
            },
            ty: |registry| <<#code as crate::graph::engine::Labelled>::Label as async_graphql::OutputType>::create_type_info(registry),
            args: |registry| vec![crate::graph::engine::argument::<#locale>(registry, "locale", "Language of the label (语言); ZH_CN when absent.")],
            column: None,
            relation: None,
            resolve: |view, key, given| ::std::boxed::Box::pin(async move {
                let locale = crate::graph::engine::Arguments::value::<#locale>(given, "locale")?;
                let code = crate::graph::engine::Ref::<#target>::new(view, key).#method();
                crate::graph::engine::resolve_value(&crate::graph::engine::Labelled::label(&code, locale), given).await
            }),
            arguments: |given| Ok(::std::boxed::Box::new((crate::graph::engine::Arguments::value::<#locale>(&given, "locale")?,))),
            below: <<#code as crate::graph::engine::Labelled>::Label as crate::graph::engine::Out>::compile,
            write: |view, key, step, out| {
                let (locale,) = step.arguments::<(#locale,)>(out)?;
                let code = crate::graph::engine::Ref::<#target>::new(view, key).#method();
                crate::graph::engine::Out::write(&crate::graph::engine::Labelled::label(&code, locale), step.below()?, out)
            },
        }
    }
}
