//! Listening, and stopping without breaking anything off.

use std::future::Future;
use std::net::SocketAddr;
use std::num::NonZero;
use std::sync::Arc;
use std::time::Duration;

use tokio::net::TcpListener;
use tokio::sync::oneshot;
use tokio::task::JoinSet;
use tokio_rustls::TlsAcceptor;

use super::accept::Connections;
use super::app::{App, Timeouts};
use super::limits::{
    CONNECTIONS_MAX, FOLLOW_EVERY, RATE_PER_S_DEFAULT, SEAL_EVERY, SHUTDOWN_GRACE,
};
use super::pages::Pages;
use super::routes::router;
use super::tls::{TlsError, TlsFiles};
use crate::engine::{Engine, EngineError, InboxRules, Viewer, follow, follow_inbox, keep_sealed};

/// How often histograms are folded while nobody asks for metrics.
const TIDY_EVERY: Duration = Duration::from_secs(5);

/// 服务选项: where to listen and whom to trust.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ServeOptions {
    /// Address and port; port 0 takes a free one.
    pub addr: SocketAddr,
    /// Whoever reaches a loopback address and shows nothing sees and changes everything. Else
    /// they see what is public and change nothing.
    pub allow_anonymous: bool,
    /// Speak TLS, with these files.
    pub tls: Option<TlsFiles>,
    /// Requests a second of each client; `None`: any number. Whoever may do everything anyway
    /// ([`Self::allow_anonymous`]) is not counted.
    pub rate_per_s: Option<NonZero<u32>>,
    /// Connections at the same time.
    pub connections_max: usize,
    /// How long clients and handlers may take.
    pub timeouts: Timeouts,
    /// How long running requests may go on after the shutdown.
    pub shutdown_grace: Duration,
}

impl ServeOptions {
    /// Public data only, at `addr`.
    pub fn new(addr: SocketAddr) -> Self {
        Self {
            addr,
            allow_anonymous: false,
            tls: None,
            rate_per_s: NonZero::new(RATE_PER_S_DEFAULT),
            connections_max: CONNECTIONS_MAX,
            timeouts: Timeouts::default(),
            shutdown_grace: SHUTDOWN_GRACE,
        }
    }

    /// Loopback only, everything allowed however often, a free port.
    pub fn for_testing() -> Self {
        let addr = SocketAddr::from(([127, 0, 0, 1], 0));
        Self { allow_anonymous: true, rate_per_s: None, ..Self::new(addr) }
    }
}

/// Why the server does not run.
#[derive(Debug, thiserror::Error)]
pub enum ServeError {
    /// Everybody would be let in from other machines.
    #[error("{addr} 不是本机回环地址，不能同时允许匿名操作；请改用 127.0.0.1，或去掉该选项")]
    AnonymousFromOutside {
        /// The address asked for.
        addr: SocketAddr,
    },
    /// The address cannot be listened at.
    #[error("无法监听 {addr}：{source}；请检查地址，或换一个端口")]
    Listen {
        /// The address asked for.
        addr: SocketAddr,
        /// What stands in the way.
        #[source]
        source: std::io::Error,
    },
    /// The system does not tell the address.
    #[error("无法得知监听地址：{0}")]
    Io(#[from] std::io::Error),
    /// TLS cannot be had.
    #[error("无法启用 HTTPS：{0}")]
    Tls(#[from] TlsError),
    /// The index did not catch up at the end; the next start will take it over.
    #[error("停止前未能更新索引：{}", .0.message())]
    CatchUp(#[from] EngineError),
}

/// 服务器: bound to its address, not yet answering.
pub struct Server {
    listener: TcpListener,
    tls: Option<TlsAcceptor>,
    options: ServeOptions,
    pages: Option<Pages>,
}

impl Server {
    /// Takes the address.
    ///
    /// # Errors
    /// [`ServeError::AnonymousFromOutside`]; [`ServeError::Tls`]; [`ServeError::Listen`].
    pub async fn bind(options: ServeOptions) -> Result<Self, ServeError> {
        let addr = options.addr;
        if options.allow_anonymous && !addr.ip().to_canonical().is_loopback() {
            return Err(ServeError::AnonymousFromOutside { addr });
        }
        let tls = options.tls.as_ref().map(TlsFiles::acceptor).transpose()?;
        let listener =
            TcpListener::bind(addr).await.map_err(|source| ServeError::Listen { addr, source })?;
        Ok(Self { listener, tls, options, pages: None })
    }

    /// Serves pages beside JSON.
    #[must_use]
    pub fn with_pages(self, pages: Pages) -> Self {
        Self { pages: Some(pages), ..self }
    }

    /// The address taken, with its port.
    ///
    /// # Errors
    /// If the system does not tell it.
    pub fn addr(&self) -> Result<SocketAddr, ServeError> {
        Ok(self.listener.local_addr()?)
    }

    /// The address with its scheme, as clients write it.
    ///
    /// # Errors
    /// If the system does not tell it.
    pub fn url(&self) -> Result<String, ServeError> {
        let scheme = if self.tls.is_some() { "https" } else { "http" };
        Ok(format!("{scheme}://{}", self.addr()?))
    }

    /// Answers until `shutdown` completes. Then no connection is accepted any more, running
    /// requests are finished within [`ServeOptions::shutdown_grace`], and the index catches up
    /// if it can within as much again.
    ///
    /// # Errors
    /// [`ServeError::Io`]; [`ServeError::CatchUp`].
    pub async fn run(
        self,
        engine: Arc<Engine>,
        shutdown: impl Future<Output = ()> + Send + 'static,
    ) -> Result<(), ServeError> {
        let addr = self.addr()?;
        let Self { listener, tls, options, pages } = self;
        let viewer = if options.allow_anonymous {
            tracing::warn!(
                %addr,
                "anonymous access is on: whoever reaches this port of this machine sees and changes everything"
            );
            Viewer::Local
        } else {
            Viewer::Anonymous
        };
        let app = Arc::new(App::new(engine.clone(), viewer, &options));
        // Ends with this call, however that ends.
        let mut background = JoinSet::new();
        background.spawn(follow(engine.clone(), FOLLOW_EVERY));
        background.spawn(keep_sealed(engine.clone(), SEAL_EVERY));
        background.spawn(follow_inbox(engine.clone(), InboxRules::default(), FOLLOW_EVERY));
        background.spawn(tidy(app.clone()));
        tracing::info!(%addr, "listening");
        let (stopping, stopped) = oneshot::channel();
        let signal = async move {
            shutdown.await;
            // Nobody listens if the server has failed by itself.
            let _ = stopping.send(());
        };
        let grace = options.shutdown_grace;
        let connections = Connections {
            router: router(app, pages),
            tls,
            timeouts: options.timeouts,
            max: options.connections_max,
        };
        let overdue = async move {
            match stopped.await {
                Ok(()) => tokio::time::sleep(grace).await,
                Err(_) => std::future::pending().await,
            }
        };
        tokio::select! {
            () = connections.serve(listener, signal) => {}
            () = overdue => {
                tracing::warn!(grace_ms = grace.as_millis() as u64, "requests were broken off");
            }
        }
        // Before the follower is stopped, so that it is not in the middle of anything then. A
        // rebuild that takes longer is given up; the next start begins it anew.
        let caught_up = tokio::time::timeout(grace, engine.catch_up_if_free()).await;
        background.abort_all();
        // What is not sealed now is sealed after the next start.
        if let Ok(Err(error)) = tokio::time::timeout(grace, engine.seal_log()).await {
            tracing::warn!(%error, "the audit log was not sealed");
        }
        match caught_up {
            Ok(caught_up) => caught_up?,
            Err(_) => tracing::warn!("the index was left behind the store"),
        }
        tracing::info!("stopped");
        Ok(())
    }
}

async fn tidy(app: Arc<App>) {
    loop {
        tokio::time::sleep(TIDY_EVERY).await;
        app.metrics.tidy();
    }
}
