//! The published figures come out of the register exactly, over HTTP, on both databases.

use crate::harness::client::texts;
use crate::harness::{BACKENDS, server};
use serde_json::json;

const DIRECTOR: &str = "ESTABLISHMENT_DIRECTOR";

#[test]
fn dandong_has_84_townships_by_type_and_5292_posts() {
    for backend in BACKENDS {
        let data = server(backend).role(DIRECTOR, Some("2106")).data(
            r#"{ division(code: "210600") { code name registeredTownships
                 all: townships(first: 1) { totalCount }
                 towns: townships(where: {type: {eq: TOWN}}) { totalCount }
                 townships: townships(where: {type: {eq: TOWNSHIP}}) { totalCount }
                 ethnic: townships(where: {type: {eq: ETHNIC_TOWNSHIP}}) { totalCount nodes { name } }
                 streets: townships(where: {type: {eq: SUBDISTRICT}}) { totalCount }
                 none: townships(where: {type: {eq: TOWNSHIP_LIKE}}) { totalCount }
                 now: establishment { approved } }
               then: division(code: "2106", asOf: "2019-11-30") { establishment { approved } }
               farms: divisions(within: "2106", where: {type: {eq: TOWNSHIP_LIKE}}) { totalCount nodes { name township { name } } }
               list: townships(within: "210600") { totalCount } }"#,
        );
        let d = &data["division"];
        assert_eq!((d["code"].as_str(), d["name"].as_str()), (Some("2106"), Some("丹东市")), "{backend:?}");
        assert_eq!(d["registeredTownships"], 84);
        assert_eq!((&d["all"]["totalCount"], &data["list"]["totalCount"]), (&json!(84), &json!(84)));
        assert_eq!(d["towns"]["totalCount"], 59);
        assert_eq!(d["townships"]["totalCount"], 2);
        assert_eq!(d["ethnic"]["totalCount"], 3);
        assert_eq!(texts(&d["ethnic"]["nodes"], "/name"), ["下露河朝鲜族乡", "合隆满族乡", "大堡蒙古族乡"]);
        assert_eq!(d["streets"]["totalCount"], 20);
        assert_eq!(d["none"]["totalCount"], 0);
        assert_eq!(d["now"]["approved"], 5292);
        assert_eq!(5292 / 84, 63);
        // 2,973 institution posts were sent down.
        assert_eq!(data["then"]["establishment"]["approved"], 5292 - 2973);
        assert_eq!(data["farms"]["totalCount"], 5);
        assert!(data["farms"]["nodes"].as_array().unwrap().iter().all(|f| f["township"].is_null()));
    }
}

#[test]
fn huaiyuan_puge_and_hanbin_have_their_townships() {
    for backend in BACKENDS {
        let data = server(backend).data(
            r#"{ huaiyuan: division(code: "340321") {
                   towns: townships(where: {type: {eq: TOWN}}) { totalCount }
                   townships: townships(where: {type: {in: [TOWNSHIP, ETHNIC_TOWNSHIP]}}) { totalCount nodes { name } }
                   streets: townships(where: {type: {eq: SUBDISTRICT}}) { totalCount nodes { name } } }
                 puge: division(code: "513428") { registeredTownships }
                 hanbin: division(code: "610902") { registeredTownships }
                 villages: divisions(within: "513428", first: 100, where: {level: {eq: TOWNSHIP}}) { nodes { statistics { villageCommittees synthetic } } }
                 nation: divisions(where: {level: {eq: TOWNSHIP}}, first: 1) { totalCount }
                 provinces: divisions(where: {level: {eq: PROVINCE}}, first: 1) { totalCount }
                 demo: townships(first: 1) { totalCount }
                 fictional: townships(within: "99", first: 1) { totalCount } }"#,
        );
        let h = &data["huaiyuan"];
        assert_eq!(
            (&h["towns"]["totalCount"], &h["townships"]["totalCount"]),
            (&json!(17), &json!(1)),
            "{backend:?}"
        );
        assert_eq!(texts(&h["townships"]["nodes"], "/name"), ["徐圩乡"]);
        assert_eq!(h["streets"]["totalCount"], 3);
        assert_eq!(data["puge"]["registeredTownships"], 13);
        assert_eq!(data["hanbin"]["registeredTownships"], 28);
        // 81 villagers' committees (81 个行政村).
        let villages = data["villages"]["nodes"].as_array().unwrap();
        assert_eq!(
            villages.iter().map(|v| v["statistics"]["villageCommittees"].as_i64().unwrap()).sum::<i64>(),
            81
        );
        assert!(villages.iter().all(|v| v["statistics"]["synthetic"] == false));
        // The statistical list has 41,352 rows; one (350527000) is a copy of its county, 金门县.
        assert_eq!(data["nation"]["totalCount"], 41_352 - 1);
        assert_eq!(data["provinces"]["totalCount"], 31 + 3);
        assert_eq!(data["demo"]["totalCount"], 146);
        assert_eq!(data["fictional"]["totalCount"], 13);
    }
}

#[test]
fn the_pilots_of_hanbin_have_nine_bodies_of_their_pattern() {
    for backend in BACKENDS {
        let client = server(backend).role(DIRECTOR, None);
        for code in ["610902111", "610902115"] {
            let data = client.data(&format!(
                r#"{{ township(code: "{code}") {{ name settingPattern {{ notation slots {{ label min max }} }} deviations {{ text }}
                   internalOffices {{ totalCount nodes {{ category featured }} }}
                   publicInstitutions {{ totalCount nodes {{ category }} }} }} }}"#
            ));
            let t = &data["township"];
            let sum = t["internalOffices"]["totalCount"].as_i64().unwrap()
                + t["publicInstitutions"]["totalCount"].as_i64().unwrap();
            assert_eq!(sum, 9, "{backend:?} {code}");
            assert_eq!(t["settingPattern"]["notation"], "4办3中心1执法队和1特色机构");
            assert_eq!(texts(&t["settingPattern"]["slots"], "/label"), ["办", "中心", "执法队", "特色机构"]);
            assert_eq!(t["deviations"], json!([]));
            let forms = texts(&t["publicInstitutions"]["nodes"], "/category");
            assert_eq!(forms.iter().filter(|f| **f == "CENTRE").count(), 3);
            assert_eq!(forms.iter().filter(|f| **f == "ENFORCEMENT_TEAM").count(), 1);
            let featured =
                t["internalOffices"]["nodes"].as_array().unwrap().iter().filter(|o| o["featured"] == true);
            assert_eq!(featured.count(), 1);
        }
    }
}

#[test]
fn the_fictional_county_fits_its_patterns_except_where_planted() {
    for backend in BACKENDS {
        let data = server(backend).role(DIRECTOR, Some("990101")).data(
            r#"{ townships(within: "990101", first: 50) { nodes { name type divisionCode settingPattern { notation } deviations { kind count text slot { label } }
                 internalOffices { totalCount nodes { category featured } } publicInstitutions { totalCount nodes { class } } } } }"#,
        );
        let all = data["townships"]["nodes"].as_array().unwrap();
        for t in all.iter().filter(|t| t["type"] == "TOWN") {
            let pilot = t["divisionCode"] == "990101100";
            let (offices, institutions) = if pilot { (8, 6) } else { (7, 5) };
            assert_eq!(t["internalOffices"]["totalCount"], offices, "{backend:?} {t}");
            assert_eq!(t["publicInstitutions"]["totalCount"], institutions);
            assert_eq!(t["settingPattern"]["notation"], if pilot { "三局五办六中心" } else { "7+5" });
            assert_eq!(t["deviations"], json!([]), "{t}");
        }
        let deviations = |code: &str| &all.iter().find(|t| t["divisionCode"] == code).unwrap()["deviations"];
        assert_eq!(texts(deviations("990101200"), "/text"), ["缺设“事业单位”1个"]);
        assert_eq!(texts(deviations("990101201"), "/text"), ["超设“党政工作机构”1个"]);
        assert_eq!(deviations("990101201")[0]["kind"], "TOO_MANY");
        assert_eq!(deviations("990101001"), &json!([]));
    }
}

#[test]
fn puge_goes_from_243_to_673_posts() {
    for backend in BACKENDS {
        let data = server(backend).role(DIRECTOR, Some("513428")).data(
            r#"{ before: division(code: "513428", asOf: "2022-02-28") { registeredTownships establishment { approved occupied } }
                 after: division(code: "513428", asOf: "2022-03-01") { registeredTownships establishment { approved occupied over } }
                 types: division(code: "513428") { a: establishment(type: ADMINISTRATIVE) { approved leadershipQuota } p: establishment(type: PUBLIC_INSTITUTION) { approved } }
                 empty: division(code: "513401") { registeredTownships establishment { approved } } }"#,
        );
        assert_eq!(data["before"]["establishment"]["approved"], 243, "{backend:?}");
        assert_eq!(data["after"]["establishment"]["approved"], 673);
        assert_eq!(data["after"]["establishment"]["over"], 0);
        let sum = ["a", "p"].iter().map(|t| data["types"][t]["approved"].as_i64().unwrap()).sum::<i64>();
        assert_eq!(sum, 673);
        assert!(data["types"]["a"]["leadershipQuota"].is_null());
        // Null where nothing is registered, never 0: a county outside the scope is masked, so ask with a wider one.
        assert_eq!(data["empty"]["registeredTownships"], 0);
        let wide = server(backend)
            .role(DIRECTOR, None)
            .ask(r#"{ division(code: "513401") { establishment { approved } } }"#);
        assert!(wide["data"]["division"]["establishment"].is_null() && wide.get("extensions").is_none());
    }
}

#[test]
fn the_reform_says_what_became_of_what() {
    for backend in BACKENDS {
        let data = server(backend).data(
            r#"{ old: township(code: "210681101", asOf: "2019-11-30") { name organizations(first: 50) { nodes { __typename name kind validTo
                   successors { kind effectiveOn basis { number } results { __typename name } } } } }
                 now: township(code: "210681101") { internalOffices { nodes { name formerNames { name to } predecessors { kind originals { __typename name } reform { name } } } } } }"#,
        );
        let old = data["old"]["organizations"]["nodes"].as_array().unwrap();
        let station = old.iter().find(|o| o["name"].as_str().unwrap().ends_with("水利站")).unwrap();
        assert_eq!(station["__typename"], "SecondedAgency", "{backend:?}");
        assert_eq!(station["validTo"], "2019-12-01");
        let merge = &station["successors"][0];
        assert_eq!(
            (merge["kind"].as_str(), merge["effectiveOn"].as_str()),
            (Some("MERGE"), Some("2019-12-01"))
        );
        assert_eq!(merge["results"][0]["__typename"], "PublicInstitution");
        assert!(merge["basis"]["number"].as_str().unwrap().contains("〔2019〕"));
        let veterans = old.iter().find(|o| o["name"].as_str().unwrap().ends_with("退役军人服务站")).unwrap();
        // Kind is immutable: the agency ends and an office of the township begins.
        assert_eq!(veterans["successors"][0]["kind"], "TRANSFER");
        assert_eq!(veterans["successors"][0]["results"][0]["__typename"], "InternalOffice");
        let offices = data["now"]["internalOffices"]["nodes"].as_array().unwrap();
        let renamed = offices.iter().find(|o| o["name"] == "党建工作办公室").unwrap();
        assert_eq!(texts(&renamed["formerNames"], "/name"), ["党政办公室"]);
        assert_eq!(renamed["predecessors"][0]["originals"][0]["name"], "党政办公室");
    }
}

#[test]
fn vacant_posts_say_since_when() {
    for backend in BACKENDS {
        let client = server(backend).role(DIRECTOR, None);
        let data = client.data(
            r#"{ leadershipPosts(within: "2106", where: {isVacant: {eq: true}}, first: 100) { totalCount nodes { title quota vacant vacantSince incumbents { person { name } }
                 appointments(includeEnded: true, first: 20) { nodes { validTo } } } } }"#,
        );
        let posts = data["leadershipPosts"]["nodes"].as_array().unwrap();
        assert!(posts.len() >= 20, "{backend:?}: {}", posts.len());
        for post in posts {
            let since = post["vacantSince"].as_str().unwrap_or_else(|| panic!("{post}"));
            assert_eq!(
                post["vacant"].as_i64().unwrap() + post["incumbents"].as_array().unwrap().len() as i64,
                post["quota"].as_i64().unwrap()
            );
            let ended = post["appointments"]["nodes"].as_array().unwrap();
            assert!(ended.iter().any(|a| a["validTo"] == since), "{post}");
        }
    }
}

#[test]
fn the_start_of_this_issue_is_answered_in_one_query() {
    let query = include_str!("../web/queries/township.graphql");
    let data = server(BACKENDS[0]).role("TOWNSHIP_CLERK", Some("610902111")).data(query);
    let town = &data["township"];
    assert_eq!(town["name"], "大竹园镇");
    assert_eq!(town["secondedAgencies"]["totalCount"], 4);
    let heads = &town["internalOffices"]["nodes"][0]["leadershipPosts"]["nodes"][0];
    assert_eq!(heads["vacant"], 0);
    assert!(heads["incumbents"][0]["person"]["name"].as_str().unwrap().starts_with("示例"));
}
