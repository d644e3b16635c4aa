//! Policy: rules as data, and what follows from them. Knows matches only as numbers with reasons.

pub mod hundred;
