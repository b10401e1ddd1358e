//! Loading: twice changes nothing, the files are what the generator makes, and both databases end up the same.

use crate::acts::basis;
use crate::changes::wish;
use crate::harness::{BACKENDS, Backend, block_on, empty_store};
use tiaokuai::act::{Act, Object, carry_out};
use tiaokuai::domain::DivisionCode;
use tiaokuai::snapshot::Snapshot;
use tiaokuai::store::{Desk, Loaded, Outcome, Rows, Source, State, StoreError};

fn text(rows: &Rows) -> String {
    let mut out = Vec::new();
    for table in Rows::TABLES {
        rows.write_csv(table, &mut out).unwrap();
    }
    String::from_utf8(out).unwrap()
}

#[test]
fn loading_twice_changes_nothing() {
    let mut seen: Vec<String> = Vec::new();
    for backend in BACKENDS {
        block_on(async {
            let store = empty_store(backend, "twice").await;
            assert_eq!(store.state().await.unwrap(), State::default());
            assert!(matches!(
                store.load(&tiaokuai::data::divisions()).await.unwrap(),
                Loaded::Changed { revision: 1, .. }
            ));
            let first = store.state().await.unwrap();
            assert_eq!((first.revision, first.synthetic), (1, false));
            assert!(matches!(
                store.load(&tiaokuai::data::demo()).await.unwrap(),
                Loaded::Changed { revision: 2, .. }
            ));
            let (_, before) = store.read().await.unwrap();
            for source in [tiaokuai::data::divisions(), tiaokuai::data::demo()] {
                assert_eq!(store.load(&source).await.unwrap(), Loaded::Unchanged);
            }
            let (state, after) = store.read().await.unwrap();
            assert_eq!(state, State { revision: 2, synthetic: true, secret: first.secret });
            assert_ne!(state.secret, [0; 16]);
            assert!(text(&before) == text(&after), "{backend:?}: the second load changed a row");
            let mut lines: Vec<String> = text(&after).lines().map(str::to_owned).collect();
            lines.sort();
            seen.push(lines.join("\n"));
        });
    }
    assert!(seen[0] == seen[1], "the databases hold different rows");
}

#[test]
fn a_bad_file_changes_nothing_and_says_where() {
    for backend in BACKENDS {
        block_on(async {
            let store = empty_store(backend, "bad").await;
            let file = |path: &str, content: &'static str| Source {
                name: "bad",
                synthetic: false,
                files: vec![
                    ("divisions/11.csv".into(), b"code,name\n11,Beijing\n".into()),
                    (path.into(), content.as_bytes().into()),
                ],
            };
            for (path, content, says) in [
                ("divisions/12.csv", "code,name\n12,Tianjin\n1x,Nowhere\n", "line 3"),
                ("divisions/12.csv", "code,name\n123,Nowhere\n", "line 2"),
                ("demo/reform.csv", "id,shard,name,effective_on,document_id\nx,1,a,2020-01-01,\n", "line: 2"),
                ("demo/nothing.csv", "a\n", "no such table"),
            ] {
                match store.load(&file(path, content)).await {
                    Err(StoreError::File { name, problem }) => {
                        assert!(name == path && problem.contains(says), "{problem}");
                    }
                    other => panic!("{backend:?} {path}: {other:?}"),
                }
                assert_eq!(store.state().await.unwrap(), State::default());
                assert_eq!(store.read().await.unwrap().1.len(), 0);
            }
        });
    }
}

#[test]
fn newer_files_leave_alone_what_acts_changed() {
    let files = |boundary: &str, name: &str| {
        let versions = format!(
            "division_id,version,shard,valid_from,valid_to,code,name,document_id\n\
             99980100000101,1,999801,,{boundary},999801101,旧镇,\n99980100000101,2,999801,{boundary},,999801101,{name},\n"
        );
        let divisions = "id,shard,valid_from,valid_to,document_id\n99980100000101,999801,,,\n";
        let plain = format!("code,name\n9998,试市\n999801,试县\n999801102,{name}甲\n999801103,{name}乙\n");
        Source {
            name: "divisions",
            synthetic: false,
            files: vec![
                ("divisions/99.csv".into(), plain.into_bytes().into()),
                ("division.csv".into(), divisions.as_bytes().into()),
                ("division_version.csv".into(), versions.into_bytes().into()),
            ],
        }
    };
    for backend in BACKENDS {
        block_on(async {
            let store = empty_store(backend, "newer").await;
            store.load(&files("2020-01-01", "试镇")).await.unwrap();
            let kept = tiaokuai::store::division_id(DivisionCode::parse("999801103").unwrap());
            let rename =
                Act::DivisionChange { division: Object::Id(kept), code: None, name: "更名镇".into() };
            let wish = tiaokuai::store::Wish { shards: [999_801].into(), ..wish() };
            let carry = move |desk: &mut Desk| carry_out(desk, &basis("2026-11-01"), &[rename]);
            assert!(matches!(store.change(wish, carry).await.unwrap(), Outcome::Done { .. }));
            // Later, then earlier.
            for (boundary, name) in [("2022-01-01", "新镇"), ("2018-01-01", "又镇")] {
                store.load(&files(boundary, name)).await.unwrap();
                let (_, rows) = store.read().await.unwrap();
                let mut told: Vec<String> = rows
                    .division_version
                    .iter()
                    .filter(|v| v.code.len() == 9)
                    .map(|v| format!("{} {} {:?} {:?}", v.code, v.name, v.valid_from, v.valid_to))
                    .collect();
                told.sort();
                let open = "None";
                let mut expected = [
                    format!("999801101 旧镇 {open} {:?}", Some(boundary)),
                    format!("999801101 {name} {:?} {open}", Some(boundary)),
                    format!("999801102 {name}甲 {open} {open}"),
                    format!("999801103 更名镇 {:?} {open}", Some("2026-11-01")),
                    format!("999801103 试镇乙 {open} {:?}", Some("2026-11-01")),
                ];
                expected.sort();
                assert_eq!(told, expected, "{backend:?}");
            }
        });
    }
}

#[test]
fn the_files_are_what_the_generator_makes() {
    let rows = tiaokuai::generate::demo(&tiaokuai::data::names());
    let again = tiaokuai::generate::demo(&tiaokuai::data::names());
    assert!(text(&rows) == text(&again), "the generator is not deterministic");
    let directory = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("data/demo");
    for table in Rows::TABLES {
        let name = format!("{table}.csv");
        let mut made = Vec::new();
        rows.write_csv(table, &mut made).unwrap();
        if made.is_empty() || tiaokuai::generate::BY_HAND.contains(&name.as_str()) {
            continue;
        }
        let kept = std::fs::read(directory.join(&name)).unwrap();
        assert!(
            kept == made,
            "data/demo/{name} is not what the generator makes; run `tiaokuai generate demo`"
        );
    }
}

#[test]
fn persons_are_visibly_synthetic_and_real_places_are_lawful() {
    let rows = tiaokuai::generate::demo(&tiaokuai::data::names());
    for person in &rows.person {
        assert!(person.name.starts_with("示例"), "{}", person.name);
        assert!(person.id_number.as_deref().unwrap().starts_with("990101"));
        assert!(person.phone.as_deref().unwrap().starts_with("000"));
    }
    for establishment in rows.establishment.iter().filter(|e| e.shard < 990_000) {
        assert!(establishment.occupied <= establishment.approved, "{establishment:?}");
    }
    assert!(rows.establishment.iter().any(|e| e.occupied > e.approved), "the planted case is gone");
    for row in rows.organization.iter().filter(|o| !o.disclosed) {
        assert_eq!(row.shard, 990_101);
    }
    for document in rows.document.iter().filter(|d| d.shard < 990_000) {
        assert!(document.number.starts_with("演示"), "{document:?}");
    }
    for version in rows.organization_version.iter().filter_map(|v| v.uscc.as_deref()) {
        let code = tiaokuai::domain::CreditCode::parse(version).unwrap();
        assert!(code.check_holds() && &version[2..8] == "990101", "{version}");
    }
}

#[test]
fn a_snapshot_of_the_nation_is_built_from_either_database() {
    for backend in [Backend::Sqlite, Backend::Postgres] {
        block_on(async {
            let store = empty_store(backend, "snapshot").await;
            store.load(&tiaokuai::data::divisions()).await.unwrap();
            let (state, rows) = store.read().await.unwrap();
            let snapshot = Snapshot::build(state, rows).unwrap();
            // Provinces, prefectures and counties have shards of their own, less four cities without a county level.
            assert_eq!(snapshot.shards().count(), 34 + 342 + 2_978 - 3);
            assert_eq!(snapshot.shards().map(|(_, s)| s.divisions().len()).sum::<usize>(), 44_702);
        });
    }
}
