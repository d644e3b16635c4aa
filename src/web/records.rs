//! Labs, achievements, institutions and firms, one by one: what is known, and what belongs to it.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, State};

use super::page::{Page, page};
use super::shell::{Frame, Shell};
use crate::engine::{Engine, RecordView, Viewer};
use crate::http::{App, Problem};
use crate::model::{Alias, Body, Kind, RecordId};

/// Records of another kind that are listed beside one.
const LISTED_MAX: usize = 50;

#[derive(Template)]
#[template(path = "record.html")]
struct RecordPage {
    frame: Frame,
    kind: &'static str,
    kind_label: &'static str,
    title: String,
    tags: Vec<String>,
    facts: Vec<Fact>,
    texts: Vec<(&'static str, String)>,
    listings: Vec<Listing>,
    actions: Vec<(String, &'static str)>,
    updated: String,
    source: String,
    source_url: String,
}

/// What is known, by name; where it leads, if anywhere.
struct Fact {
    name: &'static str,
    value: String,
    address: Option<String>,
}

/// What belongs to a record.
struct Listing {
    heading: &'static str,
    entries: Vec<Entry>,
    /// There are more than are listed.
    more: bool,
    /// What to say where there is nothing.
    nothing: &'static str,
}

struct Entry {
    address: String,
    title: String,
    note: String,
}

/// What of a record is its kind's own.
#[derive(Default)]
struct Own {
    tags: Vec<String>,
    facts: Vec<Fact>,
    texts: Vec<(&'static str, String)>,
    listings: Vec<Listing>,
    actions: Vec<(String, &'static str)>,
}

/// Where the page of a record is.
pub(super) fn address_of(kind: Kind, id: RecordId) -> String {
    format!("/{}s/{id}", kind.as_str())
}

/// A lab.
pub(super) async fn lab(app: State<Arc<App>>, shell: Shell, name: Path<String>) -> Page {
    show(app, shell, Kind::Lab, name).await
}

/// An achievement.
pub(super) async fn achievement(app: State<Arc<App>>, shell: Shell, name: Path<String>) -> Page {
    show(app, shell, Kind::Achievement, name).await
}

/// An institution.
pub(super) async fn institution(app: State<Arc<App>>, shell: Shell, name: Path<String>) -> Page {
    show(app, shell, Kind::Institution, name).await
}

/// A firm.
pub(super) async fn enterprise(app: State<Arc<App>>, shell: Shell, name: Path<String>) -> Page {
    show(app, shell, Kind::Enterprise, name).await
}

async fn show(
    State(app): State<Arc<App>>,
    shell: Shell,
    kind: Kind,
    Path(name): Path<String>,
) -> Page {
    let viewer = shell.caller.viewer;
    let record = app.engine.find_record(viewer, kind, &name).await?;
    let reader = Reader { engine: &app.engine, viewer };
    let own = reader.own(&record).await?;
    page(&RecordPage {
        frame: shell.frame,
        kind: kind.as_str(),
        kind_label: kind.label(),
        title: record.body.title().to_owned(),
        tags: own.tags,
        facts: own.facts,
        texts: own.texts,
        listings: own.listings,
        actions: own.actions,
        updated: record.meta.updated_at.in_china(),
        source: record.meta.source,
        source_url: record.meta.provenance.source_url,
    })
}

/// Reads on behalf of somebody.
struct Reader<'a> {
    engine: &'a Engine,
    viewer: Viewer,
}

impl Reader<'_> {
    async fn own(&self, record: &RecordView) -> Result<Own, Problem> {
        let id = record.meta.id;
        let mut own = Own::default();
        match &record.body {
            Body::Lab(body) => {
                own.tags.push(body.kind.label().to_owned());
                own.tags.extend(body.areas.iter().map(|area| area.name.clone()));
                own.facts =
                    self.linked("依托单位", Kind::Institution, &body.institution_ids).await?;
                own.facts.extend(fact("联系方式", &body.contact));
                let until = body.expires_on.map(|date| date.to_string()).unwrap_or_default();
                own.facts.extend(fact("建设期至", &until));
                own.facts.extend(aliases(&body.aliases));
                own.texts.push(("研究方向与条件", body.profile.clone()));
                own.listings.push(self.listing("成果", Kind::Achievement, (Kind::Lab, id)).await?);
            }
            Body::Achievement(body) => {
                own.tags.push(body.kind.label().to_owned());
                own.facts = self.linked("所属实验室", Kind::Lab, &body.lab_ids).await?;
                let date = body.date.map(|date| date.to_string()).unwrap_or_default();
                own.facts.extend(fact("时间", &date));
                let maturity = body.maturity.map(|level| format!("{} 级", level.get()));
                own.facts.extend(fact("技术成熟度", &maturity.unwrap_or_default()));
                let modes: Vec<_> = body.modes.iter().map(|mode| mode.label()).collect();
                own.facts.extend(fact("合作方式", &modes.join("、")));
                own.facts.extend(fact("关键词", &body.keywords.join("、")));
                own.facts.extend(fact("知识产权", &body.rights));
                own.texts.push(("摘要", body.summary.clone()));
            }
            Body::Institution(body) => {
                own.tags.push(body.kind.label().to_owned());
                own.tags.extend(body.classes.iter().map(|class| class.label().to_owned()));
                own.facts.extend(fact("所在地", &format!("{}{}", body.province, body.city)));
                own.facts.extend(fact("网址", &body.website));
                own.facts.extend(aliases(&body.aliases));
                own.listings
                    .push(self.listing("实验室", Kind::Lab, (Kind::Institution, id)).await?);
            }
            Body::Enterprise(body) => {
                own.tags.extend(body.industry.as_ref().map(|industry| industry.name.clone()));
                own.facts.extend(fact("所在地", &format!("{}{}", body.province, body.city)));
                own.facts.extend(fact("园区", &body.park));
                own.facts.extend(fact("联系方式", &body.contact));
                own.facts.extend(aliases(&body.aliases));
                own.listings.push(self.listing("需求", Kind::Need, (Kind::Enterprise, id)).await?);
            }
            _ => {}
        }
        own.texts.retain(|(_, text)| !text.trim().is_empty());
        Ok(own)
    }

    /// Records by their ids, as facts that lead to them.
    async fn linked(
        &self,
        name: &'static str,
        kind: Kind,
        ids: &[RecordId],
    ) -> Result<Vec<Fact>, Problem> {
        let mut facts = Vec::with_capacity(ids.len());
        for id in ids {
            let found = self.engine.find_record(self.viewer, kind, &id.to_string()).await?;
            facts.push(Fact {
                name,
                value: found.body.title().to_owned(),
                address: Some(address_of(kind, *id)),
            });
        }
        Ok(facts)
    }

    async fn listing(
        &self,
        heading: &'static str,
        kind: Kind,
        to: (Kind, RecordId),
    ) -> Result<Listing, Problem> {
        let listed = self.engine.list_naming(self.viewer, kind, to, None, LISTED_MAX).await;
        let (records, more) = listed?;
        let entries = records.iter().map(|record| Entry {
            address: address_of(kind, record.meta.id),
            title: record.body.title().to_owned(),
            note: match &record.body {
                Body::Achievement(body) => {
                    let date = body.date.map(|date| date.to_string()).unwrap_or_default();
                    format!("{} {date}", body.kind.label())
                }
                Body::Lab(body) => body.kind.label().to_owned(),
                _ => String::new(),
            },
        });
        let nothing = match kind {
            Kind::Need => "没有您可以看到的需求",
            _ => "没有登记",
        };
        Ok(Listing { heading, entries: entries.collect(), more, nothing })
    }
}

fn fact(name: &'static str, value: &str) -> Option<Fact> {
    let value = value.trim();
    (!value.is_empty()).then(|| Fact { name, value: value.to_owned(), address: None })
}

fn aliases(aliases: &[Alias]) -> Option<Fact> {
    let names: Vec<_> = aliases.iter().map(|alias| alias.name.as_str()).collect();
    fact("又名", &names.join("、"))
}
