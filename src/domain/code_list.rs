//! Code lists (代码表): the closed vocabularies of the field, each value with its label in Chinese and English.

/// One value of a code list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CodeItem {
    /// The value in the graph, in the files and in the database, such as `ETHNIC_TOWNSHIP`.
    pub value: &'static str,
    /// The label in Chinese, such as 民族乡.
    pub zh: &'static str,
    /// The label in English.
    pub en: &'static str,
}

/// A closed vocabulary. Made by [`code_list!`], never by hand.
pub trait CodeList: Copy + Eq + Send + Sync + 'static {
    /// The name of the type in the graph.
    const NAME: &'static str;
    /// What the list is about, in English with the Chinese term.
    const DOC: &'static str;
    /// The values in the order of the standard.
    const ITEMS: &'static [CodeItem];
    /// The position of the value in `ITEMS`.
    fn index(self) -> usize;
    /// The value at a position.
    fn at(index: usize) -> Option<Self>;

    /// The value as the graph writes it.
    fn value(self) -> &'static str {
        Self::ITEMS[self.index()].value
    }
    /// The item with its labels.
    fn item(self) -> &'static CodeItem {
        &Self::ITEMS[self.index()]
    }
    /// Reads a value; `None` when the list has no such value.
    fn parse(text: &str) -> Option<Self> {
        Self::at(Self::ITEMS.iter().position(|item| item.value == text)?)
    }
}

/// Defines a code list once: the Rust type, the values, the labels.
#[macro_export]
macro_rules! code_list {
    ($(#[doc = $doc:literal])+ $name:ident { $($variant:ident = $value:literal, $zh:literal, $en:literal;)+ }) => {
        $(#[doc = $doc])+
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        #[repr(u8)]
        pub enum $name { $(#[doc = concat!($en, " (", $zh, ")")] $variant),+ }

        impl $crate::domain::CodeList for $name {
            const NAME: &'static str = stringify!($name);
            const DOC: &'static str = concat!($($doc),+);
            const ITEMS: &'static [$crate::domain::CodeItem] =
                &[$($crate::domain::CodeItem { value: $value, zh: $zh, en: $en }),+];
            fn index(self) -> usize { self as usize }
            fn at(index: usize) -> Option<Self> {
                const ALL: &[$name] = &[$($name::$variant),+];
                ALL.get(index).copied()
            }
        }
    };
}
