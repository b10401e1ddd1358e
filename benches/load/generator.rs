//! The load: connections that ask one question after the other, with changing variables, and pass over the answers unread.

use std::time::{Duration, Instant};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// What is asked, and where.
pub struct Load<'l> {
    pub address: String,
    /// Whole requests as bytes; each connection begins elsewhere.
    pub requests: &'l [Vec<u8>],
    pub connections: usize,
}

/// What came of it.
#[derive(Default)]
pub struct Outcome {
    pub count: usize,
    pub seconds: f64,
    /// Milliseconds, sorted.
    pub latencies: Vec<f32>,
    /// CPU seconds of the server and of this process.
    pub server: f64,
    pub client: f64,
    pub bytes: usize,
}

impl Outcome {
    pub fn per_second(&self) -> f64 {
        self.count as f64 / self.seconds
    }

    pub fn percentile(&self, percent: f64) -> f32 {
        let at = (self.latencies.len() as f64 * percent / 100.0) as usize;
        self.latencies.get(at.min(self.latencies.len().saturating_sub(1))).copied().unwrap_or(0.0)
    }
}

impl Load<'_> {
    /// Asks for some time. One thread: it must not take from the server what it needs not.
    pub fn run(&self, time: Duration) -> Outcome {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
        runtime.block_on(async {
            let began = Instant::now();
            let all = (0..self.connections).map(|at| self.connection(at, began + time));
            let mut latencies: Vec<f32> =
                futures_util::future::join_all(all).await.into_iter().flatten().collect();
            let seconds = began.elapsed().as_secs_f64();
            latencies.sort_by(f32::total_cmp);
            Outcome { count: latencies.len(), seconds, latencies, ..Outcome::default() }
        })
    }

    async fn connection(&self, number: usize, end: Instant) -> Vec<f32> {
        let mut stream = TcpStream::connect(&self.address).await.expect("a connection");
        stream.set_nodelay(true).expect("a socket");
        let mut buffer = vec![0; 128 << 10];
        let (mut latencies, mut next) = (Vec::new(), number * 61);
        while Instant::now() < end {
            let began = Instant::now();
            stream.write_all(&self.requests[next % self.requests.len()]).await.expect("a server");
            read(&mut stream, &mut buffer).await;
            latencies.push(began.elapsed().as_secs_f32() * 1e3);
            next += 1;
        }
        latencies
    }
}

/// Reads one answer to its end. Only its length is looked at.
async fn read(stream: &mut TcpStream, buffer: &mut [u8]) {
    let mut filled = 0;
    let (head, length) = loop {
        let read = stream.read(&mut buffer[filled..]).await.expect("an answer");
        assert!(read > 0, "the server closed the connection");
        filled += read;
        if let Some(end) = buffer[..filled].windows(4).position(|w| w == b"\r\n\r\n") {
            break (end + 4, content_length(&buffer[..end]));
        }
    };
    let mut rest = (head + length).saturating_sub(filled);
    while rest > 0 {
        let read = stream.read(buffer).await.expect("an answer");
        assert!(read > 0, "the server closed the connection");
        rest = rest.saturating_sub(read);
    }
}

fn content_length(head: &[u8]) -> usize {
    assert!(head.starts_with(b"HTTP/1.1 200"), "{}", String::from_utf8_lossy(head));
    let head = String::from_utf8_lossy(head).to_ascii_lowercase();
    let line = head.lines().find_map(|line| line.strip_prefix("content-length:"));
    line.and_then(|text| text.trim().parse().ok()).expect("a length")
}
