//! duijie (对接) pairs enterprises' technology needs with the labs of universities and
//! institutes, in Chinese, with reasons. `ARCHITECTURE.md` is the map of this house.

pub mod model;

pub mod intake;
