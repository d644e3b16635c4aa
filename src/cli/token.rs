//! `duijie token create|list|revoke`

use clap::Subcommand;
use serde_json::json;

use super::output::{print, print_json, say, table};
use super::{Global, Outcome};
use crate::engine::{NewToken, TOKEN_DAYS_MAX, Viewer};
use crate::http::views;

/// Tokens read at once.
const PAGE: usize = 200;

/// 管理访问令牌
#[derive(Debug, Subcommand)]
pub(super) enum Token {
    /// 新建接口令牌，打印其密文；只显示这一次
    Create {
        /// 哪位用户的：用户名或编号
        login: String,
        /// 用途
        #[arg(long)]
        label: String,
        /// 有效天数
        #[arg(long, default_value_t = 90, value_parser = clap::value_parser!(u32).range(1..=i64::from(TOKEN_DAYS_MAX)))]
        days: u32,
    },
    /// 列出有效的令牌与会话
    List {
        /// 只列这位用户的：用户名或编号
        #[arg(long)]
        user: Option<String>,
    },
    /// 撤销令牌或会话，立即生效
    Revoke {
        /// 令牌的编号（不是密文），见 token list
        id: String,
    },
}

impl Token {
    pub(super) async fn run(self, global: &Global) -> anyhow::Result<Outcome> {
        let engine = global.engine_as_it_is().await?;
        match self {
            Self::Create { login, label, days } => {
                let new = NewToken { label, days, user: Some(login) };
                let (secret, record) = engine.create_token(Viewer::Local, new).await?;
                let token = secret.reveal().to_owned();
                match views::token(&record) {
                    Some(about) if global.json => {
                        print_json(&views::TokenWithSecret { about, token })?;
                    }
                    _ => print(&token),
                }
                say("令牌只显示这一次；请求时写在请求头 Authorization: Bearer 之后。");
            }
            Self::List { user } => {
                let (mut tokens, mut after) = (Vec::new(), None);
                loop {
                    let user = user.as_deref();
                    let (page, more) = engine.list_tokens(Viewer::Local, user, after, PAGE).await?;
                    after = page.last().map(|record| record.meta.id);
                    tokens.extend(page.iter().filter_map(views::token));
                    if !more {
                        break;
                    }
                }
                list(global, &tokens)?;
            }
            Self::Revoke { id } => {
                engine.revoke_token(Viewer::Local, &id).await?;
                if global.json {
                    print_json(&json!({"revoked": id}))?;
                } else {
                    print(&format!("已撤销 {id}"));
                }
            }
        }
        Ok(Outcome::Done)
    }
}

fn list(global: &Global, tokens: &[views::Token]) -> anyhow::Result<()> {
    if global.json {
        return print_json(&json!({"tokens": tokens}));
    }
    let mut rows = table(&["编号", "用户", "类别", "用途", "有效期至"]);
    for token in tokens {
        let cells = [&token.id, &token.user_id, token.kind_label, &token.label, &token.expires_at];
        rows.add_row(cells);
    }
    print(&rows.to_string());
    Ok(())
}
