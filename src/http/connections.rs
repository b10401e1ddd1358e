//! Connections: accepted, served by hyper, and brought to an end.
//!
//! poem's own server hands hyper a connection that cannot write several parts at once, so that each answer is copied once more, and
//! allocates a box for each request. Its endpoints need neither.

use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper_util::rt::{TokioExecutor, TokioIo};
use hyper_util::server::conn::auto;
use poem::http::uri::Scheme;
use poem::web::{LocalAddr, RemoteAddr};
use poem::{Addr, Endpoint, Response};
use std::convert::Infallible;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;

/// The most bytes of the headers of a request in HTTP/2.
const HEADERS: u32 = 16 << 10;
/// How long to wait before another connection is accepted when that failed: mostly too many files are open.
const PAUSE: Duration = Duration::from_millis(100);

/// Accepts connections until `ended`; then those that are open may finish what they are at, for a while.
pub async fn serve<E>(listener: TcpListener, endpoint: E, ended: impl Future<Output = ()>, grace: Duration)
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
                tokio::spawn(connection(stream, [local, remote], endpoint.clone(), ending.clone()));
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
    let _ = tokio::time::timeout(grace, end.closed()).await;
}

async fn connection<E>(
    stream: TcpStream,
    [local, remote]: [SocketAddr; 2],
    endpoint: Arc<E>,
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
    let mut builder = auto::Builder::new(TokioExecutor::new());
    builder.http2().max_header_list_size(HEADERS);
    let serving = builder.serve_connection_with_upgrades(TokioIo::new(stream), service);
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
