//! Reports of the whole nation, each worked out anew, beside the same figures from elsewhere; and all appointments as a file.

use crate::elsewhere::{BODIES, Database, OWN, postgraphile};
use crate::process::Server;
use serde_json::{Value, json};
use std::io::Read;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

/// How often each question is asked, one after the other.
const REPETITIONS: usize = 20;
/// How often the memory of the server is looked at while it writes a file.
const LOOK: Duration = Duration::from_millis(50);
/// A real county: 18 townships, and its own level.
const COUNTY: &str = "210681";
/// How many measures the table of the county has.
const MEASURES: usize = 40;

const ROWS: &str = "asOf groupCount rows { keys { code } values { value } }";

/// The list that is written as a file.
const APPOINTMENTS: &str = "{ appointments { nodes { id post { title organization { name division { code } } } person { name } validFrom } } }";

/// Asks for reports and for the same figures elsewhere, and prints the middle and the 90th percentile of the wall time, in milliseconds.
/// `url` is the database in PostgreSQL that the server runs on.
pub fn measure(server: &Server, url: &str, directory: &Path) {
    let client = Client::new(server, Some(server.token("ESTABLISHMENT_DIRECTOR", None)));
    println!(
        "\n{:<44}{:>9}{:>9}{:>8}{:>9}{:>10}",
        format!("reports, {REPETITIONS} times each"),
        "p50 ms",
        "p90 ms",
        "groups",
        "bytes",
        "aim"
    );
    let staffed = json!({
        "dimensions": by(&["PROVINCE", "KIND", "ESTABLISHMENT_TYPE"]),
        "measures": ["APPROVED", "OCCUPIED", "VACANT", "OVER"],
        "first": 1000,
    });
    let (day, staffed) = client.report("province × kind × type", &staffed, "< 20 ms");
    let mut database = Database::open(url);
    let sql = format!(
        "SELECT province, kind, type, sum(approved), sum(occupied), sum(vacant), sum(over) FROM ({OWN}) AS own GROUP BY 1, 2, 3"
    );
    database.ask(&sql, &day, &staffed);
    database.view(&day);
    postgraphile(url, directory, &staffed);
    let bodies =
        json!({ "dimensions": by(&["PROVINCE", "KIND", "RANK"]), "measures": ["BODIES"], "first": 1000 });
    let (day, bodies) = client.report("province × kind × rank of bodies", &bodies, "");
    database.ask(BODIES, &day, &bodies);
    let county = json!({
        "dimensions": by(&["TOWNSHIP"]),
        "within": COUNTY,
        "measures": client.measures(),
        "first": 1000,
    });
    client.report(&format!("{COUNTY}: {MEASURES} measures by township"), &county, "< 5 ms");
    for ending in ["csv", "parquet"] {
        appointments(server, &client, ending);
    }
}

fn by(dimensions: &[&str]) -> Value {
    dimensions.iter().map(|dimension| json!({ "dimension": dimension })).collect()
}

/// What an answer says, as far as it has to be the same elsewhere.
#[derive(Debug, PartialEq)]
pub struct Figures {
    pub groups: usize,
    /// The sum of each measure over all groups; APPROVED is the first of the four.
    pub sums: Vec<i64>,
}

impl Figures {
    pub fn of<'a>(groups: impl Iterator<Item = Vec<Option<i64>>> + 'a) -> Self {
        let mut all = Self { groups: 0, sums: Vec::new() };
        for group in groups {
            all.groups += 1;
            all.sums.resize(group.len(), 0);
            all.sums.iter_mut().zip(group).for_each(|(sum, number)| *sum += number.unwrap_or(0));
        }
        all
    }

    /// What is timed has to be the same question.
    pub fn expect(&self, ours: &Self, whose: &str) {
        assert_eq!(self, ours, "{whose} says (left) what our report does not say (right)");
    }
}

/// Milliseconds of some repetitions, after one that is not timed, sorted.
pub fn times(mut work: impl FnMut()) -> Vec<f64> {
    work();
    let once = |_| {
        let began = Instant::now();
        work();
        began.elapsed().as_secs_f64() * 1e3
    };
    let mut all: Vec<f64> = (0..REPETITIONS).map(once).collect();
    all.sort_by(f64::total_cmp);
    all
}

/// Prints milliseconds, sorted.
pub fn row(name: &str, times: &[f64], groups: usize, bytes: Option<usize>, aim: &str) {
    let bytes = bytes.map_or(String::new(), |bytes| bytes.to_string());
    let (middle, ninetieth) = (times[times.len() / 2], times[(times.len() * 9).div_ceil(10) - 1]);
    println!("{name:<44}{middle:>9.2}{ninetieth:>9.2}{groups:>8}{bytes:>9}{aim:>10}");
}

/// One connection that is kept alive.
pub struct Client {
    agent: ureq::Agent,
    origin: String,
    token: Option<String>,
}

impl Client {
    pub fn new(server: &Server, token: Option<String>) -> Self {
        let agent = ureq::Agent::config_builder().http_status_as_error(false).build().into();
        Self { agent, origin: server.origin.clone(), token }
    }

    fn post(&self, path: &str, accept: &str, body: &Value) -> ureq::http::Response<ureq::Body> {
        let mut request = self.agent.post(format!("{}{path}", self.origin)).header("accept", accept);
        if let Some(token) = &self.token {
            request = request.header("authorization", format!("Bearer {token}"));
        }
        request.send_json(body).expect("an answer")
    }

    /// The bytes of an answer, read to their end.
    pub fn bytes(&self, body: &Value) -> Vec<u8> {
        let mut answer = self.post("/graphql", "application/json", body);
        answer.body_mut().read_to_vec().expect("an answer")
    }

    pub fn ask(&self, body: &Value) -> Value {
        let answer: Value = serde_json::from_slice(&self.bytes(body)).expect("JSON");
        assert!(answer.get("errors").is_none(), "{answer:#}");
        answer["data"].clone()
    }

    /// Looks whether a report is whole and the same twice, times it, and prints it. Returns its day and what it says.
    fn report(&self, name: &str, input: &Value, aim: &str) -> (String, Figures) {
        let text = format!("query($input: ReportInput!) {{ report(input: $input) {{ {ROWS} }} }}");
        let body = json!({ "query": text, "variables": { "input": input } });
        let data = self.ask(&body);
        assert_eq!(data, self.ask(&body), "{name}");
        let report = &data["report"];
        let rows = report["rows"].as_array().expect("rows");
        let numbers = |row: &Value| {
            row["values"].as_array().expect("values").iter().map(|v| number(&v["value"])).collect()
        };
        let figures = Figures::of(rows.iter().map(numbers));
        assert_eq!(report["groupCount"], json!(rows.len()), "{name} has to fit a page");
        assert!(figures.groups > 0, "{name}: nothing is there to count");
        let mut size = 0;
        let times = times(|| size = self.bytes(&body).len());
        row(name, &times, figures.groups, Some(size), aim);
        (report["asOf"].as_str().expect("a day").to_owned(), figures)
    }

    /// The first measures of the catalog that are about no person and can be grouped by township.
    fn measures(&self) -> Vec<Value> {
        let data = self.ask(&json!({ "query": "{ reportCatalog { measures { name class dimensions } } }" }));
        let all = data["reportCatalog"]["measures"].as_array().expect("measures");
        let by_township = |measure: &Value| {
            measure["dimensions"].as_array().is_some_and(|all| all.contains(&json!("TOWNSHIP")))
        };
        let fit = all.iter().filter(|m| m["class"] != "PERSONAL" && by_township(m));
        let names: Vec<Value> = fit.map(|measure| measure["name"].clone()).take(MEASURES).collect();
        assert_eq!(names.len(), MEASURES, "{data}");
        names
    }
}

/// A number of an answer, in whole ones; PostGraphile writes large ones as text.
pub fn number(value: &Value) -> Option<i64> {
    let text = || value.as_str().and_then(|text| text.parse().ok());
    value.as_i64().or_else(|| value.as_f64().map(|float| float.round() as i64)).or_else(text)
}

/// Has all appointments of the nation written as a file, and prints seconds, lines, megabytes, and by how many megabytes the resident
/// memory of the server grew at most meanwhile.
fn appointments(server: &Server, client: &Client, ending: &str) {
    let name = format!("all appointments as {ending}");
    let known = client.ask(&json!({ "query": "{ appointments { totalCount } }" }));
    let (before, done, began) = (server.status("VmRSS"), AtomicBool::new(false), Instant::now());
    let (read, most) = std::thread::scope(|scope| {
        let looking = scope.spawn(|| {
            let mut most = before;
            while !done.load(Ordering::Relaxed) {
                most = most.max(server.status("VmRSS"));
                std::thread::sleep(LOOK);
            }
            most
        });
        let read = lines_and_bytes(client, ending);
        let seconds = began.elapsed().as_secs_f64();
        done.store(true, Ordering::Relaxed);
        (read.map(|(lines, bytes)| (lines, bytes, seconds)), looking.join().expect("the memory"))
    });
    let Some((lines, bytes, seconds)) = read else { return println!("{name:<44}not there yet") };
    println!(
        "{name:<44}{seconds:.2} s, {}for {} appointments, {} MB; {} MB more memory at most (aim: < 100)",
        if ending == "csv" { format!("{lines} lines ") } else { String::new() },
        known["appointments"]["totalCount"],
        bytes / 1_000_000,
        most - before,
    );
}

/// How long the file is; nothing where the server has no such address.
fn lines_and_bytes(client: &Client, ending: &str) -> Option<(usize, usize)> {
    let answer = client.post(&format!("/v1/lists.{ending}"), "*/*", &json!({ "query": APPOINTMENTS }));
    let status = answer.status().as_u16();
    if status == 404 {
        return None;
    }
    let mut file = answer.into_body().into_reader();
    let (mut lines, mut bytes, mut part) = (0, 0, vec![0; 1 << 20]);
    loop {
        let count = file.read(&mut part).expect("the whole file");
        assert!(status == 200, "{status}: {}", String::from_utf8_lossy(&part[..count]));
        if count == 0 {
            return Some((lines, bytes));
        }
        lines += memchr::memchr_iter(b'\n', &part[..count]).count();
        bytes += count;
    }
}
