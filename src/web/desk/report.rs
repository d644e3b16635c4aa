//! What has come of needs and leads in a period: on the page, on paper, for spreadsheets.

use std::sync::Arc;

use askama::Template;
use axum::extract::{RawQuery, State};
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::IntoResponse;

use super::period::{choice_of, named, neighbours, title_of};
use crate::engine::{EngineError, ReportQuery, Viewer};
use crate::http::{App, Params, Problem, ProblemCode, views};
use crate::model::{Fen, RecordId, Role, Timestamp};
use crate::web::page::{Page, page, page_of};
use crate::web::shell::{Frame, Shell};

const PARAMS: [&str; 4] = ["period", "from", "until", "of"];
/// The periods that can be chosen.
const CHOICES: [(&str, &str); 5] = [
    ("week", "本周"),
    ("month", "本月"),
    ("quarter", "本季度"),
    ("year", "本年"),
    ("range", "自选起止"),
];

#[derive(Template)]
#[template(path = "desk/report.html")]
struct ReportPage {
    frame: Frame,
    asked: Asked,
    choices: [(&'static str, &'static str); 5],
    told: Option<Told>,
    is_commissioner: bool,
    today: String,
    problem: Option<String>,
}

/// Of what the report is wanted.
#[derive(Default)]
struct Asked {
    choice: String,
    from: String,
    until: String,
    /// Of whose work alone: id; `me`; everybody's if empty.
    of: String,
}

struct Told {
    report: views::Report,
    title: &'static str,
    /// Whose work it is about.
    whose: Option<String>,
    /// What the engine calls the period, and those beside it.
    period: String,
    before: String,
    after: String,
    people: Vec<(String, String, views::ReportCommissioner)>,
}

impl ReportPage {
    /// The length of a bar, in percent.
    fn share(&self, value: &i64, of: &i64) -> f64 {
        if *of > 0 { (100.0 * *value as f64 / *of as f64).clamp(0.0, 100.0) } else { 0.0 }
    }

    /// An amount as people read it; sums may be larger than what one amount may be.
    fn money(&self, fen: &i64) -> String {
        Fen::new(*fen).map_or_else(|| format!("{}元", fen / 100), |amount| amount.to_string())
    }
}

impl Told {
    /// The address of another period, of the same person's work.
    fn at(&self, period: &str, asked: &Asked) -> String {
        let of = if asked.of.is_empty() { String::new() } else { format!("&of={}", asked.of) };
        format!("/report?period={period}{of}")
    }
}

impl Asked {
    fn read(query: Option<&str>) -> Result<(Self, ReportQuery), Problem> {
        let params = Params::read(query, &PARAMS)?;
        let text = |name: &str| Ok::<_, Problem>(params.one(name)?.unwrap_or_default());
        let choice = params.one("period")?;
        let today = Timestamp::now().day_in_china();
        let (from, until, of) = (text("from")?, text("until")?, text("of")?);
        let period = named(choice.as_deref(), &from, &until, today);
        let commissioner = Some(of.clone()).filter(|of| !of.is_empty());
        let query = ReportQuery { period: Some(period), commissioner, today: Some(today) };
        Ok((Self { choice: choice.unwrap_or_default(), from, until, of }, query))
    }
}

/// The page.
pub(in crate::web) async fn report(
    State(app): State<Arc<App>>,
    shell: Shell,
    RawQuery(query): RawQuery,
) -> Page {
    let viewer = shell.caller.viewer;
    if viewer == Viewer::Anonymous {
        return Err(EngineError::NotSignedIn.into());
    }
    let (mut asked, query) = Asked::read(query.as_deref())?;
    let is_commissioner = shell.role() == Some(Role::Commissioner);
    let today = Timestamp::now().day_in_china().to_string();
    let name = query.period.clone().unwrap_or_default();
    let found = match app.engine.report(viewer, query).await {
        Ok(found) => found,
        Err(error @ (EngineError::Refused(_) | EngineError::NotFound { .. })) => {
            let problem = Problem::from(error);
            let detail = match problem.code() {
                ProblemCode::NotFound => "没有这位专员，请重新选择".to_owned(),
                _ => "起止日期不完整，或截止早于起始；请填写两个日期，如 2026-05-01 至 2026-06-15"
                    .to_owned(),
            };
            let choices = CHOICES;
            let told = ReportPage {
                frame: shell.frame,
                asked,
                choices,
                told: None,
                is_commissioner,
                today,
                problem: Some(detail),
            };
            return page_of(problem.code().status(), &told);
        }
        Err(error) => return Err(error.into()),
    };
    let ids: Vec<RecordId> =
        found.commissioners.iter().filter_map(|own| own.user).chain(found.commissioner).collect();
    let people = app.engine.people(viewer, ids).await?;
    let name_of = |id: &RecordId| people.get(id).map(|person| person.name.clone());
    let report = views::report(&found);
    let [before, after] = neighbours(found.period);
    let rows = found.commissioners.iter().zip(&report.commissioners).map(|(own, row)| {
        let name = own.user.as_ref().and_then(name_of).unwrap_or_else(|| "未登录录入".to_owned());
        (row.user_id.clone().unwrap_or_default(), name, row.clone())
    });
    asked.choice = choice_of(found.period).to_owned();
    asked.from = report.from.clone();
    asked.until = report.until.clone();
    let told = Told {
        title: if report.commissioner.is_some() { report.title } else { title_of(found.period) },
        whose: found.commissioner.as_ref().and_then(name_of),
        period: name,
        before,
        after,
        people: rows.collect(),
        report,
    };
    page(&ReportPage {
        frame: shell.frame,
        asked,
        choices: CHOICES,
        told: Some(told),
        is_commissioner,
        today,
        problem: None,
    })
}

/// The same for spreadsheets.
pub(in crate::web) async fn report_csv(
    State(app): State<Arc<App>>,
    shell: Shell,
    RawQuery(query): RawQuery,
) -> Page {
    let viewer = shell.caller.viewer;
    if viewer == Viewer::Anonymous {
        return Err(EngineError::NotSignedIn.into());
    }
    let (_, query) = Asked::read(query.as_deref())?;
    let report = views::report(&app.engine.report(viewer, query).await?);
    let name = format!("attachment; filename=\"report-{}-{}.csv\"", report.from, report.until);
    let headers = [(CONTENT_TYPE, "text/csv; charset=utf-8"), (CONTENT_DISPOSITION, &name)];
    Ok((headers, views::report_csv(&report)).into_response())
}
