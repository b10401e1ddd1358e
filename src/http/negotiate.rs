//! Media types, by the GraphQL-over-HTTP draft.

/// In which media type the answer is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Media {
    /// `application/graphql-response+json`: request errors have a status of their own.
    GraphqlResponse,
    /// `application/json`: a well-formed request is answered 200.
    Json,
}

impl Media {
    /// The header of the answer.
    pub fn content_type(self) -> &'static str {
        match self {
            Self::GraphqlResponse => "application/graphql-response+json; charset=utf-8",
            Self::Json => "application/json; charset=utf-8",
        }
    }

    /// Chooses by the `Accept` header; `None` when it leaves neither. JSON when there is no header or anything goes.
    pub fn choose(accept: Option<&str>) -> Option<Self> {
        let Some(accept) = accept.filter(|a| !a.trim().is_empty()) else { return Some(Self::Json) };
        let mut best: Option<(f32, Self)> = None;
        for part in accept.split(',') {
            let mut pieces = part.split(';').map(str::trim);
            let media = match pieces.next().unwrap_or_default().to_ascii_lowercase().as_str() {
                "application/graphql-response+json" => Self::GraphqlResponse,
                "application/json" | "application/*" | "*/*" => Self::Json,
                _ => continue,
            };
            let quality = pieces.find_map(|p| p.strip_prefix("q=")?.parse::<f32>().ok()).unwrap_or(1.0);
            // Between equals the more exact type wins over JSON.
            let exact = media == Self::GraphqlResponse;
            let better = best.is_none_or(|(q, _)| quality > q || (quality >= q && exact));
            if quality > 0.0 && better {
                best = Some((quality, media));
            }
        }
        best.map(|(_, media)| media)
    }
}

/// Whether a body is JSON in UTF-8.
pub fn is_json(content_type: Option<&str>) -> bool {
    let Some(text) = content_type else { return false };
    let mut pieces = text.split(';').map(|p| p.trim().to_ascii_lowercase());
    let json = pieces.next().is_some_and(|t| t == "application/json" || t == "application/graphql+json");
    json && pieces
        .all(|p| !p.starts_with("charset=") || p.trim_start_matches("charset=").trim_matches('"') == "utf-8")
}

#[cfg(test)]
mod tests {
    use super::{Media, is_json};

    #[test]
    fn accept_decides() {
        let choose = |a| Media::choose(Some(a));
        assert_eq!(Media::choose(None), Some(Media::Json));
        assert_eq!(choose("*/*"), Some(Media::Json));
        assert_eq!(choose("application/json"), Some(Media::Json));
        assert_eq!(choose("application/graphql-response+json"), Some(Media::GraphqlResponse));
        assert_eq!(
            choose("application/graphql-response+json, application/json;q=0.9"),
            Some(Media::GraphqlResponse)
        );
        assert_eq!(
            choose("application/json, application/graphql-response+json"),
            Some(Media::GraphqlResponse)
        );
        assert_eq!(
            choose("application/json;q=0.9, application/graphql-response+json;q=0.1"),
            Some(Media::Json)
        );
        assert_eq!(choose("text/html"), None);
        assert_eq!(choose("application/json;q=0"), None);
    }

    #[test]
    fn only_json_in_utf8_is_read() {
        assert!(is_json(Some("application/json; charset=utf-8")));
        for bad in [
            None,
            Some("text/plain"),
            Some("application/json; charset=iso-8859-1"),
            Some("multipart/form-data"),
        ] {
            assert!(!is_json(bad), "{bad:?}");
        }
    }
}
