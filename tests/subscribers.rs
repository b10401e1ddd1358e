//! Many who wait for changes: they cost little, all of them are told, and they are let go when the server ends.

use crate::harness::process::{Served, serve_on};
use crate::harness::{Backend, demo_database};
use crate::reform::{TOWN, director, done, mutation, township};
use serde_json::json;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::Duration;

/// A WebSocket, as small as it can be.
pub struct Socket(TcpStream);

impl Socket {
    pub fn open(origin: &str) -> Self {
        let host = origin.trim_start_matches("http://");
        let mut stream = TcpStream::connect(host).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
        // Two texts in a row would wait for each other, a thousand times.
        stream.set_nodelay(true).unwrap();
        let head = format!(
            "GET /graphql HTTP/1.1\r\nhost: {host}\r\nconnection: Upgrade\r\nupgrade: websocket\r\nsec-websocket-version: 13\r\nsec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==\r\nsec-websocket-protocol: graphql-transport-ws\r\n\r\n"
        );
        stream.write_all(head.as_bytes()).unwrap();
        let mut answer = Vec::new();
        while !answer.ends_with(b"\r\n\r\n") {
            let mut byte = [0];
            stream.read_exact(&mut byte).unwrap();
            answer.push(byte[0]);
        }
        assert!(answer.starts_with(b"HTTP/1.1 101"), "{}", String::from_utf8_lossy(&answer));
        Self(stream)
    }

    /// Opens one that subscribes to something, and waits until the server has heard it.
    pub fn listen(origin: &str, query: &str) -> Self {
        let mut socket = Self::open(origin);
        socket.say(r#"{"type":"connection_init"}"#);
        assert_eq!(socket.text(), r#"{"type":"connection_ack"}"#);
        let subscribe = json!({ "type": "subscribe", "id": "1", "payload": { "query": query } });
        socket.say(&subscribe.to_string());
        socket.awake();
        socket
    }

    /// Asks the server whether it is there, and hears that it is.
    pub fn awake(&mut self) {
        self.say(r#"{"type":"ping"}"#);
        assert_eq!(self.text(), r#"{"type":"pong"}"#);
    }

    /// Sends a text of less than 64 KiB.
    pub fn say(&mut self, text: &str) {
        let length = u16::try_from(text.len()).unwrap();
        // Masked with zeros: it stays as it is.
        let mut frame = vec![0x81, 0x80 | 126];
        frame.extend(length.to_be_bytes());
        frame.extend([0; 4]);
        frame.extend(text.as_bytes());
        self.0.write_all(&frame).unwrap();
    }

    /// The next message: its kind, and what it holds.
    pub fn hear(&mut self) -> (u8, Vec<u8>) {
        let mut head = [0; 2];
        self.0.read_exact(&mut head).unwrap();
        let mut length = usize::from(head[1]);
        if length == 126 {
            let mut more = [0; 2];
            self.0.read_exact(&mut more).unwrap();
            length = u16::from_be_bytes(more).into();
        }
        let mut payload = vec![0; length];
        self.0.read_exact(&mut payload).unwrap();
        (head[0] & 0x0f, payload)
    }

    /// The next message that is no ping.
    pub fn told(&mut self) -> (u8, Vec<u8>) {
        loop {
            let (kind, payload) = self.hear();
            if kind != 9 {
                return (kind, payload);
            }
        }
    }

    /// The next text; on the way the server may ask whether anybody is there.
    pub fn text(&mut self) -> String {
        let (kind, payload) = self.told();
        assert_eq!(kind, 1, "{}", String::from_utf8_lossy(&payload));
        String::from_utf8(payload).unwrap()
    }
}

/// Kibibytes that the program has in memory.
fn resident(served: &Served) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{}/status", served.child.id())).unwrap();
    let line = status.lines().find(|line| line.starts_with("VmRSS:")).unwrap();
    line.split_whitespace().nth(1).unwrap().parse().unwrap()
}

#[test]
fn a_thousand_idle_subscribers_cost_little_and_all_of_them_are_told() {
    const SUBSCRIBERS: usize = 1_000;
    let served = serve_on(&demo_database(Backend::Sqlite, "idle"));
    let clerk = director(&served.client);
    // Once, so that what is made only once is there.
    let found = |name: &str| json!({ "divisionCode": TOWN, "kind": "INTERNAL_OFFICE", "name": name, "parent": township(&clerk) });
    let establish = mutation("organizationEstablish", "organization { id }");
    done(clerk.act(&establish, found("先设办公室")));
    let before = resident(&served);
    let mut sockets: Vec<Socket> = Vec::new();
    for at in 1..=SUBSCRIBERS {
        let query = "subscription { changes(within: \"990101\", kinds: [ORGANIZATION]) { revision change { act records { kind created } } } }";
        sockets.push(Socket::listen(&served.client.origin, query));
        // Who says nothing for long is asked, and these would not answer: on a slow machine the first are silent for long before the last come.
        if at.is_multiple_of(SUBSCRIBERS / 4) {
            sockets.iter_mut().for_each(Socket::awake);
        }
    }
    std::thread::sleep(Duration::from_millis(500));
    let after = resident(&served);
    println!("{SUBSCRIBERS} idle subscribers cost {} KiB", after - before);
    assert!(after - before < 100 << 10, "{before} KiB before, {after} KiB after");
    let made = done(clerk.act(&establish, found("后设办公室")));
    let revision = format!("\"revision\":{}", made["revision"]);
    for socket in &mut sockets {
        let told = socket.text();
        assert!(told.contains("ORGANIZATION_ESTABLISH") && told.contains(&revision), "{told}");
    }
    // Told to end, the server says so to each of them.
    let told =
        std::process::Command::new("kill").args(["-TERM", &served.child.id().to_string()]).status().unwrap();
    assert!(told.success());
    for socket in &mut sockets {
        let (kind, payload) = socket.told();
        assert_eq!((kind, u16::from_be_bytes([payload[0], payload[1]])), (8, 1001));
    }
}
