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
use std::time::Duration;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;

/// How long to wait before another connection is accepted when that failed: mostly too many files are open.
const PAUSE: Duration = Duration::from_millis(100);

/// How long connections are waited for.
#[derive(Debug, Clone, Copy)]
pub struct Patience {
    /// For the head of a request, from when the connection is free to send one: so long may it be idle too.
    pub head: Duration,
    /// For what connections are at when the server is told to end.
    pub grace: Duration,
}

impl Default for Patience {
    /// Longer than proxies keep idle connections, mostly a minute, so that they are those who end them.
    fn default() -> Self {
        Self { head: Duration::from_secs(75), grace: Duration::from_secs(10) }
    }
}

/// Accepts connections until `ended`; then those that are open may finish what they are at, for a while.
pub async fn serve<E>(listener: TcpListener, endpoint: E, ended: impl Future<Output = ()>, patience: Patience)
where
    E: Endpoint<Output = Response> + 'static,
{
    let endpoint = Arc::new(endpoint);
    let local = listener.local_addr().ok();
    let (end, ending) = watch::channel(());
    tokio::pin!(ended);
    loop {
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            () = &mut ended => break,
        };
        match accepted {
            Ok((stream, remote)) => {
                // Answers are written whole: nothing is gained by waiting for more.
                let _ = stream.set_nodelay(true);
                let local = local.unwrap_or(remote);
                let ending = ending.clone();
                tokio::spawn(connection(stream, [local, remote], endpoint.clone(), patience.head, ending));
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
    let _ = tokio::time::timeout(patience.grace, end.closed()).await;
}

async fn connection<E>(
    stream: TcpStream,
    [local, remote]: [SocketAddr; 2],
    endpoint: Arc<E>,
    head: Duration,
    mut ending: watch::Receiver<()>,
) where
    E: Endpoint<Output = Response> + 'static,
{
    let service = service_fn(move |request: hyper::Request<Incoming>| {
        let (local, remote) = (LocalAddr(Addr::SocketAddr(local)), RemoteAddr(Addr::SocketAddr(remote)));
        let endpoint = endpoint.clone();
        async move {
            let response = endpoint.get_response((request, local, remote, Scheme::HTTP).into()).await;
            Ok::<_, Infallible>(response.into())
        }
    });
    let mut builder = http1::Builder::new();
    builder.timer(TokioTimer::new()).header_read_timeout(head);
    let serving = builder.serve_connection(TokioIo::new(stream), service).with_upgrades();
    tokio::pin!(serving);
    // A connection that breaks off is the client's affair.
    tokio::select! {
        biased;
        _ = serving.as_mut() => return,
        _ = ending.changed() => {}
    }
    serving.as_mut().graceful_shutdown();
    let _ = serving.await;
}

#[cfg(test)]
mod tests {
    use super::{Patience, serve};
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

    #[tokio::test]
    async fn who_says_nothing_is_not_waited_for() {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = listener.local_addr().expect("an address");
        let endpoint = make_sync(|_| Response::from("here")).map_to_response();
        let patience = Patience { head: HEAD, grace: Duration::ZERO };
        tokio::spawn(serve(listener, endpoint, std::future::pending(), patience));
        for sent in [["", ""], ["P", ""], ["GET / HTTP/1.1\r\n", "host: a\r\n"]] {
            let (back, after) = exchange(address, sent).await;
            assert!(!back.contains("200 OK") && after >= HEAD, "{sent:?}: {back} after {after:?}");
        }
        // Who asks in time is answered, and may ask again.
        let request = "GET / HTTP/1.1\r\nhost: a\r\n\r\n";
        let (back, after) = exchange(address, [request, request]).await;
        assert_eq!(back.matches("200 OK").count(), 2, "{back}");
        assert!(after >= HEAD, "{after:?}");
    }
}
