//! Numbers that are written as texts, such as identity numbers and telephones: up to seventeen digits and a last sign, which
//! may be an X, take eight bytes. Any other text is kept as it is.

use super::Sym;
use super::strings::{Interner, Strings};

/// A packed text, or none: the number of a text in two halves, so that rows need no gaps before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Packed([u32; 2]);

/// The first number that stands for the symbol of a text.
const SYMBOL: u64 = 1 << 63;
/// No text.
const NONE: u64 = u64::MAX;
/// The most signs that are packed.
const LONGEST: usize = 18;

impl Packed {
    /// Packs a text.
    #[must_use]
    pub fn new(text: Option<&str>, strings: &mut Interner) -> Self {
        match text {
            None => Self::of(NONE),
            Some(text) => {
                Self::of(pack(text).unwrap_or_else(|| SYMBOL | u64::from(strings.add_new(text).number())))
            }
        }
    }

    /// The text.
    #[must_use]
    pub fn text(self, strings: &Strings) -> Option<String> {
        let packed = self.number();
        if packed == NONE {
            return None;
        }
        if packed >= SYMBOL {
            let number = u32::try_from(packed & !SYMBOL).ok()?;
            return Some(strings.get(Sym::from_number(number)?).to_owned());
        }
        Some(unpack(packed))
    }

    fn of(number: u64) -> Self {
        let [a, b, c, d, e, f, g, h] = number.to_ne_bytes();
        Self([u32::from_ne_bytes([a, b, c, d]), u32::from_ne_bytes([e, f, g, h])])
    }

    fn number(self) -> u64 {
        let ([a, b, c, d], [e, f, g, h]) = (self.0[0].to_ne_bytes(), self.0[1].to_ne_bytes());
        u64::from_ne_bytes([a, b, c, d, e, f, g, h])
    }
}

/// How many texts are shorter than some length: the number of the first text of that length.
const fn shorter(length: usize) -> u64 {
    let (mut sum, mut of_length, mut at) = (0, 11, 1);
    while at < length {
        sum += of_length;
        of_length *= 10;
        at += 1;
    }
    sum
}

// All texts that are packed have a number of their own below that of the first symbol.
const _: () = assert!(shorter(LONGEST + 1) < SYMBOL);

/// The texts of a length in the order of their digits; the last sign has eleven values.
fn pack(text: &str) -> Option<u64> {
    let (last, digits) = text.as_bytes().split_last()?;
    if text.len() > LONGEST || !digits.iter().all(u8::is_ascii_digit) {
        return None;
    }
    let last = match last {
        b'0'..=b'9' => u64::from(last - b'0'),
        b'X' => 10,
        _ => return None,
    };
    let digits = digits.iter().fold(0_u64, |number, digit| number * 10 + u64::from(digit - b'0'));
    Some(shorter(text.len()) + digits * 11 + last)
}

fn unpack(packed: u64) -> String {
    let length = (1..=LONGEST).rev().find(|length| shorter(*length) <= packed).unwrap_or(1);
    let (digits, last) = ((packed - shorter(length)) / 11, (packed - shorter(length)) % 11);
    let mut text = if length > 1 { format!("{digits:0width$}", width = length - 1) } else { String::new() };
    text.push_str(["0", "1", "2", "3", "4", "5", "6", "7", "8", "9", "X"][last as usize % 11]);
    text
}

#[cfg(test)]
mod tests {
    use super::{Packed, SYMBOL};
    use crate::snapshot::strings::Interner;

    #[test]
    fn every_text_comes_back() {
        let packed = [
            "0",
            "X",
            "00",
            "0X",
            "9X",
            "110",
            "0000",
            "00000000001",
            "99010119891127001X",
            "990101198911270019",
            "999999999999999999",
            "00000000000000000X",
            "99999999999999999X",
        ];
        let kept = ["", "x", "+8613800000000", "1234567890123456789", "0571-8888", "X1", "一"];
        let mut strings = Interner::default();
        let of: Vec<(Packed, &str)> =
            packed.iter().chain(&kept).map(|text| (Packed::new(Some(text), &mut strings), *text)).collect();
        let none = Packed::new(None, &mut strings);
        let strings = strings.finish();
        for (at, (number, text)) in of.iter().enumerate() {
            assert_eq!(number.text(&strings).as_deref(), Some(*text));
            assert_eq!(number.number() < SYMBOL, at < packed.len(), "{text}");
        }
        assert_eq!(none.text(&strings), None);
    }
}
