//! What if: up to three forks of a plan beside it. Nothing is kept, so the address says it all and
//! can be sent to a colleague; whoever likes a fork has a draft made of it.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, RawQuery, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect};

use super::jobs::Refusal;
use super::list::once;
use super::wishes::{Wishes, names};
use super::words::{difference, signed};
use crate::engine::{Fork, PlanDocument, PlanOrder, PlanSource};
use crate::http::{App, Params, Problem, ProblemCode, views};
use crate::model::RecordId;
use crate::programmes::hundred::{Change, Level, coverage};
use crate::web::form::Form;
use crate::web::page::{Page, page, page_of};
use crate::web::shell::{Frame, Shell};

#[derive(Template)]
#[template(path = "plans/what_if.html")]
struct WhatIfPage {
    frame: Frame,
    plan: views::PlanHead,
    wishes: Vec<Wishes>,
    commissioners: Vec<(String, String)>,
    institutions: Vec<String>,
    batches: Vec<(String, String)>,
    parameters: Vec<Parameter>,
    problem: Option<String>,
    /// What it comes to, if something was asked for.
    told: Option<Comparison>,
}

struct Parameter {
    key: &'static str,
    text: String,
    value: u32,
    min: u32,
    max: u32,
}

/// The plan and its forks side by side.
struct Comparison {
    rows: Vec<CompareRow>,
    forks: Vec<ForkTold>,
}

/// A figure of the plan and of each fork.
struct CompareRow {
    name: String,
    of_plan: String,
    of_forks: Vec<Figure>,
}

/// A figure with what it has more than the plan.
struct Figure {
    value: String,
    change: String,
    /// Class of its tag: better, worse, or neither.
    look: &'static str,
}

/// A fork by itself.
struct ForkTold {
    number: usize,
    wishes: Vec<String>,
    /// What decides, and the rest; empty if only names are otherwise.
    difference: String,
    moves: Vec<Move>,
    refusal: Option<Refusal>,
    /// The fields of the form that has a draft made of it, and its own number.
    fields: Vec<(String, String)>,
    once: String,
}

/// What has become of somebody.
struct Move {
    commissioner: String,
    label: &'static str,
    before: String,
    after: String,
}

/// The page.
pub(in crate::web) async fn what_if(
    State(app): State<Arc<App>>,
    shell: Shell,
    Path(name): Path<String>,
    RawQuery(query): RawQuery,
) -> Page {
    let names = names(&[]);
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let wishes = Wishes::read_all(&Params::read(query.as_deref(), &names)?)?;
    let viewer = shell.caller.viewer;
    if !viewer.may_plan() {
        let detail = "只有主管部门可以试算计划；您可以查看计划和每个派驻的理由";
        return Err(Problem::new(ProblemCode::Forbidden, detail));
    }
    let plan = app.engine.plan(viewer, &name).await?;
    let mut told = form(&app, shell, &plan, wishes);
    let asked: Result<Vec<_>, String> = told.wishes.iter().map(Wishes::changes).collect();
    let asked: Vec<(usize, Vec<Change>)> = match asked {
        Ok(asked) => (0..).zip(asked).filter(|(_, own)| !own.is_empty()).collect(),
        Err(problem) => {
            told.problem = Some(problem);
            return page_of(StatusCode::UNPROCESSABLE_ENTITY, &told);
        }
    };
    if asked.is_empty() {
        return page(&told);
    }
    let (idxs, changes): (Vec<usize>, Vec<_>) = asked.into_iter().unzip();
    let engine = app.engine.clone();
    let made = app.gate.run(async move { engine.what_if(viewer, &name, changes).await }).await?;
    match made {
        Ok((plan, forks)) => {
            told.told = Some(comparison(&told, &plan, &forks, &idxs));
            page(&told)
        }
        Err(error) => {
            let problem = Problem::from(error);
            told.problem = Some(problem.view().detail);
            page_of(problem.code().status(), &told)
        }
    }
}

/// Has a draft made of a plan with the changes of a fork.
pub(in crate::web) async fn adopt(
    State(app): State<Arc<App>>,
    shell: Shell,
    Path(plan): Path<String>,
    form: Form,
) -> Page {
    let names = names(&["once"]);
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let fields = form.read(&names)?;
    let wishes = Wishes::read_all(&fields)?;
    let changes: Result<Vec<_>, String> = wishes.iter().map(Wishes::changes).collect();
    let changes: Vec<Change> = changes
        .map_err(|problem| Problem::new(ProblemCode::InvalidValue, problem))?
        .into_iter()
        .flatten()
        .collect();
    let once = once(&fields, &format!("{plan} {changes:?}"))?;
    let source = PlanSource::Plan { plan, changes, repair: false };
    let order = PlanOrder { name: None, source };
    let job = app.engine.begin_plan(shell.caller.viewer, order, once).await?;
    Ok(Redirect::to(&format!("/plans/jobs/{}", job.id)).into_response())
}

/// The form with what was asked for.
fn form(app: &App, shell: Shell, plan: &PlanDocument, wishes: Vec<Wishes>) -> WhatIfPage {
    let (basis, book) = (&plan.document.basis, app.engine.rules());
    let case = &basis.case;
    let commissioners = case.commissioners.iter();
    let batches = case.batches.iter();
    let parameters = basis.parameters.all().into_iter().map(|(key, own)| Parameter {
        key,
        text: book.find_parameter(key).map_or_else(String::new, |known| known.text.clone()),
        value: own.value,
        min: own.least,
        max: own.most,
    });
    WhatIfPage {
        frame: shell.frame,
        plan: views::plan_head(&plan.head),
        wishes,
        commissioners: commissioners.map(|own| (own.id.clone(), own.home().to_owned())).collect(),
        institutions: case.institutions.iter().map(|own| own.id.clone()).collect(),
        batches: batches.map(|own| (own.id.clone(), own.name.clone())).collect(),
        parameters: parameters.collect(),
        problem: None,
        told: None,
    }
}

fn comparison(
    form: &WhatIfPage,
    plan: &PlanDocument,
    forks: &[Fork],
    idxs: &[usize],
) -> Comparison {
    let told = views::plan_forks(plan, forks);
    let name_of = |pairs: &[(String, String)], id: &str| {
        let known = pairs.iter().find(|(own, _)| own == id);
        known.map_or_else(|| id.to_owned(), |(_, name)| name.clone())
    };
    let parameter = |key: &str| {
        let known = form.parameters.iter().find(|own| own.key == key);
        known.map_or_else(|| key.to_owned(), |own| own.text.clone())
    };
    let place = |own: &views::PlanPlace| {
        format!("{}（{}）", own.institution, name_of(&form.batches, &own.batch))
    };
    let places = |own: &[views::PlanPlace]| match own {
        [] => "不派".to_owned(),
        own => own.iter().map(place).collect::<Vec<_>>().join("、"),
    };
    let of_fork = |(idx, own): (&usize, &views::PlanForkResult)| ForkTold {
        number: idx + 1,
        wishes: form.wishes[*idx].told(parameter, |id| name_of(&form.batches, id)),
        difference: own.change.as_deref().map(difference).unwrap_or_default(),
        moves: own
            .differences
            .iter()
            .flatten()
            .map(|own| Move {
                commissioner: own.commissioner.clone(),
                label: own.label,
                before: places(&own.before),
                after: places(&own.after),
            })
            .collect(),
        refusal: own.refusal.as_ref().map(Refusal::of),
        fields: form.wishes[*idx].fields(),
        once: RecordId::generate().to_string(),
    };
    Comparison {
        rows: rows(plan, &told),
        forks: idxs.iter().zip(&told.forks).map(of_fork).collect(),
    }
}

/// Figures beside each other: what is covered, level by level, how many stay where they were.
fn rows(plan: &PlanDocument, told: &views::PlanForks) -> Vec<CompareRow> {
    let none = || Figure { value: "—".to_owned(), change: String::new(), look: "" };
    let postings = &plan.document.plan.postings;
    let mut rows = Vec::new();
    let before = coverage(&plan.document.basis, postings);
    for (idx, own) in before.iter().enumerate().filter(|(_, own)| own.total > 0) {
        let of = |covered: usize, total: usize| format!("{covered}/{total}");
        let figures = told.forks.iter().map(|fork| {
            let Some(fork) = fork.coverage.as_ref().and_then(|all| all.get(idx)) else {
                return none();
            };
            let change = fork.covered as i64 - own.covered() as i64;
            Figure::of(of(fork.covered, fork.total), change, true)
        });
        rows.push(CompareRow {
            name: format!("覆盖{}", own.class.label()),
            of_plan: of(own.covered(), own.total),
            of_forks: figures.collect(),
        });
    }
    let is_shown = |level: &views::PlanLevel| {
        // What is uncovered is told by the rows above.
        !level.level.starts_with("uncovered")
            && (level.level != Level::Change.as_str()
                || !plan.document.basis.case.published.is_empty())
    };
    for level in told.result.objective.iter().filter(|own| is_shown(own)) {
        let figures = told.forks.iter().map(|fork| {
            let levels = fork.result.as_ref().map(|result| &result.objective);
            let own = levels.and_then(|own| own.iter().find(|own| own.level == level.level));
            own.map_or_else(none, |own| {
                Figure::of(own.value.to_string(), own.value - level.value, level.better == "more")
            })
        });
        rows.push(CompareRow {
            name: level.label.to_owned(),
            of_plan: level.value.to_string(),
            of_forks: figures.collect(),
        });
    }
    let kept = told.forks.iter().map(|fork| {
        let kept = fork.kept.map(|kept| kept.to_string());
        kept.map_or_else(none, |value| Figure { value, change: String::new(), look: "" })
    });
    rows.push(CompareRow {
        name: "与原计划相同的派驻".to_owned(),
        of_plan: postings.len().to_string(),
        of_forks: kept.collect(),
    });
    rows
}

impl Figure {
    fn of(value: String, change: i64, more_is_better: bool) -> Self {
        let look = match change {
            0 => "",
            change if (change > 0) == more_is_better => "good",
            _ => "bad",
        };
        let change = if change == 0 { String::new() } else { signed(change) };
        Self { value, change, look }
    }
}
