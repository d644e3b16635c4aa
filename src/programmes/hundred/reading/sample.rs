//! The case that the product comes with: Nanjing, real institutions, illustrative commissioners.

use super::places::Places;
use super::{CaseErrors, read_case};
use crate::data::{Data, DataError};
use crate::programmes::hundred::Case;
use crate::programmes::rules::{RuleBook, RuleBookError};

/// Its files, by their paths under the data folder.
const FILES: [&str; 6] = [
    "sample/nanjing/case.toml",
    "sample/nanjing/batches.csv",
    "sample/nanjing/commissioners.csv",
    "sample/nanjing/institutions.csv",
    "sample/nanjing/clarified.csv",
    "sample/nanjing/ties.csv",
];

/// Why there is no sample case.
#[derive(Debug, thiserror::Error)]
pub enum SampleError {
    /// A file cannot be read.
    #[error(transparent)]
    Data(#[from] DataError),
    /// The rules are wrong.
    #[error(transparent)]
    Rules(#[from] RuleBookError),
    /// The files are wrong; a folder may have others in the place of the shipped ones.
    #[error("示例案例有误：\n{0}")]
    Faults(#[from] CaseErrors),
}

/// 南京示例案例.
///
/// # Errors
/// If files of `data` are missing or wrong, which those inside the binary are not.
pub fn sample_case(data: &Data) -> Result<Case, SampleError> {
    let (places, book) = (Places::load(data)?, RuleBook::load(data)?);
    let file = |path: &&str| Ok(((*path).to_owned(), data.text(path)?.into_owned().into_bytes()));
    let files: Vec<_> = FILES.iter().map(file).collect::<Result<_, DataError>>()?;
    Ok(read_case(&files, &places, &book)?)
}
