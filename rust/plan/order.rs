//! In which order the values of a record follow from one another.

use super::draw::{Group, Quantity, Step};
use std::collections::HashMap;

/// An order in which each node comes after those it depends on, and the loops that forbid one.
/// Nodes that do not depend on one another keep their order.
fn sorted(dependencies: &[Vec<usize>]) -> (Vec<usize>, Vec<Vec<usize>>) {
    let (mut order, mut loops) = (Vec::with_capacity(dependencies.len()), vec![]);
    let mut reached = vec![false; dependencies.len()];
    let mut done = reached.clone();
    // The way from a root to the node at hand; a chain of lets may be longer than a thread's stack.
    let mut path: Vec<(usize, usize)> = vec![];
    for root in 0..dependencies.len() {
        if !reached[root] {
            reached[root] = true;
            path.push((root, 0));
        }
        while let Some((node, next)) = path.last_mut() {
            let Some(&to) = dependencies[*node].get(*next) else {
                order.push(*node);
                done[*node] = true;
                path.pop();
                continue;
            };
            *next += 1;
            if !reached[to] {
                reached[to] = true;
                path.push((to, 0));
            } else if !done[to] {
                let begin = path.iter().position(|(node, _)| *node == to).unwrap_or(0);
                loops.push(path[begin..].iter().map(|(node, _)| *node).chain([to]).collect());
            }
        }
    }
    (order, loops)
}

/// Values and conversions, and which depend on which: quantities come first, then groups.
pub(super) struct Graph<'a> {
    quantities: &'a [Quantity],
    groups: &'a [Group],
    dependencies: Vec<Vec<usize>>,
}

impl<'a> Graph<'a> {
    pub(super) fn new(quantities: &'a [Quantity], groups: &'a [Group]) -> Graph<'a> {
        let count = quantities.len();
        let mut producers: HashMap<usize, usize> = HashMap::new();
        producers.extend(quantities.iter().enumerate().map(|(i, quantity)| (quantity.offset, i)));
        for (g, group) in groups.iter().enumerate().filter(|(_, group)| group.conversion.is_some()) {
            for offset in &group.gives {
                producers.entry(*offset).or_insert(count + g);
            }
        }
        let inputs = |quantity: &Quantity| -> Vec<usize> {
            let inputs = quantity.variable.inputs().into_iter();
            inputs.filter_map(|(input, _)| producers.get(&input.offset).copied()).collect()
        };
        let needs = |group: &Group| -> Vec<usize> {
            let needs = group.conversion.iter().flat_map(|conversion| &conversion.needs);
            needs.filter_map(|offset| producers.get(offset).copied()).collect()
        };
        let dependencies = quantities.iter().map(inputs).chain(groups.iter().map(needs)).collect();
        Graph { quantities, groups, dependencies }
    }

    /// The steps of a record, or the loops and knots that leave none, each as place and message.
    pub(super) fn steps(&self) -> Result<Vec<Step>, Vec<(String, String)>> {
        let (order, loops) = sorted(&self.dependencies);
        if !loops.is_empty() {
            return Err(loops.iter().map(|nodes| (self.place(nodes[0]), self.loop_message(nodes))).collect());
        }
        let (order, knots) = sorted(&self.joined(&order));
        if !knots.is_empty() {
            return Err(knots.iter().map(|nodes| self.knot(nodes)).collect());
        }
        Ok(order.into_iter().filter_map(|node| self.step(node)).collect())
    }

    /// The graph in which a group whose values must be possible together is one node, its last.
    /// Members of such a group are left without dependencies, and give no step.
    fn joined(&self, order: &[usize]) -> Vec<Vec<usize>> {
        let count = self.quantities.len();
        let mut home: Vec<usize> = (0..self.dependencies.len()).collect();
        for (g, group) in self.groups.iter().enumerate().filter(|(_, group)| group.joint) {
            group.quantities.iter().for_each(|q| home[*q] = count + g);
        }
        let mut joined = vec![vec![]; home.len()];
        for &node in order {
            let others = self.dependencies[node].iter().map(|to| home[*to]).filter(|to| *to != home[node]);
            joined[home[node]].extend(others);
        }
        joined
    }

    fn step(&self, node: usize) -> Option<Step> {
        let Some(g) = node.checked_sub(self.quantities.len()) else {
            let joint = self.groups.iter().any(|group| group.joint && group.quantities.contains(&node));
            return (!joint).then_some(Step::Draw(node));
        };
        match &self.groups[g] {
            group if group.joint => Some(Step::Joint(g)),
            group if group.conversion.is_some() => Some(Step::Convert(g)),
            _ => None,
        }
    }

    fn name(&self, node: usize) -> &str {
        match node.checked_sub(self.quantities.len()) {
            None => &self.quantities[node].variable.slot.path,
            Some(g) => &self.groups[g].name,
        }
    }

    fn place(&self, node: usize) -> String {
        match node.checked_sub(self.quantities.len()) {
            None => self.quantities[node].variable.place.clone(),
            Some(g) => self.groups[g].place.clone(),
        }
    }

    fn loop_message(&self, nodes: &[usize]) -> String {
        let names: Vec<_> = nodes.iter().map(|node| self.name(*node)).collect();
        format!("a value cannot depend on itself: {}", names.join(" -> "))
    }

    fn knot(&self, nodes: &[usize]) -> (String, String) {
        let count = self.quantities.len();
        let group = nodes.iter().filter_map(|node| node.checked_sub(count)).find(|g| self.groups[*g].joint);
        let others: Vec<_> =
            nodes[1..].iter().filter(|node| **node < count).map(|node| self.name(*node)).collect();
        let (name, place) = group.map_or(("", ""), |g| (&self.groups[g].name, &self.groups[g].place));
        let message = format!(
            "the values of {name} are drawn together, so {} cannot stand between them; write one by the other itself",
            others.join(", ")
        );
        (place.to_string(), message)
    }
}

/// The members of each joint group in an order in which they can be drawn.
pub(super) fn sort_members(quantities: &[Quantity], groups: &mut [Group]) {
    let (order, _) = sorted(&Graph::new(quantities, groups).dependencies);
    let mut rank = vec![0; order.len()];
    order.iter().enumerate().for_each(|(i, node)| rank[*node] = i);
    groups.iter_mut().for_each(|group| group.quantities.sort_by_key(|q| rank[*q]));
}

#[cfg(test)]
mod tests {
    use super::sorted;

    #[test]
    fn what_is_needed_comes_first_and_the_rest_keeps_its_order() {
        assert_eq!(sorted(&[vec![3], vec![], vec![1], vec![]]), (vec![3, 0, 1, 2], vec![]));
    }

    #[test]
    fn a_loop_is_given_whole() {
        let (_, loops) = sorted(&[vec![1], vec![2], vec![1], vec![3]]);
        assert_eq!(loops, [vec![1, 2, 1], vec![3, 3]]);
    }

    #[test]
    fn a_long_chain_needs_no_stack() {
        let chain: Vec<_> = (0..1_000_000).map(|i| if i < 999_999 { vec![i + 1] } else { vec![] }).collect();
        assert_eq!(sorted(&chain).0[0], 999_999);
    }
}
