//! The numbers of a run are its own: neighbours, order and instruction set change no bit.

use crate::stage::*;
use lightmill::isa::Isa;
use lightmill::series::n_body;

#[test]
fn neighbours_and_instruction_sets_change_no_bit() {
    let times = [0.0, 0.4, 0.5, 1.5];
    let counts = [5, 2, 17, 3, 3, 8, 2, 2, 6, 16, 4, 7, 15, 3, 5, 2, 24, 6];
    let mut starts: Vec<Start> = (0..).zip(counts).map(|(run, count)| crowd(run, count, &times)).collect();
    // Damped and undamped, softened and not, and of other times, side by side.
    for (i, start) in starts.iter_mut().enumerate() {
        start.parameters[1] = if i % 3 == 0 { 0.02 } else { 0.05 };
        start.parameters[2] = if i % 4 == 1 { 0.3 } else { 0.0 };
        start.times.truncate(if i % 5 == 2 { 2 } else { 4 });
    }
    for integrator in INTEGRATORS {
        let setup = setup(&[integrator, 0, 0], 1e-9, 0.01, 24);
        let alone: Vec<Vec<u64>> = starts
            .iter()
            .map(|start| {
                follow(Isa::BASELINE, &n_body::SYSTEM, &setup, std::slice::from_ref(start)).remove(0).bits()
            })
            .collect();
        for isa in Isa::available() {
            for (from, to) in [(0, starts.len()), (3, 9), (8, 18)] {
                let together = follow(isa, &n_body::SYSTEM, &setup, &starts[from..to]);
                for (i, run) in together.iter().enumerate() {
                    assert_eq!(
                        run.bits(),
                        alone[from + i],
                        "integrator {integrator}, {}, run {i}",
                        isa.name()
                    );
                }
            }
        }
    }
}
