//! The small single-decree Paxos as actors of stateright. Handlers are the same functions; a message that changes nothing is
//! received all the same, as everywhere in our runs: there an actor that leaves its state untouched has not received it.

use crate::models::synod::{NODES, PROPOSERS, Say, Synod};
use stateright::Expectation;
use stateright::actor::{Actor, ActorModel, Id, Network, Out};
use std::borrow::Cow;

/// An actor of either role.
#[derive(Clone)]
pub struct Member;

impl Actor for Member {
    type Msg = Say;
    type Timer = ();
    type State = Synod;
    type Storage = ();
    type Random = ();

    fn on_start(&self, id: Id, _: &Option<()>, out: &mut Out<Self>) -> Synod {
        if let Some(say) = Synod::opens(number(id)) {
            tell_acceptors(say, out);
        }
        Synod::new(number(id))
    }

    fn on_msg(&self, id: Id, state: &mut Cow<Synod>, from: Id, say: Say, out: &mut Out<Self>) {
        match state.to_mut().hear(number(id), number(from), say) {
            Some(say) if number(id) < PROPOSERS => tell_acceptors(say, out),
            Some(say) => out.send(from, say),
            None => {}
        }
    }
}

fn tell_acceptors(say: Say, out: &mut Out<Member>) {
    (PROPOSERS..NODES).for_each(|node| out.send(Id::from(usize::from(node)), say));
}

fn number(id: Id) -> u8 {
    usize::from(id) as u8
}

/// The whole run.
pub fn model() -> ActorModel<Member> {
    ActorModel::new((), ())
        .actors((0..NODES).map(|_| Member))
        .init_network(Network::new_unordered_nonduplicating([]))
        .property(Expectation::Always, "agreement", |_, state| {
            let mut chosen = state.actor_states.iter().filter_map(|node| node.chosen());
            chosen.next().is_none_or(|first| chosen.all(|other| other == first))
        })
}
