//! Workbooks: fifty faults come back marked, the corrected file is applied once, and what is exported says nothing new.

use crate::harness::process::tiaokuai;
use crate::harness::{BACKENDS, Backend, Client, demo_database, own_server, scratch, start_on};
use crate::reform::{COUNTY, TOWN};
use crate::subscribers::Socket;
use serde_json::{Value, json};
use std::collections::BTreeSet;
use tiaokuai::domain::CodeList;
use tiaokuai::sheet::{Encoding, Sheet, Table, csv, read, template, xlsx};

const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

fn everything() -> String {
    crate::harness::tokens_of(&[
        ("ESTABLISHMENT_DIRECTOR", Some(COUNTY)),
        ("ORGANIZATION_DEPT", Some(COUNTY)),
    ])
}

/// A table with the headings of the template and rows of cells.
fn table(sheet: Sheet, rows: &[&[&str]]) -> Table {
    let mut table = template(&[sheet]).remove(0);
    let width = table.heading.len();
    for row in rows {
        let mut row: Vec<String> = row.iter().map(|cell| (*cell).to_owned()).collect();
        row.resize(width, String::new());
        table.rows.push(row);
    }
    table
}

/// A workbook of a new institution and agency with their numbers, posts and people: nothing of it is wrong.
fn good() -> Vec<Table> {
    let mut bodies = Vec::new();
    let mut numbers = Vec::new();
    let mut posts = Vec::new();
    let mut people = Vec::new();
    let mut held = Vec::new();
    let names: Vec<String> = (0..12).map(|at| format!("导入中心{at:02}")).collect();
    let persons: Vec<String> = (0..12).map(|at| format!("示例导入{at:02}")).collect();
    let ids: Vec<String> = (0..12).map(|at| format!("9901011990010100{at:02}")).collect();
    for at in 0..12 {
        bodies.push(vec![TOWN, &names[at], "事业单位", "", "", "正股级"]);
        numbers.push(vec![TOWN, &names[at], "事业编制", "5", "3"]);
        posts.push(vec![TOWN, &names[at], "主任", "正职", "股级", "1"]);
        people.push(vec![persons[at].as_str(), &ids[at], "事业人员"]);
        held.push(vec![TOWN, &names[at], "主任", &persons[at], &ids[at], "提拔", "任命", "否", "2026-03-01"]);
    }
    let rows = |rows: &[Vec<&str>], sheet| table(sheet, &rows.iter().map(Vec::as_slice).collect::<Vec<_>>());
    vec![
        rows(&bodies, Sheet::Organizations),
        rows(&numbers, Sheet::Establishment),
        rows(&posts, Sheet::Posts),
        rows(&people, Sheet::People),
        rows(&held, Sheet::Appointments),
    ]
}

/// The labels of a code list that the workbook above uses may have other words: take them from the lists.
fn fitted(mut tables: Vec<Table>) -> Vec<Table> {
    use tiaokuai::domain::{
        AppointmentKind, AppointmentMode, EstablishmentType, InstitutionRank, OrganizationKind,
        PersonnelIdentity, PostLevel, PostPosition,
    };
    let fit = |cell: &mut String| {
        let word = match cell.as_str() {
            "事业单位" => OrganizationKind::PublicInstitution.item().zh,
            "正股级" => InstitutionRank::SubsectionChief.item().zh,
            "事业编制" => EstablishmentType::PublicInstitution.item().zh,
            "正职" => PostPosition::Principal.item().zh,
            "股级" => PostLevel::Subsection.item().zh,
            "事业人员" => PersonnelIdentity::ITEMS[1].zh,
            "提拔" => AppointmentKind::Promote.item().zh,
            "任命" => AppointmentMode::Appointed.item().zh,
            _ => return,
        };
        word.clone_into(cell);
    };
    tables.iter_mut().flat_map(|table| &mut table.rows).flatten().for_each(fit);
    tables
}

/// Plants fifty faults, each in a row of its own: ten in each sheet.
fn planted() -> (Vec<Table>, BTreeSet<(String, u64)>) {
    let mut tables = fitted(good());
    let mut faulty = BTreeSet::new();
    let mut plant = |tables: &mut Vec<Table>, sheet: usize, row: Vec<&str>| {
        let table = &mut tables[sheet];
        let mut row: Vec<String> = row.into_iter().map(str::to_owned).collect();
        row.resize(table.heading.len(), String::new());
        table.rows.push(row);
        let name = ["ORGANIZATIONS", "ESTABLISHMENT", "LEADERSHIP_POSTS", "PERSONS", "APPOINTMENTS"][sheet];
        faulty.insert((name.to_owned(), table.rows.len() as u64 + 1));
    };
    let long = "长".repeat(61);
    let institution = "PUBLIC_INSTITUTION";
    for row in [
        vec!["", "无代码", institution],
        vec!["99010110x", "错代码", institution],
        vec!["610902111", "他县机构", institution],
        vec!["990101999", "无此区划", institution],
        vec![TOWN, "", institution],
        vec![TOWN, "无类别", ""],
        vec![TOWN, "错类别", "公司"],
        vec![TOWN, &long, institution],
        vec![TOWN, "错隶属", institution, "没有的机构"],
        vec![TOWN, "错日期", institution, "", "", "", "", "", "", "", "", "", "", "2026-02-30"],
    ] {
        plant(&mut tables, 0, row);
    }
    for row in [
        vec![TOWN, "没有的机构", "ADMINISTRATIVE", "1"],
        vec![TOWN, "导入中心00", "ADMINISTRATIVE", "1"],
        vec![TOWN, "导入中心00", "没有的类型", "1"],
        vec![TOWN, "导入中心00", institution, "五"],
        vec![TOWN, "导入中心00", institution, "-1"],
        vec![TOWN, "导入中心00", institution, "1.5"],
        vec![TOWN, "导入中心00", institution, ""],
        vec![TOWN, "导入中心00", institution, "7", "x"],
        vec![TOWN, "导入中心00", institution, "7", "1", "昨天"],
        vec![TOWN, "导入中心00", institution, "999999999"],
    ] {
        plant(&mut tables, 1, row);
    }
    for row in [
        vec![TOWN, "没有的机构", "副主任", "DEPUTY", "SUBSECTION"],
        vec![TOWN, "导入中心00", "", "DEPUTY", "SUBSECTION"],
        vec![TOWN, "导入中心00", "副主任", "", "SUBSECTION"],
        vec![TOWN, "导入中心00", "副主任", "中", "SUBSECTION"],
        vec![TOWN, "导入中心00", "副主任", "DEPUTY", ""],
        vec![TOWN, "导入中心00", "副主任", "DEPUTY", "高"],
        vec![TOWN, "导入中心00", "副主任", "DEPUTY", "SUBSECTION", "0"],
        vec![TOWN, "导入中心00", "副主任", "DEPUTY", "SUBSECTION", "many"],
        vec![TOWN, "导入中心00", "主任", "DEPUTY", "SUBSECTION"],
        vec![TOWN, "导入中心00", &long, "DEPUTY", "SUBSECTION"],
    ] {
        plant(&mut tables, 2, row);
    }
    for row in [
        vec!["", "990101199001010099"],
        vec![&long, ""],
        vec!["示例错号甲", "123"],
        vec!["示例错号乙", "99010119900101009a"],
        vec!["示例错号丙", "9901011990010100991"],
        vec!["示例错身份", "", "皇帝"],
        vec!["示例错生日", "", "", "1990-13-01"],
        vec!["示例错生日乙", "", "", "昨天"],
        vec!["名\u{202e}字", ""],
        vec!["示例错号丁", "X90101199001010099"],
    ] {
        plant(&mut tables, 3, row);
    }
    let ok = ["PROMOTE", "APPOINTED", "否", "2026-03-01"];
    let at = |body: &'static str, post: &'static str, name: &'static str| vec![TOWN, body, post, name, ""];
    for (front, back) in [
        (at("没有的机构", "主任", "示例导入00"), ok),
        (at("导入中心00", "没有的职务", "示例导入00"), ok),
        (at("导入中心00", "主任", "没有的人"), ok),
        (at("导入中心00", "主任", ""), ok),
        (at("导入中心00", "", "示例导入00"), ok),
        (at("导入中心01", "主任", "示例导入00"), ok),
        (at("导入中心00", "主任", "示例导入01"), ["升官", "APPOINTED", "否", "2026-03-01"]),
        (at("导入中心00", "主任", "示例导入01"), ["PROMOTE", "抽签", "否", "2026-03-01"]),
        (at("导入中心00", "主任", "示例导入01"), ["PROMOTE", "APPOINTED", "也许", "2026-03-01"]),
        (at("导入中心00", "主任", "示例导入01"), ["PROMOTE", "APPOINTED", "否", ""]),
    ] {
        plant(&mut tables, 4, [front, back.to_vec()].concat());
    }
    (tables, faulty)
}

fn send(client: &Client, query: &str, body: &[u8], accept: &str) -> crate::harness::client::Answer {
    client.post_to(
        &format!("/v1/imports?within={COUNTY}&effectiveOn=2026-01-01{query}"),
        body,
        &[("content-type", "application/octet-stream"), ("accept", accept)],
    )
}

#[test]
fn whoever_sends_an_import_is_told_how_far_it_is() {
    let client = own_server(Backend::Sqlite, "progress");
    let sender =
        client.with_token(&crate::harness::token_of("sender", "ESTABLISHMENT_DIRECTOR", Some(COUNTY)));
    let open = |subject: &str| {
        let mut socket = Socket::open(&client.origin);
        let token = crate::harness::token_of(subject, "ESTABLISHMENT_DIRECTOR", Some(COUNTY));
        socket.say(&json!({ "type": "connection_init", "payload": { "authorization": token } }).to_string());
        assert!(socket.text().contains("connection_ack"));
        let query = "subscription { importProgress(watch: \"mine\") { stage judged rows } }";
        socket.say(&json!({ "type": "subscribe", "id": "p", "payload": { "query": query } }).to_string());
        socket
    };
    let next = |socket: &mut Socket| -> Value { serde_json::from_str(&socket.text()).unwrap() };
    let (mut own, mut other) = (open("sender"), open("somebody"));
    let progress = |message: &Value| message["payload"]["data"]["importProgress"].clone();
    let awaited = json!({ "stage": "AWAITED", "judged": 0, "rows": 0 });
    assert_eq!(progress(&next(&mut own)), awaited);
    assert_eq!(progress(&next(&mut other)), awaited);
    let rows: Vec<String> = (0..900).map(|at| format!("示例进度{at:03}")).collect();
    let rows: Vec<Vec<&str>> = rows.iter().map(|name| vec![name.as_str(), "", "事业人员"]).collect();
    let book = xlsx(&[table(Sheet::People, &rows.iter().map(Vec::as_slice).collect::<Vec<_>>())]).unwrap();
    let answer = send(&sender, "&watch=mine", &book, "application/json");
    assert_eq!(answer.status, 200, "{}", answer.text);
    let (mut seen, mut last) = (Vec::new(), 0);
    loop {
        let message = next(&mut own);
        if message["type"] == "complete" {
            break;
        }
        let now = progress(&message);
        assert_eq!(now["rows"], 900, "{message}");
        let judged = now["judged"].as_i64().unwrap();
        assert!(judged >= last, "{now}");
        last = judged;
        seen.push(now["stage"].as_str().unwrap().to_owned());
    }
    println!("{seen:?}");
    assert_eq!((seen.last().map(String::as_str), last), (Some("ENDED"), 900));
    // A name of one is no name of another, and the public has none.
    send(&client.with_token(&everything()), "&watch=other", &book, "application/json");
    let mut public = Socket::open(&client.origin);
    public.say(r#"{"type":"connection_init"}"#);
    assert!(public.text().contains("connection_ack"));
    public.say(r#"{"type":"subscribe","id":"p","payload":{"query":"subscription { importProgress(watch: \"mine\") { stage } }"}}"#);
    assert!(public.text().contains("FORBIDDEN"));
    drop(other);
}

fn wrong_rows(answer: &Value) -> BTreeSet<(String, u64)> {
    let rows = answer["rows"].as_array().unwrap().iter().filter(|row| row["outcome"] == "ERROR");
    rows.map(|row| (row["sheet"].as_str().unwrap().to_owned(), row["row"].as_u64().unwrap())).collect()
}

#[test]
fn fifty_faults_come_back_marked_and_the_corrected_file_is_applied_once() {
    for backend in BACKENDS {
        let client = own_server(backend, "sheets").with_token(&everything());
        let (tables, faulty) = planted();
        let book = xlsx(&tables).unwrap();
        let answer = send(&client, "", &book, "application/json");
        assert_eq!(answer.status, 200, "{}", answer.text);
        let plan = answer.json();
        assert_eq!(wrong_rows(&plan), faulty, "{backend:?}");
        assert_eq!((faulty.len(), plan["counts"]["create"].as_u64()), (50, Some(60)), "{:#}", plan["counts"]);
        // The same in the user's own workbook, and nothing else marked.
        let marked = client.post_bytes(
            &format!("/v1/imports?within={COUNTY}&effectiveOn=2026-01-01"),
            &book,
            &[("accept", XLSX)],
        );
        let (marked, _) = read_marked(&marked);
        assert_eq!(marked, faulty, "{backend:?}");
        // It is not applied, by its own plan or by another.
        let by = |plan: &Value| format!("&apply={}", plan["plan"].as_str().unwrap());
        let refused = send(&client, &by(&plan), &book, "application/json");
        assert_eq!((refused.status, refused.json()["revision"].is_null()), (422, true));
        let good = xlsx(&fitted(good())).unwrap();
        assert_eq!(send(&client, &by(&plan), &good, "application/json").status, 409);
        let before = client.data("{ register { revision } }")["register"]["revision"].as_i64().unwrap();
        let plan = send(&client, "", &good, "application/json").json();
        assert_eq!(
            (plan["counts"]["create"].as_u64(), plan["counts"]["error"].as_u64()),
            (Some(60), Some(0)),
            "{plan:#}"
        );
        let applied = send(&client, &by(&plan), &good, "application/json").json();
        assert_eq!(applied["revision"].as_i64(), Some(before + 1));
        // Once more with the same plan, and planned anew: nothing is done twice.
        assert_eq!(
            send(&client, &by(&plan), &good, "application/json").json()["revision"].as_i64(),
            Some(before + 1)
        );
        let again = send(&client, "", &good, "application/json").json();
        assert_eq!(
            (again["counts"]["unchanged"].as_u64(), again["counts"]["create"].as_u64()),
            (Some(60), Some(0)),
            "{again:#}"
        );
        let count = client.data(&format!("{{ publicInstitutions(within: \"{TOWN}\", where: {{name: {{startsWith: \"导入中心\"}}}}) {{ totalCount nodes {{ establishment {{ approved }} leadershipPosts {{ nodes {{ incumbents {{ person {{ name }} }} }} }} }} }} register {{ revision }} }}"));
        assert_eq!(count["publicInstitutions"]["totalCount"], 12);
        assert_eq!(
            count["publicInstitutions"]["nodes"][0]["leadershipPosts"]["nodes"][0]["incumbents"][0]["person"]
                ["name"],
            "示例导入00"
        );
        assert_eq!(count["register"]["revision"].as_i64(), Some(before + 1));
    }
}

/// The rows of a workbook that came back which have a reason.
fn read_marked(bytes: &[u8]) -> (BTreeSet<(String, u64)>, usize) {
    let (tables, _) = read(bytes, None).unwrap();
    let mut out = BTreeSet::new();
    let mut rows = 0;
    for table in tables {
        let reason = table.heading.iter().position(|heading| heading == tiaokuai::sheet::REASON).unwrap();
        for (at, row) in (2..).zip(&table.rows) {
            rows += 1;
            if row.get(reason).is_some_and(|text| !text.is_empty()) {
                assert!(row[reason].contains(" / "), "both languages: {}", row[reason]);
                out.insert((table.sheet.value().to_owned(), at));
            }
        }
    }
    (out, rows)
}

#[test]
fn what_is_exported_changes_nothing_and_rare_characters_survive() {
    let url = demo_database(Backend::Sqlite, "export");
    let client = Client::new(&start_on(&url)).with_token(&everything());
    let rare = ["示例㛃", "示例𫍯𬀩", "示例䶮", "示例\u{2b81a}", "示例·买买提"];
    let people =
        table(Sheet::People, &rare.map(|name| [name].to_vec()).iter().map(Vec::as_slice).collect::<Vec<_>>());
    let file = csv(&people, Encoding::Gb18030);
    let (back, encoding) = read(&file, Some(Sheet::People)).unwrap();
    assert_eq!((&back[0].rows, encoding), (&people.rows, Some(Encoding::Gb18030)));
    let plan = send(&client, "&sheet=PERSONS", &file, "application/json").json();
    assert_eq!(
        (plan["counts"]["create"].as_u64(), plan["counts"]["error"].as_u64()),
        (Some(5), Some(0)),
        "{plan:#}"
    );
    let applied = send(
        &client,
        &format!("&sheet=PERSONS&apply={}", plan["plan"].as_str().unwrap()),
        &file,
        "application/json",
    );
    assert!(applied.json()["revision"].is_i64(), "{}", applied.text);
    let exported =
        client.get_bytes(&format!("/v1/exports.csv?within={COUNTY}&sheet=PERSONS&encoding=gb18030"));
    let (tables, _) = read(&exported, Some(Sheet::People)).unwrap();
    for name in rare {
        assert!(tables[0].rows.iter().any(|row| row[0] == name), "{name} did not survive");
    }
    // All of the county, read back, is as it is.
    let book = client.get_bytes(&format!("/v1/exports.xlsx?within={COUNTY}"));
    let plan = send(&client, "", &book, "application/json").json();
    let counts = &plan["counts"];
    assert_eq!(
        (counts["create"].as_u64(), counts["update"].as_u64(), counts["error"].as_u64()),
        (Some(0), Some(0), Some(0)),
        "{plan:#}"
    );
    assert!(counts["unchanged"].as_u64() > Some(500), "{counts}");
    // Who may not read all of it gets nothing; the template is for everybody.
    let clerk = client.role("ESTABLISHMENT_DIRECTOR", Some(COUNTY));
    assert_eq!(clerk.get(&format!("/v1/exports.csv?within={COUNTY}&sheet=PERSONS"), &[]).code(), "FORBIDDEN");
    assert_eq!(clerk.get(&format!("/v1/exports.csv?within={COUNTY}&sheet=ESTABLISHMENT"), &[]).status, 200);
    let public = Client::new(&client.origin);
    assert_eq!(public.get("/v1/imports/template.csv?sheet=PERSONS", &[]).status, 200);
    let (tables, _) = read(&public.get_bytes("/v1/imports/template.xlsx"), None).unwrap();
    assert_eq!(tables.len(), 5);
    assert_eq!(send(&public, "", b"x", "application/json").code(), "FORBIDDEN");
    assert_eq!(public.get("/v1/nothing", &[]).status, 404);
}

#[test]
fn files_that_are_none_are_refused_with_advice() {
    let client = own_server(Backend::Sqlite, "no_sheets").with_token(&everything());
    for (query, body, says) in [
        ("", &b"PK\x03\x04 nonsense"[..], "XLSX"),
        ("", b"\xe5\xa7\x93\xe5\x90\x8d\n", "which sheet"),
        ("&sheet=PERSONS", b"\xff\xff\xff", "GB18030"),
        ("&sheet=PERSONS", "姓名,身高\n甲,1\n".as_bytes(), "身高"),
        ("&sheet=PERSONS", "人员身份\n公务员\n".as_bytes(), "姓名"),
        ("&sheet=PERSONS", "姓名,姓名\n甲,乙\n".as_bytes(), "twice"),
        ("&sheet=NOTHING", b"x", "ORGANIZATIONS"),
        ("&sheet=PERSONS&effectiveOn=soon", "姓名\n甲\n".as_bytes(), "effectiveOn"),
    ] {
        let answer = send(&client, query, body, "application/json");
        assert_eq!((answer.status, answer.code().as_str()), (400, "BAD_USER_INPUT"), "{}", answer.text);
        assert!(answer.text.contains(says), "{says}: {}", answer.text);
    }
    // Rights are asked for each row.
    let clerk = client.role("ESTABLISHMENT_CLERK", Some(COUNTY));
    let plan = send(&clerk, "&sheet=PERSONS", "姓名\n示例新人\n".as_bytes(), "application/json").json();
    assert_eq!(plan["counts"]["error"], 1, "{plan:#}");
}

#[test]
fn the_command_line_imports_and_exports() {
    let directory = scratch("sheets_cli");
    assert!(tiaokuai(&directory, &["load", "demo"]).status.success());
    let run = |args: &[&str]| {
        let done = tiaokuai(&directory, args);
        (
            done.status.success(),
            String::from_utf8_lossy(&done.stdout).into_owned(),
            String::from_utf8_lossy(&done.stderr).into_owned(),
        )
    };
    let (ok, _, err) = run(&["import", "--template", "模板.xlsx"]);
    assert!(ok && directory.join("模板.xlsx").exists(), "{err}");
    std::fs::write(directory.join("好.xlsx"), xlsx(&fitted(good())).unwrap()).unwrap();
    std::fs::write(directory.join("坏.xlsx"), xlsx(&planted().0).unwrap()).unwrap();
    let (ok, _, err) =
        run(&["import", "坏.xlsx", "--within", COUNTY, "--effective-on", "2026-01-01", "--apply"]);
    assert!(!ok && err.contains("50 row(s) are wrong") && err.contains("坏.错误.xlsx"), "{err}");
    let (marked, _) = read_marked(&std::fs::read(directory.join("坏.错误.xlsx")).unwrap());
    assert_eq!(marked, planted().1);
    let (ok, out, err) = run(&["import", "好.xlsx", "--within", COUNTY, "--effective-on", "2026-01-01"]);
    assert!(ok && out.contains("--apply"), "{out}{err}");
    let (ok, out, err) =
        run(&["import", "好.xlsx", "--within", COUNTY, "--effective-on", "2026-01-01", "--apply"]);
    assert!(ok && out.contains("Applied"), "{out}{err}");
    let (ok, out, err) =
        run(&["export", "出.csv", "--within", COUNTY, "--sheet", "ORGANIZATIONS", "--encoding", "gb18030"]);
    assert!(ok, "{out}{err}");
    let (tables, encoding) =
        read(&std::fs::read(directory.join("出.csv")).unwrap(), Some(Sheet::Organizations)).unwrap();
    assert_eq!(encoding, Some(Encoding::Gb18030));
    assert!(tables[0].rows.iter().any(|row| row[1] == "导入中心11"));
    assert!(run(&["audit", "verify"]).0);
    assert!(
        !run(&["--database-url", "sqlite://none.db", "audit", "verify"]).0
            && !directory.join("none.db").exists()
    );
}

#[test]
fn an_import_that_was_taken_back_can_come_again() {
    let client = own_server(Backend::Sqlite, "again").with_token(&everything());
    let book =
        xlsx(&[table(Sheet::Organizations, &[&[TOWN, "误导入中心", "事业单位", "", "", "正股级"]])]).unwrap();
    let apply = || {
        let plan = send(&client, "", &book, "application/json").json();
        assert_eq!(plan["counts"]["create"], 1, "{plan:#}");
        let applied =
            send(&client, &format!("&apply={}", plan["plan"].as_str().unwrap()), &book, "application/json");
        assert_eq!(applied.status, 200, "{}", applied.text);
        (plan["plan"].clone(), applied.json()["revision"].as_i64().unwrap())
    };
    let find = || {
        let list = format!(
            "{{ publicInstitutions(within: \"{TOWN}\", where: {{name: {{eq: \"误导入中心\"}}}}) {{ totalCount }} }}"
        );
        client.data(&list)["publicInstitutions"]["totalCount"].as_i64().unwrap()
    };
    let (plan, first) = apply();
    assert_eq!(find(), 1);
    // Sent again, such as after a lost connection, it is told again.
    let again = send(&client, &format!("&apply={}", plan.as_str().unwrap()), &book, "application/json");
    assert_eq!((again.status, again.json()["revision"].as_i64()), (200, Some(first)));
    let newest = client.data(&format!("{{ changes(within: \"{COUNTY}\", first: 1) {{ nodes {{ id }} }} }}"));
    let reverse = crate::reform::mutation("changeReverse", "__typename");
    crate::reform::done(client.act(&reverse, json!({ "change": newest["changes"]["nodes"][0]["id"] })));
    assert_eq!(find(), 0);
    let (_, second) = apply();
    assert_eq!((second, find()), (first + 2, 1));
}
