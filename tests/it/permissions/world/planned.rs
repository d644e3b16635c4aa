//! Plans of the world, made by the engine: drafts, one in force, one that it has superseded, their
//! postings, what was done on these, and a job that says why a case is impossible.

use duijie::engine::{NewActivity, PlanOrder, PlanOutcome, PlanSource, Viewer};
use duijie::model::{ActivityKind, CommissionerRole, Kind, RecordId, Role, Visibility};
use duijie::programmes::hundred::{
    Batch, Case, Change, Class, Commissioner, HostInstitution, Sent,
};

use super::super::oracle::Level;
use super::{Fact, Mark, World};

/// A district whose leading industries have what serves them among the disciplines below.
const DISTRICT: &str = "江宁区";
const DISCIPLINES: [&str; 3] = ["机械工程", "药学", "电气工程"];

pub(super) async fn plans(world: &mut World) {
    let office = world.of_role(Role::Office)[0];
    // In force, then superseded by the one that repairs it.
    let (case, marks) = case(world);
    let who = case.commissioners[0].id.clone();
    let first = make(world, office, PlanSource::Case(Box::new(case)), marks).await;
    world.engine.publish_plan(office, &first.to_string(), None).await.unwrap();
    let from = |plan: RecordId, change: Change, repair: bool| PlanSource::Plan {
        plan: plan.to_string(),
        changes: vec![change],
        repair,
    };
    let leaves = from(first, Change::RemoveCommissioner(who), true);
    let second = make(world, office, leaves, Vec::new()).await;
    world.engine.publish_plan(office, &second.to_string(), None).await.unwrap();
    // Drafts: of the same case, and of another one.
    let added = world.new_mark();
    let more = Change::AddCommissioner(commissioner(added.clone(), "甲一园"));
    make(world, office, from(second, more, false), vec![added]).await;
    let (other, marks) = self::case(world);
    make(world, office, PlanSource::Case(Box::new(other)), marks).await;
    for plan in [first, second] {
        world.facts.get_mut(&plan).unwrap().visibility = Visibility::Public;
        let postings = world.engine.list_postings(Viewer::Local, Some(&plan.to_string())).await;
        let postings = postings.unwrap();
        assert!(!postings.is_empty(), "a plan without postings shows nothing");
        for posting in postings {
            let visibility = Visibility::Public;
            let fact = Fact { kind: Kind::Posting, visibility, body: posting.body, by: None };
            world.know(posting.meta.id, fact, Vec::new());
        }
    }
    activities(world).await;
    refusal(world, office).await;
}

fn commissioner(id: String, park: &str) -> Commissioner {
    let (district, park) = (Some(DISTRICT.to_owned()), Some(park.to_owned()));
    Commissioner { id, district, park, batches: Vec::new(), load: 1 }
}

/// A case of the institutions that everybody may know, and of some that are in no record.
fn case(world: &mut World) -> (Case, Vec<String>) {
    let mut marks: Vec<String> = (0..9).map(|_| world.new_mark()).collect();
    let name = marks.pop().unwrap();
    let public = world.public_institutions();
    let host = |id: String, idx: usize| HostInstitution {
        id,
        classes: vec![Class::C985],
        city: "南京".to_owned(),
        sent: Sent::No,
        distance_km: None,
        disciplines: vec![DISCIPLINES[idx % DISCIPLINES.len()].to_owned()],
        key_labs: Vec::new(),
        richness: None,
    };
    let hosts = public.into_iter().chain(marks[..4].iter().cloned()).zip(0..);
    let parks = ["甲一园", "甲二园", "乙一园", "无名园"];
    let people = marks[4..].iter().cloned().zip(parks);
    let case = Case {
        name: name.clone(),
        start: "2025-12".parse().unwrap(),
        batches: vec![Batch {
            id: "b1".to_owned(),
            name: "第一批".to_owned(),
            start: "2026-01".parse().unwrap(),
            end: "2026-12".parse().unwrap(),
            places: None,
        }],
        commissioners: people.map(|(id, park)| commissioner(id, park)).collect(),
        institutions: hosts.map(|(id, idx)| host(id, idx)).collect(),
        ties: Vec::new(),
        forced: Vec::new(),
        forbidden: Vec::new(),
        required: Vec::new(),
        published: Vec::new(),
        parameters: Vec::new(),
    };
    marks.push(name);
    assert_eq!(case.faults(), []);
    (case, marks)
}

/// A draft whose text has these marks and a name of its own.
async fn make(
    world: &mut World,
    office: Viewer,
    source: PlanSource,
    mut marks: Vec<String>,
) -> RecordId {
    let name = world.new_mark();
    marks.push(name.clone());
    let order = PlanOrder { name: Some(name), source };
    let made = world.engine.make_plan(office, order, &|_| true).await.unwrap();
    let PlanOutcome::Kept(head) = made else { panic!("{made:?}") };
    let record = world.engine.find_record(Viewer::Local, Kind::Plan, &head.id.to_string()).await;
    let (body, visibility) = (record.unwrap().body, Visibility::Private);
    let fact = Fact { kind: Kind::Plan, visibility, body, by: None };
    world.know(head.id, fact, marks);
    head.id
}

/// Every commissioner has done something on a posting.
async fn activities(world: &mut World) {
    let postings = world.of_kind(Kind::Posting);
    for (viewer, posting) in world.of_role(Role::Commissioner).into_iter().zip(postings) {
        let text = world.new_mark();
        let new = NewActivity {
            lead: None,
            posting: Some(posting.to_string()),
            kind: ActivityKind::Promotion,
            role: Some(CommissionerRole::Publicist),
            on: None,
            place: String::new(),
            text: text.clone(),
        };
        let made = world.engine.create_activity(viewer, new, None).await.unwrap();
        let (kind, visibility) = (Kind::Activity, Visibility::Private);
        let fact = Fact { kind, visibility, body: made.body, by: viewer.identity() };
        world.know(made.meta.id, fact, vec![text]);
    }
}

/// A job that tells its owner why there is no plan; nothing of its case is kept.
async fn refusal(world: &mut World, office: Viewer) {
    let (mut case, marks) = case(world);
    case.forced = vec![duijie::programmes::hundred::Posting {
        commissioner: case.commissioners[0].id.clone(),
        institution: case.institutions[0].id.clone(),
        batch: "b1".to_owned(),
        renewed: Vec::new(),
    }];
    case.forbidden =
        vec![(case.forced[0].commissioner.clone(), case.forced[0].institution.clone())];
    let order = PlanOrder { name: None, source: PlanSource::Case(Box::new(case)) };
    let job = world.engine.begin_plan(office, order, None).await.unwrap().id;
    let mut status = world.engine.watch_job(office, &job.to_string()).unwrap();
    let status = status.wait_for(|status| status.state.has_ended()).await.unwrap().clone();
    assert!(format!("{status:?}").contains(&marks[4]), "it names the commissioner: {status:?}");
    world.jobs.push(job);
    for text in marks {
        world.add_mark(Mark { text, of: job, level: Level::Full, owner: Some(office) });
    }
}
