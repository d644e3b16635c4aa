//! What is otherwise, as options: each is one [`Change`], and they are made in the order in which
//! they stand; `--or` begins another list of them.

use clap::{Arg, ArgAction, ArgMatches, Command, FromArgMatches};

use crate::programmes::hundred::{
    Change, Class, Commissioner, HostInstitution, Posting, RICHNESS_MAX, Sent,
};

/// What separates lists of changes.
const OR: &str = "or";
/// What separates the entries of a list inside a value.
const SEPARATORS: [char; 3] = ['+', ';', '；'];

/// An option: its name, another name, the form of its value, its help, how it is read.
struct ChangeOption {
    name: &'static str,
    alias: Option<&'static str>,
    form: &'static str,
    help: &'static str,
    read: fn(&str) -> Result<Change, String>,
}

const fn option(
    name: &'static str,
    form: &'static str,
    help: &'static str,
    read: fn(&str) -> Result<Change, String>,
) -> ChangeOption {
    ChangeOption { name, alias: None, form, help, read }
}

const OPTIONS: [ChangeOption; 13] = [
    option("force", "专员=院校[@批次]", "指定派驻", force),
    option("unforce", "专员=院校", "取消指定派驻", |text| {
        let (commissioner, institution) = pair(text)?;
        Ok(Change::Unforce { commissioner, institution })
    }),
    option("forbid", "专员=院校", "排除一种派驻", |text| {
        let (commissioner, institution) = pair(text)?;
        Ok(Change::Forbid { commissioner, institution })
    }),
    option("allow", "专员=院校", "取消排除", |text| {
        let (commissioner, institution) = pair(text)?;
        Ok(Change::Allow { commissioner, institution })
    }),
    option("require", "院校", "必派院校", |text| Ok(Change::Require(given(text)?))),
    option("unrequire", "院校", "取消必派", |text| Ok(Change::Unrequire(given(text)?))),
    ChangeOption {
        alias: Some("leaves"),
        ..option("remove", "专员", "专员离开", |text| {
            Ok(Change::RemoveCommissioner(given(text)?))
        })
    },
    option("remove-institution", "院校", "院校退出", |text| {
        Ok(Change::RemoveInstitution(given(text)?))
    }),
    option(
        "add-commissioner",
        "字段=值,…",
        "增加专员，如 id=c-101,park=江宁开发区,batches=1+2,load=1",
        add_commissioner,
    ),
    option(
        "add-institution",
        "字段=值,…",
        "增加院校，如 id=某大学,classes=985,city=北京,sent=no；其匹配度要重新编制才能测得",
        add_institution,
    ),
    option("set", "参数=值", "规则参数取另一值，如 commissioners_max=90", |text| {
        let (key, value) = pair(text)?;
        let value = value.parse().map_err(|_| format!("“{value}”不是整数"))?;
        Ok(Change::Set { key, value })
    }),
    option("places", "批次=名额", "批次的名额，none 为不限", places),
    option(
        "batches",
        "专员=批次+…",
        "专员能参加的批次，any 为任何批次",
        |text| {
            let (commissioner, named) = pair(text)?;
            let batches = if named == "any" { Vec::new() } else { list(&named) };
            Ok(Change::Batches { commissioner, batches })
        },
    ),
];

/// 更改: one list.
#[derive(Debug, Clone)]
pub(in crate::cli) struct Changes(pub Vec<Change>);

/// 几种假设: lists apart.
#[derive(Debug, Clone)]
pub(in crate::cli) struct Forks(pub Vec<Vec<Change>>);

fn with_options(command: Command) -> Command {
    OPTIONS.iter().fold(command, |command, own| {
        let arg = Arg::new(own.name)
            .long(own.name)
            .value_name(own.form)
            .help(own.help)
            .action(ArgAction::Append)
            .value_parser(own.read);
        command.arg(match own.alias {
            Some(alias) => arg.visible_alias(alias),
            None => arg,
        })
    })
}

/// The changes with their places among the arguments.
fn placed(matches: &ArgMatches) -> Vec<(usize, Change)> {
    let of_option = |own: &ChangeOption| {
        let places = matches.indices_of(own.name).into_iter().flatten();
        let changes = matches.get_many::<Change>(own.name).into_iter().flatten().cloned();
        places.zip(changes).collect::<Vec<_>>()
    };
    let mut all: Vec<_> = OPTIONS.iter().flat_map(of_option).collect();
    all.sort_by_key(|(place, _)| *place);
    all
}

impl FromArgMatches for Changes {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Self, clap::Error> {
        Ok(Self(placed(matches).into_iter().map(|(_, change)| change).collect()))
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), clap::Error> {
        *self = Self::from_arg_matches(matches)?;
        Ok(())
    }
}

impl clap::Args for Changes {
    fn augment_args(command: Command) -> Command {
        with_options(command)
    }

    fn augment_args_for_update(command: Command) -> Command {
        with_options(command)
    }
}

impl FromArgMatches for Forks {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Self, clap::Error> {
        let borders: Vec<usize> = matches.indices_of(OR).into_iter().flatten().collect();
        let mut forks = vec![Vec::new(); borders.len() + 1];
        for (place, change) in placed(matches) {
            forks[borders.partition_point(|border| *border < place)].push(change);
        }
        Ok(Self(forks))
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), clap::Error> {
        *self = Self::from_arg_matches(matches)?;
        Ok(())
    }
}

impl clap::Args for Forks {
    fn augment_args(command: Command) -> Command {
        // It takes no value of its own, but each time it is given has to be told apart.
        let or = Arg::new(OR)
            .long(OR)
            .value_name("")
            .help("以上为一种假设，以下为另一种，并列比较")
            .action(ArgAction::Append)
            .num_args(0..=1)
            .require_equals(true)
            .default_missing_value("");
        with_options(command).arg(or)
    }

    fn augment_args_for_update(command: Command) -> Command {
        Self::augment_args(command)
    }
}

fn given(text: &str) -> Result<String, String> {
    match text.trim() {
        "" => Err("不能为空".to_owned()),
        text => Ok(text.to_owned()),
    }
}

fn pair(text: &str) -> Result<(String, String), String> {
    let (left, right) =
        text.split_once('=').ok_or_else(|| format!("“{text}”中没有等号，应写成 甲=乙"))?;
    Ok((given(left)?, given(right)?))
}

fn list(text: &str) -> Vec<String> {
    let entries = text.split(SEPARATORS).map(str::trim).filter(|entry| !entry.is_empty());
    entries.map(str::to_owned).collect()
}

fn force(text: &str) -> Result<Change, String> {
    let (commissioner, host) = pair(text)?;
    let (institution, batch) = host.rsplit_once('@').unwrap_or((&host, ""));
    let (institution, batch) = (given(institution)?, batch.trim().to_owned());
    Ok(Change::Force(Posting { commissioner, institution, batch, renewed: Vec::new() }))
}

fn places(text: &str) -> Result<Change, String> {
    let (batch, places) = pair(text)?;
    let places = match places.as_str() {
        "none" => None,
        number => Some(number.parse().map_err(|_| format!("名额“{number}”应为整数或 none"))?),
    };
    Ok(Change::Places { batch, places })
}

/// Fields as `name=value,name=value`, each of them once and among those that are known.
struct Fields(Vec<(String, String)>);

impl Fields {
    fn read(text: &str, known: &[&str]) -> Result<Self, String> {
        let mut fields: Vec<(String, String)> = Vec::new();
        for entry in text.split([',', '，']) {
            let (name, value) = pair(entry)?;
            if !known.contains(&name.as_str()) {
                return Err(format!("没有字段“{name}”，可用：{}", known.join("、")));
            }
            if fields.iter().any(|(other, _)| *other == name) {
                return Err(format!("字段“{name}”给了两次"));
            }
            fields.push((name, value));
        }
        Ok(Self(fields))
    }

    fn text(&self, name: &str) -> Option<String> {
        self.0.iter().find(|(own, _)| own == name).map(|(_, value)| value.clone())
    }

    fn needed(&self, name: &str) -> Result<String, String> {
        self.text(name).ok_or_else(|| format!("缺少字段“{name}”"))
    }

    fn list(&self, name: &str) -> Vec<String> {
        self.text(name).map(|value| list(&value)).unwrap_or_default()
    }

    fn number(&self, name: &str, most: u32) -> Result<Option<u32>, String> {
        let Some(value) = self.text(name) else { return Ok(None) };
        let number = value.parse().ok().filter(|number| *number <= most);
        number.map(Some).ok_or_else(|| format!("“{name}”应为 0 到 {most} 的整数"))
    }
}

/// Other duties of one commissioner, and kilometres, at most: what nobody means to exceed.
const LOAD_MAX: u32 = 1_000;
const DISTANCE_MAX: u32 = 20_000;

fn add_commissioner(text: &str) -> Result<Change, String> {
    let fields = Fields::read(text, &["id", "district", "park", "batches", "load"])?;
    let (district, park) = (fields.text("district"), fields.text("park"));
    if district.is_none() && park.is_none() {
        return Err("district（区）与 park（园区）至少给一个".to_owned());
    }
    Ok(Change::AddCommissioner(Commissioner {
        id: fields.needed("id")?,
        district,
        park,
        batches: fields.list("batches"),
        load: fields.number("load", LOAD_MAX)?.unwrap_or(0),
    }))
}

fn add_institution(text: &str) -> Result<Change, String> {
    let known = ["id", "classes", "city", "sent", "distance", "disciplines", "richness"];
    let fields = Fields::read(text, &known)?;
    let mut classes = Vec::new();
    for name in fields.list("classes") {
        let class = Class::ALL.into_iter().find(|class| class.as_str() == name);
        let all = Class::ALL.map(Class::as_str).join("、");
        classes.push(class.ok_or_else(|| format!("没有类别“{name}”，可用：{all}"))?);
    }
    classes.sort_unstable();
    classes.dedup();
    let sent = match fields.text("sent").as_deref() {
        Some("yes") => Sent::Yes,
        Some("no") => Sent::No,
        None | Some("unknown") => Sent::Unknown,
        Some(other) => return Err(format!("sent 不能为“{other}”，可用：yes、no、unknown")),
    };
    Ok(Change::AddInstitution(HostInstitution {
        id: fields.needed("id")?,
        classes,
        city: fields.text("city").unwrap_or_default(),
        sent,
        distance_km: fields.number("distance", DISTANCE_MAX)?,
        disciplines: fields.list("disciplines"),
        key_labs: Vec::new(),
        richness: fields.number("richness", RICHNESS_MAX)?,
    }))
}

/// A change in words.
pub(super) fn told(change: &Change) -> String {
    let posting = |own: &Posting| match own.batch.as_str() {
        "" => format!("{} → {}", own.commissioner, own.institution),
        batch => format!("{} → {}（批次{batch}）", own.commissioner, own.institution),
    };
    match change {
        Change::AddCommissioner(own) => format!("增加专员 {}（{}）", own.id, own.home()),
        Change::RemoveCommissioner(id) => format!("专员 {id} 离开"),
        Change::AddInstitution(own) => format!("增加院校 {}", own.id),
        Change::RemoveInstitution(id) => format!("院校 {id} 退出"),
        Change::Force(own) => format!("指定 {}", posting(own)),
        Change::Unforce { commissioner, institution } => {
            format!("取消指定 {commissioner} → {institution}")
        }
        Change::Forbid { commissioner, institution } => {
            format!("排除 {commissioner} → {institution}")
        }
        Change::Allow { commissioner, institution } => {
            format!("不再排除 {commissioner} → {institution}")
        }
        Change::Require(id) => format!("必派 {id}"),
        Change::Unrequire(id) => format!("不再必派 {id}"),
        Change::Set { key, value } => format!("{key} = {value}"),
        Change::Places { batch, places: Some(places) } => format!("批次{batch}名额 {places}"),
        Change::Places { batch, places: None } => format!("批次{batch}名额不限"),
        Change::Batches { commissioner, batches } if batches.is_empty() => {
            format!("{commissioner} 可参加任何批次")
        }
        Change::Batches { commissioner, batches } => {
            format!("{commissioner} 只参加批次 {}", batches.join("、"))
        }
    }
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::*;

    #[derive(Debug, Parser)]
    struct Line {
        #[command(flatten)]
        forks: Forks,
    }

    fn forks(line: &str) -> Result<Vec<Vec<String>>, String> {
        let read = Line::try_parse_from(std::iter::once("x").chain(line.split(' ')));
        let read = read.map_err(|error| error.to_string())?;
        Ok(read.forks.0.iter().map(|own| own.iter().map(told).collect()).collect())
    }

    #[test]
    fn options_are_changes_in_their_order_and_or_parts_them() {
        let read = forks(
            "--remove c-005 --force c-001=东南大学@2 --leaves c-004 --or --set years=4 --or \
             --places 1=none --batches c-1=1+2 --add-commissioner id=c-9,park=江宁开发区",
        );
        let want: [&[&str]; 3] = [
            &["专员 c-005 离开", "指定 c-001 → 东南大学（批次2）", "专员 c-004 离开"],
            &["years = 4"],
            &["批次1名额不限", "c-1 只参加批次 1、2", "增加专员 c-9（江宁开发区）"],
        ];
        assert_eq!(read.unwrap(), want);
    }

    #[test]
    fn what_cannot_be_read_is_told() {
        for (line, told) in [
            ("--force c-001", "没有等号"),
            ("--set years=四", "不是整数"),
            ("--add-commissioner id=c-9", "至少给一个"),
            ("--add-institution id=甲,classes=211", "没有类别“211”"),
            ("--add-institution name=甲", "没有字段“name”"),
            ("--require=", "不能为空"),
        ] {
            let error = forks(line).unwrap_err();
            assert!(error.contains(told), "{line}: {error}");
        }
    }
}
