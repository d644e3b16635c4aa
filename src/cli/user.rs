//! `duijie user add|list|show|change|disable|password`

use std::io::Read;
use std::sync::Arc;

use clap::{Args, Subcommand};
use serde_json::json;

use super::output::{print, print_json, say, table};
use super::{Global, Outcome};
use crate::engine::{Engine, NewUser, PASSWORD_CHARS_MAX, UserChange, UserFields, Viewer};
use crate::http::views;
use crate::model::{Body, Record, RecordId, Role};

/// Users read at once.
const PAGE: usize = 200;
/// More is no password.
const STDIN_BYTES_MAX: u64 = 4 * PASSWORD_CHARS_MAX as u64 + 2;

/// 管理用户
#[derive(Debug, Subcommand)]
pub(super) enum User {
    /// 新增用户，打印一次性密码；首次登录须修改
    Add {
        /// 用户名：小写字母、数字和 . _ - @
        login: String,
        #[command(flatten)]
        fields: FieldArgs,
    },
    /// 列出用户
    List,
    /// 查看一位用户
    Show {
        /// 用户名或编号
        login: String,
    },
    /// 更改用户；没有写出的项保持不变
    Change {
        /// 用户名或编号
        login: String,
        #[command(flatten)]
        change: ChangeArgs,
    },
    /// 停用用户，其会话与令牌立即失效
    Disable {
        /// 用户名或编号
        login: String,
        /// 恢复启用
        #[arg(long)]
        undo: bool,
    },
    /// 重置密码，打印新的一次性密码
    Password {
        /// 用户名或编号
        login: String,
        /// 从标准输入读一行作为密码，不要求再修改
        #[arg(long)]
        stdin: bool,
    },
}

#[derive(Debug, Args)]
pub(super) struct FieldArgs {
    /// 姓名或称呼
    #[arg(long)]
    name: String,
    /// 角色：office、commissioner、enterprise、institution、auditor、admin
    #[arg(long, value_parser = parse_role)]
    role: Role,
    #[command(flatten)]
    bound: BoundArgs,
}

#[derive(Debug, Args)]
pub(super) struct ChangeArgs {
    /// 姓名或称呼
    #[arg(long)]
    name: Option<String>,
    /// 角色；换角色时须一并写出新角色所属的机构、院所或企业
    #[arg(long, value_parser = parse_role)]
    role: Option<Role>,
    #[command(flatten)]
    bound: BoundArgs,
}

/// What users are bound to.
#[derive(Debug, Args)]
struct BoundArgs {
    /// 机构编号（主管部门、专员）
    #[arg(long, value_name = "ID")]
    office: Option<String>,
    /// 高校院所编号（专员、高校院所）
    #[arg(long, value_name = "ID")]
    institution: Option<String>,
    /// 企业编号（企业）
    #[arg(long, value_name = "ID")]
    enterprise: Option<String>,
}

fn parse_role(text: &str) -> Result<Role, String> {
    text.parse().map_err(|refusal: crate::model::Refusal| refusal.expected)
}

impl User {
    pub(super) async fn run(self, global: &Global) -> anyhow::Result<Outcome> {
        let engine = global.engine_as_it_is().await?;
        match self {
            Self::Add { login, fields } => {
                let FieldArgs { name, role, bound: BoundArgs { office, institution, enterprise } } =
                    fields;
                let fields = UserFields { name, role, office, institution, enterprise };
                let new = NewUser { login, fields };
                let (record, secret) = engine.create_user(Viewer::Local, new).await?;
                tell_password(global, &record, secret.reveal())?;
            }
            Self::List => list(global, &engine).await?,
            Self::Show { login } => show(global, &engine.find_user(Viewer::Local, &login).await?)?,
            Self::Change { login, change } => {
                show(global, &changed(&engine, &login, change).await?)?;
            }
            Self::Disable { login, undo } => {
                show(global, &engine.disable_user(Viewer::Local, &login, !undo).await?)?;
            }
            Self::Password { login, stdin: false } => {
                let secret = engine.reset_password(Viewer::Local, &login).await?;
                let record = engine.find_user(Viewer::Local, &login).await?;
                tell_password(global, &record, secret.reveal())?;
            }
            Self::Password { login, stdin: true } => {
                let password = line_of_stdin()?;
                engine.give_password(Viewer::Local, &login, password, false).await?;
                show(global, &engine.find_user(Viewer::Local, &login).await?)?;
            }
        }
        Ok(Outcome::Done)
    }
}

/// The user with what the arguments say; what they do not say stays.
async fn changed(engine: &Arc<Engine>, login: &str, args: ChangeArgs) -> anyhow::Result<Record> {
    let record = engine.find_user(Viewer::Local, login).await?;
    let Body::User(before) = &record.body else { anyhow::bail!("没有这位用户") };
    // What another role is bound to must be said.
    let same = args.role.is_none_or(|role| role == before.role);
    let kept = |given: Option<String>, id: Option<RecordId>| {
        given.or_else(|| id.filter(|_| same).map(|id| id.to_string()))
    };
    let BoundArgs { office, institution, enterprise } = args.bound;
    let change = UserChange {
        fields: UserFields {
            name: args.name.unwrap_or_else(|| before.name.clone()),
            role: args.role.unwrap_or(before.role),
            office: kept(office, before.office_id),
            institution: kept(institution, before.institution_id),
            enterprise: kept(enterprise, before.enterprise_id),
        },
        disabled: before.disabled,
    };
    let revision = Some(record.meta.revision);
    Ok(engine.change_user(Viewer::Local, login, change, revision).await?)
}

async fn list(global: &Global, engine: &Arc<Engine>) -> anyhow::Result<()> {
    let (mut users, mut after) = (Vec::new(), None);
    loop {
        let (page, more) = engine.list_users(Viewer::Local, after, PAGE).await?;
        after = page.last().map(|record| record.meta.id);
        users.extend(page.iter().filter_map(views::user));
        if !more {
            break;
        }
    }
    if global.json {
        return print_json(&json!({"users": users}));
    }
    let mut rows = table(&["用户名", "姓名", "角色", "状态", "建立时间"]);
    for user in &users {
        rows.add_row([&user.login, &user.name, user.role_label, state(user), &user.created_at]);
    }
    print(&rows.to_string());
    Ok(())
}

fn show(global: &Global, record: &Record) -> anyhow::Result<()> {
    let Some(user) = views::user(record) else { anyhow::bail!("没有这位用户") };
    if global.json {
        return print_json(&user);
    }
    let none = || "—".to_owned();
    let mut rows = table(&["项目", "值"]);
    for (name, value) in [
        ("用户名", user.login.clone()),
        ("编号", user.id.clone()),
        ("姓名", user.name.clone()),
        ("角色", user.role_label.to_owned()),
        ("机构", user.office_id.clone().unwrap_or_else(none)),
        ("高校院所", user.institution_id.clone().unwrap_or_else(none)),
        ("企业", user.enterprise_id.clone().unwrap_or_else(none)),
        ("状态", state(&user).to_owned()),
        ("版本", user.revision.to_string()),
    ] {
        rows.add_row([name.to_owned(), value]);
    }
    print(&rows.to_string());
    Ok(())
}

fn state(user: &views::User) -> &'static str {
    match (user.disabled, user.must_change_password) {
        (true, _) => "已停用",
        (false, true) => "须修改密码",
        (false, false) => "正常",
    }
}

/// A password is the result of a command, and told once.
fn tell_password(global: &Global, record: &Record, password: &str) -> anyhow::Result<()> {
    let Some(user) = views::user(record) else { anyhow::bail!("没有这位用户") };
    if global.json {
        let one_time_password = password.to_owned();
        return print_json(&views::UserWithPassword { user, one_time_password });
    }
    print(&format!("用户名　　　{}\n一次性密码　{password}", user.login));
    say("密码只显示这一次，请当面或经安全渠道交给本人；首次登录后须先修改。");
    Ok(())
}

/// The first line of stdin.
fn line_of_stdin() -> anyhow::Result<String> {
    let mut text = String::new();
    std::io::stdin().take(STDIN_BYTES_MAX).read_to_string(&mut text)?;
    Ok(text.lines().next().unwrap_or_default().to_owned())
}
