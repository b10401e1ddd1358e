//! Connections: accepted, served by hyper, and brought to an end.
//!
//! poem's own server hands hyper a connection that cannot write several parts at once, so that each answer is copied once more, and
//! allocates a box for each request. Its endpoints need neither.

use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use poem::http::uri::Scheme;
use poem::web::{LocalAddr, RemoteAddr};
use poem::{Addr, Endpoint, Response};
use std::convert::Infallible;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Semaphore, watch};
use tokio_io_timeout::TimeoutStream;

/// How long to wait before another connection is accepted when that failed: mostly too many files are open.
const PAUSE: Duration = Duration::from_millis(100);

/// How many connections there may be, and how long each is waited for.
#[derive(Debug, Clone, Copy)]
pub struct Bounds {
    /// The most connections at a time; further ones wait to be accepted.
    pub connections: usize,
    /// For the first request of a connection.
    pub first: Duration,
    /// For the head of another request, from when the connection is free to send one: so long may it be idle too.
    pub head: Duration,
    /// For a client to take something of an answer.
    pub taken: Duration,
    /// For what connections are at when the server is told to end.
    pub grace: Duration,
}

impl Default for Bounds {
    /// Idle connections are kept longer than proxies keep them, mostly a minute, so that it is they who end them.
    fn default() -> Self {
        Self {
            connections: 512,
            first: Duration::from_secs(15),
            head: Duration::from_secs(75),
            taken: Duration::from_secs(30),
            grace: Duration::from_secs(10),
        }
    }
}

impl Bounds {
    /// As many connections as the system lets this process have files, but for some that it needs itself.
    #[must_use]
    pub fn of_system() -> Self {
        let files = rlimit::increase_nofile_limit(WISHED).unwrap_or(1_024);
        let connections = usize::try_from(files).unwrap_or(usize::MAX).saturating_sub(OWN).max(64);
        Self { connections, ..Self::default() }
    }
}

/// How many open files are wished for, and how many of them are not for connections.
const WISHED: u64 = 16_384;
const OWN: usize = 256;

/// Accepts connections until `ended`; then those that are open may finish what they are at, for a while.
pub async fn serve<E>(listener: TcpListener, endpoint: E, ended: impl Future<Output = ()>, bounds: Bounds)
where
    E: Endpoint<Output = Response> + 'static,
{
    let endpoint = Arc::new(endpoint);
    let local = listener.local_addr().ok();
    let (end, ending) = watch::channel(());
    let room = Arc::new(Semaphore::new(bounds.connections));
    tokio::pin!(ended);
    loop {
        let accept = async {
            // Closed by nobody.
            let room = room.clone().acquire_owned().await.ok();
            (room, listener.accept().await)
        };
        let (room, accepted) = tokio::select! {
            accepted = accept => accepted,
            () = &mut ended => break,
        };
        match accepted {
            Ok((stream, remote)) => {
                // Answers are written whole: nothing is gained by waiting for more.
                let _ = stream.set_nodelay(true);
                let local = local.unwrap_or(remote);
                let serving = connection(stream, [local, remote], endpoint.clone(), bounds, ending.clone());
                tokio::spawn(async move {
                    serving.await;
                    drop(room);
                });
            }
            Err(error) => {
                tracing::warn!(%error, "a connection could not be accepted");
                tokio::time::sleep(PAUSE).await;
            }
        }
    }
    drop((listener, ending));
    let _ = end.send(());
    // Each connection holds the other side of the channel for as long as it lasts.
    let _ = tokio::time::timeout(bounds.grace, end.closed()).await;
}

async fn connection<E>(
    stream: TcpStream,
    [local, remote]: [SocketAddr; 2],
    endpoint: Arc<E>,
    bounds: Bounds,
    mut ending: watch::Receiver<()>,
) where
    E: Endpoint<Output = Response> + 'static,
{
    let asked = Arc::new(AtomicBool::new(false));
    let has_asked = asked.clone();
    let service = service_fn(move |request: hyper::Request<Incoming>| {
        has_asked.store(true, Ordering::Relaxed);
        let (local, remote) = (LocalAddr(Addr::SocketAddr(local)), RemoteAddr(Addr::SocketAddr(remote)));
        let endpoint = endpoint.clone();
        async move {
            let response = endpoint.get_response((request, local, remote, Scheme::HTTP).into()).await;
            Ok::<_, Infallible>(response.into())
        }
    });
    let mut builder = http1::Builder::new();
    builder.timer(TokioTimer::new()).header_read_timeout(bounds.head);
    // Who asks for much and takes nothing of it would keep it in memory for ever.
    let mut stream = TimeoutStream::new(stream);
    stream.set_write_timeout(Some(bounds.taken));
    let serving = builder.serve_connection(TokioIo::new(Box::pin(stream)), service).with_upgrades();
    tokio::pin!(serving);
    // A connection that breaks off is the client's affair.
    tokio::select! {
        biased;
        _ = serving.as_mut() => return,
        _ = ending.changed() => {}
        () = silence(&asked, bounds.first) => return,
    }
    serving.as_mut().graceful_shutdown();
    let _ = serving.await;
}

/// Ends when a connection has not asked for anything in a time.
async fn silence(asked: &AtomicBool, time: Duration) {
    tokio::time::sleep(time).await;
    if asked.load(Ordering::Relaxed) {
        std::future::pending().await
    }
}

#[cfg(test)]
mod tests {
    use super::{Bounds, serve};
    use poem::endpoint::make_sync;
    use poem::{EndpointExt, Response};
    use std::time::{Duration, Instant};
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    use tokio::net::{TcpListener, TcpStream};

    const HEAD: Duration = Duration::from_millis(300);

    /// Sends a text in two parts, and says what came back before the connection was closed, and when that was.
    async fn exchange(address: std::net::SocketAddr, sent: [&str; 2]) -> (String, Duration) {
        let began = Instant::now();
        let mut stream = TcpStream::connect(address).await.expect("a connection");
        let mut back = String::new();
        let talk = async {
            for part in sent {
                stream.write_all(part.as_bytes()).await.expect("sent");
                tokio::time::sleep(HEAD / 6).await;
            }
            // A connection that is cut off says nothing more; how it ends is the system's affair.
            let _ = stream.read_to_string(&mut back).await;
        };
        tokio::time::timeout(HEAD * 20, talk).await.expect("the connection is closed");
        (back, began.elapsed())
    }

    const BOUNDS: Bounds = Bounds {
        connections: 8,
        first: HEAD,
        head: HEAD.saturating_mul(2),
        taken: HEAD,
        grace: Duration::ZERO,
    };

    /// A server whose answers have a length.
    async fn start(length: usize, bounds: Bounds) -> std::net::SocketAddr {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = listener.local_addr().expect("an address");
        let endpoint = make_sync(move |_| Response::from("x".repeat(length))).map_to_response();
        tokio::spawn(serve(listener, endpoint, std::future::pending(), bounds));
        address
    }

    const REQUEST: &str = "GET / HTTP/1.1\r\nhost: a\r\n\r\n";

    #[tokio::test]
    async fn who_says_nothing_is_not_waited_for() {
        let address = start(4, BOUNDS).await;
        for sent in [["", ""], ["P", ""], ["GET / HTTP/1.1\r\n", "host: a\r\n"]] {
            let (back, after) = exchange(address, sent).await;
            assert!(!back.contains("200 OK") && after >= HEAD, "{sent:?}: {back} after {after:?}");
        }
        // Who asks in time is answered, and may ask again.
        let (back, after) = exchange(address, [REQUEST, REQUEST]).await;
        assert_eq!(back.matches("200 OK").count(), 2, "{back}");
        assert!(after >= 2 * HEAD, "{after:?}");
    }

    #[tokio::test]
    async fn who_takes_nothing_of_an_answer_is_cut_off() {
        const LENGTH: usize = 32 << 20;
        let address = start(LENGTH, BOUNDS).await;
        let mut stream = TcpStream::connect(address).await.expect("a connection");
        stream.write_all(REQUEST.as_bytes()).await.expect("sent");
        tokio::time::sleep(HEAD * 4).await;
        let mut back = Vec::new();
        let _ = stream.read_to_end(&mut back).await;
        assert!(back.len() < LENGTH, "{} bytes", back.len());
        // Who takes it slowly gets all of it.
        let mut stream = TcpStream::connect(address).await.expect("a connection");
        stream.write_all(REQUEST.as_bytes()).await.expect("sent");
        let (mut some, mut all) = (vec![0; 4 << 20], 0);
        while all < LENGTH {
            tokio::time::sleep(HEAD / 10).await;
            all += stream.read(&mut some).await.expect("read");
        }
    }

    #[tokio::test]
    async fn there_are_no_more_connections_than_are_let_in() {
        let bounds = Bounds { connections: 2, first: HEAD * 100, head: HEAD * 100, ..BOUNDS };
        let address = start(4, bounds).await;
        let open = async || {
            let mut stream = TcpStream::connect(address).await.expect("a connection");
            stream.write_all(REQUEST.as_bytes()).await.expect("sent");
            stream
        };
        let answered = async |stream: &mut TcpStream| {
            tokio::time::timeout(HEAD, stream.read(&mut [0; 1_024])).await.is_ok_and(|read| read.is_ok())
        };
        let (mut first, mut second, mut third) = (open().await, open().await, open().await);
        assert!(answered(&mut first).await && answered(&mut second).await);
        assert!(!answered(&mut third).await);
        drop(first);
        assert!(answered(&mut third).await);
    }
}
