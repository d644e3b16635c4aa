//! Numbers: Arabic, Chinese, with powers of ten, as parts of a hundred.

use super::characters::{Characters, raised_digit};

/// Longest run of digits that is taken for a number; longer ones are numbers of something.
const DIGITS_MAX: usize = 12;
/// Longest run of Chinese numerals looked at.
const NUMERALS_MAX: usize = 16;
/// Largest power of ten.
const EXPONENT_MAX: u32 = 30;

/// A number as it is written.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Number {
    /// Its value, with its 万 and its power of ten.
    pub value: f64,
    /// First character behind it.
    pub end: usize,
    /// What 万, 亿 or a power of ten behind the digits multiplies them by, else 1.
    pub multiplier: f64,
    /// Value of its last digit that is not 0: `1300 多` is less than 1300 + 100.
    pub step: f64,
    /// One Chinese numeral, as in 一次性 and 三元.
    pub single: bool,
    /// Already a share: 百分之五, 三分之一, 三成, 一半.
    pub share: bool,
}

/// What stands at a place where a number begins.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Reading {
    /// A number.
    Number(Number),
    /// Something like a number up to here: a version, 几十, 七八万, 二〇一九.
    Other(usize),
}

/// Whether a number may begin with `c`.
pub fn begins(c: char) -> bool {
    c.is_ascii_digit() || c == '半' || digit(c).is_some() || power(c).is_some() || is_vague(c)
}

/// Reads what begins at `at`, where [`begins`] holds.
pub fn number(text: &Characters, at: usize) -> Reading {
    for (word, part) in [("百分之", 1e-2), ("千分之", 1e-3), ("万分之", 1e-4)] {
        if text.starts(at, word) {
            let start = at + 3;
            return match begins(text.at(start)).then(|| plain(text, start)) {
                Some(Reading::Number(n)) => Reading::Number(Number {
                    value: n.value * part,
                    step: n.step * part,
                    multiplier: 1.0,
                    single: false,
                    share: true,
                    ..n
                }),
                Some(other) => other,
                None => Reading::Other(start),
            };
        }
    }
    let first = match plain(text, at) {
        Reading::Number(n) => n,
        other => return other,
    };
    let share = |value: f64, end| {
        Reading::Number(Number { value, end, step: 0.0, single: false, share: true, ..first })
    };
    if text.starts(first.end, "分之") && begins(text.at(first.end + 2)) {
        return match plain(text, first.end + 2) {
            Reading::Number(n) if n.value <= first.value => share(n.value / first.value, n.end),
            Reading::Number(n) => Reading::Other(n.end),
            other => other,
        };
    }
    if text.starts(first.end, "半") && text.starts(at, "一半") {
        return share(0.5, first.end + 1);
    }
    let word_behind = "分为本品员果立功熟长就型像份效对套组语交";
    if first.single && text.starts(first.end, "成") && !word_behind.contains(text.at(first.end + 1))
    {
        // 八成五 is 85 %.
        let more = digit(text.at(first.end + 1)).filter(|d| *d > 0.0);
        let end = first.end + 1 + usize::from(more.is_some());
        let value = (first.value + more.unwrap_or(0.0) / 10.0) / 10.0;
        return Reading::Number(Number {
            value,
            end,
            step: 0.1,
            single: false,
            share: true,
            ..first
        });
    }
    Reading::Number(first)
}

fn plain(text: &Characters, at: usize) -> Reading {
    if text.at(at).is_ascii_digit() { arabic(text, at) } else { chinese(text, at) }
}

fn arabic(text: &Characters, at: usize) -> Reading {
    let is_digit = |at: usize| text.at(at).is_ascii_digit();
    let mut end = at;
    let mut written = String::new();
    let mut decimals = None;
    let mut grouped = false;
    loop {
        match text.at(end) {
            c if c.is_ascii_digit() => {
                written.push(c);
                decimals = decimals.map(|n: i32| n + 1);
            }
            '.' if decimals.is_none() && is_digit(end + 1) => {
                written.push('.');
                decimals = Some(0);
            }
            // A second point: a version, a date, a chapter.
            '.' if is_digit(end + 1) => return Reading::Other(run_end(text, end)),
            // A comma groups thousands only before exactly three digits.
            ',' if decimals.is_none()
                && (grouped || written.len() < 4)
                && (1..4).all(|k| is_digit(end + k))
                && !is_digit(end + 4) =>
            {
                grouped = true;
            }
            _ => break,
        }
        end += 1;
    }
    let digits = written.len();
    let Ok(value) = written.parse::<f64>() else { return Reading::Other(end) };
    if digits > DIGITS_MAX {
        return Reading::Other(end);
    }
    let decimals = decimals.unwrap_or(0);
    let zeros = written.chars().rev().take_while(|c| *c == '0').count() as i32;
    let step = if decimals > 0 { 10f64.powi(-decimals) } else { 10f64.powi(zeros) };
    let (multiplier, end) = match power_of_ten(text, &written, end) {
        Some(PowerOfTen::Behind(factor, end)) => (factor, end),
        Some(PowerOfTen::Itself(value, end)) => {
            return Reading::Number(Number { step: value, ..whole(value, end, value) });
        }
        Some(PowerOfTen::Unclear(end)) => return Reading::Other(end),
        None => chinese_multiplier(text, end),
    };
    Reading::Number(Number {
        value: value * multiplier,
        end,
        multiplier,
        step: step * multiplier,
        single: false,
        share: false,
    })
}

fn whole(value: f64, end: usize, step: f64) -> Number {
    Number { value, end, multiplier: 1.0, step, single: false, share: false }
}

fn run_end(text: &Characters, at: usize) -> usize {
    let more = |c: char| c.is_ascii_alphanumeric() || c == '.' || c == '-';
    (at..text.len()).find(|idx| !more(text.at(*idx))).unwrap_or(text.len())
}

enum PowerOfTen {
    /// Behind digits: 1.2×10⁶, 3e-4.
    Behind(f64, usize),
    /// The number was the ten: 10⁶, 10^6, 10的6次方.
    Itself(f64, usize),
    /// 1×1014, whose raised digits were lost.
    Unclear(usize),
}

fn power_of_ten(text: &Characters, written: &str, end: usize) -> Option<PowerOfTen> {
    if written == "10"
        && let Some((factor, end)) = exponent(text, end)
    {
        return Some(PowerOfTen::Itself(factor, end));
    }
    if matches!(text.at(end), 'e' | 'E') {
        let (factor, end) = signed_digits(text, end + 1)?;
        return (!text.at(end).is_ascii_alphanumeric()).then_some(PowerOfTen::Behind(factor, end));
    }
    let sign = text.past_spaces(end);
    if !matches!(text.at(sign), '×' | 'x' | 'X' | '*') {
        return None;
    }
    let ten = text.past_spaces(sign + 1);
    if !text.starts(ten, "10") || text.at(ten + 2) == '.' {
        return None;
    }
    if let Some((factor, end)) = exponent(text, ten + 2) {
        return Some(PowerOfTen::Behind(factor, end));
    }
    if text.at(ten + 2) == '-'
        && let Some((factor, end)) = signed_digits(text, ten + 2)
    {
        return Some(PowerOfTen::Behind(factor, end));
    }
    let digits = (ten..ten + 6).take_while(|idx| text.at(*idx).is_ascii_digit()).count();
    matches!(digits, 3 | 4).then_some(PowerOfTen::Unclear(ten + digits))
}

/// The power of ten whose exponent is written at `at`: ⁻⁶, ^6, ^-6, ^(6), 的6次方.
fn exponent(text: &Characters, at: usize) -> Option<(f64, usize)> {
    if text.at(at) == '^' {
        let open = text.at(at + 1) == '(';
        let (factor, end) = signed_digits(text, at + 1 + usize::from(open))?;
        return Some((factor, end + usize::from(open && text.at(end) == ')')));
    }
    if text.at(at) == '的' {
        let (factor, end) = signed_digits(text, at + 1)?;
        return text.starts(end, "次方").then_some((factor, end + 2));
    }
    let negative = text.at(at) == '⁻';
    let mut end = at + usize::from(matches!(text.at(at), '⁻' | '⁺'));
    let mut value = None;
    while let Some(d) = raised_digit(text.at(end)) {
        value = Some(value.unwrap_or(0) * 10 + d);
        end += 1;
        if value > Some(EXPONENT_MAX) {
            return None;
        }
    }
    Some((ten_to(negative, value?), end))
}

fn signed_digits(text: &Characters, at: usize) -> Option<(f64, usize)> {
    let negative = text.at(at) == '-';
    let mut end = at + usize::from(matches!(text.at(at), '-' | '+'));
    let mut value = None;
    while let Some(d) = text.at(end).to_digit(10) {
        value = Some(value.unwrap_or(0) * 10 + d);
        end += 1;
        if value > Some(EXPONENT_MAX) {
            return None;
        }
    }
    Some((ten_to(negative, value?), end))
}

fn ten_to(negative: bool, exponent: u32) -> f64 {
    // Dividing keeps 10⁻⁶ the nearest number to a millionth.
    let power = 10f64.powi(exponent as i32);
    if negative { 1.0 / power } else { power }
}

/// 万, 亿, 千万 … behind digits; also after a space.
fn chinese_multiplier(text: &Characters, end: usize) -> (f64, usize) {
    let mut factor = 1.0;
    let spaced = text.past_spaces(end);
    let mut at = if matches!(text.at(spaced), '万' | '亿') { spaced } else { end };
    while let Some(by) = power(text.at(at)).filter(|by| *by > 10.0) {
        // 百分点 and 千分尺 are words.
        if text.at(at + 1) == '分' {
            break;
        }
        factor *= by;
        at += 1;
    }
    if factor > 1.0 { (factor, at) } else { (1.0, end) }
}

fn digit(c: char) -> Option<f64> {
    let at = "零一二三四五六七八九".chars().position(|d| d == c);
    match (at, c) {
        (Some(at), _) => Some(at as f64),
        (None, '〇') => Some(0.0),
        (None, '两') => Some(2.0),
        _ => None,
    }
}

fn power(c: char) -> Option<f64> {
    Some(match c {
        '十' => 10.0,
        '百' => 100.0,
        '千' => 1_000.0,
        '万' => 10_000.0,
        '亿' => 100_000_000.0,
        _ => return None,
    })
}

/// 几 and 数 in front of or among numerals: nobody knows how many.
fn is_vague(c: char) -> bool {
    c == '几'
}

fn chinese(text: &Characters, at: usize) -> Reading {
    let numeral = |c: char| digit(c).is_some() || power(c).is_some();
    let mut end = at;
    while (numeral(text.at(end)) || is_vague(text.at(end))) && end - at < NUMERALS_MAX {
        end += 1;
    }
    if text.at(at) == '半' {
        return Reading::Number(Number { single: true, ..whole(0.5, at + 1, 0.5) });
    }
    let vague =
        matches!(text.before(at), '数' | '上' | '成' | '好' | '近') && power(text.at(at)).is_some();
    if vague || end == at || end - at >= NUMERALS_MAX {
        return Reading::Other(end.max(at + 1));
    }
    // 一百千瓦: the 千 is the unit's.
    let named = "瓦米克伏帕赫焦卡牛安欧".contains(text.at(end));
    if named
        && end - at > 1
        && matches!(text.before(end), '千' | '百')
        && power(text.at(end - 2)).is_some()
    {
        end -= 1;
    }
    let mut point = end;
    if text.at(end) == '点' && digit(text.at(end + 1)).is_some() {
        point = end + 1;
        while digit(text.at(point)).is_some() && point - end < 8 {
            point += 1;
        }
    }
    let run: Vec<char> = (at..end).map(|idx| text.at(idx)).collect();
    let Some((mut value, step)) = chinese_value(&run) else { return Reading::Other(point) };
    for (place, idx) in (end + 1..point).enumerate() {
        value += digit(text.at(idx)).unwrap_or(0.0) * 10f64.powi(-(place as i32) - 1);
    }
    let single = run.len() == 1 && point == end;
    let multiplier = match run.last() {
        Some('万') => 1e4,
        Some('亿') => 1e8,
        _ => 1.0,
    };
    Reading::Number(Number { single, multiplier, ..whole(value, point, step) })
}

/// The value of numerals and that of the last place. `None` where digits follow each other
/// (七八万, 二〇一九), a place has no digit (千瓦), or the last place is left out (八百五).
fn chinese_value(run: &[char]) -> Option<(f64, f64)> {
    let (mut total, mut section, mut current) = (0.0, 0.0, None);
    let (mut last_power, mut zero, mut step) = (f64::INFINITY, false, 1.0);
    for (idx, c) in run.iter().enumerate() {
        if let Some(d) = digit(*c) {
            if current.is_some() {
                return None;
            }
            if d == 0.0 {
                zero = run.len() > 1;
            }
            current = (d > 0.0 || run.len() == 1).then_some(d);
            step = 1.0;
            continue;
        }
        let by = power(*c)?;
        step = by;
        if by < 10_000.0 {
            let count = match current {
                Some(d) => d,
                None if by == 10.0 && (idx == 0 || zero) => 1.0,
                None => return None,
            };
            if by >= last_power {
                return None;
            }
            section += count * by;
            last_power = by;
        } else {
            let whole = section + current.unwrap_or(0.0);
            // 一万亿 multiplies what is there; 三亿五千万 begins anew.
            if whole == 0.0 && total == 0.0 {
                return None;
            }
            total = if whole == 0.0 { total * by } else { total + whole * by };
            section = 0.0;
            last_power = f64::INFINITY;
        }
        current = None;
        zero = false;
    }
    if let Some(d) = current {
        let behind_large = run.len() >= 2 && power(run[run.len() - 2]).is_some_and(|p| p > 10.0);
        if behind_large && d > 0.0 {
            return None;
        }
        section += d;
    }
    Some((total + section, step))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn value(text: &str) -> Option<f64> {
        let text = Characters::read(text);
        match number(&text, 0) {
            Reading::Number(n) => Some(n.value),
            Reading::Other(_) => None,
        }
    }

    #[test]
    fn numbers_in_every_spelling() {
        for (text, want) in [
            ("1,200 MPa", 1200.0),
            ("１２.５μm", 12.5),
            ("十万次", 1e5),
            ("三百五十", 350.0),
            ("一千零五", 1005.0),
            ("两万三千", 23_000.0),
            ("三亿五千万", 350_000_000.0),
            ("二十五点六", 25.6),
            ("1.5万", 15_000.0),
            ("3百万", 3e6),
            ("百万分", 0.0),
            ("5×10^6", 5e6),
            ("1×10⁻⁶ mm", 1e-6),
            ("2x10-3", 2e-3),
            ("10的6次方", 1e6),
            ("10⁵", 1e5),
            ("3e-4", 3e-4),
            ("百分之五", 0.05),
            ("千分之二点五", 0.0025),
            ("三分之一", 1.0 / 3.0),
            ("三成", 0.3),
            ("八成五", 0.85),
            ("一半", 0.5),
            ("半年", 0.5),
        ] {
            if want == 0.0 {
                assert_eq!(value(text), None, "{text}");
            } else {
                let got = value(text).unwrap_or_else(|| panic!("{text} is a number"));
                assert!((got - want).abs() <= want * 1e-12, "{text}: {got}");
            }
        }
    }

    #[test]
    fn what_nobody_can_know_is_no_number() {
        for text in [
            "几十",
            "七八万",
            "两三百",
            "二〇一九",
            "八百五",
            "千瓦",
            "1.2.3",
            "1×1014",
            "1234567890123",
        ] {
            assert_eq!(value(text), None, "{text}");
        }
    }
}
