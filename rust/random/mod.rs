//! Random numbers: a pure function of seed, slot and row.
