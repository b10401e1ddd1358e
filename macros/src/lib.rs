//! `#[fields(Name)]`: one definition of a field of the graph.
//!
//! The attribute stands on an ordinary `impl<'v> Ref<'v, Noun>` block. Each method with a `#[field(Class, Rule, ..)]`
//! attribute becomes a `FieldDef`: name, type, description, arguments, class, rule, cost and the code that reads it.
//! The schema, the policy matrix, the filters, the orders and the answers are all made from these definitions.
//! rustfmt and rust-analyzer see nothing but ordinary Rust.

use proc_macro::TokenStream;
use proc_macro2::{Span, TokenStream as Tokens, TokenTree};
use quote::{ToTokens, quote};
use syn::{
    Attribute, Error, Expr, ExprLit, FnArg, Ident, ImplItem, ImplItemFn, ItemImpl, Lit, LitStr, Meta, Pat,
    Result, ReturnType, Token, Type, parse::Parse, parse::ParseStream,
};

/// Collects the `#[field]` methods of an impl block into `Name::FIELDS`, a table of `FieldDef`s.
///
/// `#[fields(Name)]` on `impl<'v> Ref<'v, Noun>`; on `impl<'v, T: Bound> Ref<'v, T>` the table is generic over `T`.
/// * `#[field(Class, Rule)]`, then any of `cost = n`, `filter`, `order`, `deprecated = "why and until when"`.
/// * an argument takes its description from `#[arg("…")]`; `#[group]` marks a group of arguments (`ListArgs`).
/// * a trailing `_` in a method's or an argument's name is dropped; names become camelCase.
#[proc_macro_attribute]
pub fn fields(attr: TokenStream, item: TokenStream) -> TokenStream {
    let name = syn::parse_macro_input!(attr as Ident);
    let block = syn::parse_macro_input!(item as ItemImpl);
    expand(name, block).unwrap_or_else(Error::into_compile_error).into()
}

/// What stands in `#[field(..)]`.
struct Spec {
    class: Ident,
    rule: Ident,
    cost: Expr,
    filter: bool,
    order: bool,
    deprecated: Option<LitStr>,
}

impl Parse for Spec {
    fn parse(input: ParseStream) -> Result<Self> {
        let class = input.parse()?;
        input.parse::<Token![,]>()?;
        let rule = input.parse()?;
        let mut spec =
            Spec { class, rule, cost: syn::parse_quote!(1), filter: false, order: false, deprecated: None };
        while input.parse::<Option<Token![,]>>()?.is_some() && !input.is_empty() {
            let word: Ident = input.parse()?;
            match word.to_string().as_str() {
                "filter" => spec.filter = true,
                "order" => spec.order = true,
                "cost" => {
                    input.parse::<Token![=]>()?;
                    spec.cost = input.parse()?;
                }
                "deprecated" => {
                    input.parse::<Token![=]>()?;
                    spec.deprecated = Some(input.parse()?);
                }
                _ => return Err(Error::new(word.span(), "expected cost, filter, order or deprecated")),
            }
        }
        Ok(spec)
    }
}

/// One argument of a field: a single value, or a group which brings several arguments.
struct Argument {
    ident: Ident,
    ty: Tokens,
    doc: String,
    group: bool,
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
    let doc = documentation(&function.attrs);
    if doc.is_empty() {
        return Err(Error::new_spanned(&method, "a field needs a description"));
    }
    let ReturnType::Type(_, ret) = &function.sig.output else {
        return Err(Error::new_spanned(&method, "a field returns something"));
    };
    let (ret_local, ret_static) =
        (lifetime(ret.to_token_stream(), "_"), lifetime(ret.to_token_stream(), "static"));
    let args = arguments(function)?;
    let (mut metas, mut reads, mut names) = (Vec::new(), Vec::new(), Vec::new());
    for a in &args {
        let (ident, ty, doc, key) = (&a.ident, &a.ty, &a.doc, camel(&a.ident));
        if a.group {
            metas.push(quote!(<#ty as crate::graph::engine::ArgGroup>::describe(registry, &mut args);));
            reads.push(quote!(let #ident = <#ty as crate::graph::engine::ArgGroup>::read(ctx)?;));
        } else {
            metas.push(quote!(args.push(crate::graph::engine::argument::<#ty>(registry, #key, #doc));));
            reads.push(quote!(let #ident = crate::graph::engine::read_argument::<#ty>(ctx, #key)?;));
        }
        names.push(quote!(#ident));
    }
    let Spec { class, rule, cost, filter, order, deprecated } = spec;
    let sort_key = if filter || order {
        quote!(Some(crate::graph::engine::Column {
            ops: <#ret_static as crate::graph::engine::Sortable<'static>>::OPERATORS,
            key: |view, key| crate::graph::engine::Sortable::sort_key(&crate::graph::engine::Ref::<#target>::new(view, key).#method()),
            filter: #filter,
            order: #order,
        }))
    } else {
        quote!(None)
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
            resolve: |view, key, ctx| ::std::boxed::Box::pin(async move {
                #(#reads)*
                let value: #ret_local = crate::graph::engine::Ref::<#target>::new(view, key).#method(#(#names),*);
                crate::graph::engine::resolve_value(&value, ctx).await
            }),
        }
    })
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
    let (name, doc) = (format!("{field}Label"), format!("Label of `{field}` in a language (中英文标签)."));
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
            resolve: |view, key, ctx| ::std::boxed::Box::pin(async move {
                let locale = crate::graph::engine::read_argument::<#locale>(ctx, "locale")?;
                let code = crate::graph::engine::Ref::<#target>::new(view, key).#method();
                crate::graph::engine::resolve_value(&crate::graph::engine::Labelled::label(&code, locale), ctx).await
            }),
        }
    }
}

/// Reads the arguments of a method and removes the attributes that only this macro understands.
fn arguments(function: &mut ImplItemFn) -> Result<Vec<Argument>> {
    let mut out = Vec::new();
    for input in &mut function.sig.inputs {
        let FnArg::Typed(arg) = input else { continue };
        let Pat::Ident(pattern) = &*arg.pat else {
            return Err(Error::new_spanned(&arg.pat, "an argument has a plain name"));
        };
        let ident = pattern.ident.clone();
        let (mut doc, mut group) = (String::new(), false);
        for attr in std::mem::take(&mut arg.attrs) {
            if attr.path().is_ident("arg") {
                doc = attr.parse_args::<LitStr>()?.value();
            } else if attr.path().is_ident("group") {
                group = true;
            } else {
                arg.attrs.push(attr);
            }
        }
        if doc.is_empty() && !group {
            return Err(Error::new_spanned(&ident, "an argument needs a description: #[arg(\"…\")]"));
        }
        out.push(Argument { ident, ty: lifetime(arg.ty.to_token_stream(), "static"), doc, group });
    }
    Ok(out)
}

/// The doc comment as one paragraph per blank line.
fn documentation(attrs: &[Attribute]) -> String {
    let mut text = String::new();
    for attr in attrs {
        if let Meta::NameValue(pair) = &attr.meta
            && pair.path.is_ident("doc")
            && let Expr::Lit(ExprLit { lit: Lit::Str(line), .. }) = &pair.value
        {
            let line = line.value();
            let line = line.trim();
            if line.is_empty() {
                text.push_str("\n\n");
            } else {
                if !text.is_empty() && !text.ends_with('\n') {
                    text.push(' ');
                }
                text.push_str(line);
            }
        }
    }
    text
}

/// `internal_offices` becomes `internalOffices`; a trailing `_` (as in `type_`) is dropped.
fn camel(ident: &Ident) -> String {
    let raw = ident.to_string();
    let mut out = String::new();
    let mut upper = false;
    for c in raw.trim_start_matches("r#").trim_end_matches('_').chars() {
        if c == '_' {
            upper = true;
        } else if upper {
            out.extend(c.to_uppercase());
            upper = false;
        } else {
            out.push(c);
        }
    }
    out
}

/// Replaces the lifetime `'v` of the view, so that a type can be named outside the method.
fn lifetime(tokens: Tokens, to: &str) -> Tokens {
    let mut out = Vec::new();
    let mut pending = false;
    for tree in tokens {
        match tree {
            TokenTree::Punct(p) if p.as_char() == '\'' => {
                pending = true;
                out.push(TokenTree::Punct(p));
            }
            TokenTree::Ident(i) if pending => {
                pending = false;
                let name = if i == "v" { Ident::new(to, Span::call_site()) } else { i };
                out.push(TokenTree::Ident(name));
            }
            TokenTree::Group(g) => {
                let mut group = proc_macro2::Group::new(g.delimiter(), lifetime(g.stream(), to));
                group.set_span(g.span());
                out.push(TokenTree::Group(group));
            }
            other => out.push(other),
        }
    }
    out.into_iter().collect()
}
