//! `duijie plan demo`: from nothing to a plan of Nanjing, why it is so, and what if it were not.

use std::time::{Duration, Instant};

use super::{forks, overview, solve, why};
use crate::cli::demo::sample_engine;
use crate::cli::output::{print, say};
use crate::cli::{Global, Outcome};
use crate::engine::{PlanAccount, PlanOutcome, Viewer};
use crate::programmes::hundred::{self, Change, Explanation, Level, Posting, Sent, sample_case};

/// Postings that are explained.
const EXPLAINED: usize = 2;

pub(super) async fn run(global: &Global) -> anyhow::Result<Outcome> {
    if global.json {
        say("plan demo 只有给人看的输出，没有 --json");
        return Ok(Outcome::WrongUsage);
    }
    let case = sample_case(&global.data())?;
    let (engine, temporary) = sample_engine(global).await?;
    let began = Instant::now();
    let made = solve::make(&engine, case, None).await?;
    let making = began.elapsed();
    let PlanOutcome::Kept(head) = made else { anyhow::bail!("示例案例没有可行的计划") };
    let plan = head.id.to_string();
    let began = Instant::now();
    let account = engine.explain_plan(Viewer::Local, &plan).await?;
    let explaining = began.elapsed();
    print(&overview::rendered(&account));

    let shown = chosen(&account);
    for own in &shown {
        print(&format!("\n{}", why::explained(&account, own)));
    }

    print("\n如果（duijie plan what-if，不保存）");
    let began = Instant::now();
    let wish = shown.first().and_then(|own| wish(own)).into_iter().collect();
    let (document, possible) = engine.what_if(Viewer::Local, &plan, vec![wish]).await?;
    let forking = began.elapsed();
    let (_, barred) = engine.what_if(Viewer::Local, &plan, vec![barred(&account)]).await?;
    print(&forks::rendered(&document, &[possible, barred].concat()));

    let document = document.document.clone();
    let solving = tokio::task::spawn_blocking(move || {
        let began = Instant::now();
        hundred::solve(&document.basis, &Level::ORDER, None).map(|_| began.elapsed())
    });
    let solving = solving.await??;
    print(&format!(
        "\n用时　测算、求解、核验并保存 {}（其中求解 {}）；说明全部派驻及备选 {}；一种假设 {}",
        seconds(making),
        seconds(solving),
        seconds(explaining),
        seconds(forking),
    ));
    // Before its folder goes.
    engine.close().await;
    drop(temporary);
    Ok(Outcome::Done)
}

fn seconds(took: Duration) -> String {
    format!("{:.2} 秒", took.as_secs_f64())
}

/// The postings whose next best would cost most, one for each home.
fn chosen(account: &PlanAccount) -> Vec<&Explanation> {
    let regret = |own: &&Explanation| own.alternatives.first().map(|other| other.regret.clone());
    let mut all: Vec<&Explanation> = account.explanations.iter().collect();
    all.sort_by_key(|own| std::cmp::Reverse(regret(own)));
    let homes = account.plan.document.basis.commissioners();
    let home =
        |own: &Explanation| homes.get(own.posting.commissioner.as_str()).map(|own| own.home());
    let mut shown: Vec<&Explanation> = Vec::new();
    for own in all {
        if shown.len() < EXPLAINED && shown.iter().all(|other| home(other) != home(own)) {
            shown.push(own);
        }
    }
    shown
}

/// That somebody goes to their next best: what it costs is the regret that was told.
fn wish(own: &Explanation) -> Option<Change> {
    let institution = own.alternatives.first()?.institution.clone();
    Some(force(&own.posting.commissioner, &institution, ""))
}

/// That somebody goes in the first batch to where members of a 科技镇长团 have come from.
fn barred(account: &PlanAccount) -> Vec<Change> {
    let case = &account.plan.document.basis.case;
    let host = case.institutions.iter().find(|own| own.sent == Sent::Yes);
    let (who, batch) = (case.commissioners.first(), case.batches.first());
    let change = host.zip(who).zip(batch);
    change.map(|((host, who), batch)| force(&who.id, &host.id, &batch.id)).into_iter().collect()
}

fn force(commissioner: &str, institution: &str, batch: &str) -> Change {
    let [commissioner, institution, batch] = [commissioner, institution, batch].map(str::to_owned);
    Change::Force(Posting { commissioner, institution, batch, renewed: Vec::new() })
}
