//! A first look: a run goes through, and dragging gives what a full run gives.
use lightcone::*;
use lightcone::operation::Operation;
use lightcone::scenario::Scenario;
#[test]
fn lamport_runs() {
    let family = registry::by_id("lamport").unwrap();
    let mut s = Scenario::new(family);
    for (at, c, n) in [(10, 2, 0), (12, 3, 1), (60, 2, 1), (70, 3, 1)] {
        s.script.push(Edit::At { at: Time::from_millis(at), action: Action::Request { node: NodeId(c), operation: Operation::Command { verb: 0, argument: n } } });
    }
    let t = simulate(&s);
    for e in &t.events { println!("{:?} {:?} {:?} L{}", e.at.micros(), e.node, e.cause, e.lamport); }
    println!("{:?} {:x}", t.verdicts, t.digest);
    let m = t.messages[0].clone();
    let mut s2 = s.clone();
    s2.moves.push(Edit::Deliver { message: m.id, at: Time::from_millis(50) });
    let a = resimulate(&t, &s2); let b = simulate(&s2);
    assert_eq!(a.digest, b.digest); assert_eq!(a.events, b.events);
    assert_ne!(a.digest, t.digest);
}
