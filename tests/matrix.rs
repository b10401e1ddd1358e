//! The policy matrix: written to a golden file, asked field by field as every role, and checked by hand.

use crate::contract::introspect;
use crate::harness::{BACKENDS, Client, golden, own_server, server};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use tiaokuai::domain::{ActKind, CodeList, Role};
use tiaokuai::graph::catalog;
use tiaokuai::policy::{Hand, Rule, allows, hand};

const GOLDEN: &str = "tests/golden/policy.txt";

fn roles() -> Vec<Role> {
    (0..).map_while(Role::at).collect()
}

/// The matrix as text: a line for each field, a column for each role.
fn render() -> String {
    let mut out = String::from(
        "# Who may read what, within the scope of the grant. x: yes, -: null and named in extensions.masked.\n\
         # Out of scope every role reads what PUBLIC reads. Rows come first: hidden rows are absent. Then acts, x: carry it out,\n\
         # t: try it and draft it, -: FORBIDDEN.\n#\n",
    );
    for (at, role) in roles().into_iter().enumerate() {
        writeln!(out, "# {} {}", " |".repeat(at), role.value()).unwrap();
    }
    let line = |rule: Rule| -> String {
        roles().into_iter().map(|r| if allows(rule, r) { " x" } else { " -" }).collect()
    };
    for rule in [Rule::Undisclosed, Rule::Pending] {
        writeln!(out, "{}  row {} ({})", line(rule), rule.value(), rule.item().en).unwrap();
    }
    for act in (0..).map_while(ActKind::at) {
        let mark = |role| match hand(act, role) {
            Hand::Carry => " x",
            Hand::Try => " t",
            Hand::None => " -",
        };
        let marks: String = roles().into_iter().map(mark).collect();
        writeln!(out, "{marks}  act {} ({})", act.value(), act.item().en).unwrap();
    }
    for info in catalog() {
        for field in info.fields {
            let (class, rule) = (field.class.value(), field.rule.value());
            writeln!(out, "{}  {}.{} {class} {rule}", line(field.rule), info.name, field.name).unwrap();
        }
    }
    out
}

#[test]
fn the_policy_is_the_golden_matrix() {
    golden(GOLDEN, &render());
}

/// The golden file as a table: field and role to allowed.
fn table() -> BTreeMap<(String, &'static str), bool> {
    let text =
        std::fs::read_to_string(std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join(GOLDEN)).unwrap();
    let mut out = BTreeMap::new();
    for line in text.lines().filter(|l| !l.starts_with('#')) {
        let marks: Vec<&str> = line.split_whitespace().collect();
        let field = marks[roles().len()];
        for (role, mark) in roles().into_iter().zip(&marks) {
            out.insert((field.to_owned(), role.value()), *mark == "x");
        }
    }
    out
}

/// Fields that ask for one of several.
const NAMED: &[(&str, &str)] = &[("ReportRow", "key"), ("ReportRow", "value"), ("Report", "export")];

/// All fields of each object type, with a selection that reads them.
fn selections() -> BTreeMap<String, String> {
    let schema = introspect();
    let mut out = BTreeMap::new();
    for ty in schema["types"].as_array().unwrap() {
        let mut text = String::new();
        for field in ty["fields"].as_array().into_iter().flatten() {
            let mut inner = &field["type"];
            while !inner["ofType"].is_null() {
                inner = &inner["ofType"];
            }
            let (name, kind) = (field["name"].as_str().unwrap(), inner["kind"].as_str().unwrap());
            let leaf = kind == "SCALAR" || kind == "ENUM";
            // These take an argument that has no default.
            if NAMED.contains(&(ty["name"].as_str().unwrap(), name)) {
                continue;
            }
            write!(text, " {name}{}", if leaf { "" } else { " { __typename }" }).unwrap();
        }
        out.insert(ty["name"].as_str().unwrap().to_owned(), text);
    }
    out
}

/// Where an object of a type is found, in a township of a county; `*` stands for its fields.
fn paths(county: &str, town: &str) -> Vec<(&'static str, String)> {
    let town = |rest: &str| format!("{{ township(code: \"{town}\") {{ {rest} }} }}");
    let report = |rest: &str| {
        let input = "{dimensions: [{dimension: KIND}], measures: [BODIES]}";
        format!("{{ report(input: {input}) {{ {rest} }} }}")
    };
    let post = |rest: &str| town(&format!("leadershipPosts(first: 1) {{ nodes {{ {rest} }} }}"));
    vec![
        ("Division", format!("{{ division(code: \"{county}\") {{ * }} }}")),
        ("DivisionStatistics", format!("{{ division(code: \"{county}\") {{ statistics {{ * }} }} }}")),
        ("Township", town("*")),
        ("InternalOffice", town("internalOffices(first: 1) { nodes { * } }")),
        ("PublicInstitution", town("publicInstitutions(first: 1) { nodes { * } }")),
        ("SecondedAgency", town("secondedAgencies(first: 1) { nodes { * } }")),
        ("DatedName", town("internalOffices(first: 1) { nodes { formerNames { * } } }")),
        ("Establishment", town("establishment { * }")),
        ("LeadershipPost", post("*")),
        ("Appointment", post("incumbents { * }")),
        (
            "Consultation",
            town(
                "secondedAgencies(first: 1) { nodes { leadershipPosts { nodes { incumbents { consultation { * } } } } } }",
            ),
        ),
        ("Person", post("incumbents { person { * } }")),
        ("PersonPrivate", post("incumbents { person { private { * } } }")),
        ("SettingPattern", town("settingPattern { * }")),
        ("SettingSlot", town("settingPattern { slots { * } }")),
        ("PatternDeviation", town("deviations { * }")),
        ("Department", format!("{{ departments(within: \"{county}\", first: 1) {{ nodes {{ * }} }} }}")),
        ("Document", format!("{{ documents(within: \"{county}\", first: 1) {{ nodes {{ * }} }} }}")),
        ("Reform", format!("{{ reforms(within: \"{county}\", first: 1) {{ nodes {{ * }} }} }}")),
        (
            "OrganizationChange",
            format!(
                "{{ reforms(within: \"{county}\", first: 1) {{ nodes {{ changes(first: 1) {{ nodes {{ * }} }} }} }} }}"
            ),
        ),
        ("Report", report("*")),
        ("ReportColumn", report("columns { * }")),
        ("ReportRow", report("rows { * }")),
        ("MeasureValue", report("rows { values { * } }")),
        ("DimensionValue", report("rows { keys { * } }")),
        ("ReportNotice", report("warnings { * }")),
        ("ExportLink", report("export(format: CSV) { * }")),
        ("ReportCatalog", "{ reportCatalog { * } }".to_owned()),
        ("ReportDimensionInfo", "{ reportCatalog { dimensions { * } } }".to_owned()),
        ("ReportMeasureInfo", "{ reportCatalog { measures { * } } }".to_owned()),
        ("ReportSegmentInfo", "{ reportCatalog { segments { * } } }".to_owned()),
        ("SavedReport", "{ savedReports { * } }".to_owned()),
        ("ViewerCan", format!("{{ division(code: \"{county}\") {{ viewerCan {{ * }} }} }}")),
        ("SearchEdge", "{ search(text: \"虚构县\", within: \"99\", first: 1) { edges { * } } }".to_owned()),
        (
            "SearchFragment",
            "{ search(text: \"虚构县\", within: \"99\", first: 1) { edges { fragments { * } } } }".to_owned(),
        ),
        ("ReformDraft", format!("{{ reformDrafts(within: \"{county}\", first: 1) {{ nodes {{ * }} }} }}")),
        ("Change", format!("{{ changes(within: \"{county}\", first: 1) {{ nodes {{ * }} }} }}")),
        (
            "ChangeRecord",
            format!("{{ changes(within: \"{county}\", first: 1) {{ nodes {{ records {{ * }} }} }} }}"),
        ),
        (
            "ChangedField",
            format!(
                "{{ changes(within: \"{county}\", first: 1) {{ nodes {{ records {{ fields {{ * }} }} }} }} }}"
            ),
        ),
        ("RegisterInfo", "{ register { * } }".to_owned()),
        ("RegisterCounts", "{ register { counts { * } } }".to_owned()),
        ("CodeList", "{ codeLists { * } }".to_owned()),
        ("CodeValue", "{ codeLists { values { * } } }".to_owned()),
        ("Viewer", "{ viewer { * } }".to_owned()),
        ("Grant", "{ viewer { grants { * } } }".to_owned()),
    ]
}

/// The fields of a type that a client did not get to see.
fn masked(client: &Client, ty: &str, path: &str, fields: &str) -> BTreeSet<String> {
    let answer = client.ask(&path.replace('*', fields));
    assert!(answer.get("errors").is_none(), "{path}: {answer:#}");
    let all = answer["extensions"]["masked"].as_array().cloned().unwrap_or_default();
    let masked: BTreeSet<String> =
        all.iter().filter_map(|m| m.as_str()?.strip_prefix(&format!("{ty}.")).map(str::to_owned)).collect();
    for object in objects(&answer["data"], fields) {
        for field in &masked {
            assert_eq!(
                object.get(field),
                Some(&Value::Null),
                "{ty}.{field} is named as masked and has a value"
            );
        }
    }
    masked
}

/// The objects in an answer that have all fields of a selection.
fn objects<'v>(value: &'v Value, fields: &str) -> Vec<&'v Value> {
    let first = fields.split_whitespace().next().unwrap_or_default();
    match value {
        Value::Object(map) if map.contains_key(first) && map.len() > 1 => vec![value],
        Value::Object(map) => map.values().flat_map(|v| objects(v, fields)).collect(),
        Value::Array(list) => list.iter().flat_map(|v| objects(v, fields)).collect(),
        _ => Vec::new(),
    }
}

/// Values that are handed out only to those who may read them: their parent's field is masked for the others.
const BEHIND: &[(&str, &str)] = &[
    ("Establishment", "Township.establishment"),
    ("Consultation", "Appointment.consultation"),
    ("PersonPrivate", "Person.private"),
    ("PatternDeviation", "Township.deviations"),
];

/// What is said of the register as a whole is for those whose role counts in the whole of it.
const WHOLE: &[&str] = &["RegisterInfo"];

/// The fields of a type that a role may not read, by the table.
fn forbidden(table: &BTreeMap<(String, &'static str), bool>, ty: &str, reader: &str) -> BTreeSet<String> {
    let own = table
        .iter()
        .filter(|((field, r), allowed)| *r == reader && !**allowed && field.starts_with(&format!("{ty}.")));
    own.map(|((field, _), _)| field.split_once('.').unwrap().1.to_owned()).collect()
}

/// Changes something that the public may know of in both counties.
fn changed(client: &Client) {
    let director = client.role("ESTABLISHMENT_DIRECTOR", None);
    for town in ["990101201", "610902111"] {
        let ask = format!(
            "{{ township(code: \"{town}\") {{ internalOffices(first: 1) {{ nodes {{ id name }} }} }} }}"
        );
        let office = director.data(&ask)["township"]["internalOffices"]["nodes"][0].clone();
        let input = json!({ "organization": office["id"], "name": format!("{}（试）", office["name"].as_str().unwrap()) });
        let reform = json!({ "within": &town[..6], "name": "试", "acts": [{ "organizationRename": input }] });
        crate::reform::done(crate::drafts::write(&director, json!({ "reform": reform })));
        crate::reform::done(
            director.act(&crate::reform::mutation("organizationRename", "organization { id }"), input),
        );
    }
}

#[test]
fn every_field_is_asked_as_every_role() {
    let (table, selections) = (table(), selections());
    let paths_in = paths("990101", "990101201");
    // Every type of the catalog is asked for, so a new type cannot be forgotten.
    let asked: BTreeSet<&str> = paths_in.iter().map(|(ty, _)| *ty).chain(["Query"]).collect();
    // Acts, what comes of them and what is told of them: see `mutations` and the clients of subscriptions.
    let elsewhere = ["Mutation", "UserError", "Subscription", "ChangeEvent", "ImportProgress"];
    let of_acts = |name: &&str| !elsewhere.contains(name) && !name.ends_with("Payload");
    let known: BTreeSet<&str> = catalog().iter().map(|i| i.name).filter(of_acts).collect();
    assert_eq!(asked, known);
    let mut cells = 0;
    for backend in BACKENDS {
        let own = own_server(backend, "matrix");
        changed(&own);
        for role in roles() {
            let role = role.value();
            // The grant is for the fictional county; objects are asked for there and elsewhere.
            let client = own.role(role, Some("990101"));
            for (inside, paths) in [(true, &paths_in), (false, &paths("610902", "610902111"))] {
                for (ty, path) in paths {
                    let reader = if inside && !WHOLE.contains(ty) { role } else { "PUBLIC" };
                    let fields = &selections[*ty];
                    let parent = BEHIND.iter().find(|(t, _)| t == ty).map(|(_, parent)| *parent);
                    if parent.is_some_and(|p| !table[&(p.to_owned(), reader)]) {
                        continue;
                    }
                    let expected = forbidden(&table, ty, reader);
                    let found = masked(&client, ty, path, fields);
                    assert_eq!(found, expected, "{backend:?} {role} inside={inside} {ty}");
                    cells += fields.matches(' ').count();
                }
            }
            for (ty, path) in paths_in.iter().filter(|(ty, _)| WHOLE.contains(ty)) {
                let found = masked(&own.role(role, None), ty, path, &selections[*ty]);
                assert_eq!(found, forbidden(&table, ty, role), "{backend:?} {role} everywhere {ty}");
            }
        }
    }
    assert!(cells > 5_000, "{cells}");
}

/// Surrogate ids of departments: 司法局 of the fictional county and its superior in the province, and 公安局.
fn departments() -> (i64, i64, i64) {
    let rows = tiaokuai::generate::demo(&tiaokuai::data::names());
    let id = |name: &str| rows.organization_version.iter().find(|v| v.name == name).unwrap().organization_id;
    (id("虚构县司法局"), id("虚构省司法厅"), id("虚构县公安局"))
}

#[test]
fn a_line_reaches_the_agencies_of_its_departments_in_all_townships_and_nothing_else() {
    for backend in BACKENDS {
        let client = server(backend);
        let (county, province, police) = departments();
        let query = r#"{ township(code: "990101103") { secondedAgencies(first: 9) { nodes { agencyKind leadershipPosts { nodes { quota } } } }
              internalOffices(first: 1) { nodes { leadershipPosts { nodes { quota } } } } } 
              elsewhere: township(code: "610902111") { secondedAgencies(first: 9) { nodes { agencyKind leadershipPosts { nodes { quota } } } } } }"#;
        for (line, sees) in
            [(county, "JUSTICE_OFFICE"), (province, "JUSTICE_OFFICE"), (police, "POLICE_STATION")]
        {
            for role in ["DEPARTMENT_CLERK", "DEPARTMENT_LEADER", "FINANCE"] {
                let data = client.line(role, line).data(query);
                for agency in data["township"]["secondedAgencies"]["nodes"].as_array().unwrap() {
                    let seen = !agency["leadershipPosts"]["nodes"][0]["quota"].is_null();
                    assert_eq!(seen, agency["agencyKind"] == sees, "{backend:?} {role} {agency}");
                }
                assert!(
                    data["township"]["internalOffices"]["nodes"][0]["leadershipPosts"]["nodes"][0]["quota"]
                        .is_null()
                );
                for agency in data["elsewhere"]["secondedAgencies"]["nodes"].as_array().unwrap() {
                    assert!(agency["leadershipPosts"]["nodes"][0]["quota"].is_null());
                }
            }
        }
    }
}

#[test]
fn hidden_rows_are_absent_and_hidden_ids_are_like_ids_that_do_not_exist() {
    for backend in BACKENDS {
        let public = server(backend);
        let insider = public.role("ESTABLISHMENT_DIRECTOR", Some("990101"));
        let personnel = public.role("ORGANIZATION_DEPT", Some("990101"));
        let names = r#"{ internalOffices(within: "990101002", first: 50) { totalCount nodes { id name basis { id number } leadershipPosts { nodes { id } } } } }"#;
        let (seen, hidden) = (insider.data(names), public.data(names));
        assert_eq!(
            seen["internalOffices"]["totalCount"].as_i64(),
            hidden["internalOffices"]["totalCount"].as_i64().map(|n| n + 1)
        );
        let office = seen["internalOffices"]["nodes"]
            .as_array()
            .unwrap()
            .iter()
            .find(|o| o["name"] == "综合协调办公室")
            .unwrap();
        let mut ids = vec![
            office["id"].as_str().unwrap().to_owned(),
            office["basis"]["id"].as_str().unwrap().to_owned(),
            office["leadershipPosts"]["nodes"][0]["id"].as_str().unwrap().to_owned(),
        ];
        let pending = r#"{ appointments(within: "990101", first: 100, where: {state: {in: [PROPOSED, CONSULTED]}}) { totalCount nodes { id person { id name } } } }"#;
        let candidates = personnel.data(pending);
        assert_eq!(candidates["appointments"]["totalCount"], 2);
        assert_eq!(public.data(pending)["appointments"]["totalCount"], 0);
        assert_eq!(
            insider.data(pending)["appointments"]["totalCount"],
            0,
            "an establishment director takes no part in appointments"
        );
        for candidate in candidates["appointments"]["nodes"].as_array().unwrap() {
            ids.push(candidate["id"].as_str().unwrap().to_owned());
            ids.push(candidate["person"]["id"].as_str().unwrap().to_owned());
        }
        // The publicity period (公示) is public.
        let public_now =
            r#"{ appointments(within: "990101", where: {state: {eq: PUBLICISED}}) { totalCount } }"#;
        assert_eq!(public.data(public_now)["appointments"]["totalCount"], 1);
        let ask = |client: &Client, id: &str| {
            client
                .raw(
                    "query($id: ID!) { node(id: $id) { __typename id } nodes(ids: [$id]) { id } }",
                    json!({ "id": id }),
                )
                .text
        };
        for id in &ids {
            // An id that was never given out.
            let absent =
                format!("{}{}", &id[..id.len() - 3], if id.ends_with("AAA") { "BBB" } else { "AAA" });
            assert_eq!(ask(&public, id), ask(&public, &absent), "{backend:?} {id}");
            assert!(ask(&personnel, id).contains(&format!("\"id\":\"{id}\"")), "{id}");
        }
        // An id of one type is not found as another.
        let sealed = ids[0].split_once('_').unwrap().1;
        assert!(ask(&insider, &format!("pi_{sealed}")).contains("\"node\":null"));
    }
}

/// By hand, from the roles and readers of the field's systems; not generated. Role, field, seen in scope, seen outside.
const BY_HAND: &[(&str, &str, bool, bool)] = &[
    // 2.7: numbers for organisation, finance, personnel and the township itself; the public sees none.
    ("PUBLIC", "Township.establishment", false, false),
    ("ANALYST", "Township.establishment", true, false),
    ("TOWNSHIP_CLERK", "Township.establishment", true, false),
    ("TOWNSHIP_LEADER", "Township.establishment", true, false),
    ("DEPARTMENT_CLERK", "Township.establishment", true, false),
    ("ESTABLISHMENT_CLERK", "Township.establishment", true, false),
    ("ESTABLISHMENT_DIRECTOR", "Township.establishment", true, false),
    ("ESTABLISHMENT_COMMITTEE", "Township.establishment", true, false),
    ("ORGANIZATION_DEPT", "Township.establishment", true, false),
    ("HR_SOCIAL", "Township.establishment", true, false),
    ("FINANCE", "Township.establishment", true, false),
    ("INSPECTOR", "Township.establishment", true, false),
    ("DISPATCHER", "Township.establishment", false, false),
    ("SYSTEM_ADMIN", "Township.establishment", false, false),
    ("SECURITY_ADMIN", "Township.establishment", false, false),
    ("AUDITOR", "Township.establishment", false, false),
    // 2.3: the deviation matrix is for the township and above.
    ("PUBLIC", "Township.deviations", false, false),
    ("TOWNSHIP_CLERK", "Township.deviations", true, false),
    ("ESTABLISHMENT_DIRECTOR", "Township.deviations", true, false),
    ("AUDITOR", "Township.deviations", false, false),
    // 2.10: title and holder are public; quota and vacancies are not.
    ("PUBLIC", "LeadershipPost.title", true, true),
    ("PUBLIC", "LeadershipPost.incumbents", true, true),
    ("PUBLIC", "LeadershipPost.quota", false, false),
    ("PUBLIC", "LeadershipPost.vacant", false, false),
    ("PUBLIC", "LeadershipPost.vacantSince", false, false),
    ("ORGANIZATION_DEPT", "LeadershipPost.quota", true, false),
    ("ORGANIZATION_DEPT", "LeadershipPost.vacantSince", true, false),
    ("TOWNSHIP_LEADER", "LeadershipPost.vacant", true, false),
    ("DISPATCHER", "LeadershipPost.vacant", false, false),
    // 2.11: the outcome is public, how it came about is for those who decide and are heard.
    ("PUBLIC", "Appointment.state", true, true),
    ("PUBLIC", "Appointment.person", true, true),
    ("PUBLIC", "Appointment.consultation", false, false),
    ("ORGANIZATION_DEPT", "Appointment.consultation", true, false),
    ("ORGANIZATION_DEPT", "Appointment.nominator", true, false),
    ("TOWNSHIP_LEADER", "Appointment.consultation", true, false),
    ("TOWNSHIP_CLERK", "Appointment.consultation", false, false),
    ("DEPARTMENT_LEADER", "Appointment.nominator", false, false),
    ("ESTABLISHMENT_DIRECTOR", "Appointment.nominator", false, false),
    ("INSPECTOR", "Appointment.appointer", true, false),
    ("AUDITOR", "Appointment.appointer", false, false),
    // 2.8: identity and personal data in the line and the territory; names of holders are public.
    ("PUBLIC", "Person.name", true, true),
    ("PUBLIC", "Person.identity", false, false),
    ("ANALYST", "Person.identity", false, false),
    ("ANALYST", "Person.private", false, false),
    ("TOWNSHIP_CLERK", "Person.identity", true, false),
    ("DEPARTMENT_CLERK", "Person.identity", true, false),
    ("ESTABLISHMENT_CLERK", "Person.identity", true, false),
    ("HR_SOCIAL", "Person.private", true, false),
    ("FINANCE", "Person.private", false, false),
    ("DISPATCHER", "Person.private", false, false),
    ("SYSTEM_ADMIN", "Person.identity", false, false),
    // 2.8: identity numbers only for personnel and organisation.
    ("HR_SOCIAL", "PersonPrivate.idNumber", true, false),
    ("ORGANIZATION_DEPT", "PersonPrivate.idNumber", true, false),
    ("ESTABLISHMENT_DIRECTOR", "PersonPrivate.idNumber", false, false),
    ("TOWNSHIP_LEADER", "PersonPrivate.idNumber", false, false),
    ("INSPECTOR", "PersonPrivate.idNumber", false, false),
    ("HR_SOCIAL", "PersonPrivate.birthDate", true, false),
    ("INSPECTOR", "PersonPrivate.birthDate", true, false),
    // 2.1, 2.2: divisions, names and duties are public.
    ("PUBLIC", "Division.name", true, true),
    ("PUBLIC", "Division.registeredTownships", true, true),
    ("PUBLIC", "Division.establishment", false, false),
    ("ANALYST", "Division.establishment", true, false),
    ("PUBLIC", "InternalOffice.name", true, true),
    ("PUBLIC", "PublicInstitution.uscc", true, true),
    ("PUBLIC", "SecondedAgency.managementMode", true, true),
    ("AUDITOR", "SecondedAgency.competentDepartments", true, true),
    ("PUBLIC", "Department.superior", true, true),
];

#[test]
fn cells_written_by_hand_hold() {
    assert!(BY_HAND.len() >= 60);
    let selections = selections();
    for backend in BACKENDS {
        for (role, field, inside, outside) in BY_HAND {
            let (ty, name) = field.split_once('.').unwrap();
            let client = server(backend).role(role, Some("990101"));
            for (county, town, seen) in [("990101", "990101103", inside), ("610902", "610902111", outside)] {
                let (_, path) = paths(county, town).into_iter().find(|(t, _)| *t == ty).unwrap();
                let selection = &selections[ty];
                let own = selection.split(' ').any(|f| f == name);
                assert!(own, "{field} is not in the schema");
                let behind = BEHIND.iter().find(|(t, _)| *t == ty).map(|(_, parent)| *parent);
                let answer = client.ask(&path.replace('*', selection));
                let masked = answer["extensions"]["masked"].as_array().cloned().unwrap_or_default();
                let hidden = masked.iter().any(|m| m == field || behind.is_some_and(|b| m == b));
                assert_eq!(!hidden, *seen, "{backend:?} {role} {field} in {county}");
            }
        }
    }
}

#[test]
fn past_days_and_candidacies_open_no_personal_data() {
    let client = server(BACKENDS[0]);
    // A head of 大竹园镇 who left in 2021: the clerk of today sees the name, on any day, and nothing of the person.
    let past = r#"{ township(code: "610902111", asOf: "2019-01-01") { leadershipPosts(first: 1) { nodes {
        incumbents { person { name identity private { phone } } } } } } }"#;
    let answer = client.role("TOWNSHIP_CLERK", Some("610902111")).ask(past);
    let person = &answer["data"]["township"]["leadershipPosts"]["nodes"][0]["incumbents"][0]["person"];
    assert!(
        person["name"].is_string() && person["identity"].is_null() && person["private"].is_null(),
        "{answer}"
    );
    // Being considered for a post of a township does not open a person to its clerks.
    let candidate = r#"{ appointments(within: "990101107", where: {state: {eq: PUBLICISED}}) {
        nodes { person { name private { phone } } } } }"#;
    let answer = client.role("TOWNSHIP_CLERK", Some("990101107")).ask(candidate);
    let person = &answer["data"]["appointments"]["nodes"][0]["person"];
    assert!(person["name"].is_string() && person["private"].is_null(), "{answer}");
}

#[test]
fn filters_and_orders_by_what_may_not_be_read_are_refused() {
    let client = server(BACKENDS[0]);
    let vacant = |within: &str| {
        format!(
            r#"{{ leadershipPosts(within: "{within}", where: {{isVacant: {{eq: true}}}}) {{ totalCount }} }}"#
        )
    };
    let by_quota = r#"{ leadershipPosts(within: "990101", orderBy: [{field: QUOTA}]) { totalCount } }"#;
    assert_eq!(client.code(&vacant("990101")), "FORBIDDEN");
    assert_eq!(client.code(by_quota), "FORBIDDEN");
    // A territory without any post is refused in the same words: nothing is told.
    let (with, without) = (client.ask(&vacant("990101")), client.ask(&vacant("11")));
    assert_eq!(with["errors"][0]["message"], without["errors"][0]["message"]);
    let clerk = client.role("TOWNSHIP_CLERK", Some("990101103"));
    assert!(clerk.ask(&vacant("990101103")).get("errors").is_none());
    assert_eq!(clerk.code(&vacant("990101")), "FORBIDDEN");
    let nested =
        r#"{ township(code: "990101104") { leadershipPosts(where: {quota: {eq: 3}}) { totalCount } } }"#;
    assert_eq!(clerk.code(nested), "FORBIDDEN");
    let line = client.line("DEPARTMENT_CLERK", departments().0);
    assert_eq!(line.code(&vacant("990101")), "FORBIDDEN");
}
