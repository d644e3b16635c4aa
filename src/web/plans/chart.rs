//! Lines over time as SVG: told apart by their stroke and the shape of their points, named at
//! their ends, so that they can be read in grey print. Attributes only, as no page has style of
//! its own; the text is text and takes the page's font.

use plotters::coord::Shift;
use plotters::prelude::*;

/// Size of the picture, in units of its own.
const SIZE: (u32, u32) = (640, 270);
/// Room for the names at the ends of the lines.
const NAMES_WIDTH: u32 = 120;
/// Least distance of two names.
const NAMES_APART: i32 = 17;
const MARGIN: u32 = 10;
const MOMENTS_HEIGHT: u32 = 28;
const PERCENT_WIDTH: u32 = 44;
const TEXT: (&str, u32) = ("sans-serif", 16);
const INK: RGBColor = RGBColor(0x1b, 0x25, 0x30);
const FAINT: RGBColor = RGBColor(0xd3, 0xd9, 0xdf);
/// Inks of the lines, dark enough on paper.
const INKS: [RGBColor; 3] =
    [RGBColor(0x12, 0x32, 0x4e), RGBColor(0x8a, 0x4b, 0x00), RGBColor(0x1e, 0x6b, 0x3c)];
/// Dash and gap of the lines; the first is not broken.
const DASHES: [(u32, u32); 3] = [(0, 0), (8, 4), (2, 4)];

/// A line: percent at each moment.
pub struct Line {
    pub name: &'static str,
    pub values: Vec<f64>,
}

type Area<'a> = DrawingArea<SVGBackend<'a>, Shift>;
type DrawingError = DrawingAreaErrorKind<std::io::Error>;

/// The picture; empty if there are not two moments.
///
/// # Errors
/// If it cannot be drawn, which is our own fault: it is drawn in memory.
pub fn over_time(moments: &[String], lines: &[Line]) -> Result<String, DrawingError> {
    let mut svg = String::new();
    if moments.len() > 1 {
        let area = SVGBackend::with_string(&mut svg, SIZE).into_drawing_area();
        draw(&area, moments, lines)?;
        area.present()?;
    }
    Ok(svg)
}

fn draw(area: &Area<'_>, moments: &[String], lines: &[Line]) -> Result<(), DrawingError> {
    let last = i32::try_from(moments.len()).unwrap_or(i32::MAX) - 1;
    let mut chart = ChartBuilder::on(area)
        .margin(MARGIN)
        .margin_right(NAMES_WIDTH)
        .x_label_area_size(MOMENTS_HEIGHT)
        .y_label_area_size(PERCENT_WIDTH)
        .build_cartesian_2d(0..last, 0.0..100.0)?;
    chart
        .configure_mesh()
        .disable_x_mesh()
        .bold_line_style(FAINT)
        .light_line_style(TRANSPARENT)
        .axis_style(INK)
        .label_style(TEXT.into_font().color(&INK))
        .x_labels(moments.len())
        .x_label_formatter(&|at| {
            usize::try_from(*at).ok().and_then(|at| moments.get(at)).cloned().unwrap_or_default()
        })
        .y_labels(5)
        .y_label_formatter(&|percent| format!("{percent:.0}%"))
        .draw()?;
    let downs = downs(lines);
    for (idx, (line, down)) in lines.iter().zip(downs).enumerate() {
        let ink = INKS[idx % INKS.len()];
        let points: Vec<(i32, f64)> = (0..).zip(line.values.iter().copied()).collect();
        let (dash, gap) = DASHES[idx % DASHES.len()];
        if dash == 0 {
            chart.draw_series(LineSeries::new(points.iter().copied(), ink.stroke_width(2)))?;
        } else {
            let stroke = ink.stroke_width(2);
            let dashed = DashedLineSeries::new(points.iter().copied(), dash, gap, stroke);
            chart.draw_series(dashed)?;
        }
        match idx % INKS.len() {
            0 => chart.draw_series(points.iter().map(|at| Circle::new(*at, 4, ink.filled())))?,
            1 => chart
                .draw_series(points.iter().map(|at| TriangleMarker::new(*at, 6, ink.filled())))?,
            _ => {
                let stroke = ink.stroke_width(2);
                chart.draw_series(points.iter().map(|at| Cross::new(*at, 4, stroke)))?
            }
        };
        if let Some(end) = points.last() {
            let name = format!("{} {:.0}%", line.name, end.1);
            let name = Text::new(name, (12, down), TEXT.into_font().color(&ink));
            chart.draw_series(std::iter::once(EmptyElement::at(*end) + name))?;
        }
    }
    Ok(())
}

/// How far below the end of each line its name stands, so that names do not meet.
fn downs(lines: &[Line]) -> Vec<i32> {
    let height = f64::from(SIZE.1 - 2 * MARGIN - MOMENTS_HEIGHT);
    #[expect(clippy::cast_possible_truncation, reason = "within the picture")]
    let y =
        |line: &Line| (height * (1.0 - line.values.last().copied().unwrap_or(0.0) / 100.0)) as i32;
    let mut order: Vec<usize> = (0..lines.len()).collect();
    order.sort_by_key(|idx| y(&lines[*idx]));
    let mut downs = vec![0; lines.len()];
    let mut free = i32::MIN;
    for idx in order {
        let own = y(&lines[idx]);
        let at = own.max(free);
        // A name hangs from its place: half a line up it stands beside the end.
        downs[idx] = at - own - NAMES_APART / 2;
        free = at + NAMES_APART;
    }
    downs
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(values: &[f64]) -> Line {
        Line { name: "类", values: values.to_vec() }
    }

    #[test]
    fn every_moment_and_every_line_is_named_and_what_is_named_is_escaped() {
        let moments = ["派驻前".to_owned(), "第一批<b>后".to_owned()];
        let svg = over_time(&moments, &[line(&[0.0, 50.0]), line(&[10.0, 51.0])]).unwrap();
        assert!(svg.starts_with("<svg") && svg.contains("派驻前"), "{svg}");
        assert!(svg.contains("第一批&lt;b&gt;后") && svg.contains("类 51%"), "{svg}");
        assert!(!svg.contains("style="), "the pages' policy allows no style of their own");
        assert_eq!(over_time(&moments[..1], &[line(&[0.0])]).unwrap(), "");
    }

    #[test]
    fn names_of_lines_that_end_together_stand_apart() {
        let downs = downs(&[line(&[80.0]), line(&[80.0]), line(&[81.0])]);
        assert!(downs[0] - downs[2] > 10 && downs[1] - downs[0] == NAMES_APART, "{downs:?}");
    }
}
