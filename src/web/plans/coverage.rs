//! Coverage by class: by what, after which batch, and what is missing.

use super::chart;
use crate::http::Problem;
use crate::programmes::hundred::{Basis, ClassCoverage};

/// 覆盖 of the classes that the case has.
pub struct Coverage {
    pub classes: Vec<ClassRow>,
    /// The moments at which it is counted: before anybody goes, after each batch.
    pub moments: Vec<String>,
    /// The picture of it over time; empty if there is only one moment.
    pub chart: String,
}

/// A class.
pub struct ClassRow {
    pub label: &'static str,
    pub total: usize,
    pub by_sent: usize,
    pub by_tie: usize,
    pub by_posting: usize,
    /// Names of those that nothing covers.
    pub uncovered: Vec<String>,
    /// Beginning and width of the bars, in percent: sent, tie, posting.
    pub bars: [(f64, f64); 3],
    /// Covered at each moment: number, percent.
    pub steps: Vec<(usize, f64)>,
}

impl Coverage {
    /// Of a plan.
    ///
    /// # Errors
    /// If the picture cannot be drawn, which is our own fault.
    pub fn of(basis: &Basis, classes: &[ClassCoverage]) -> Result<Self, Problem> {
        let own: Vec<_> = classes.iter().filter(|own| own.total > 0).collect();
        let name = |id: &str| basis.batch(id).map_or(id, |(_, batch)| &batch.name).to_owned();
        let after = own.first().into_iter().flat_map(|first| &first.steps);
        let after = after.map(|step| format!("{}后", name(&step.batch)));
        let moments: Vec<_> = std::iter::once("派驻前".to_owned()).chain(after).collect();
        let rows: Vec<_> = own.iter().map(|own| class_row(own)).collect();
        let lines = own.iter().zip(&rows).map(|(own, row)| chart::Line {
            name: own.class.short_label(),
            values: row.steps.iter().map(|(_, percent)| *percent).collect(),
        });
        let chart = chart::over_time(&moments, &lines.collect::<Vec<_>>());
        let chart = chart.map_err(|error| Problem::internal(&error))?;
        Ok(Self { classes: rows, moments, chart })
    }
}

fn class_row(own: &ClassCoverage) -> ClassRow {
    #[expect(clippy::cast_precision_loss, reason = "institutions are few")]
    let percent = |count: usize| 100.0 * count as f64 / own.total as f64;
    let before = own.by_sent + own.by_tie;
    let counts = std::iter::once(before).chain(own.steps.iter().map(|step| step.covered));
    ClassRow {
        label: own.class.label(),
        total: own.total,
        by_sent: own.by_sent,
        by_tie: own.by_tie,
        by_posting: own.by_posting,
        uncovered: own.uncovered.clone(),
        bars: [
            (0.0, percent(own.by_sent)),
            (percent(own.by_sent), percent(own.by_tie)),
            (percent(before), percent(own.by_posting)),
        ],
        steps: counts.map(|count| (count, percent(count))).collect(),
    }
}
