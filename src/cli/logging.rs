//! Lines about what happens, on stderr: for people, or one JSON object each for programs.

use clap::{Args, ValueEnum};
use tracing_subscriber::EnvFilter;

/// What is logged if `RUST_LOG` does not say.
const LEVEL_DEFAULT: &str = "warn";

/// 日志
#[derive(Debug, Clone, Copy, Args)]
pub(super) struct Logging {
    /// 日志格式：text 给人看，json 每行一个对象；记录多少由环境变量 RUST_LOG 决定，如 info
    #[arg(
        long,
        global = true,
        value_name = "FORMAT",
        env = "DUIJIE_LOG_FORMAT",
        default_value = "text",
        hide_possible_values = true
    )]
    log_format: LogFormat,
}

/// 日志格式
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum LogFormat {
    Text,
    Json,
}

impl Logging {
    /// Starts logging to stderr; `RUST_LOG` chooses what.
    pub fn start(self) {
        let filter =
            EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new(LEVEL_DEFAULT));
        let lines = tracing_subscriber::fmt()
            .with_env_filter(filter)
            .with_writer(std::io::stderr)
            .with_target(false);
        match self.log_format {
            LogFormat::Text => lines.init(),
            LogFormat::Json => lines.json().flatten_event(true).init(),
        }
    }
}
