//! `duijie health`: whether a service answers, for whoever watches over it.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::time::Duration;

use anyhow::{Context, bail};
use axum::body::Body;
use axum::http::Request;
use axum::http::header::HOST;
use clap::Args;
use hyper::client::conn::http1;
use hyper_util::rt::TokioIo;
use serde_json::json;
use tokio::net::TcpStream;

use super::output::{print_json, say};
use super::{Global, Outcome};

/// Longest wait for the answer.
const PATIENCE: Duration = Duration::from_secs(3);

/// 健康检查
#[derive(Debug, Args)]
pub(super) struct Health {
    /// 服务的监听地址，与 serve --addr 相同
    #[arg(long, default_value = "127.0.0.1:8080")]
    addr: SocketAddr,
}

impl Health {
    pub(super) async fn run(self, global: &Global) -> anyhow::Result<Outcome> {
        let addr = reachable(self.addr);
        let answer = tokio::time::timeout(PATIENCE, status(addr)).await;
        let status = answer
            .with_context(|| format!("{addr} 在 {} 秒内没有回答", PATIENCE.as_secs()))?
            .with_context(|| {
                format!("{addr} 没有服务在运行，请用 duijie serve 启动，或核对 --addr")
            })?;
        // A service that speaks TLS only says so (400) to whoever asks without: it lives.
        if !matches!(status, 200 | 400) {
            bail!("{addr} 回答了状态 {status}，那里可能是别的服务，请核对 --addr");
        }
        match global.json {
            true => print_json(&json!({"addr": addr.to_string(), "healthy": true}))?,
            false => say(&format!("{addr} 的服务在运行")),
        }
        Ok(Outcome::Done)
    }
}

/// A service that listens at every address is reached at this machine's own.
fn reachable(addr: SocketAddr) -> SocketAddr {
    let ip = match addr.ip() {
        IpAddr::V4(ip) if ip.is_unspecified() => Ipv4Addr::LOCALHOST.into(),
        IpAddr::V6(ip) if ip.is_unspecified() => Ipv6Addr::LOCALHOST.into(),
        ip => ip,
    };
    SocketAddr::new(ip, addr.port())
}

/// The status of `/healthz`.
async fn status(addr: SocketAddr) -> anyhow::Result<u16> {
    let stream = TokioIo::new(TcpStream::connect(addr).await?);
    let (mut client, connection) = http1::handshake(stream).await?;
    let request = Request::get("/healthz").header(HOST, addr.to_string()).body(Body::empty())?;
    // It drives the exchange, and ends with it.
    tokio::spawn(connection);
    Ok(client.send_request(request).await?.status().as_u16())
}
