//! What is wrong with a file that people have written: where, what stands there, what would be right.

use std::fmt;

/// Faults of one reading that are told one by one; of those beyond only the number is.
pub const FAULTS_MAX: usize = 200;
/// Names that are offered for one that is not known.
const NEAR_NAMES_MAX: usize = 3;
/// Longest name that near ones are looked for, in Unicode scalar values: it takes a while.
const NEAR_CHARS_MAX: usize = 40;
/// From which likeness (0-1) on a name is offered.
const NEAR_FROM: f64 = 0.5;

/// 错误: one place in a file that cannot be used. The sentences are for the person who wrote it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// Name of the file.
    pub file: String,
    /// Line, from 1; 0 if the whole file is meant.
    pub line: u32,
    /// The column or key; empty if the whole line is meant.
    pub field: String,
    /// What stands there, and what is wrong with it.
    pub found: String,
    /// What would be right.
    pub expected: String,
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.file)?;
        if self.line > 0 {
            write!(f, " 第 {} 行", self.line)?;
        }
        if !self.field.is_empty() {
            write!(f, "“{}”", self.field)?;
        }
        write!(f, "：{}；{}", self.found, self.expected)
    }
}

/// All faults of one reading, in the order in which they were met.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Faults {
    told: Vec<Fault>,
    total: usize,
}

impl Faults {
    /// Takes note of one more.
    pub(super) fn add(&mut self, fault: Fault) {
        self.total += 1;
        if self.told.len() < FAULTS_MAX {
            self.told.push(fault);
        }
    }

    /// Whether those to come will only be counted.
    pub(super) fn full(&self) -> bool {
        self.told.len() == FAULTS_MAX
    }

    /// The faults, [`FAULTS_MAX`] at most.
    pub fn told(&self) -> &[Fault] {
        &self.told
    }

    /// How many there are.
    pub fn total(&self) -> usize {
        self.total
    }

    /// What was read, if nothing was wrong with it.
    ///
    /// # Errors
    /// The faults, if there are any.
    pub(super) fn or<T>(self, read: T) -> Result<T, Self> {
        if self.total == 0 { Ok(read) } else { Err(self) }
    }
}

impl fmt::Display for Faults {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let lines: Vec<String> = self.told.iter().map(Fault::to_string).collect();
        f.write_str(&lines.join("\n"))?;
        if self.total > self.told.len() {
            write!(f, "\n另有 {} 处错误没有列出，请先改正以上各处", self.total - self.told.len())?;
        }
        Ok(())
    }
}

impl std::error::Error for Faults {}

/// The known names that are most like `name`, the likest first; equals by name. None are like a
/// very long one.
pub fn near_names<'a>(name: &str, known: impl IntoIterator<Item = &'a str>) -> Vec<&'a str> {
    if name.chars().nth(NEAR_CHARS_MAX).is_some() {
        return Vec::new();
    }
    let likeness = |other: &str| {
        let inside = !name.is_empty() && (other.contains(name) || name.contains(other));
        let edits = strsim::normalized_damerau_levenshtein(name, other);
        if inside { edits.max(NEAR_FROM) } else { edits }
    };
    let mut near: Vec<(f64, &str)> = known
        .into_iter()
        .map(|other| (likeness(other), other))
        .filter(|(like, _)| *like >= NEAR_FROM)
        .collect();
    near.sort_by(|a, b| b.0.total_cmp(&a.0).then_with(|| a.1.cmp(b.1)));
    near.dedup();
    near.into_iter().take(NEAR_NAMES_MAX).map(|(_, name)| name).collect()
}

/// A clause that offers the near names, else all `known` ones.
pub(super) fn offered<'a>(name: &str, known: impl IntoIterator<Item = &'a str> + Clone) -> String {
    let near = near_names(name, known.clone());
    if near.is_empty() {
        format!("可用：{}", known.into_iter().collect::<Vec<_>>().join("、"))
    } else {
        format!("相近的有：{}", near.join("、"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fault(line: u32, field: &str) -> Fault {
        Fault {
            file: "a.csv".to_owned(),
            line,
            field: field.to_owned(),
            found: "是空的".to_owned(),
            expected: "请填写".to_owned(),
        }
    }

    #[test]
    fn a_fault_is_a_sentence_with_its_place() {
        assert_eq!(fault(3, "区").to_string(), "a.csv 第 3 行“区”：是空的；请填写");
        assert_eq!(fault(0, "").to_string(), "a.csv：是空的；请填写");
    }

    #[test]
    fn beyond_the_limit_faults_are_counted() {
        let mut faults = Faults::default();
        for line in 0..FAULTS_MAX as u32 + 5 {
            faults.add(fault(line, "x"));
        }
        assert_eq!((faults.told().len(), faults.total()), (FAULTS_MAX, FAULTS_MAX + 5));
        assert!(faults.to_string().ends_with("另有 5 处错误没有列出，请先改正以上各处"));
        assert!(faults.or(()).is_err());
        assert!(Faults::default().or(()).is_ok());
    }

    #[test]
    fn the_likest_names_come_first() {
        let known = ["江宁区", "江北新区", "玄武区", "建邺区"];
        assert_eq!(near_names("江宁", known), ["江宁区"]);
        assert_eq!(near_names("建业区", known), ["建邺区"]);
        assert!(near_names("上海", known).is_empty());
        assert!(near_names(&"江".repeat(NEAR_CHARS_MAX + 1), known).is_empty());
        assert_eq!(offered("years_max", ["years", "fit_min"]), "相近的有：years");
        assert_eq!(offered("qqqq", ["years", "fit_min"]), "可用：years、fit_min");
    }
}
