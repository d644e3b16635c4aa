//! The thin binary: parse, start logging, run, turn an error into a message and an exit code.

use std::process::ExitCode;

use clap::Parser;
use duijie::cli::{self, Cli, Outcome};

fn main() -> ExitCode {
    let cli = Cli::parse();
    cli.start_logging();
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => {
            eprintln!("无法启动：{error}");
            return Outcome::Failed.into();
        }
    };
    match runtime.block_on(cli::run(cli)) {
        Ok(outcome) => outcome.into(),
        Err(error) => {
            eprintln!("{error:#}");
            Outcome::Failed.into()
        }
    }
}
