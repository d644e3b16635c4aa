//! `duijie serve`

use std::net::SocketAddr;
use std::num::NonZero;
use std::path::PathBuf;
use std::sync::Arc;

use clap::Args;

use super::output::say;
use super::{Global, Outcome};
use crate::engine::{Engine, FIRST_ADMIN};
use crate::http::{RATE_PER_S_DEFAULT, ServeOptions, Server, TlsFiles};
use crate::web::pages;

/// More requests a second than any machine answers.
const RATE_PER_S_MAX: i64 = 1_000_000;

/// 提供 HTTP 服务
#[derive(Debug, Args)]
pub(super) struct Serve {
    /// 监听地址
    #[arg(long, default_value = "127.0.0.1:8080")]
    addr: SocketAddr,
    /// 允许不登录就写入；只限本机地址
    #[arg(long)]
    allow_anonymous: bool,
    /// 以 HTTPS 提供服务：证书文件（PEM，服务器证书在前，其后为中间证书）；更换证书后须重启
    #[arg(long, value_name = "FILE", requires = "tls_key")]
    tls_cert: Option<PathBuf>,
    /// 证书的私钥文件（PEM，未加密）
    #[arg(long, value_name = "FILE", requires = "tls_cert")]
    tls_key: Option<PathBuf>,
    /// 每个客户端（IP 地址）每秒的请求数上限，0 为不限；前面有反向代理时请设为 0，由代理限流
    #[arg(long, value_name = "N", default_value_t = RATE_PER_S_DEFAULT, value_parser = clap::value_parser!(u32).range(..=RATE_PER_S_MAX))]
    rate_limit: u32,
}

impl Serve {
    pub(super) async fn run(self, global: &Global) -> anyhow::Result<Outcome> {
        let mut options = ServeOptions::new(self.addr);
        options.allow_anonymous = self.allow_anonymous;
        options.rate_per_s = NonZero::new(self.rate_limit);
        options.tls = self.tls_cert.zip(self.tls_key).map(|(cert, key)| TlsFiles { cert, key });
        // Before the engine: what is wrong with address or certificate is told at once.
        let server = Server::bind(options).await?;
        // The index catches up behind the open door; `/readyz` says how far it is.
        let engine = global.keep(Engine::start(&global.home(), &global.data()).await?);
        if !self.allow_anonymous {
            tell_first_admin(&engine).await?;
        }
        until_interrupted(engine, server.with_pages(pages(None))).await?;
        Ok(Outcome::Done)
    }
}

/// On the first start, tells how to let oneself in. Whoever is let in without asking needs no
/// account.
async fn tell_first_admin(engine: &Engine) -> anyhow::Result<()> {
    let Some(password) = engine.first_admin().await? else { return Ok(()) };
    say(&format!(
        "首次启动：已建立管理员。用户名 {FIRST_ADMIN}，一次性密码 {}\n\
         密码只显示这一次；请在浏览器里登录（程序用 POST /api/v1/sessions）并先修改密码，再为其他人建立账户。\n\
         若遗失，请在本机运行 duijie user password {FIRST_ADMIN} 重置。",
        password.reveal()
    ));
    Ok(())
}

/// Serves until the process is asked to stop.
pub(super) async fn until_interrupted(engine: Arc<Engine>, server: Server) -> anyhow::Result<()> {
    let url = server.url()?;
    say(&format!("服务地址 {url}/　接口说明 {url}/docs　按 Ctrl-C 停止"));
    server.run(engine, stop_signal()).await?;
    say("已停止");
    Ok(())
}

/// Waits for Ctrl-C or the service manager's request to stop.
async fn stop_signal() {
    let interrupted = tokio::signal::ctrl_c();
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        if let Ok(mut terminate) = signal(SignalKind::terminate()) {
            tokio::select! {
                _ = interrupted => {}
                _ = terminate.recv() => {}
            }
            return;
        }
    }
    let _ = interrupted.await;
}
