//! Connections: how many, how long, and what becomes of them when the server stops.

use std::convert::Infallible;
use std::future::Future;
use std::net::SocketAddr;
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::http::header::CONNECTION;
use axum::http::{HeaderValue, Request};
use axum::response::{IntoResponse, Response};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, watch};
use tokio::task::JoinSet;
use tokio_rustls::TlsAcceptor;
use tower_service::Service;

use super::app::Timeouts;
use super::error::{Problem, ProblemCode};
use super::limits::{CONNECTION_BUFFER_BYTES_MAX, HEAD_BYTES_MAX, PORCH_MAX};
use super::rate::Peer;
use super::wire::Wire;

/// How long to wait when no connection can be taken, as when no file can be opened.
const BREATH: Duration = Duration::from_millis(500);
/// First byte of what a client of TLS says.
const TLS_HELLO: u8 = 0x16;

/// What all connections share.
#[derive(Clone)]
pub(super) struct Connections {
    pub router: Router,
    pub tls: Option<TlsAcceptor>,
    pub timeouts: Timeouts,
    /// Connections at the same time.
    pub max: usize,
}

/// Where a connection stands as long as it lasts.
enum Place {
    /// Its requests are answered.
    Inside(#[expect(dead_code, reason = "held, not read")] OwnedSemaphorePermit),
    /// There is no room; it is told so.
    Porch(#[expect(dead_code, reason = "held, not read")] OwnedSemaphorePermit),
}

impl Connections {
    /// Serves until `stop` completes, then takes no more and lets running requests finish. To be
    /// dropped is to break them off.
    pub async fn serve(self, listener: TcpListener, stop: impl Future<Output = ()>) {
        let inside = Arc::new(Semaphore::new(self.max));
        let porch = Arc::new(Semaphore::new(PORCH_MAX));
        let (stopping, stopped) = watch::channel(());
        let mut running = JoinSet::new();
        let mut stop = pin!(stop);
        loop {
            let next = async {
                let (stream, peer) = accepted(&listener).await;
                (place(&inside, &porch).await, stream, peer)
            };
            let (place, stream, peer) = tokio::select! {
                biased;
                () = &mut stop => break,
                next = next => next,
            };
            running.spawn(self.clone().connection(place, stream, peer, stopped.clone()));
            // Those that have ended are forgotten.
            while running.try_join_next().is_some() {}
        }
        drop((listener, stopping));
        while running.join_next().await.is_some() {}
    }

    async fn connection(
        self,
        place: Place,
        stream: TcpStream,
        peer: SocketAddr,
        mut stopped: watch::Receiver<()>,
    ) {
        let Some(tls) = &self.tls else {
            return self.requests(place, stream, peer, stopped).await;
        };
        let shaking_hands = async {
            let mut first = [0];
            let plain = stream.peek(&mut first).await? == 1 && first != [TLS_HELLO];
            if plain {
                let detail = "此端口只接受 HTTPS，请把网址开头的 http:// 改为 https://";
                let problem = Problem::new(ProblemCode::TlsNeeded, detail);
                Wire::new(stream, self.timeouts).refuse(&problem).await;
                return Ok(None);
            }
            tls.accept(stream).await.map(Some)
        };
        let shaken = tokio::select! {
            shaken = tokio::time::timeout(self.timeouts.head, shaking_hands) => shaken,
            // Nothing was asked yet.
            _ = stopped.changed() => return,
        };
        match shaken {
            Ok(Ok(Some(stream))) => self.requests(place, stream, peer, stopped).await,
            Ok(Ok(None)) => {}
            Ok(Err(error)) => tracing::debug!(%error, "no TLS"),
            Err(_) => tracing::debug!("no TLS in time"),
        }
    }

    async fn requests<T: AsyncRead + AsyncWrite + Unpin + Send + 'static>(
        self,
        place: Place,
        stream: T,
        peer: SocketAddr,
        mut stopped: watch::Receiver<()>,
    ) {
        let Self { router, timeouts, max, .. } = self;
        let inside = matches!(place, Place::Inside(_));
        let service = service_fn(move |mut request: Request<Incoming>| {
            request.extensions_mut().insert(Peer(peer));
            let answer = inside.then(|| router.clone().call(request));
            async move {
                match answer {
                    Some(answer) => answer.await,
                    None => Ok::<_, Infallible>(no_room(max)),
                }
            }
        });
        let mut parser = http1::Builder::new();
        parser
            .timer(TokioTimer::new())
            .header_read_timeout(timeouts.head)
            .max_header_size(HEAD_BYTES_MAX)
            .max_buf_size(CONNECTION_BUFFER_BYTES_MAX);
        let wire = TokioIo::new(Wire::new(stream, timeouts));
        let mut connection = parser.serve_connection(wire, service);
        let ended = tokio::select! {
            outcome = &mut connection => Some(outcome),
            // Its sender is gone.
            _ = stopped.changed() => None,
        };
        let outcome = match ended {
            Some(outcome) => outcome,
            None => {
                Pin::new(&mut connection).graceful_shutdown();
                (&mut connection).await
            }
        };
        if let Err(error) = outcome {
            tracing::debug!(%error, "a connection broke off");
            let rest = connection.into_parts();
            // An idle connection just ends.
            if error.is_timeout() && !rest.read_buf.is_empty() {
                rest.io.into_inner().refuse(&head_overdue(timeouts.head)).await;
            }
        }
        drop(place);
    }
}

/// The next connection.
async fn accepted(listener: &TcpListener) -> (TcpStream, SocketAddr) {
    loop {
        match listener.accept().await {
            Ok((stream, peer)) => {
                // Answers are written at once; nothing is gained by waiting for more.
                if let Err(error) = stream.set_nodelay(true) {
                    tracing::debug!(%error, "a connection without delay is not to be had");
                }
                return (stream, peer);
            }
            Err(error) if is_the_clients(&error) => {}
            Err(error) => {
                tracing::error!(%error, "no connection can be taken");
                tokio::time::sleep(BREATH).await;
            }
        }
    }
}

/// A client that was gone before it was let in.
fn is_the_clients(error: &std::io::Error) -> bool {
    use std::io::ErrorKind as Kind;
    matches!(
        error.kind(),
        Kind::ConnectionAborted | Kind::ConnectionRefused | Kind::ConnectionReset
    )
}

/// The best place there is, or the next that becomes free.
async fn place(inside: &Arc<Semaphore>, porch: &Arc<Semaphore>) -> Place {
    let inside = async {
        match inside.clone().acquire_owned().await {
            Ok(permit) => Place::Inside(permit),
            // The semaphores are never closed.
            Err(_) => std::future::pending().await,
        }
    };
    let porch = async {
        match porch.clone().acquire_owned().await {
            Ok(permit) => Place::Porch(permit),
            Err(_) => std::future::pending().await,
        }
    };
    tokio::select! {
        biased;
        place = inside => place,
        place = porch => place,
    }
}

/// What is told to whoever does not finish the head of a request.
fn head_overdue(limit: Duration) -> Problem {
    let limit_ms = limit.as_millis();
    let detail = format!("请求头在 {limit_ms} 毫秒内没有到齐，请检查网络后重试");
    Problem::new(ProblemCode::HeadTimeout, detail)
}

/// What is told to whoever finds no room.
fn no_room(max: usize) -> Response {
    let detail = format!("同时打开的连接已满（上限 {max}），请稍后重试，或关闭不用的连接");
    let problem = Problem::new(ProblemCode::TooManyConnections, detail).limit(max);
    let mut response = problem.into_response();
    response.headers_mut().insert(CONNECTION, HeaderValue::from_static("close"));
    response
}
