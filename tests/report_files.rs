//! Reports as files: what stands in them is what the answer says, cell by cell, in every format and for programs of others.

use crate::harness::process::tiaokuai;
use crate::harness::{BACKENDS, Client, scratch, server};
use calamine::{Data, Reader, Xlsx};
use serde_json::{Value, json};
use std::io::Cursor;
use std::process::Command;

const DIRECTOR: &str = "ESTABLISHMENT_DIRECTOR";

/// Towns and townships of a county by kind of body, beside a year ago.
const INPUT: &str = r#"{dimensions: [{dimension: COUNTY}, {dimension: TOWNSHIP_TYPE}], pivot: [{dimension: KIND}],
    measures: [BODIES, BODIES_PER_TOWNSHIP], within: "2106", compareTo: {asOf: "2019-11-30"}, totals: [FIRST, GRAND], first: 1000}"#;

fn export(client: &Client, input: &str, format: &str, encoding: &str) -> Vec<u8> {
    let query = format!(
        "{{ report(input: {input}) {{ export(format: {format}, encoding: {encoding}) {{ url expiresAt format }} }} }}"
    );
    let data = client.data(&query);
    let link = &data["report"]["export"];
    assert!(link["expiresAt"].as_str().unwrap() > "2026");
    // Whoever has the link needs no token.
    server(BACKENDS[0]).get_bytes(link["url"].as_str().unwrap())
}

/// The answer as rows of texts, as a file has them.
fn screen(client: &Client) -> Vec<Vec<String>> {
    let data = client.data(&format!(
        "{{ report(input: {INPUT}) {{ rows {{ keys {{ label }} values {{ text previous delta }} }} totals {{ keys {{ label }} values {{ text previous delta }} }} }} }}"
    ));
    let rows = ["rows", "totals"].iter().flat_map(|part| data["report"][part].as_array().unwrap());
    let number = |value: &Value, decimals: usize| {
        value.as_f64().map_or_else(String::new, |n| format!("{n:.decimals$}"))
    };
    rows.map(|row| {
        let keys =
            row["keys"].as_array().unwrap().iter().map(|key| key["label"].as_str().unwrap().to_owned());
        let values = row["values"].as_array().unwrap().iter().enumerate().flat_map(|(at, value)| {
            let decimals = if at % 2 == 0 { 0 } else { 2 };
            let text = value["text"].as_str().unwrap_or_default().to_owned();
            [text, number(&value["previous"], decimals), number(&value["delta"], decimals)]
        });
        keys.chain(values).collect()
    })
    .collect()
}

fn csv_rows(text: &str) -> Vec<Vec<String>> {
    let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(text.as_bytes());
    reader.records().map(|row| row.unwrap().iter().map(str::to_owned).collect()).collect()
}

#[test]
fn text_files_say_what_the_answer_says_in_three_encodings() {
    let client = server(BACKENDS[0]).role(DIRECTOR, None);
    let wanted = screen(&client);
    let utf8 = export(&client, INPUT, "CSV", "UTF8");
    let bom = export(&client, INPUT, "CSV", "UTF8_BOM");
    let gb = export(&client, INPUT, "CSV", "GB18030");
    assert_eq!(bom.strip_prefix(b"\xef\xbb\xbf"), Some(&utf8[..]));
    let (back, _, broken) = encoding_rs::GB18030.decode(&gb);
    assert!(!broken && back.as_bytes() == utf8, "GB18030 round-trips");
    let rows = csv_rows(std::str::from_utf8(&utf8).unwrap());
    assert_eq!(rows[0][..2], ["县级区划", "乡镇类型"]);
    assert!(rows[0][2].ends_with("机构数（个）·本期"), "{}", rows[0][2]);
    assert_eq!(rows[1..], wanted[..]);
    let lines = export(&client, INPUT, "JSONL", "UTF8");
    let lines: Vec<Value> =
        String::from_utf8(lines).unwrap().lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(lines.len(), wanted.len());
    assert_eq!(lines[0]["COUNTY"]["code"], "210602");
    assert!(
        lines[0]["GOVERNMENT.BODIES"]["value"].is_number()
            || lines[0]["SUBDISTRICT_OFFICE.BODIES"]["value"].is_number()
    );
    assert_eq!(lines.last().unwrap()["isTotal"], true);
}

/// A cell as the answer prints it.
fn cell(data: &Data, decimals: usize) -> String {
    match data {
        Data::Empty => String::new(),
        Data::String(text) => text.clone(),
        Data::Float(number) => format!("{number:.decimals$}"),
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_workbook_is_the_table_on_the_screen_and_opens_in_libreoffice() {
    let client = server(BACKENDS[0]).role(DIRECTOR, None);
    let bytes = export(&client, INPUT, "XLSX", "UTF8");
    let mut book = Xlsx::new(Cursor::new(&bytes[..])).unwrap();
    assert_eq!(book.sheet_names(), ["报表", "说明"]);
    let sheet = book.worksheet_range("报表").unwrap();
    let rows: Vec<&[Data]> = sheet.rows().collect();
    assert_eq!(cell(&rows[0][0], 0), "报表");
    assert!(cell(&rows[1][0], 0).contains("统计范围：2106"), "{:?}", rows[1][0]);
    let wanted = screen(&client);
    let found: Vec<Vec<String>> = rows[rows.len() - wanted.len()..]
        .iter()
        .map(|row| {
            let decimals = |at: usize| if at < 2 || ((at - 2) / 3).is_multiple_of(2) { 0 } else { 2 };
            row.iter().enumerate().map(|(at, data)| cell(data, decimals(at))).collect()
        })
        .collect();
    assert_eq!(found, wanted);
    // Kinds stand above their measures, and these above what they are compared with.
    let merged = book.merge_cells_by_sheet_name("报表").unwrap();
    assert!(merged.len() > 8, "{}", merged.len());
    let about = book.worksheet_range("说明").unwrap();
    let about: Vec<String> =
        about.rows().map(|row| row.iter().map(|data| cell(data, 0)).collect::<Vec<_>>().join("|")).collect();
    assert!(
        about.iter().any(|row| row.starts_with("镇均本级机构数|个/乡镇|比率|乡镇本级机构数 ÷ 乡镇数")),
        "{about:?}"
    );
    assert!(about.last().unwrap().contains("\"within\":\"2106\""));
    let directory = scratch("libreoffice");
    std::fs::write(directory.join("report.xlsx"), &bytes).unwrap();
    let profile = format!("-env:UserInstallation=file://{}", directory.join("profile").display());
    let done = Command::new("soffice")
        .args([&profile, "--headless", "--convert-to", "pdf", "report.xlsx"])
        .current_dir(&directory)
        .output()
        .expect("LibreOffice, which `make check-test-tools` installs");
    let pdf = std::fs::read(directory.join("report.pdf"));
    assert!(
        pdf.is_ok_and(|pdf| pdf.starts_with(b"%PDF") && pdf.len() > 5_000),
        "{}",
        String::from_utf8_lossy(&done.stderr)
    );
}

#[test]
fn links_end_and_cannot_be_made() {
    let client = server(BACKENDS[0]).role(DIRECTOR, None);
    let data = client
        .data(r#"{ report(input: {dimensions: [], measures: [APPROVED]}) { export(format: CSV) { url } } }"#);
    let url = data["report"]["export"]["url"].as_str().unwrap();
    let mut broken = url.to_owned().into_bytes();
    let last = broken.len() - 5;
    broken[last] = if broken[last] == b'A' { b'B' } else { b'A' };
    let public = server(BACKENDS[0]);
    assert_eq!(public.get(&String::from_utf8(broken).unwrap(), &[]).status, 404);
    assert_eq!(public.get("/v1/files/AAAA", &[]).status, 404);
    assert_eq!(public.get(url, &[]).status, 200);
    // The numbers are those of who made it.
    assert!(String::from_utf8(public.get_bytes(url)).unwrap().contains("核定编制"));
}

#[test]
fn saved_reports_are_files_for_programs() {
    let public = server(BACKENDS[0]);
    let client = public.role(DIRECTOR, None);
    let list: Value = serde_json::from_slice(&public.get_bytes("/v1/reports")).unwrap();
    assert!(list.as_array().unwrap().iter().any(|report| report["id"] == "township-summary"));
    let bytes = client
        .get_bytes("/v1/reports/average-establishment.csv?within=513428&asOf=2022-02-28&encoding=utf-8");
    let rows = csv_rows(std::str::from_utf8(&bytes).unwrap());
    assert_eq!(rows[0][0], "地级区划");
    assert_eq!(rows[1][1..], ["普格县", "13", "243", "238", "18.7", "18.3"].map(str::to_owned), "{rows:?}");
    let of = |given: &str| {
        let bytes =
            client.get_bytes(&format!("/v1/reports/township-summary.csv?within=2106&encoding=utf-8{given}"));
        csv_rows(std::str::from_utf8(&bytes).unwrap())
    };
    let is_total = |row: &Vec<String>| row.iter().any(|cell| cell == "小计" || cell == "合计");
    let (mut whole, rows) = (of(""), of("&totals=none"));
    assert!(whole.iter().any(is_total), "{whole:?}");
    whole.retain(|row| !is_total(row));
    assert_eq!(whole, rows);
    for (path, status, says) in [
        ("/v1/reports/nothing.csv", 404, "GET /v1/reports"),
        ("/v1/reports/township-summary.pdf", 404, "a file ends in .csv, .xlsx"),
        ("/v1/reports/township-summary.csv?asOf=soon", 400, "a date"),
        ("/v1/reports/township-summary.csv?encoding=latin1", 400, "gb18030"),
        ("/v1/reports/township-summary.csv?totals=all", 400, "rows alone"),
    ] {
        let answer = client.get(path, &[]);
        assert_eq!(answer.status, status, "{path}: {}", answer.text);
        assert!(answer.text.contains(says), "{path}: {}", answer.text);
    }
    assert_eq!(public.get("/v1/reports/township-summary.csv", &[]).status, 403);
}

#[test]
fn a_list_is_a_file_with_the_columns_of_its_query() {
    let client = server(BACKENDS[0]).role(DIRECTOR, None);
    let ask = |path: &str, query: &str| {
        let body = json!({ "query": query }).to_string();
        client.post_to(path, body.as_bytes(), &[("content-type", "application/json")])
    };
    let query = r#"{ organizations(within: "2106", where: {kind: {eq: INTERNAL_OFFICE}}) { nodes { name kind kindLabel township { name } establishment { approved } leadershipPosts { nodes { title } } } } }"#;
    let zh = csv_rows(&ask("/v1/lists.csv?encoding=utf-8", query).text);
    assert_eq!(
        zh[0],
        [
            "机构名称",
            "机构类别（kind）",
            "机构类别（kindLabel）",
            "所在乡镇、街道·机构名称",
            "编制·核定编制数",
            "领导职务·职务名称"
        ]
    );
    let answer = ask("/v1/lists.csv?encoding=utf-8&locale=en", query);
    assert_eq!(answer.status, 200, "{}", answer.text);
    let rows = csv_rows(&answer.text);
    assert_eq!(zh[1..], rows[1..]);
    assert_eq!(
        rows[0],
        [
            "name",
            "kind",
            "kindLabel",
            "township.name",
            "establishment.approved",
            "leadershipPosts.nodes.title"
        ]
    );
    let count = client
        .data(r#"{ organizations(within: "2106", where: {kind: {eq: INTERNAL_OFFICE}}) { totalCount } }"#);
    assert_eq!(rows.len() as i64 - 1, count["organizations"]["totalCount"].as_i64().unwrap());
    assert!(
        rows.len() > 400 && rows[1..].iter().all(|row| row[1] == "INTERNAL_OFFICE" && !row[3].is_empty())
    );
    assert_eq!(ask("/v1/lists.jsonl", query).text.lines().count(), rows.len() - 1);
    for (query, says) in [
        ("{ organizations(first: 3) { nodes { name } } }", "the file's own"),
        ("{ organizations { totalCount } }", "`nodes`"),
        ("{ viewer { subject } }", "`nodes`"),
        ("{ organizations { nodes { colour } } }", "colour"),
        ("{ a: townships { nodes { name } } b: townships { nodes { name } } }", "one field"),
    ] {
        let answer = ask("/v1/lists.csv", query);
        assert_eq!(answer.status, 400, "{query}: {}", answer.text);
        assert!(answer.text.contains(says), "{query}: {}", answer.text);
    }
}

#[test]
fn cells_that_begin_like_formulas_are_harmless() {
    use tiaokuai::sheet::{Encoding, Filled, csv_row};
    let row = ["=1+1", "+1", "-1", "@x", "＝1", "正常"].map(|text| Filled::Text(text.to_owned()));
    let text = String::from_utf8(csv_row(&row, Encoding::Utf8)).unwrap();
    assert_eq!(text.trim(), "'=1+1,'+1,'-1,'@x,'＝1,正常");
    let fits = tiaokuai::report::fits(2_000_000).unwrap_err();
    assert!(fits.en.contains("CSV, JSONL or PARQUET"), "{}", fits.en);
}

#[test]
fn the_command_line_writes_reports() {
    let directory = scratch("report-cli");
    assert!(tiaokuai(&directory, &["load", "demo"]).status.success());
    let list = String::from_utf8(tiaokuai(&directory, &["report", "list"]).stdout).unwrap();
    assert!(list.contains("township-summary") && list.contains("空编超编情况表"), "{list}");
    let input = r#"{"dimensions": [{"dimension": "COUNTY"}], "measures": ["APPROVED_PER_TOWNSHIP"], "within": "2106"}"#;
    std::fs::write(directory.join("mine.json"), input).unwrap();
    let done = tiaokuai(&directory, &["report", "run", "mine.json", "--encoding", "utf-8"]);
    let text = String::from_utf8(done.stdout).unwrap();
    assert!(text.ends_with("合计,63.00\n"), "{text}\n{}", String::from_utf8_lossy(&done.stderr));
    let done =
        tiaokuai(&directory, &["report", "run", "over-and-vacant", "--within", "513428", "-o", "out.xlsx"]);
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    assert!(std::fs::read(directory.join("out.xlsx")).unwrap().starts_with(b"PK"));
    std::fs::write(directory.join("bad.json"), r#"{"dimension": [], "measures": ["BODIES"]}"#).unwrap();
    let (country, bare) =
        (input.replace("COUNTY", "COUNTRY"), r#"{"dimensions": ["COUNTY"], "measures": ["BODIES"]}"#);
    std::fs::write(directory.join("country.json"), country).unwrap();
    std::fs::write(directory.join("bare.json"), bare).unwrap();
    let done = tiaokuai(
        &directory,
        &["report", "run", "mine.json", "--encoding", "utf-8", "--no-totals", "--language", "en"],
    );
    let text = String::from_utf8(done.stdout).unwrap();
    assert!(text.contains("approved posts per township (per township)") && !text.contains("63.00"), "{text}");
    let list =
        String::from_utf8(tiaokuai(&directory, &["report", "list", "--language", "en"]).stdout).unwrap();
    assert!(list.is_ascii(), "{list}");
    for (args, says) in [
        (&["report", "run", "bad.json"][..], "`dimension` is unknown: ReportInput has"),
        (&["report", "run", "nothing"], "report list"),
        (&["report", "run", "township-sumary"], "Do you mean township-summary?"),
        (
            &["report", "run", "country.json"],
            "`dimensions.dimension`: ReportDimension has no value `COUNTRY`. Do you mean COUNTY",
        ),
        (&["report", "run", "bare.json"], "write {\"dimension\": \"COUNTY\"}"),
        (&["report", "run", "over-and-vacant", "--format", "xlsx"], "give one with -o"),
        (&["report", "run", "over-and-vacant", "--role", "PUBLIC"], "You may not read"),
        (&["report", "run", "over-and-vacant", "--as-of", "soon"], "--as-of is a date"),
    ] {
        let done = tiaokuai(&directory, args);
        let said = String::from_utf8_lossy(&done.stderr).into_owned();
        assert!(!done.status.success() && said.contains(says), "{args:?}: {said}");
    }
}
