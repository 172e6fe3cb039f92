//! What the names in an expression mean.

use super::column::{Layout, Role};
use super::variable::Input;
use crate::expression::nearest;
use crate::spec::{self, Spec};

/// From where an expression sees: inside an object, or outside, before one or after all.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Scope {
    /// The object whose own parameters and `let` come first.
    pub(super) own: Option<usize>,
    /// The part of it whose own parameters come before those.
    pub(super) part: Option<&'static str>,
    /// The objects before this one can be named.
    pub(super) before: Option<usize>,
}

impl Scope {
    pub(super) fn inside(object: usize) -> Scope {
        Scope { own: Some(object), part: None, before: Some(object) }
    }

    pub(super) fn before(object: usize) -> Scope {
        Scope { own: None, part: None, before: Some(object) }
    }
}

/// Whether an entry occurs exactly once: of a branch, in the samples that have it.
pub(super) fn is_single(object: &spec::Object) -> bool {
    object.slots == 1 && object.repeat == spec::Value::Constant(1.0)
}

/// The names of a recipe and its columns.
pub(super) struct Names<'a> {
    pub(super) spec: &'a Spec,
    pub(super) layout: &'a Layout,
    /// Whether an unknown name is compared with the known ones.
    pub(super) hints: bool,
}

impl Names<'_> {
    /// The column that a name means: the object's own, the recipe's `let`, an object's.
    pub(super) fn find(&self, name: &str, scope: Scope) -> Result<Input, String> {
        if let Some(own) = scope.own {
            let within = scope.part.and_then(|part| self.own(own, &format!("{part}.{name}")));
            if let Some(input) = within.or_else(|| self.own(own, name)) {
                return Ok(input);
            }
        }
        if self.spec.lets.contains_key(name)
            && let Some(offset) = self.layout.named(name)
        {
            return Ok(Input { offset, stride: 0 });
        }
        if self.spec.psf.is_some()
            && name.starts_with("psf.")
            && let Some(offset) = self.layout.named(name)
        {
            return Ok(Input { offset, stride: 0 });
        }
        for (dot, _) in name.match_indices('.') {
            let (entry, rest) = (&name[..dot], &name[dot + 1..]);
            if let Some(index) = self.spec.objects.iter().position(|object| object.name == entry) {
                return self.of(index, rest, scope).unwrap_or_else(|| Err(self.unknown(name, scope)));
            }
        }
        Err(self.unknown(name, scope))
    }

    /// The branch that is looked from.
    fn branch_of(&self, scope: Scope) -> Option<usize> {
        self.spec.objects[scope.before?].branch
    }

    /// Whether an object is in a branch, and not in the one that is looked from.
    fn is_hidden(&self, index: usize, scope: Scope) -> bool {
        let branch = self.spec.objects[index].branch;
        branch.is_some() && branch != self.branch_of(scope)
    }

    fn hidden(&self, name: &str, scope: Scope) -> String {
        match self.branch_of(scope) {
            None => format!(
                "{name} belongs to a branch of mixture, so that not every sample has it; only later objects of its branch can name it"
            ),
            Some(_) => format!(
                "{name} belongs to another branch of mixture; here the common objects can be named, and those above in the same branch"
            ),
        }
    }

    /// An object's column, seen from inside it.
    fn own(&self, object: usize, name: &str) -> Option<Input> {
        let column = self.layout.column(&format!("{}.{name}", self.spec.objects[object].name))?;
        // A system's column that each of its bodies has is none of the system's own.
        let of_bodies = self.spec.series.is_some() && object == 0 && column.role == Role::Object;
        (!of_bodies)
            .then(|| Input { offset: column.offset, stride: usize::from(column.role == Role::Object) })
    }

    /// An object's column, seen from elsewhere.
    fn of(&self, index: usize, rest: &str, scope: Scope) -> Option<Result<Input, String>> {
        let object = &self.spec.objects[index];
        if scope.own == Some(index) {
            return self.own(index, rest).map(Ok);
        }
        let bodies = self.spec.objects.len() - 1;
        let Some(input) = self.own(index, rest) else {
            let repeated = index < bodies && self.spec.objects[bodies].name == object.name;
            return repeated.then(|| self.of(bodies, rest, scope)).flatten();
        };
        if self.is_hidden(index, scope) {
            return Some(Err(self.hidden(&object.name, scope)));
        }
        if scope.before.is_some_and(|before| index >= before) {
            return Some(Err(format!(
                "{0} does not come before; move {0} up, or say the value with let",
                object.name
            )));
        }
        if !is_single(object) && rest != "repeat" {
            return Some(Err(format!(
                "{} is repeated, so {0}.{rest} is no one value; only an object that occurs exactly once can be named",
                object.name
            )));
        }
        Some(Ok(Input { stride: 0, ..input }))
    }

    fn unknown(&self, name: &str, scope: Scope) -> String {
        if !self.hints {
            return format!("no value is called {name}");
        }
        let mut known: Vec<String> = self.spec.lets.keys().cloned().collect();
        for (index, object) in self.spec.objects.iter().enumerate() {
            let prefix = format!("{}.", object.name);
            let own = self.layout.of_entry(&object.name).map(|column| column.name.as_str());
            if scope.own == Some(index) {
                let short = own.clone().filter_map(|name| name.strip_prefix(&prefix));
                known.extend(short.filter(|name| self.own(index, name).is_some()).map(String::from));
            } else if is_single(object)
                && scope.before.is_none_or(|before| index < before)
                && !self.is_hidden(index, scope)
            {
                known.extend(own.map(String::from));
            }
        }
        let words = || known.iter().map(String::as_str);
        let hint = match nearest(name, words()) {
            Some(near) => format!("did you mean {near}?"),
            None if known.is_empty() => "there is none here; give it with let".into(),
            None => format!("here are {}", words().take(12).collect::<Vec<_>>().join(", ")),
        };
        format!("no value is called {name}; {hint}")
    }
}
