//! Files for programs: typed columns as Parquet and Arrow, which say what the answer says, cell by cell.

use crate::harness::{BACKENDS, Client, server};
use arrow_array::cast::AsArray;
use arrow_array::types::{Date32Type, Float64Type, Int64Type};
use arrow_array::{Array, RecordBatch};
use arrow_schema::{DataType, Schema};
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use serde_json::{Map, Value, json};
use std::io::Cursor;
use std::sync::Arc;

const DIRECTOR: &str = "ESTABLISHMENT_DIRECTOR";

/// Two dimensions, a pivot, a count and a ratio, beside another day.
const INPUT: &str = r#"{dimensions: [{dimension: COUNTY}, {dimension: TOWNSHIP_TYPE}], pivot: [{dimension: KIND}],
    measures: [BODIES, BODIES_PER_TOWNSHIP], within: "2106", compareTo: {asOf: "2019-11-30"}, totals: [FIRST, GRAND], first: 1000}"#;

/// A file as its columns and its rows.
struct Read {
    schema: Arc<Schema>,
    rows: Vec<Map<String, Value>>,
}

impl Read {
    fn new(schema: Arc<Schema>, batches: &[RecordBatch]) -> Self {
        let mut rows = Vec::new();
        for batch in batches {
            for at in 0..batch.num_rows() {
                let cells = schema.fields().iter().zip(batch.columns());
                rows.push(
                    cells.map(|(field, column)| (field.name().clone(), value(column.as_ref(), at))).collect(),
                );
            }
        }
        Self { schema, rows }
    }

    fn parquet(bytes: Vec<u8>) -> Self {
        let builder = ParquetRecordBatchReaderBuilder::try_new(bytes::Bytes::from(bytes)).unwrap();
        let schema = builder.schema().clone();
        let batches: Vec<RecordBatch> = builder.build().unwrap().map(Result::unwrap).collect();
        Self::new(schema, &batches)
    }

    fn arrow(bytes: Vec<u8>) -> Self {
        let reader = arrow_ipc::reader::FileReader::try_new(Cursor::new(bytes), None).unwrap();
        let schema = reader.schema();
        let batches: Vec<RecordBatch> = reader.map(Result::unwrap).collect();
        Self::new(schema, &batches)
    }

    fn kind(&self, name: &str) -> &DataType {
        self.schema.field_with_name(name).unwrap().data_type()
    }
}

fn value(column: &dyn Array, at: usize) -> Value {
    if column.is_null(at) {
        return Value::Null;
    }
    match column.data_type() {
        DataType::Utf8 => json!(column.as_string::<i32>().value(at)),
        DataType::Int64 => json!(column.as_primitive::<Int64Type>().value(at)),
        DataType::Float64 => json!(column.as_primitive::<Float64Type>().value(at)),
        DataType::Boolean => json!(column.as_boolean().value(at)),
        DataType::Date32 => {
            json!(tiaokuai::domain::Day(column.as_primitive::<Date32Type>().value(at)).to_string())
        }
        other => panic!("{other}"),
    }
}

fn export(client: &Client, input: &str, format: &str) -> Vec<u8> {
    let query = format!("{{ report(input: {input}) {{ export(format: {format}) {{ url }} }} }}");
    let url = client.data(&query)["report"]["export"]["url"].as_str().unwrap().to_owned();
    server(BACKENDS[0]).get_bytes(&url)
}

/// A line of JSON as the row that it is in typed columns.
fn flat(line: &Value, day: &str) -> Map<String, Value> {
    let mut out = Map::from_iter([("AS_OF".to_owned(), json!(day))]);
    for (name, of) in line.as_object().unwrap() {
        let of = match of {
            Value::Bool(is_total) => {
                out.insert("IS_TOTAL".to_owned(), json!(is_total));
                continue;
            }
            of => of.as_object().unwrap(),
        };
        if let Some(label) = of.get("label") {
            out.insert(name.clone(), of["code"].clone());
            out.insert(format!("{name}_LABEL"), label.clone());
            if let Some(id) = of.get("id") {
                out.insert(format!("{name}_ID"), id.clone());
            }
            continue;
        }
        out.insert(name.clone(), of["value"].clone());
        out.insert(format!("{name}_STATE"), of.get("state").cloned().unwrap_or_else(|| json!("OK")));
        let mut parts = vec![("PREVIOUS", "previous"), ("DELTA", "delta")];
        if ["PER_TOWNSHIP", "SHARE"].iter().any(|ending| name.ends_with(ending)) {
            parts.extend([("NUMERATOR", "numerator"), ("DENOMINATOR", "denominator")]);
        }
        for (part, key) in parts {
            out.insert(format!("{name}_{part}"), of.get(key).cloned().unwrap_or_default());
        }
    }
    out
}

/// Numbers are the same whether they are written as 3 or as 3.0.
fn same(left: &Value, right: &Value) -> bool {
    match (left.as_f64(), right.as_f64()) {
        (Some(left), Some(right)) => left == right,
        _ => left == right,
    }
}

/// The same report as Parquet and as Arrow, which say what its lines of JSON say.
fn both(client: &Client, input: &str) -> [Read; 2] {
    let lines = String::from_utf8(export(client, input, "JSONL")).unwrap();
    let files =
        [Read::parquet(export(client, input, "PARQUET")), Read::arrow(export(client, input, "ARROW"))];
    for read in &files {
        let day = read.rows[0]["AS_OF"].as_str().unwrap();
        let wanted: Vec<Map<String, Value>> =
            lines.lines().map(|line| flat(&serde_json::from_str(line).unwrap(), day)).collect();
        assert_eq!(read.rows.len(), wanted.len());
        for (row, wanted) in read.rows.iter().zip(&wanted) {
            for (name, value) in row {
                let other = wanted.get(name).unwrap_or(&Value::Null);
                assert!(same(value, other), "{name}: {value} is {other} elsewhere");
            }
            let empty = |name: &String| name.ends_with("_ID") || wanted[name].is_null();
            assert!(wanted.keys().all(|name| row.contains_key(name) || empty(name)), "{wanted:?} {row:?}");
        }
    }
    files
}

#[test]
fn records_have_ids_and_columns_names_of_their_own() {
    let client = server(BACKENDS[0]).role(DIRECTOR, None);
    let input = r#"{dimensions: [{dimension: TOWNSHIP}, {dimension: ORGANIZATION}], measures: [APPROVED], within: "210681"}"#;
    for read in both(&client, input) {
        let mut ids: Vec<&str> = read.rows.iter().filter_map(|row| row["ORGANIZATION_ID"].as_str()).collect();
        let bodies = ids.len();
        assert!(bodies > 60 && bodies + 1 == read.rows.len(), "{bodies} of {}", read.rows.len());
        ids.sort_unstable();
        ids.dedup();
        assert_eq!(ids.len(), bodies, "ids tell bodies of the same name apart");
        let node = client.data(&format!("{{ node(id: \"{}\") {{ __typename }} }}", ids[0]));
        assert!(node["node"]["__typename"].is_string(), "{node}");
    }
    // Two townships have a mayor each: both stand in the file.
    let input = r#"{dimensions: [], pivot: [{dimension: LEADERSHIP_POST}], measures: [LEADERSHIP_QUOTA], within: "990101", totals: []}"#;
    let count = client.data(&format!("{{ report(input: {input}) {{ columns {{ label }} }} }}"));
    let count = count["report"]["columns"].as_array().unwrap().len();
    for read in both(&client, input) {
        let is_value = |name: &&String| !name.ends_with("_STATE") && name.contains("LEADERSHIP_QUOTA");
        let values = read.rows[0].keys().filter(is_value).count();
        assert!(values > 20 && values == count, "{values} of {count}");
    }
}

#[test]
fn what_is_suppressed_has_no_numbers_in_typed_files() {
    let client = server(BACKENDS[0]).role("ANALYST", None);
    let input = r#"{dimensions: [{dimension: PERSONNEL_IDENTITY}, {dimension: AGE_BAND}], measures: [PERSONS, WOMEN_SHARE], within: "990101", first: 1000}"#;
    for read in both(&client, input) {
        let hidden = read.rows.iter().filter(|row| row["WOMEN_SHARE_STATE"] == "SUPPRESSED");
        let parts = ["WOMEN_SHARE", "WOMEN_SHARE_NUMERATOR", "WOMEN_SHARE_DENOMINATOR"];
        let told = |row: &Map<String, Value>| parts.iter().any(|part| !row[*part].is_null());
        assert!(!hidden.clone().any(told) && hidden.count() > 0, "{:?}", read.rows);
        assert!(read.rows.iter().any(|row| row["PERSONS"].as_i64().is_some_and(|count| count > 2)));
    }
}

#[test]
fn typed_files_say_what_the_answer_says() {
    let client = server(BACKENDS[0]).role(DIRECTOR, None);
    for read in both(&client, INPUT) {
        assert!(read.rows.len() > 8);
        assert_eq!(read.kind("GOVERNMENT.BODIES"), &DataType::Int64);
        assert_eq!(read.kind("GOVERNMENT.BODIES_PER_TOWNSHIP"), &DataType::Float64);
        assert_eq!(read.kind("IS_TOTAL"), &DataType::Boolean);
        let notes = read.schema.metadata();
        assert_eq!(notes["appliedScope"], "2106");
        assert!(notes["input"].contains("BODIES_PER_TOWNSHIP") && notes["asOf"].len() == 10, "{notes:?}");
        let said = read.schema.field_with_name("GOVERNMENT.BODIES_PER_TOWNSHIP").unwrap().metadata();
        assert_eq!((said["label"].as_str(), said["unit"].as_str()), ("镇均本级机构数", "个/乡镇"));
        assert!(read.rows.iter().any(|row| row["GOVERNMENT.BODIES_PREVIOUS"].as_f64() > Some(0.0)));
        assert!(read.rows.iter().any(|row| row["TOWNSHIP_TYPE_LABEL"] == "小计"));
        assert_eq!(read.rows.last().unwrap()["COUNTY_LABEL"], "合计");
    }
}

#[test]
fn a_list_in_typed_columns_is_the_list() {
    let client = server(BACKENDS[0]).role(DIRECTOR, None);
    let query = r#"{ organizations(within: "2106") { nodes { name kind validFrom viewerCan { readNumbers } establishment { approved occupied }
        township { name } leadershipPosts { nodes { title } } ... on Township { seat: division { code } } } } }"#;
    let ask = |ending: &str| {
        let body = json!({ "query": query }).to_string();
        client.post_bytes(
            &format!("/v1/lists.{ending}"),
            body.as_bytes(),
            &[("content-type", "application/json")],
        )
    };
    let csv = String::from_utf8(ask("csv?locale=en&encoding=utf-8")).unwrap();
    let mut rows = csv::ReaderBuilder::new().from_reader(csv.as_bytes());
    let names: Vec<String> = rows.headers().unwrap().iter().map(str::to_owned).collect();
    let rows: Vec<Vec<String>> =
        rows.records().map(|row| row.unwrap().iter().map(str::to_owned).collect()).collect();
    assert!(rows.len() > 1_000, "{}", rows.len());
    for read in [Read::parquet(ask("parquet")), Read::arrow(ask("arrow"))] {
        let found: Vec<&String> = read.schema.fields().iter().map(|field| field.name()).collect();
        assert_eq!(found, names.iter().collect::<Vec<_>>());
        assert_eq!(read.kind("establishment.approved"), &DataType::Int64);
        assert_eq!(read.kind("validFrom"), &DataType::Date32);
        assert_eq!(read.kind("viewerCan.readNumbers"), &DataType::Boolean);
        assert_eq!(read.kind("leadershipPosts.nodes.title"), &DataType::Utf8);
        assert_eq!(read.rows.len(), rows.len());
        for (row, wanted) in read.rows.iter().zip(&rows) {
            for (name, wanted) in names.iter().zip(wanted) {
                let text = match &row[name] {
                    Value::Null => String::new(),
                    Value::String(text) => text.clone(),
                    other => other.to_string(),
                };
                assert_eq!(&text, wanted, "{name}");
            }
        }
    }
}

#[test]
fn one_name_on_two_types_is_text() {
    let client = server(BACKENDS[0]).role(DIRECTOR, None);
    let query = r#"{ organizations(within: "210681") { nodes { ... on Township { x: establishment { y: approved } } ... on InternalOffice { x: parent { y: name } } } } }"#;
    let body = json!({ "query": query }).to_string();
    let headers = [("content-type", "application/json")];
    let read = Read::parquet(client.post_bytes("/v1/lists.parquet", body.as_bytes(), &headers));
    assert_eq!(read.kind("x.y"), &DataType::Utf8);
    let is_number =
        |row: &&Map<String, Value>| row["x.y"].as_str().is_some_and(|text| text.parse::<i64>().is_ok());
    let numbers = read.rows.iter().filter(is_number).count();
    let texts = read.rows.iter().filter(|row| row["x.y"].is_string()).count() - numbers;
    assert!(numbers > 10 && texts > 50, "{numbers} {texts}");
}

#[test]
fn a_list_says_its_day_and_what_is_left_out() {
    let headers = [("content-type", "application/json")];
    let ask = |client: &Client, query: &str| {
        client.post_to("/v1/lists.csv", json!({ "query": query }).to_string().as_bytes(), &headers)
    };
    let public = server(BACKENDS[0]);
    let query = r#"query($day: Date = "2019-06-01", $where: DivisionCode = "210602") { townships(asOf: $day, within: $where) { nodes { name asOf establishment { approved } } } }"#;
    let answer = ask(&public.role(DIRECTOR, None), query);
    let header = |name: &str| answer.headers.get(name).map(|value| value.to_str().unwrap().to_owned());
    assert_eq!(header("x-tiaokuai-as-of").as_deref(), Some("2019-06-01"), "{}", answer.text);
    assert_eq!(header("x-tiaokuai-scope").as_deref(), Some("210602"));
    assert_eq!(header("x-tiaokuai-warnings").as_deref(), Some("SYNTHETIC"));
    assert!(header("content-disposition").unwrap().contains("filename=\"tiaokuai-2019-06-01.csv\""));
    assert!(answer.text.contains("2019-06-01"));
    let answer = ask(&public, query);
    let warnings = answer.headers["x-tiaokuai-warnings"].to_str().unwrap();
    assert_eq!(warnings, "MASKED (Township.establishment), SYNTHETIC");
}

#[test]
fn what_a_file_is_of_is_said_beside_it() {
    let client = server(BACKENDS[0]).role(DIRECTOR, None);
    let answer = client.get("/v1/reports/township-summary.csv?within=2106&asOf=2025-12-31", &[]);
    let header = |name: &str| answer.headers.get(name).map(|value| value.to_str().unwrap().to_owned());
    assert_eq!(header("x-tiaokuai-as-of").as_deref(), Some("2025-12-31"));
    assert_eq!(header("x-tiaokuai-scope").as_deref(), Some("2106"));
    assert!(header("x-tiaokuai-revision").is_some());
    assert!(header("x-tiaokuai-warnings").unwrap().contains("SYNTHETIC"), "{:?}", answer.headers);
    assert!(header("content-disposition").unwrap().contains("%2D2025%2D12%2D31.csv"));
    for (query, says) in [("colour=red", "There is no parameter"), ("locale=fr", "zh or en")] {
        let answer = client.post_to(
            &format!("/v1/lists.csv?{query}"),
            b"{\"query\": \"{ townships { nodes { name } } }\"}",
            &[("content-type", "application/json")],
        );
        assert!(answer.status == 400 && answer.text.contains(says), "{}", answer.text);
    }
    for path in ["/v1/lists.pdf", "/v1/lists.x/y.csv"] {
        let answer = client.post_to(path, b"{}", &[("content-type", "application/json")]);
        assert!(answer.status == 404 && answer.text.contains(".parquet, .arrow"), "{}", answer.text);
    }
    assert_eq!(client.get("/v1/lists.csv", &[]).status, 405);
}
