//! Scenes of the gallery's runs, in all sizes: what is written where, and what a press meets.

use super::*;
use crate::gallery;
use crate::plane::labels::{Look, area};
use lightcone_engine::hash::mix;
use lightcone_engine::{Action, Edit, Trace};

const SIZES: [(f64, f64, bool); 4] =
    [(1024.0, 500.0, false), (1024.0, 640.0, false), (736.0, 324.0, false), (390.0, 520.0, true)];

/// Every run of the gallery in every size, whole.
fn all(check: impl Fn(&str, &Scene)) {
    for exhibit in gallery::exhibits().iter() {
        let index = Rc::new(Index::of(Rc::new(lightcone_engine::simulate(&exhibit.scenario))));
        for (width, height, narrow) in SIZES {
            let view = Viewport { hint: true, ..Viewport::whole(&index, (width, height), narrow) };
            let scene = Scene::new(index.clone(), &view);
            check(&format!("{} at {width} by {height}", exhibit.scenario.title), &scene);
        }
    }
}

#[test]
fn no_label_lies_on_another_unless_something_is_broken() {
    all(|name, scene| {
        for (place, label) in scene.labels.iter().enumerate() {
            let here = area(&label.text, label.look, label.at, label.anchor);
            // What is broken is written even where there is no room.
            let others =
                scene.labels[..place].iter().filter(|other| [other, label].iter().all(|each| each.look != Look::Bad));
            for other in others {
                let there = area(&other.text, other.look, other.at, other.anchor);
                assert!(!here.meets(&there), "{name}: {} on {}", label.text, other.text);
            }
        }
    });
}

#[test]
fn every_epoch_has_its_number_inside_its_band() {
    all(|name, scene| {
        let numbers: Vec<_> = scene.labels.iter().filter(|label| label.look == Look::Epoch).collect();
        let starts = scene.bands.iter().filter(|band| band.start.is_some());
        for band in starts {
            let (x, y, w, h) = band.rect;
            let inside = |label: &&&Label| {
                let here = area(&label.text, label.look, label.at, label.anchor);
                here.top >= y - 0.5
                    && here.bottom <= y + h.max(60.0)
                    && here.left >= x - 0.5
                    && here.right <= x + w.max(60.0)
            };
            let own = numbers.iter().filter(inside).find(|label| label.text == band.epoch.to_string());
            assert!(own.is_some(), "{name}: {} is missing", band.epoch);
        }
    });
}

#[test]
fn a_cuts_words_stay_in_their_wedge_and_nobody_elses_enter() {
    all(|name, scene| {
        for label in &scene.labels {
            let here = area(&label.text, label.look, label.at, label.anchor);
            let within =
                |(x, y, w, h): crate::plane::geometry::Rect| Area { left: x, top: y, right: x + w, bottom: y + h };
            let mut wedges = scene.wedges.iter();
            if label.key.starts_with('w') {
                let wide = Area { top: here.top + 2.0, bottom: here.bottom - 2.0, ..here };
                assert!(
                    wedges.any(|wedge| wide.inside(&within(wedge.area))),
                    "{name}: {} leaves its wedge",
                    label.text
                );
            } else if label.look != Look::Bad {
                assert!(!wedges.any(|wedge| here.meets(&wedge.core())), "{name}: {} is in a wedge", label.text);
            }
        }
    });
}

fn scene(edit: impl FnOnce(&mut lightcone_engine::Scenario), size: (f64, f64)) -> Scene {
    let mut scenario = gallery::blank("raft").expect("the registry has it");
    scenario.settings.parameters[0] = 7;
    edit(&mut scenario);
    let index = Rc::new(Index::of(Rc::new(lightcone_engine::simulate(&scenario))));
    let view = Viewport::whole(&index, size, false);
    Scene::new(index, &view)
}

#[test]
fn a_crowded_figure_shows_signs_of_life_as_ticks_where_they_arrive() {
    let long = scene(|scenario| scenario.horizon = Time::from_millis(4_000), (1024.0, 640.0));
    assert!(long.index.trace.messages.len() > MOST_ARROWS);
    assert!(long.arrows.len() <= MOST_ARROWS && long.arrows.iter().all(|arrow| arrow.style != Style::Beat));
    assert!(!long.arrows.is_empty());
    let ticks = long.left_out.iter().map(|ticks| ticks.path.matches('M').count()).sum::<usize>();
    let pixels = (long.frame.along.1 - long.frame.along.0) as usize * 7;
    assert!(ticks > MOST_ARROWS && ticks < pixels, "{ticks}");
    let short = scene(|scenario| scenario.horizon = Time::from_millis(300), (1024.0, 640.0));
    assert!(short.left_out.is_empty());
}

#[test]
fn a_label_of_an_event_is_pale_until_the_event_wherever_it_stands() {
    all(|name, scene| {
        for (label, of) in scene.labels.iter().filter_map(|label| Some((label, label.of?))) {
            let place = scene.labels.iter().position(|other| other.key == label.key).expect("it is one of them");
            let pale = |at: Time| crate::draw::layers::later(scene, at)[place];
            assert!(!pale(of), "{name}: {} is pale when it happens", label.text);
            let before = Time::from_micros(of.micros().saturating_sub(1));
            assert_eq!(pale(before), of > Time::ZERO, "{name}: {} is not pale before", label.text);
        }
    });
}

#[test]
fn the_message_that_breaks_a_promise_can_be_taken_by_its_head() {
    all(|name, scene| {
        for broken in scene.violations.iter().filter(|broken| !broken.others.is_empty()) {
            let heads = scene.arrows.iter().filter(|arrow| arrow.ending == Ending::Head);
            let near = |at: Point| move |arrow: &&Rc<Arrow>| (arrow.grip.x - at.x).hypot(arrow.grip.y - at.y) < 6.0;
            for arrow in heads.filter(near(broken.shows)) {
                let taken = scene.target(Tool::Move, arrow.grip, 12.0);
                assert!(matches!(taken, Target::Head(_)), "{name}: {}", arrow.name);
            }
        }
    });
}

#[test]
fn a_cut_says_whose_links_it_cuts_unless_it_parts_all_servers() {
    let said = |slug: &str| {
        let exhibit = gallery::find("raft", slug).expect("the gallery has it");
        let index = Index::of(Rc::new(lightcone_engine::simulate(&exhibit.scenario)));
        index.cuts.iter().map(|cut| words::links(&index.trace, cut)).collect::<Vec<_>>()
    };
    let figure_8 = said("figure-8");
    assert_eq!(figure_8.last().cloned().flatten().as_deref(), Some("S1 to S4 cut"));
    assert_eq!(said("stale-read-from-deposed-leader"), [None]);
}

#[test]
fn an_operation_that_fills_its_row_is_named_in_it() {
    let exhibit = gallery::find("quorum", "r-plus-w-but-stale").expect("the gallery has it");
    let index = Rc::new(Index::of(Rc::new(lightcone_engine::simulate(&exhibit.scenario))));
    let window = Window { from: Time::from_millis(95), to: Time::from_millis(245) };
    let view = Viewport { window, ..Viewport::whole(&index, (1024.0, 600.0), false) };
    let scene = Scene::new(index, &view);
    let clients = scene.clients.as_ref().expect("clients ask something");
    let wide = clients.boxes.iter().find(|each| each.fills).expect("c1 writes for long");
    let (x, y, w, h) = wide.area;
    let inside = Area { left: x, top: y, right: x + w, bottom: y + h };
    let within = |label: &&Label| area(&label.text, label.look, label.at, label.anchor).meets(&inside);
    let texts: Vec<&str> = scene.labels.iter().filter(within).map(|label| &*label.text).collect();
    assert_eq!(texts, ["2. write x = 2"]);
}

#[test]
fn a_message_put_off_past_the_end_is_a_stub_and_one_that_the_end_catches_is_where_it_is() {
    let usual = scene(|scenario| scenario.horizon = Time::from_millis(300), (1024.0, 640.0));
    let first = usual.arrows.iter().find(|arrow| arrow.style != Style::Beat).expect("somebody asks for votes").id;
    let put_off = |scenario: &mut lightcone_engine::Scenario| {
        scenario.horizon = Time::from_millis(300);
        scenario.script = vec![Edit::Deliver { message: first, at: Time::from_millis(900) }];
    };
    let scene = scene(put_off, (1024.0, 640.0));
    let stub = scene.arrows.iter().find(|arrow| arrow.id == first).expect("it is still sent");
    let mean = scene.index.trace.plan.model.links.mean_latency_micros();
    assert!(matches!(stub.ending, Ending::UnderWay(_)));
    assert_eq!(stub.times.1, stub.times.0.after(2 * mean * 2 / 5));
    assert!(stub.tip.along < scene.frame.at(stub.times.0.after(mean)));
    let lane = scene.frame.lane(first.to);
    assert!((stub.tip.across - lane).abs() > (stub.tail.across - lane).abs() / 2.0);
    let horizon = scene.index.trace.horizon();
    let mut caught =
        scene.arrows.iter().filter(|arrow| matches!(arrow.ending, Ending::UnderWay(_)) && arrow.id != first);
    assert!(caught.all(|arrow| arrow.times.1 == horizon));
}

#[test]
fn clients_that_ask_nothing_become_threads_where_lanes_do_not_fit() {
    let low = scene(|scenario| scenario.settings.parameters[1] = 3, (800.0, 460.0));
    assert_eq!(low.frame.threads.iter().map(|node| node.0).collect::<Vec<_>>(), [7, 8, 9]);
    assert!(low.bands.iter().all(|band| band.rect.1 < low.frame.lane(NodeId(7)) - 4.0));
    let high = scene(|scenario| scenario.settings.parameters[1] = 3, (800.0, 660.0));
    assert!(high.frame.threads.is_empty());
}

#[test]
fn a_refusal_has_a_bar_for_a_head_and_its_word_wherever_anything_is_written() {
    let exhibit = gallery::find("raft", "split-vote").expect("the gallery has it");
    let index = Rc::new(Index::of(Rc::new(lightcone_engine::simulate(&exhibit.scenario))));
    let view = Viewport::whole(&index, (1024.0, 640.0), false);
    let scene = Scene::new(index.clone(), &view);
    let votes = scene.arrows.iter().filter(|arrow| index.trace.kind(arrow.id).name == "Vote");
    let (no, yes): (Vec<_>, Vec<_>) = votes.partition(|arrow| arrow.refuses);
    assert!(!no.is_empty() && !yes.is_empty());
    // A bar is a line of two points, an open head one of three.
    let points = |arrow: &Arrow| arrow.head.as_ref().map_or(0, |head| head.matches(['M', 'L']).count());
    assert!(no.iter().all(|arrow| points(arrow) == 2), "{no:?}");
    assert!(yes.iter().all(|arrow| points(arrow) == 3), "{yes:?}");
    let said = scene.labels.iter().filter(|label| label.text.starts_with("no")).count();
    assert!(said > 0, "{:?}", scene.labels);
}

/// Numbers that are the same in every run of a test.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, most: usize) -> usize {
        self.0 += 1;
        (mix(self.0) % most.max(1) as u64) as usize
    }
}

/// An edit of something in a run.
fn any_edit(trace: &Trace, numbers: &mut Numbers) -> Edit {
    let at = Time::from_micros(numbers.below(trace.horizon().micros() as usize) as u64);
    let node = NodeId(numbers.below(trace.lanes().len()) as u8);
    let message = trace.messages.get(numbers.below(trace.messages.len())).map(|message| message.id);
    let timer = trace.timers.get(numbers.below(trace.timers.len())).map(|timer| timer.id);
    let some = match (numbers.below(8), message, timer) {
        (0..3, Some(message), _) => Some(Edit::Deliver { message, at }),
        (3, Some(message), _) => Some(Edit::Drop { message }),
        (4, Some(message), _) => Some(Edit::Duplicate { copy: MessageId { copy: 1, ..message }, at }),
        (5, _, Some(timer)) => Some(Edit::Fire { timer, at }),
        _ => None,
    };
    let action = match numbers.below(4) {
        0 => Action::Crash(node),
        1 => Action::Restart(node),
        2 => Action::Pause(node),
        _ => Action::Cut { from: NodeSet::only(node), to: NodeSet::first(trace.lanes().len() as u8), one_way: false },
    };
    some.unwrap_or(Edit::At { at, action })
}

/// How a scene that follows another differs from the same scene by itself.
fn difference(after: &Scene, alone: &Scene) -> Option<&'static str> {
    let same = [
        ("frame", after.frame == alone.frame),
        ("ticks", after.ticks == alone.ticks && after.steps == alone.steps),
        ("bands", after.bands == alone.bands),
        ("slivers", after.slivers == alone.slivers),
        ("wedges", after.wedges == alone.wedges),
        ("conditions", after.conditions == alone.conditions),
        ("arrows", after.arrows == alone.arrows),
        ("messages left out", after.left_out == alone.left_out),
        ("segments", after.segments == alone.segments),
        ("operations", after.operations == alone.operations),
        ("marks", after.marks == alone.marks),
        ("violations", after.violations == alone.violations),
        ("clients", after.clients == alone.clients),
        ("labels", after.labels == alone.labels && after.hint == alone.hint),
        ("level", after.level == alone.level && after.held == alone.held),
    ];
    same.into_iter().find(|(_, same)| !same).map(|(what, _)| what)
}

#[test]
fn a_scene_that_follows_another_is_what_it_would_be_by_itself() {
    let mut numbers = Numbers(0);
    let mut shared = 0;
    for exhibit in gallery::exhibits().iter() {
        let mut trace = Rc::new(lightcone_engine::simulate(&exhibit.scenario));
        let mut index = Rc::new(Index::of(trace.clone()));
        let (width, height, narrow) = SIZES[numbers.below(SIZES.len())];
        let mut view = Viewport::whole(&index, (width, height), narrow);
        let mut before = Scene::new(index, &view);
        for _ in 0..2 {
            let mut scenario = (*trace.scenario).clone();
            scenario.moves.push(any_edit(&trace, &mut numbers));
            trace = Rc::new(lightcone_engine::resimulate(&trace, &scenario));
            index = Rc::new(Index::of(trace.clone()));
            view.held = trace.messages.get(numbers.below(trace.messages.len())).map(|message| message.id);
            let after = Scene::after(index.clone(), &view, Some(&before));
            let alone = Scene::laid_out(index, &view, &before.choices(), None);
            assert_eq!(difference(&after, &alone), None, "{}: {:?}", exhibit.scenario.title, scenario.moves);
            shared += after.marks.iter().filter(|mark| Rc::strong_count(&mark.drawn) > 1).count();
            before = after;
        }
    }
    assert!(shared > 1_000, "{shared} marks are shared");
}
