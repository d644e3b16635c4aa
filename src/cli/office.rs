//! `duijie office add|list|import-parks`

use std::collections::HashMap;

use clap::Subcommand;
use serde_json::json;

use super::output::{print, print_json, table};
use super::{Global, Outcome};
use crate::engine::{NewOffice, OfficeChange, Viewer};
use crate::http::views;
use crate::model::{OfficeLevel, Refusal};

/// Offices read at once.
const PAGE: usize = 200;

/// 管理机构（市、区、园区）
#[derive(Debug, Subcommand)]
pub(super) enum Office {
    /// 新增机构
    Add {
        /// 名称；园区请与企业填写的园区名一致
        name: String,
        /// 层级：city（市）、district（区）、park（园区）
        #[arg(long, value_parser = parse_level)]
        level: OfficeLevel,
        /// 上级机构的编号；市没有
        #[arg(long, value_name = "ID")]
        parent: Option<String>,
        /// 编号；默认自动生成
        #[arg(long, value_name = "ID")]
        external_id: Option<String>,
        /// 别名，可重复
        #[arg(long = "alias", value_name = "NAME")]
        aliases: Vec<String>,
    },
    /// 列出机构
    List,
    /// 导入内置的南京市、区与园区；重复导入不会改变什么
    ImportParks,
}

fn parse_level(text: &str) -> Result<OfficeLevel, String> {
    text.parse().map_err(|refusal: Refusal| refusal.expected)
}

impl Office {
    pub(super) async fn run(self, global: &Global) -> anyhow::Result<Outcome> {
        let engine = global.engine_as_it_is().await?;
        match self {
            Self::Add { name, level, parent, external_id, aliases } => {
                let to = OfficeChange { name, parent, aliases };
                let new = NewOffice { external_id, level, to };
                let record = engine.create_office(Viewer::Local, new).await?;
                match views::office(&record) {
                    Some(office) if global.json => print_json(&office)?,
                    _ => print(&format!("已新增，编号 {}", record.meta.external_id)),
                }
            }
            Self::List => {
                let (mut offices, mut after) = (Vec::new(), None);
                loop {
                    let (page, more) = engine.list_offices(Viewer::Local, after, PAGE).await?;
                    after = page.last().map(|record| record.meta.id);
                    offices.extend(page.iter().filter_map(views::office));
                    if !more {
                        break;
                    }
                }
                list(global, &offices)?;
            }
            Self::ImportParks => {
                let report = engine.import_parks(Viewer::Local, &global.data()).await?;
                let (created, updated) = (report.created, report.updated);
                let unchanged = report.unchanged;
                if global.json {
                    let report =
                        json!({"created": created, "updated": updated, "unchanged": unchanged});
                    print_json(&report)?;
                } else {
                    print(&format!("新增 {created}，更新 {updated}，未变 {unchanged}"));
                }
            }
        }
        Ok(Outcome::Done)
    }
}

fn list(global: &Global, offices: &[views::Office]) -> anyhow::Result<()> {
    if global.json {
        return print_json(&json!({"offices": offices}));
    }
    let names: HashMap<&str, &str> =
        offices.iter().map(|office| (office.common.id.as_str(), office.name.as_str())).collect();
    let mut rows = table(&["编号", "层级", "名称", "上级"]);
    for office in offices {
        let parent = office.parent_id.as_deref().and_then(|id| names.get(id).copied());
        let cells = [
            office.common.external_id.as_str(),
            office.level_label,
            &office.name,
            parent.unwrap_or("—"),
        ];
        rows.add_row(cells);
    }
    print(&rows.to_string());
    Ok(())
}
