//! Interfaces: a value that is one of several records, with the fields that all of them have.

/// Defines an interface: its variants, its definition, and how it is written.
///
/// Its fields are those of `$meta`, a record definition whose fields all variants repeat.
#[macro_export]
macro_rules! interface_ {
    ($(#[doc = $doc:literal])+ $name:ident is $meta:ty; $($variant:ident),+ $(,)?) => {
        $(#[doc = $doc])+
        pub enum $name<'v> { $(#[doc = concat!("A ", stringify!($variant), ".")] $variant($crate::graph::engine::Ref<'v, $crate::graph::$variant>)),+ }

        impl async_graphql::OutputType for $name<'_> {
            fn type_name() -> std::borrow::Cow<'static, str> {
                <$meta as $crate::graph::engine::Record>::DEF.name.into()
            }
            fn introspection_type_name(&self) -> std::borrow::Cow<'static, str> {
                match self { $(Self::$variant(of) => of.introspection_type_name()),+ }
            }
            fn create_type_info(registry: &mut async_graphql::registry::Registry) -> String {
                registry.create_output_type::<Self, _>(async_graphql::registry::MetaTypeId::Interface, |registry| {
                    let possible = [$(<$crate::graph::$variant as $crate::graph::engine::Record>::DEF.name),+];
                    $(<$crate::graph::engine::Ref<'static, $crate::graph::$variant> as async_graphql::OutputType>::create_type_info(registry);)+
                    $crate::graph::engine::interface_type(
                        registry,
                        &<$meta as $crate::graph::engine::Record>::DEF,
                        &possible,
                        std::any::type_name::<Self>(),
                    )
                })
            }
            async fn resolve(
                &self,
                ctx: &async_graphql::ContextSelectionSet<'_>,
                field: &async_graphql::Positioned<async_graphql::parser::types::Field>,
            ) -> async_graphql::ServerResult<async_graphql::Value> {
                match self { $(Self::$variant(of) => of.resolve(ctx, field).await),+ }
            }
        }

        impl $crate::graph::engine::Out for $name<'_> {
            fn compile<'d>(
                request: &$crate::graph::engine::Request<'d, '_>,
                sets: &[&'d async_graphql::parser::types::SelectionSet],
            ) -> Result<$crate::graph::engine::Sub<'d>, $crate::graph::engine::Bail> {
                let variants = $crate::graph::engine::Sub::variants(sets)$(.or::<$crate::graph::$variant>(request))+;
                Ok($crate::graph::engine::Sub::Variants(variants))
            }
            fn write<'d>(
                &self,
                sub: &$crate::graph::engine::Sub<'d>,
                out: &mut $crate::graph::engine::Writer<'_, 'd>,
            ) -> Result<(), $crate::graph::engine::Bail> {
                let mut variant = 0;
                $(
                    if let Self::$variant(of) = self {
                        return out.variant(sub, variant, *of);
                    }
                    variant += 1;
                )+
                unreachable!("no variant {variant}")
            }
        }
    };
}

pub use interface_ as interface;
