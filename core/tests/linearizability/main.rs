//! Linearizability of runs, of whole histories, and of histories as text.

mod brute_force;
mod claims;
mod edn;
mod online;
mod runs;
mod sorts;
