//! The parameters that 百校对接计划 asks for. Each has to be in the packs, so that asking cannot fail.

/// Defines the keys by their names in the packs.
macro_rules! keys {
    ($($(#[$doc:meta])* $key:ident = $name:literal),* $(,)?) => {
        /// A parameter that the program asks for by name.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum Key {
            $($(#[$doc])* $key),*
        }

        impl Key {
            /// All of them, in the order of their declaration.
            pub const ALL: &[Self] = &[$(Self::$key),*];

            /// Name in packs and cases.
            pub fn as_str(self) -> &'static str {
                match self {
                    $(Self::$key => $name),*
                }
            }
        }
    };
}

keys! {
    /// H1: distinct commissioners at most.
    CommissionersMax = "commissioners_max",
    /// H2: years from the start within which postings begin and end.
    Years = "years",
    /// H3: 1 if an institution of which nobody knows whether it sent members is refused, 0 if told.
    UnknownSentBlocks = "unknown_sent_blocks",
    /// H4: institutions a commissioner is posted to at most.
    InstitutionsPerCommissioner = "institutions_per_commissioner",
    /// H4: commissioners posted to an institution at most.
    CommissionersPerInstitution = "commissioners_per_institution",
    /// H5: fit (0-10000) from which on a posting is possible.
    FitMin = "fit_min",
    /// R1: institutions with a lasting tie that are aimed at.
    RelationshipsTarget = "relationships_target",
    /// Richness of a paper of today.
    RichPaper = "rich_paper",
    /// Richness of a patent of today.
    RichPatent = "rich_patent",
    /// Richness of a project of today.
    RichProject = "rich_project",
    /// Richness of a product of today.
    RichProduct = "rich_product",
    /// Richness of a piece of software of today.
    RichSoftware = "rich_software",
    /// Richness of a standard of today.
    RichStandard = "rich_standard",
    /// Richness of an instrument of today.
    RichInstrument = "rich_instrument",
    /// Years after which an achievement counts half.
    RichHalfLifeYears = "rich_half_life_years",
    /// Richness of a state key laboratory.
    RichKeyLab = "rich_key_lab",
    /// Richness of a 双一流 discipline.
    RichDiscipline = "rich_discipline",
    /// Share of fit that industries and disciplines earn, in basis points.
    FitIndustryShare = "fit_industry_share",
    /// Share of fit that needs and labs earn, in basis points.
    FitNeedsShare = "fit_needs_share",
    /// What a discipline counts that is only told by the name of a laboratory, in basis points.
    FitInferredShare = "fit_inferred_share",
    /// What a lab counts whose match is fair, in basis points of one whose match is strong.
    FitFairBand = "fit_fair_band",
    /// Cost of 100 km of travel.
    TravelWeight = "travel_weight",
    /// Cost of one other duty of a commissioner.
    LoadWeight = "load_weight",
}
