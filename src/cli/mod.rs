//! The command line: arguments in, one call into the engine, a result for people or programs.
//!
//! stdout carries the result alone, with `--json` as one JSON object; everything else goes to
//! stderr. What the exit codes mean is in [`Outcome`].

mod audit;
mod backup;
mod bench;
mod coverage;
mod demo;
mod doctor;
mod duplicates;
mod evaluate;
mod health;
mod import;
mod inbox;
mod index;
mod lead;
mod learn;
mod logging;
mod matching;
mod office;
mod output;
mod plan;
mod points;
mod report;
mod rule;
mod search;
mod serve;
mod token;
mod user;

use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::{Arc, OnceLock};

use clap::{Args, Parser, Subcommand};

use self::logging::Logging;
use crate::data::Data;
use crate::engine::{Engine, EngineError, Filters, Home};

/// 对接：把企业的技术需求与高校院所的实验室对上，并说清理由。
#[derive(Parser)]
#[command(name = "duijie", version, max_term_width = 100)]
pub struct Cli {
    #[command(flatten)]
    global: Global,
    #[command(subcommand)]
    command: Command,
}

#[derive(Args)]
struct Global {
    /// 工作目录，数据库在其 data/duijie.db，索引在其 index/；默认为环境变量 DUIJIE_HOME，再默认为当前目录
    #[arg(long, global = true, value_name = "DIR")]
    home: Option<PathBuf>,
    /// 用此目录中的参考数据与词典，代替内置的
    #[arg(long, global = true, value_name = "DIR")]
    data: Option<PathBuf>,
    /// 结果输出为 JSON
    #[arg(long, global = true)]
    json: bool,
    #[command(flatten)]
    logging: Logging,
    /// The engine of the command, to be closed when that ends.
    #[arg(skip)]
    opened: OnceLock<Arc<Engine>>,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// 导入参考数据与示例数据，打印几条需求的匹配结果，然后提供服务
    Demo(demo::Demo),
    /// 导入文件（csv 或 jsonl）
    Import(import::Import),
    /// 查看或重建索引
    #[command(subcommand)]
    Index(index::Index),
    /// 查找实验室、成果与需求
    Search(search::Search),
    /// 为一条需求找实验室，或反向为实验室、成果找需求，并说明理由
    Match(matching::Match),
    /// 把一条需求分解为技术点，并列出还要向企业问清的事
    Points(points::Points),
    /// 技术点 × 实验室覆盖表，以及合起来覆盖最好的团队
    Coverage(coverage::Coverage),
    /// 某实验室为何没有排在前面
    WhyNot(coverage::WhyNot),
    /// 就一条需求并列对比两个实验室
    Compare(coverage::Compare),
    /// 用评判数据衡量匹配质量
    #[command(subcommand)]
    Evaluate(evaluate::Evaluate),
    Learn(learn::Learn),
    #[command(subcommand)]
    Lead(lead::Lead),
    Report(report::Report),
    Inbox(inbox::Inbox),
    /// 百校对接计划：编制、核验、说明、假设、修补、发布
    #[command(subcommand)]
    Plan(plan::Plan),
    /// 查看政策规则：条文、约束力、参数与出处
    #[command(subcommand)]
    Rule(rule::Rule),
    /// 衡量速度与资源占用
    #[command(subcommand)]
    Bench(bench::Bench),
    /// 提供 HTTP 服务
    Serve(serve::Serve),
    /// 管理用户：新增、查看、更改、停用、重置密码
    #[command(subcommand)]
    User(user::User),
    /// 管理访问令牌：新建、查看、撤销
    #[command(subcommand)]
    Token(token::Token),
    /// 管理机构：新增、查看、导入内置的园区
    #[command(subcommand)]
    Office(office::Office),
    /// 查看服务是否在运行；是则退出码为 0
    Health(health::Health),
    /// 检查数据库、索引与词典，并说明该怎么办
    Doctor(doctor::Doctor),
    /// 查找、合并重复的记录
    #[command(subcommand)]
    Duplicates(duplicates::Duplicates),
    /// 查看、核验审计日志，抹除个人信息
    #[command(subcommand)]
    Audit(audit::Audit),
    /// 备份数据库到一个文件；服务可以照常运行
    Backup(backup::Backup),
    /// 从备份恢复数据库；须先停止服务，原数据库保留在旁边
    Restore(backup::Restore),
}

/// How a command ended, with its exit code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// 0: done.
    Done,
    /// 1: failed.
    Failed,
    /// 2: wrong usage; clap uses the same code.
    WrongUsage,
    /// 3: import done, but some rows were refused.
    RowsRefused,
}

impl From<Outcome> for ExitCode {
    fn from(outcome: Outcome) -> Self {
        Self::from(match outcome {
            Outcome::Done => 0,
            Outcome::Failed => 1,
            Outcome::WrongUsage => 2,
            Outcome::RowsRefused => 3,
        })
    }
}

/// Conditions on labs, the same for every command that ranks or finds.
#[derive(Debug, Clone, Args)]
struct FilterArgs {
    /// 省或市，如 江苏、南京
    #[arg(long)]
    region: Option<String>,
    /// 建设层次：985、211、double_first_class、major_institute
    #[arg(long, value_name = "CLASS")]
    institution_class: Option<String>,
    /// 高校院所的编号
    #[arg(long, value_name = "ID")]
    institution: Option<String>,
    /// 技术领域的代码或名称，如 NSFC:E02
    #[arg(long)]
    area: Option<String>,
    /// 单元类别：laboratory、team、centre、platform，或 university、institute
    #[arg(long = "lab-kind", value_name = "KIND")]
    lab_kind: Option<String>,
}

impl FilterArgs {
    fn filters(&self) -> Filters {
        Filters {
            region: self.region.clone(),
            institution_class: self.institution_class.clone(),
            institution: self.institution.clone(),
            area: self.area.clone(),
            kind: self.lab_kind.clone(),
        }
    }
}

impl Global {
    fn home(&self) -> Home {
        let named = self.home.clone().or_else(|| std::env::var_os("DUIJIE_HOME").map(Into::into));
        Home::new(named.filter(|p| !p.as_os_str().is_empty()).unwrap_or_else(|| ".".into()))
    }

    fn data(&self) -> Data {
        self.data.as_deref().map_or_else(Data::embedded, Data::from_folder)
    }

    async fn engine(&self) -> Result<Arc<Engine>, EngineError> {
        Ok(self.keep(Engine::open(&self.home(), &self.data()).await?))
    }

    /// The engine with its index as it is, for those who do not look for anything.
    async fn engine_as_it_is(&self) -> Result<Arc<Engine>, EngineError> {
        Ok(self.keep(Engine::start(&self.home(), &self.data()).await?))
    }

    /// Takes note of a command's only engine.
    fn keep(&self, engine: Engine) -> Arc<Engine> {
        self.opened.get_or_init(|| Arc::new(engine)).clone()
    }
}

impl Cli {
    /// Starts logging as the arguments say.
    pub fn start_logging(&self) {
        self.global.logging.start();
    }
}

/// Runs the command.
///
/// # Errors
/// What kept it from being done, as a sentence for people.
pub async fn run(cli: Cli) -> anyhow::Result<Outcome> {
    let global = &cli.global;
    let outcome = match cli.command {
        Command::Demo(command) => command.run(global).await,
        Command::Import(command) => command.run(global).await,
        Command::Index(command) => command.run(global).await,
        Command::Search(command) => command.run(global).await,
        Command::Match(command) => command.run(global).await,
        Command::Points(command) => command.run(global).await,
        Command::Coverage(command) => command.run(global).await,
        Command::WhyNot(command) => command.run(global).await,
        Command::Compare(command) => command.run(global).await,
        Command::Evaluate(command) => command.run(global).await,
        Command::Learn(command) => command.run(global).await,
        Command::Lead(command) => command.run(global).await,
        Command::Report(command) => command.run(global).await,
        Command::Inbox(command) => command.run(global).await,
        Command::Plan(command) => command.run(global).await,
        Command::Rule(command) => command.run(global),
        Command::Bench(command) => command.run(global).await,
        Command::Serve(command) => command.run(global).await,
        Command::User(command) => command.run(global).await,
        Command::Token(command) => command.run(global).await,
        Command::Office(command) => command.run(global).await,
        Command::Health(command) => command.run(global).await,
        Command::Doctor(command) => command.run(global).await,
        Command::Duplicates(command) => command.run(global).await,
        Command::Audit(command) => command.run(global).await,
        Command::Backup(command) => command.run(global).await,
        Command::Restore(command) => command.run(global).await,
    };
    // Else the process might end while the store is still putting its files in order.
    if let Some(engine) = global.opened.get() {
        engine.close().await;
    }
    match outcome {
        Err(error) => match error.downcast_ref::<EngineError>() {
            Some(wrong @ (EngineError::BadRequest { .. } | EngineError::TooLarge { .. })) => {
                output::say(&wrong.message());
                Ok(Outcome::WrongUsage)
            }
            Some(known) => Err(anyhow::anyhow!(known.message())),
            None => Err(error),
        },
        done => done,
    }
}
