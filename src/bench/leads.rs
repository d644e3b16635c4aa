//! Many people at work on leads over HTTP: whether nothing is lost or done twice, and how long a
//! write takes beside one sync of the disk.
//!
//! Each writer makes leads, takes them to and fro, writes down activities, and plans leads that
//! all share, where most changes meet a conflict and are made anew. At the end every change that
//! was acknowledged must stand in the history at its own revision, and nothing else.

use std::collections::{BTreeMap, BTreeSet};
use std::net::SocketAddr;
use std::path::Path;
use std::time::{Duration, Instant};

use hyper::Method;
use serde_json::{Value, json};
use tokio::task::JoinSet;

use super::client::Client;
use super::service::Service;
use super::write::time_syncs;
use super::{BenchError, Times, world};
use crate::data::Data;
use crate::engine::{ActivityQuery, Engine, HISTORY_LIMIT_MAX, LIST_LIMIT_MAX, Viewer};
use crate::model::{Body, Kind, RecordId};

/// Labs, with each of which a writer's need has a lead for each resource.
const LABS: usize = 100;
const RESOURCES: [&str; 4] = ["achievement", "talent", "graduate", "instrument"];
/// Leads that all writers change.
const SHARED: usize = 20;

/// How [`bench_leads`] measures.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LeadsOptions {
    /// Connections that write at the same time, each one thing after the other.
    pub writers: usize,
    /// For so long.
    pub duration: Duration,
}

/// 线索写入: what was measured and found.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct LeadsFigures {
    /// Writes that were acknowledged.
    pub writes: usize,
    /// The same in a second.
    pub per_s: f64,
    /// Changes that met a conflict and were made anew.
    pub conflicts: usize,
    /// Leads made.
    pub leads: usize,
    /// From the request to its answer.
    pub writes_took: Times,
    /// Appending a page to a file in the same folder and syncing it, before the writing.
    pub syncs_took: Times,
    /// Acknowledged changes that are not in the history at their revision.
    pub lost: usize,
    /// Entries of the audit log under seals that were recomputed.
    pub log_entries: u64,
    /// Whether all of them are right.
    pub log_is_right: bool,
    /// Revisions, leads and activities that nobody was told of, or that are there twice.
    pub surplus: usize,
}

/// What a writer was told, and how long it took.
#[derive(Debug, Default)]
struct Told {
    /// Notes by lead and revision.
    changes: Vec<(RecordId, u64, String)>,
    activities: Vec<String>,
    leads: usize,
    conflicts: usize,
    took: Vec<Duration>,
}

/// Serves a new home in `folder` and lets writers work on its leads.
///
/// # Errors
/// If the folder cannot be written, or a request is answered as it should not be.
pub async fn bench_leads(
    folder: &Path,
    data: &Data,
    options: LeadsOptions,
) -> Result<LeadsFigures, BenchError> {
    let syncs_took = time_syncs(&folder.join("sync")).map_err(|e| world::file_error(folder, e))?;
    let service = Service::start(folder, data).await?;
    let mut told = prepare(&service, options.writers).await?;
    let shared: Vec<RecordId> = told.changes.iter().map(|(lead, ..)| *lead).collect();
    let began = Instant::now();
    let mut writers = JoinSet::new();
    for writer in 0..options.writers {
        let (addr, shared) = (service.addr, shared.clone());
        let until = began + options.duration;
        writers
            .spawn(async move { Writer::connect(addr, writer).await?.work(&shared, until).await });
    }
    while let Some(writer) = writers.join_next().await {
        let one = writer.map_err(|e| BenchError::http("writer", &e))??;
        told.changes.extend(one.changes);
        told.activities.extend(one.activities);
        told.took.extend(one.took);
        told.leads += one.leads;
        told.conflicts += one.conflicts;
    }
    let seconds = began.elapsed().as_secs_f64();
    let (lost, surplus) = verify(&service.engine, &told).await?;
    while service.engine.seal_log().await?.waiting > 0 {}
    let log = service.engine.verify_log(Viewer::Local, None, |_, _| {}).await?;
    service.stop().await?;
    let writes = told.took.len();
    Ok(LeadsFigures {
        writes,
        per_s: writes as f64 / seconds,
        conflicts: told.conflicts,
        leads: told.leads,
        writes_took: Times::of(told.took),
        syncs_took,
        lost,
        surplus,
        log_entries: log.rows,
        log_is_right: log.mismatch.is_none(),
    })
}

/// A firm with a need for each writer, labs, and the leads that all share.
async fn prepare(service: &Service, writers: usize) -> Result<Told, BenchError> {
    let make = async |kind: Kind, object: Value| {
        service.engine.create_from_json(Viewer::Local, kind, &object.to_string(), None).await
    };
    make(Kind::Enterprise, json!({"external_id": "firm", "name": "甲公司"})).await?;
    for lab in 0..LABS {
        let name = format!("第{lab}实验室");
        make(Kind::Lab, json!({"external_id": format!("lab-{lab}"), "name": name})).await?;
    }
    for need in (0..writers).map(|writer| format!("need-{writer}")).chain(["shared".to_owned()]) {
        let title = format!("需求{need}");
        let new = json!({"external_id": need, "enterprise_id": "firm", "title": title});
        make(Kind::Need, new).await?;
    }
    let mut writer = Writer::connect(service.addr, writers).await?;
    for lab in 0..SHARED {
        writer.make("shared", lab, RESOURCES[0]).await?;
    }
    Ok(Told { took: Vec::new(), ..writer.told })
}

/// Somebody at work.
struct Writer {
    client: Client,
    /// Number of the writer, from 0.
    number: usize,
    told: Told,
}

impl Writer {
    async fn connect(addr: SocketAddr, number: usize) -> Result<Self, BenchError> {
        Ok(Self { client: Client::connect(addr).await?, number, told: Told::default() })
    }

    async fn work(mut self, shared: &[RecordId], until: Instant) -> Result<Told, BenchError> {
        let need = format!("need-{}", self.number);
        let mut pairs = (0..LABS).flat_map(|lab| RESOURCES.map(|resource| (lab, resource)));
        let mut own: Option<(RecordId, u64)> = None;
        for turn in self.number.. {
            if Instant::now() >= until {
                break;
            }
            match (turn % 4, own) {
                (0, _) | (_, None) => match pairs.next() {
                    Some((lab, resource)) => own = Some(self.make(&need, lab, resource).await?),
                    None => self.activity(shared[turn % shared.len()]).await?,
                },
                (1, Some((lead, revision))) => own = Some(self.step(lead, revision).await?),
                (2, Some((lead, _))) => self.activity(lead).await?,
                _ => self.plan(shared[turn % shared.len()]).await?,
            }
        }
        Ok(self.told)
    }

    /// What nobody else says.
    fn note(&self) -> String {
        format!("第{}人第{}次", self.number, self.told.took.len())
    }

    /// Makes a lead, under a name of the request.
    async fn make(
        &mut self,
        need: &str,
        lab: usize,
        resource: &str,
    ) -> Result<(RecordId, u64), BenchError> {
        let note = self.note();
        let new =
            json!({"need": need, "lab": format!("lab-{lab}"), "resource": resource, "note": note});
        let key = format!("{need}-{lab}-{resource}");
        let headers = [("idempotency-key", key.as_str())];
        let (status, lead) = self.write(Method::POST, "/api/v1/leads", &headers, &new).await?;
        expect(status, 201, &lead)?;
        self.told.leads += 1;
        self.changed(&lead, note)
    }

    /// Takes an own lead to and fro between its first two states.
    async fn step(&mut self, lead: RecordId, revision: u64) -> Result<(RecordId, u64), BenchError> {
        let note = self.note();
        let to = if revision % 2 == 1 { "screened" } else { "found" };
        let tag = format!("\"{revision}\"");
        let path = format!("/api/v1/leads/{lead}/transitions");
        let step = json!({"to": to, "note": note});
        let headers = [("if-match", tag.as_str())];
        let (status, lead) = self.write(Method::POST, &path, &headers, &step).await?;
        expect(status, 200, &lead)?;
        self.changed(&lead, note)
    }

    /// Plans a lead that all share, as often as somebody else was quicker.
    async fn plan(&mut self, lead: RecordId) -> Result<(), BenchError> {
        let path = format!("/api/v1/leads/{lead}");
        loop {
            let (status, body) = self.client.get(&path).await?;
            let read: Value = serde_json::from_slice(&body).unwrap_or_default();
            expect(status, 200, &read)?;
            let note = self.note();
            let tag = format!("\"{}\"", read["revision"]);
            let plan = json!({"note": note, "due_on": "2026-12-31"});
            let headers = [("if-match", tag.as_str())];
            let (status, lead) = self.write(Method::PUT, &path, &headers, &plan).await?;
            if status == 412 {
                self.told.took.pop();
                self.told.conflicts += 1;
                continue;
            }
            expect(status, 200, &lead)?;
            self.changed(&lead, note)?;
            return Ok(());
        }
    }

    async fn activity(&mut self, lead: RecordId) -> Result<(), BenchError> {
        let note = self.note();
        let path = format!("/api/v1/leads/{lead}/activities");
        let new = json!({"kind": "call", "role": "sower", "text": note});
        let (status, made) = self.write(Method::POST, &path, &[], &new).await?;
        expect(status, 201, &made)?;
        self.told.activities.push(note);
        Ok(())
    }

    async fn write(
        &mut self,
        method: Method,
        path: &str,
        headers: &[(&str, &str)],
        body: &Value,
    ) -> Result<(u16, Value), BenchError> {
        let began = Instant::now();
        let (status, answer) = self.client.send(method, path, headers, &body.to_string()).await?;
        self.told.took.push(began.elapsed());
        Ok((status, serde_json::from_slice(&answer).unwrap_or_default()))
    }

    /// Takes note of an acknowledged change.
    fn changed(&mut self, lead: &Value, note: String) -> Result<(RecordId, u64), BenchError> {
        let id = lead["id"].as_str().and_then(|id| id.parse().ok());
        let told = id.zip(lead["revision"].as_u64());
        let (id, revision) = told.ok_or_else(|| BenchError::http("a lead", lead))?;
        self.told.changes.push((id, revision, note));
        Ok((id, revision))
    }
}

fn expect(status: u16, wanted: u16, answer: &Value) -> Result<(), BenchError> {
    if status == wanted { Ok(()) } else { Err(BenchError::http(&status.to_string(), answer)) }
}

/// How many acknowledged changes are lost, and how many are there that nobody was told of.
async fn verify(engine: &Engine, told: &Told) -> Result<(usize, usize), BenchError> {
    let (mut lost, mut surplus) = (0, 0);
    let mut by_lead: BTreeMap<RecordId, BTreeMap<u64, &str>> = BTreeMap::new();
    for (lead, revision, note) in &told.changes {
        // Two changes that were told the same revision: one of them is lost.
        let former = by_lead.entry(*lead).or_default().insert(*revision, note);
        lost += usize::from(former.is_some());
    }
    for (lead, changes) in &by_lead {
        let mut after = 0;
        let mut found = 0;
        loop {
            let name = lead.to_string();
            let page = engine.lead_history(Viewer::Local, &name, after, HISTORY_LIMIT_MAX).await?;
            let (steps, more) = page;
            for step in &steps {
                found += 1;
                after = step.revision;
                match changes.get(&step.revision) {
                    Some(note) if *note == step.lead.note => {}
                    Some(_) => lost += 1,
                    None => surplus += 1,
                }
            }
            if !more {
                break;
            }
        }
        lost += changes.len().saturating_sub(found);
    }
    let leads = usize::try_from(engine.count_records(Kind::Lead).await?).unwrap_or(usize::MAX);
    surplus += leads.abs_diff(by_lead.len());
    let mut wanted: BTreeSet<&str> = told.activities.iter().map(String::as_str).collect();
    let mut after = None;
    loop {
        let query = ActivityQuery::default();
        let page = engine.list_activities(Viewer::Local, query, after, LIST_LIMIT_MAX).await?;
        let (records, more) = page;
        for record in &records {
            let known =
                matches!(&record.body, Body::Activity(body) if wanted.remove(body.text.as_str()));
            surplus += usize::from(!known);
        }
        after = records.last().map(|record| record.meta.id);
        if !more {
            break;
        }
    }
    Ok((lost + wanted.len(), surplus))
}
