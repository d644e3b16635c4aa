//! Words in front of and behind a number that say how it is meant: 不低于, 约, 提高, 以上.

use super::characters::{Characters, is_chinese};
use super::lead_words::{BEFORE, BEHIND, CHANGES, LEAST, MOST, OTHER_WORDS};

/// Most words looked at in front of a number.
const WORDS_MAX: usize = 7;

/// How far in front of a number 至少 may stand, in characters.
const FAR_CHARS_MAX: usize = 4;

/// What a word in front of or behind a number says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// ≥, or > if strict.
    AtLeast { strict: bool },
    /// ≤, or < if strict.
    AtMost { strict: bool },
    /// 优于: as the property tells.
    Better,
    /// 达到, 高达, 提高到.
    Up,
    /// 低至, 降到.
    Down,
    /// 约, 左右.
    About,
    /// 近, 接近: a little less.
    Near,
    /// 提高, 降低: a change, not a state.
    Change,
    /// 由, 从: what it was before.
    From,
    /// 级, 未达到: not said how.
    Unclear,
    /// 为, 是, 控制在: nothing more.
    Nothing,
}

use Role::{About, AtLeast, AtMost, Better, Change, Down, From, Near, Nothing, Unclear, Up};

/// All that the words in front of a number say.
#[derive(Debug, Clone, Copy, Default)]
pub struct Leads {
    /// First character of the words that belong to the quantity.
    pub start: usize,
    /// First character of all that was understood; the subject ends in front of it.
    pub subject_end: usize,
    /// ≥ or ≤ and whether strict.
    pub bound: Option<Role>,
    /// 达到, 降到.
    pub reached: Option<Role>,
    /// 约, 近.
    pub vague: Option<Role>,
    /// A change.
    pub change: bool,
    /// 内, 之内: inside of what is said.
    pub inside: bool,
    /// 由, 从.
    pub from: bool,
    /// Two words that disagree, or one that is not understood.
    pub unclear: bool,
}

impl Leads {
    /// Takes in what one more word says.
    pub fn add(&mut self, role: Role) {
        match role {
            AtLeast { .. } | AtMost { .. } | Better => {
                // 至少 … 以上 agree; 小于 … 以上 do not.
                let agrees =
                    |bound: Role| std::mem::discriminant(&bound) == std::mem::discriminant(&role);
                self.unclear |= self.bound.is_some_and(|bound| !agrees(bound));
                self.bound = self.bound.or(Some(role));
            }
            Up | Down => self.reached = self.reached.or(Some(role)),
            About | Near => self.vague = self.vague.or(Some(role)),
            Change => self.change = true,
            From => self.from = true,
            Unclear => self.unclear = true,
            Nothing => {}
        }
    }
}

/// Reads the words that end in front of `at`, backwards, but not beyond `floor`.
pub fn before(text: &Characters, at: usize, floor: usize) -> Leads {
    let mut leads = Leads { start: at, subject_end: at, ..Leads::default() };
    let mut end = at;
    for _ in 0..WORDS_MAX {
        let word_end = text.before_spaces(end);
        let word = word_before(text, word_end);
        let Some((len, role)) = word.filter(|(len, _)| word_end >= floor + len) else { break };
        end = word_end - len;
        leads.add(role);
        if matches!(role, AtLeast { .. } | AtMost { .. } | Better | About | Near | Up | Down) {
            leads.start = end;
        }
    }
    leads.subject_end = text.before_spaces(end);
    if leads.bound.is_none() {
        far_bound(text, leads.subject_end, &mut leads);
    }
    leads
}

/// 至少 and 最多 may have a verb behind them: 至少留出十分钟.
fn far_bound(text: &Characters, end: usize, leads: &mut Leads) {
    const WORDS: &[(&str, Role)] =
        &[("至少", LEAST), ("起码", LEAST), ("最少", LEAST), ("至多", MOST), ("最多", MOST)];
    for at in (end.saturating_sub(FAR_CHARS_MAX)..=end).rev() {
        if let Some((_, role)) = WORDS.iter().find(|(word, _)| text.ends(at, word)) {
            leads.add(*role);
            (leads.start, leads.subject_end) = (at - 2, text.before_spaces(at - 2));
            return;
        }
        if !is_chinese(text.before(at)) || text.before(at) == '的' {
            return;
        }
    }
}

/// Whether a change away from what stands in front begins at `at`: 降到, 提升至.
pub fn changes_to(text: &Characters, at: usize) -> bool {
    let at = text.past_spaces(at);
    CHANGES.iter().any(|(verb, _)| {
        let end = at + verb.chars().count();
        text.starts(at, verb) && matches!(text.at(end), '到' | '至' | '为')
    })
}

fn word_before(text: &Characters, end: usize) -> Option<(usize, Role)> {
    let len = |word: &str| word.chars().count();
    let result = |up: bool| if up { Up } else { Down };
    let bounds = BEFORE.iter().filter(|(word, _)| text.ends(end, word)).map(|(w, r)| (len(w), *r));
    let changes = CHANGES.iter().filter_map(|(verb, up)| {
        if text.ends(end, verb) {
            return Some((len(verb), Change));
        }
        let to = match text.before(end) {
            '到' | '至' => true,
            '为' => !verb.ends_with('幅'),
            _ => false,
        } && text.ends(end - 1, verb);
        to.then(|| (len(verb) + 1, result(*up)))
    });
    let longest = bounds.chain(changes).max_by_key(|(len, _)| *len)?;
    let other = OTHER_WORDS.iter().any(|word| len(word) > longest.0 && text.ends(end, word));
    (!other).then_some(longest)
}

/// Reads the words at `at`, behind a quantity, into `leads`; gives the end of those understood.
pub fn behind(text: &Characters, at: usize, leads: &mut Leads) -> usize {
    let mut end = at;
    for _ in 0..2 {
        let start = text.past_spaces(end);
        let word = BEHIND.iter().find(|(word, _)| text.starts(start, word));
        let Some((word, role)) = word else { break };
        let next = start + word.chars().count();
        // 5 年内部 is no limit, 2 小时内径 neither.
        if *word == "内"
            && "径部容孔表阻外存置壁层腔衬墙饰含蒙在网".contains(text.at(next))
            && text.at(next) != '\0'
        {
            break;
        }
        leads.add(*role);
        leads.inside |= word.ends_with('内');
        end = next;
    }
    end
}
