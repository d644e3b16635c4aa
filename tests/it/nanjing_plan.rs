//! The Nanjing case as its office would plan it: what the document says of the programme is
//! reproduced, or contradicted in words.

use duijie::data::Data;
use duijie::engine::{
    Engine, ForkOutcome, Home, PlanDocument, PlanOrder, PlanOutcome, PlanSource, Viewer,
};
use duijie::programmes::hundred::{
    Change, Class, Level, Posting, Sent, check, coverage, register, sample_case, solve,
};
use duijie::programmes::rules::Verdict;
use tempfile::TempDir;
use tokio::sync::OnceCell;

/// The plan of the case in a home without needs and labs: fit comes from industries alone.
async fn planned() -> &'static (TempDir, Engine, PlanDocument) {
    static PLANNED: OnceCell<(TempDir, Engine, PlanDocument)> = OnceCell::const_new();
    let make = || async {
        let folder = TempDir::new().unwrap();
        let data = Data::embedded();
        let engine = Engine::open(&Home::new(folder.path()), &data).await.unwrap();
        let case = Box::new(sample_case(&data).unwrap());
        let order = PlanOrder { name: None, source: PlanSource::Case(case) };
        let PlanOutcome::Kept(head) =
            engine.make_plan(Viewer::Local, order, &|_| true).await.unwrap()
        else {
            panic!("the case has a plan")
        };
        let plan = engine.plan(Viewer::Local, &head.id.to_string()).await.unwrap();
        (folder, engine, plan)
    };
    PLANNED.get_or_init(make).await
}

async fn forked(change: Change) -> ForkOutcome {
    let (_, engine, plan) = planned().await;
    let id = plan.head.id.to_string();
    let (_, mut forks) = engine.what_if(Viewer::Local, &id, vec![vec![change]]).await.unwrap();
    forks.pop().unwrap().outcome
}

fn posting(commissioner: &str, institution: &str, batch: &str) -> Posting {
    Posting {
        commissioner: commissioner.to_owned(),
        institution: institution.to_owned(),
        batch: batch.to_owned(),
        renewed: Vec::new(),
    }
}

/// “所有985高校、重点双一流高校以及大院大所的全面对接” by a hundred commissioners: cannot be.
#[tokio::test]
async fn a_hundred_postings_do_not_cover_everything_and_the_plan_says_so() {
    let (_, _, plan) = planned().await;
    let (basis, postings) = (&plan.document.basis, &plan.document.plan.postings);
    assert_eq!(postings.len(), 100, "百名干部");
    let classes = coverage(basis, postings);
    let totals: Vec<_> = classes.iter().map(|own| (own.class, own.total)).collect();
    assert_eq!(totals[..2], [(Class::C985, 39), (Class::KeyDoubleFirstClass, 147)]);
    let first = &classes[0];
    for own in &classes {
        assert_eq!(own.covered() + own.uncovered.len(), own.total);
        assert_eq!(own.steps.len(), 4, "coverage after each batch");
        assert!(own.steps.is_sorted_by_key(|step| step.covered));
        assert_eq!(own.steps.last().unwrap().covered, own.covered());
    }
    // In the document's order: as good as all of the first class, most of the second.
    assert!(first.uncovered.len() < classes[1].uncovered.len());
    assert!(!classes[1].uncovered.is_empty() && !classes[2].uncovered.is_empty());
    // What of the first class stays open is open because nobody fits, not for want of people.
    for id in &first.uncovered {
        let least = basis.parameters.fit_min.value;
        let fits = basis.measured.fit.values().filter_map(|row| row.get(id));
        assert!(fits.into_iter().all(|fit| fit.value < least), "{id}");
    }
}

/// “第一批不安排已向南京市派出科技镇长团成员的高校院所”
#[tokio::test]
async fn who_has_sent_members_waits_for_the_second_batch() {
    let (_, _, plan) = planned().await;
    let basis = &plan.document.basis;
    let sent = basis.case.institutions.iter().filter(|own| own.sent == Sent::Yes);
    let sent: Vec<_> = sent.map(|own| own.id.as_str()).collect();
    assert_eq!(sent.len(), 5, "{sent:?}");
    let (first, second) = (&basis.case.batches[0].id, &basis.case.batches[1].id);
    let postings = &plan.document.plan.postings;
    assert!(
        !postings.iter().any(|own| own.batch == *first && sent.contains(&own.institution.as_str()))
    );
    let in_batch = |batch: &str| Change::Force(posting("c-020", "南京大学", batch));
    let ForkOutcome::Impossible(refusal) = forked(in_batch(first)).await else {
        panic!("南京大学 has sent members")
    };
    let rules: Vec<_> = refusal.conflict.iter().map(|own| own.rule).collect();
    assert!(rules.contains(&"H3") && rules.contains(&"case"), "{refusal:?}");
    assert!(refusal.conflict.iter().any(|own| own.text.contains("南京大学")), "{refusal:?}");
    let relaxation = refusal.relaxation.unwrap();
    assert!(matches!(relaxation.changes[..], [Change::Unforce { .. }]), "{relaxation:?}");
    assert!(matches!(forked(in_batch(second)).await, ForkOutcome::Plan { .. }));
}

/// Nobody has found out of most institutions: they are told, and not taken for “no”.
#[tokio::test]
async fn what_nobody_knows_is_listed_and_blocks_only_if_the_parameter_says_so() {
    let (_, _, plan) = planned().await;
    let basis = &plan.document.basis;
    let findings = check(basis, &plan.document.plan.postings);
    assert!(findings.iter().all(|own| !own.blocks));
    let unknown = findings.iter().filter(|own| own.rule == "H3" && own.verdict == Verdict::Unknown);
    assert!(unknown.count() > 0);
    // A part of the case: with the parameter set, whoever goes first decides where the others go.
    let mut part = basis.clone();
    part.parameters.set("unknown_sent_blocks", 1).unwrap();
    part.case.commissioners.truncate(16);
    part.case.institutions.retain(|own| own.classes.contains(&Class::C985));
    for batch in &mut part.case.batches {
        batch.places = Some(4);
    }
    let strict = solve(&part, &Level::ORDER, None).unwrap();
    let institutions = part.institutions();
    let first = strict.postings.iter().filter(|own| own.batch == part.case.batches[0].id);
    let hosts: Vec<_> = first.map(|own| institutions[own.institution.as_str()]).collect();
    assert_eq!(hosts.len(), 4);
    assert!(hosts.iter().all(|own| own.sent == Sent::No), "{hosts:?}");
}

/// “用三年时间”, “百名干部”, “与全国100家重点高校院所建立……合作关系”
#[tokio::test]
async fn numbers_of_the_document_stand_in_the_rules() {
    let (_, engine, plan) = planned().await;
    let basis = &plan.document.basis;
    assert_eq!(basis.deadline().to_string(), "2022-12-31");
    assert_eq!(basis.parameters.commissioners_max.value, 100);
    let known = register(basis, &plan.document.plan.postings, &[]);
    assert_eq!(known.target, 100);
    assert!(known.relationships.len() >= 100, "{}", known.relationships.len());
    let few = Change::Set { key: "commissioners_max".to_owned(), value: 40 };
    let ForkOutcome::Plan { plan: few, change, .. } = forked(few).await else {
        panic!("forty can go")
    };
    assert_eq!(few.postings.len(), 40);
    let decides = change.0.iter().find(|(_, value)| *value != 0).unwrap();
    assert!(decides.1 > 0, "fewer people are never better");
    let rule = engine.rules().rule("H1").unwrap().1;
    assert!(rule.text.contains("一百名"));
}
