//! The floor: constant bytes for a body of the same size, over the connections of the product and, to compare, over those of poem.

use poem::listener::{Acceptor, Listener, TcpListener};
use poem::{Body, Endpoint, EndpointExt, Response, Route, Server, endpoint::make, http::header};
use std::io::Write;

/// Whose connections.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Of {
    Product,
    Poem,
}

impl Of {
    /// The name by which this program is told to be the floor.
    pub fn mode(self) -> &'static str {
        match self {
            Self::Product => "constant",
            Self::Poem => "constant-poem",
        }
    }

    /// The floor that a name stands for.
    pub fn named(mode: &str) -> Option<Self> {
        [Self::Product, Self::Poem].into_iter().find(|of| of.mode() == mode)
    }
}

/// Serves until it is killed; says on which address.
pub fn serve(of: Of, size: usize) {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().expect("a runtime");
    runtime.block_on(async {
        if of == Of::Product {
            let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
            say(listener.local_addr().expect("an address"));
            let never = std::future::pending();
            let bounds = tiaokuai::http::Bounds::of_system();
            tiaokuai::http::serve_connections(listener, answer(size), never, bounds).await;
        } else {
            let acceptor = TcpListener::bind("127.0.0.1:0").into_acceptor().await.expect("a port");
            say(acceptor.local_addr()[0].as_socket_addr().copied().expect("an address"));
            Server::new_with_acceptor(acceptor).run(answer(size)).await.expect("a server");
        }
    });
}

fn say(address: std::net::SocketAddr) {
    println!("serves on http://{address}");
    std::io::stdout().flush().expect("a reader");
}

fn answer(size: usize) -> impl Endpoint<Output = Response> {
    let bytes: &'static [u8] = Vec::leak(vec![b'x'; size]);
    let answer = make(move |mut request: poem::Request| async move {
        // The question is read, as every server has to.
        let _ = request.take_body().into_bytes().await;
        Response::builder()
            .header(header::CONTENT_TYPE, "application/json")
            .header(header::CACHE_CONTROL, "no-store")
            .body(Body::from_bytes(bytes.into()))
    });
    Route::new().at("/graphql", answer).map_to_response()
}
