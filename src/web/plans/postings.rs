//! Who goes where, batch by batch, of some classes or all.

use crate::http::{Params, Problem};
use crate::programmes::hundred::{Basis, Class, Posting};

/// What of a plan's postings is listed.
#[derive(Debug, Default)]
pub struct Filter {
    pub batch: Option<String>,
    pub class: Option<Class>,
}

/// 批次 with its postings.
pub struct BatchRows {
    pub name: String,
    pub from: String,
    pub until: String,
    /// Postings that there may be, if there is a limit.
    pub places: Option<u32>,
    /// Postings of the batch, listed or not.
    pub all: usize,
    pub rows: Vec<Row>,
}

/// 派驻 of a list.
pub struct Row {
    pub commissioner: String,
    pub address: String,
    pub home: String,
    pub institution: String,
    pub city: String,
    pub classes: Vec<&'static str>,
    pub fit: Option<u32>,
    pub richness: u32,
    pub distance_km: Option<u32>,
    /// Names of the batches that it was renewed for.
    pub renewed: String,
}

impl Filter {
    /// Out of an address.
    ///
    /// # Errors
    /// If there is no such class.
    pub fn read(params: &Params) -> Result<Self, Problem> {
        let class = params.one("class")?;
        let class = class.map(|name| {
            let known = || Class::ALL.map(Class::as_str).join("、");
            let found = Class::ALL.into_iter().find(|own| own.as_str() == name);
            found.ok_or_else(|| Problem::invalid("class", &format!("没有类别“{name}”"), &known()))
        });
        Ok(Self { batch: params.one("batch")?, class: class.transpose()? })
    }

    /// Whether a batch was chosen.
    pub fn is_batch(&self, id: &str) -> bool {
        self.batch.as_deref() == Some(id)
    }

    /// Whether a class was chosen.
    pub fn is_class(&self, class: &Class) -> bool {
        self.class.as_ref() == Some(class)
    }

    /// Whether all are listed.
    pub fn is_none(&self) -> bool {
        self.batch.is_none() && self.class.is_none()
    }
}

/// The page that says why somebody goes where they go.
pub fn address_of(plan: &str, commissioner: &str) -> String {
    format!("/plans/{plan}/postings/{}", encoded(commissioner))
}

/// A name as a part of an address.
pub fn encoded(name: &str) -> String {
    askama::filters::urlencode_strict(name).map(|text| text.to_string()).unwrap_or_default()
}

/// The batches with the postings that are listed.
pub fn by_batch(plan: &str, basis: &Basis, all: &[Posting], filter: &Filter) -> Vec<BatchRows> {
    let (who, hosts) = (basis.commissioners(), basis.institutions());
    let row = |own: &Posting| {
        let host = hosts.get(own.institution.as_str());
        let home = who.get(own.commissioner.as_str()).map_or("", |who| who.home());
        let name = |id: &String| basis.batch(id).map_or(id, |(_, batch)| &batch.name).clone();
        Row {
            commissioner: own.commissioner.clone(),
            address: address_of(plan, &own.commissioner),
            home: home.to_owned(),
            institution: own.institution.clone(),
            city: host.map_or_else(String::new, |host| host.city.clone()),
            classes: host.map_or_else(Vec::new, |host| {
                host.classes.iter().map(|class| class.short_label()).collect()
            }),
            fit: basis.measured.fit_of(home, &own.institution).map(|fit| fit.value),
            richness: basis.measured.richness_of(&own.institution),
            distance_km: host.and_then(|host| host.distance_km),
            renewed: own.renewed.iter().map(name).collect::<Vec<_>>().join("、"),
        }
    };
    let is_listed = |own: &&Posting| {
        let host = hosts.get(own.institution.as_str());
        filter.class.is_none_or(|class| host.is_some_and(|host| host.classes.contains(&class)))
    };
    let batches = basis.case.batches.iter();
    let batches = batches.filter(|own| filter.batch.as_ref().is_none_or(|id| *id == own.id));
    let batches = batches.map(|batch| {
        let own = || all.iter().filter(|own| own.batch == batch.id);
        BatchRows {
            name: batch.name.clone(),
            from: batch.start.to_string(),
            until: batch.end.to_string(),
            places: batch.places,
            all: own().count(),
            rows: own().filter(is_listed).map(row).collect(),
        }
    });
    batches.collect()
}
