//! A map whose copies share what has not changed in either.

use std::collections::HashMap;
use std::hash::{BuildHasher, BuildHasherDefault, Hash};
use std::sync::Arc;

use fnv::FnvHasher;

/// Parts of a map. A change copies one of them.
const PARTS: usize = 256;

/// 共享映射: a map in parts. A copy costs 256 pointers, a change of a copy a 256th of the map;
/// so whoever answers keeps the map as it was, and whoever follows the store changes their own.
#[derive(Debug, Clone)]
pub(super) struct SharedMap<K, V> {
    parts: Vec<Arc<HashMap<K, V>>>,
}

impl<K, V> Default for SharedMap<K, V> {
    fn default() -> Self {
        Self { parts: (0..PARTS).map(|_| Arc::default()).collect() }
    }
}

impl<K: Hash + Eq + Clone, V: Clone> SharedMap<K, V> {
    pub fn get(&self, key: &K) -> Option<&V> {
        self.parts[part_of(key)].get(key)
    }

    pub fn insert(&mut self, key: K, value: V) -> Option<V> {
        Arc::make_mut(&mut self.parts[part_of(&key)]).insert(key, value)
    }

    pub fn remove(&mut self, key: &K) -> Option<V> {
        let part = &mut self.parts[part_of(key)];
        // A part without the key is not copied.
        part.contains_key(key).then(|| Arc::make_mut(part).remove(key)).flatten()
    }

    pub fn iter(&self) -> impl Iterator<Item = (&K, &V)> {
        self.parts.iter().flat_map(|part| part.iter())
    }
}

fn part_of(key: &impl Hash) -> usize {
    let hash = BuildHasherDefault::<FnvHasher>::default().hash_one(key);
    // FNV's low bits hardly mix short keys.
    (hash >> 32) as usize % PARTS
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_copy_is_not_changed_by_what_is_done_to_the_other() {
        let mut first = SharedMap::default();
        for key in 0..2_000 {
            first.insert(key, key);
        }
        let second = first.clone();
        assert_eq!(first.insert(7, 8), Some(7));
        assert_eq!(first.remove(&9), Some(9));
        assert_eq!(first.remove(&9), None);
        assert_eq!((first.get(&7), first.get(&9)), (Some(&8), None));
        assert_eq!((second.get(&7), second.get(&9)), (Some(&7), Some(&9)));
        assert_eq!((first.iter().count(), second.iter().count()), (1_999, 2_000));
        let copied = first.parts.iter().zip(&second.parts).filter(|(a, b)| !Arc::ptr_eq(a, b));
        assert!(copied.count() <= 2, "only what changed is copied");
    }
}
