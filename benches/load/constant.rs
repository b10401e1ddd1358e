//! The floor: constant bytes from the HTTP library that the product uses, for a body of the same size.

use poem::listener::{Acceptor, Listener, TcpListener};
use poem::{Body, EndpointExt, Response, Route, Server, endpoint::make, http::header};
use std::io::Write;

/// Serves until it is killed; says on which address.
pub fn serve(size: usize) {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().expect("a runtime");
    runtime.block_on(async {
        let acceptor = TcpListener::bind("127.0.0.1:0").into_acceptor().await.expect("a port");
        let address = acceptor.local_addr()[0].as_socket_addr().copied().expect("an address");
        println!("serves on http://{address}");
        std::io::stdout().flush().expect("a reader");
        let bytes: &'static [u8] = Vec::leak(vec![b'x'; size]);
        let answer = make(move |mut request: poem::Request| async move {
            // The question is read, as every server has to.
            let _ = request.take_body().into_bytes().await;
            Response::builder()
                .header(header::CONTENT_TYPE, "application/json")
                .header(header::CACHE_CONTROL, "no-store")
                .body(Body::from_bytes(bytes.into()))
        });
        let routes = Route::new().at("/graphql", answer).map_to_response();
        Server::new_with_acceptor(acceptor).run(routes).await.expect("a server");
    });
}
