//! `duijie plan solve CASE_DIR`: files of a case → a draft.

use std::path::{Path, PathBuf};

use clap::Args;

use super::{overview, refusal};
use crate::cli::output::{print, print_json, progress, say};
use crate::cli::{Global, Outcome};
use crate::engine::{Engine, EngineError, Measuring, PlanOrder, PlanOutcome, PlanSource, Viewer};
use crate::programmes::hundred::{Case, Places, read_case};
use crate::programmes::rules::RuleBook;

/// Bytes of one file of a case at most; a case of the largest size that is read takes less.
const FILE_BYTES_MAX: u64 = 16 << 20;

/// 编制
#[derive(Debug, Args)]
pub(in crate::cli) struct Solve {
    /// 案例目录：case.toml、batches.csv、commissioners.csv、institutions.csv 等
    dir: PathBuf,
    /// 计划的名称；默认为案例的名称
    #[arg(long)]
    name: Option<String>,
}

impl Solve {
    pub(super) async fn run(self, global: &Global) -> anyhow::Result<Outcome> {
        let data = global.data();
        let (book, places) = (RuleBook::load(&data)?, Places::load(&data)?);
        let case = match read_case(&files_of(&self.dir)?, &places, &book) {
            Ok(case) => case,
            Err(faults) => {
                say(&faults.to_string());
                say(&format!("案例共有 {} 处错误，没有编制计划；请改正后重试", faults.total()));
                return Ok(Outcome::Failed);
            }
        };
        let engine = global.engine().await?;
        match make(&engine, case, self.name).await? {
            PlanOutcome::Impossible(refused) => refusal::told(global, &refused),
            PlanOutcome::Kept(head) => {
                let account = engine.explain_plan(Viewer::Local, &head.id.to_string()).await?;
                if global.json {
                    print_json(&overview::Overview::of(&account, engine.rules()))?;
                } else {
                    print(&overview::rendered(&account));
                }
                Ok(Outcome::Done)
            }
        }
    }
}

/// Makes a plan of a case, with a bar while it is measured.
pub(super) async fn make(
    engine: &Engine,
    case: Case,
    name: Option<String>,
) -> Result<PlanOutcome, EngineError> {
    let bar = progress("测算匹配度与丰富度", 0);
    let order = PlanOrder { name, source: PlanSource::Case(Box::new(case)) };
    let told = bar.clone();
    let go_on = move |measuring: Measuring| {
        told.set_length(measuring.total as u64);
        told.set_position(measuring.done as u64);
        true
    };
    let made = engine.make_plan(Viewer::Local, order, &go_on).await;
    bar.finish_and_clear();
    made
}

/// The files of a folder with their bytes, by name; folders in it and hidden files are passed
/// over.
fn files_of(folder: &Path) -> anyhow::Result<Vec<(String, Vec<u8>)>> {
    let at = |path: &Path, error: std::io::Error| anyhow::anyhow!("{}：{error}", path.display());
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder).map_err(|error| at(folder, error))? {
        let path = entry.map_err(|error| at(folder, error))?.path();
        let metadata = path.metadata().map_err(|error| at(&path, error))?;
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        if !metadata.is_file() || name.starts_with('.') {
            continue;
        }
        if metadata.len() > FILE_BYTES_MAX {
            let (found, most) = (metadata.len(), FILE_BYTES_MAX);
            anyhow::bail!("{}：有 {found} 字节，最多 {most} 字节", path.display());
        }
        files.push((name, std::fs::read(&path).map_err(|error| at(&path, error))?));
    }
    files.sort();
    Ok(files)
}
