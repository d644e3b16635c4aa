//! The service on a new home and a free port of this machine, as benchmarks ask it.

use std::net::{Ipv4Addr, SocketAddr};
use std::path::Path;
use std::sync::Arc;

use tokio::sync::oneshot;
use tokio::task::JoinHandle;

use super::BenchError;
use crate::data::Data;
use crate::engine::{Engine, Home};
use crate::http::{ServeError, ServeOptions, Server};

/// 服务: running until it is told to stop.
pub(super) struct Service {
    pub engine: Arc<Engine>,
    pub addr: SocketAddr,
    stop: oneshot::Sender<()>,
    running: JoinHandle<Result<(), ServeError>>,
}

impl Service {
    /// Opens the home and serves it to whoever sits at the machine.
    pub async fn start(folder: &Path, data: &Data) -> Result<Self, BenchError> {
        Self::of(Arc::new(Engine::open(&Home::new(folder), data).await?)).await
    }

    /// Serves a home that is open.
    pub async fn of(engine: Arc<Engine>) -> Result<Self, BenchError> {
        let addr = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
        let options = ServeOptions { allow_anonymous: true, ..ServeOptions::new(addr) };
        let server = Server::bind(options).await?;
        let addr = server.addr()?;
        let (stop, stopped) = oneshot::channel::<()>();
        let running = tokio::spawn(server.run(engine.clone(), async {
            // A sender that is gone is a wish to stop as well.
            let _ = stopped.await;
        }));
        Ok(Self { engine, addr, stop, running })
    }

    /// Stops, and closes the home.
    pub async fn stop(self) -> Result<(), BenchError> {
        drop(self.stop);
        self.running.await.map_err(|e| BenchError::http("service", &e))??;
        self.engine.close().await;
        Ok(())
    }
}
