//! What a quantity is of: powers of base units, or a scale or a sort of counting of its own.

/// Base units, in the order of [`Dimension`]'s powers. A turn is not a radian, a month not
/// so many seconds: they are compared only among themselves.
const BASES: [&str; 10] = ["m", "kg", "s", "A", "K", "mol", "cd", "bit", "turn", "month"];

/// 量纲: two quantities can be compared only if they have the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Dimension {
    powers: [i8; BASES.len()],
    scale: Scale,
}

/// What the powers of base units do not tell.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Scale {
    None,
    /// A temperature as read from a thermometer, in ℃; a difference is a power of K.
    Temperature,
    /// A scale of its own (HRC, dB, pH) or things counted (次, 个), by name.
    Named(&'static str),
}

impl Dimension {
    /// A bare number, such as a coefficient.
    pub const NUMBER: Self = Self { powers: [0; BASES.len()], scale: Scale::Named("number") };
    /// A share of a whole: %, ‰, ppm. In the base unit 1 is the whole.
    pub const RATIO: Self = Self { powers: [0; BASES.len()], scale: Scale::None };
    /// A multiple of something else: 倍.
    pub const MULTIPLE: Self = Self { powers: [0; BASES.len()], scale: Scale::Named("倍") };
    /// A temperature, in ℃.
    pub const TEMPERATURE: Self = Self { powers: [0; BASES.len()], scale: Scale::Temperature };
    /// A difference of temperatures, in K.
    pub const TEMPERATURE_DIFFERENCE: Self = Self::RATIO.with("K", 1);
    /// Seconds.
    pub const TIME: Self = Self::RATIO.with("s", 1);
    /// Months of the calendar, 28 to 31 days long.
    pub const MONTHS: Self = Self::RATIO.with("month", 1);
    /// An angle, in degrees.
    pub const ANGLE: Self = Self { powers: [0; BASES.len()], scale: Scale::Named("°") };

    /// A scale or a sort of things counted.
    pub(super) const fn named(name: &'static str) -> Self {
        Self { powers: [0; BASES.len()], scale: Scale::Named(name) }
    }

    const fn with(mut self, base: &str, power: i8) -> Self {
        let mut at = 0;
        while at < BASES.len() {
            // `==` of strings is not const: the first two letters tell the bases apart.
            let name = BASES[at].as_bytes();
            let same = name[0] == base.as_bytes()[0] && name.len() == base.len();
            if same {
                self.powers[at] += power;
            }
            at += 1;
        }
        self
    }

    /// Reads `kg m s-2`; a word that is no base unit names a scale.
    pub(super) fn parse(written: &'static str) -> Self {
        let mut dimension = Self::RATIO;
        for word in written.split_whitespace() {
            let letters = word.trim_end_matches(|c: char| c.is_ascii_digit() || c == '-');
            let power = word[letters.len()..].parse().unwrap_or(1);
            match BASES.iter().position(|base| *base == letters) {
                Some(at) => dimension.powers[at] += power,
                None if word == "℃" => dimension.scale = Scale::Temperature,
                None => dimension.scale = Scale::Named(word),
            }
        }
        dimension
    }

    /// The dimension of a product with `other` to the power `power`. `None` if both have
    /// scales of their own, or that of `other` would stand below the stroke.
    pub(super) fn times(self, other: Self, power: i8) -> Option<Self> {
        // In a product a degree is a difference.
        let [left, right] = [self, other].map(|d| match d.scale {
            Scale::Temperature => Self::TEMPERATURE_DIFFERENCE,
            _ => d,
        });
        let scale = match (left.scale, right.scale) {
            (scale, Scale::None) => scale,
            (Scale::None, scale) if power == 1 => scale,
            _ => return None,
        };
        let mut powers = left.powers;
        for (sum, add) in powers.iter_mut().zip(right.powers) {
            *sum = sum.checked_add(add.checked_mul(power)?)?;
        }
        Some(Self { powers, scale })
    }

    /// Whether it is one length and nothing else, as the `m` of `m2`.
    pub(super) fn is_length(self) -> bool {
        self == Self::RATIO.with("m", 1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn products_of_units_have_one_dimension_however_they_are_written() {
        let work = Dimension::parse("kg m2 s-2");
        let watt = Dimension::parse("kg m2 s-3");
        assert_eq!(watt.times(Dimension::TIME, 1), Some(work));
        assert_ne!(Dimension::MONTHS, Dimension::TIME);
        assert_ne!(Dimension::parse("mol"), Dimension::parse("m"));
        assert_eq!(Dimension::parse("month"), Dimension::MONTHS);
        assert_eq!(Dimension::parse("s"), Dimension::TIME);
        // Hours per hardness are nothing.
        assert_eq!(Dimension::TIME.times(Dimension::named("HRC"), -1), None);
    }
}
