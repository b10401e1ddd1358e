//! Unified social credit codes (统一社会信用代码), GB 32100-2015.

/// A unified social credit code of eighteen characters. The check character is verified on request, not on reading:
/// some early real codes fail it and are legal all the same.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CreditCode(String);

const ALPHABET: &[u8; 31] = b"0123456789ABCDEFGHJKLMNPQRTUWXY";
const WEIGHTS: [usize; 17] = [1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28];

impl CreditCode {
    /// Reads eighteen characters of the alphabet (`0-9 A-Z` without I O S V Z); `None` for anything else.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        (text.len() == 18 && text.bytes().all(|b| ALPHABET.contains(&b))).then(|| Self(text.to_owned()))
    }

    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether the last character is the check character of the others.
    #[must_use]
    pub fn check_holds(&self) -> bool {
        check_character(&self.0[..17]) == self.0.chars().last()
    }
}

/// The check character for the first seventeen; `None` when one of them is not in the alphabet.
#[must_use]
pub fn check_character(first: &str) -> Option<char> {
    let mut sum = 0;
    for (byte, weight) in first.bytes().zip(WEIGHTS) {
        sum += ALPHABET.iter().position(|a| *a == byte)? * weight;
    }
    (first.len() == 17).then(|| char::from(ALPHABET[(31 - sum % 31) % 31]))
}

/// The check character of an organisation code (组织机构代码, GB 11714) of eight characters.
#[must_use]
pub fn organization_check(first: &str) -> char {
    let weights = [3, 7, 9, 10, 5, 8, 4, 2];
    let value = |b: u8| if b.is_ascii_digit() { u32::from(b - b'0') } else { u32::from(b - b'A') + 10 };
    let sum: u32 = first.bytes().zip(weights).map(|(b, w)| value(b) * w).sum();
    match 11 - sum % 11 {
        10 => 'X',
        11 => '0',
        c => char::from_digit(c, 10).unwrap_or('0'),
    }
}

#[cfg(test)]
mod tests {
    use super::{CreditCode, check_character, organization_check};

    #[test]
    fn published_codes_check() {
        for good in [
            "91350100M000100Y43",
            "11340321MB0000019F",
            "12340321MB00000277",
            "11610902MB0000115Y",
            "12610902MB0000123N",
        ] {
            assert!(CreditCode::parse(good).is_some_and(|c| c.check_holds()), "{good}");
        }
        assert!(!CreditCode::parse("91350100M000100Y44").is_some_and(|c| c.check_holds()));
        assert_eq!(organization_check("D2143569"), 'X');
        assert_eq!(check_character("91350100M000100Y4"), Some('3'));
    }

    #[test]
    fn letters_outside_the_alphabet_are_refused() {
        for bad in ["", "91350100M000100Y4", "91350100I000100Y43", "91350100m000100y43"] {
            assert_eq!(CreditCode::parse(bad), None, "{bad}");
        }
    }
}
