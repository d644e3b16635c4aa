//! The Nanjing case as its office would plan it: what the document says of the programme is
//! reproduced, or contradicted in words.

use duijie::data::Data;
use duijie::engine::{Engine, Home, PlanDocument, PlanOrder, PlanOutcome, PlanSource, Viewer};
use duijie::programmes::hundred::{
    Case, Change, Class, Posting, Sent, coverage, sample_case,
};
use duijie::programmes::rules::Verdict;
use tempfile::TempDir;

/// A home without needs and labs: fit comes from industries alone.
async fn engine() -> (TempDir, Engine) {
    let folder = TempDir::new().unwrap();
    let engine = Engine::open(&Home::new(folder.path()), &Data::embedded()).await.unwrap();
    (folder, engine)
}

fn case() -> Case {
    sample_case(&Data::embedded()).unwrap()
}

async fn made(engine: &Engine, source: PlanSource) -> PlanOutcome {
    let order = PlanOrder { name: None, source };
    engine.make_plan(Viewer::Local, order, &|_| true).await.unwrap()
}

async fn kept(engine: &Engine, source: PlanSource) -> PlanDocument {
    match made(engine, source).await {
        PlanOutcome::Kept(head) => engine.plan(Viewer::Local, &head.id.to_string()).await.unwrap(),
        PlanOutcome::Impossible(refusal) => panic!("{refusal:?}"),
    }
}

#[tokio::test]
async fn look() {
    let (_folder, engine) = engine().await;
    let t = std::time::Instant::now();
    let plan = kept(&engine, PlanSource::Case(Box::new(case()))).await;
    eprintln!("solve {:?} {}", t.elapsed(), plan.document.text().unwrap().len());
    eprintln!("{:?} {:?}", plan.document.plan.status, plan.document.plan.objective);
    let id = plan.head.id.to_string();
    for c in coverage(&plan.document.basis, &plan.document.plan.postings) {
        eprintln!("{:?} {} sent {} tie {} posting {} {:?} uncovered {}", c.class, c.total, c.by_sent, c.by_tie, c.by_posting, c.steps, c.uncovered.len());
    }
    let t = std::time::Instant::now();
    let account = engine.explain_plan(Viewer::Local, &id).await.unwrap();
    eprintln!("explain {:?}", t.elapsed());
    eprintln!("{:#?}", &account.explanations[..2]);
    eprintln!("{:?}", account.idle);
    let t = std::time::Instant::now();
    let (_, forks) = engine.what_if(Viewer::Local, &id, vec![vec![Change::RemoveCommissioner("c-010".to_owned())]]).await.unwrap();
    eprintln!("fork {:?} {:?}", t.elapsed(), forks);
}
