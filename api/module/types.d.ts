// The form of Lightcone's objects. `cargo run -p lightcone-types` writes this file.

/**
 * What a client is told.
 */
export type AnswerWord = "done" | "value" | "refused";

/**
 * What the argument of a command is.
 */
export type Argument = "nothing" | "node" | "number";

/**
 * One thing that is asked.
 */
export type Asked = {
  /**
   * As a line of a section `challenge` says it: `at-end P1 in-doubt`.
   */
  goal: string,
  /**
   * In words.
   */
  sentence: string,
};

/**
 * Whether something begins or ends.
 */
export type Begins = "begins" | "ends";

/**
 * What `check` is to look for, and how far. What is not said is as the protocol has it.
 */
export type Bounds = {
  /**
   * Whether to search at all; it does, if it is not said.
   */
  search?: boolean,
  /**
   * The moment of the run from which the search goes; from the start, if it is not said.
   */
  from?: Millis,
  /**
   * Look only for a run that breaks this promise, or after which it never comes true.
   */
  breaks?: string,
  /**
   * Look for a run in which this goal or promise is reached.
   */
  reaches?: string,
  /**
   * Events of a run, at most.
   */
  depth?: number,
  /**
   * States kept, at most.
   */
  states?: number,
  /**
   * How often each fault and each other thing that is not free may happen, by its name: `time-outs`, `crashes`, `repeats`,
   * `losses`, `requests`, `disks`, `drifts`.
   */
  budget: { [key in string]: number },
  /**
   * What the run and the search must show, each as a line of the section `expect` of a scenario file: `holds`,
   * `breaks election-safety`.
   */
  expect: Array<string>,
};

/**
 * What the page around a figure asks of it. Each call is answered once, by an object with the same `id`.
 */
export type Call = {
  /**
   * The version of the form: 1.
   */
  lightcone: number,
  /**
   * The number of the call, which its answer repeats.
   */
  id: number,
  /**
   * What to do.
   */
  call: CallWord,
  /**
   * `open`: the run, as an address of Lightcone, a link's code, or a name: `raft/election`. It may say where to look.
   */
  link?: string,
  /**
   * `open`: the run as the text of a scenario instead.
   */
  scenario?: string,
  /**
   * Look at this moment.
   */
  at?: Millis,
  /**
   * Show the run from this moment.
   */
  from?: Millis,
  /**
   * Show the run to this moment.
   */
  to?: Millis,
  /**
   * Select an event `e12`, a message `m12`, a timer `t12` or a node `n3`, by its number in the run; empty for nothing.
   */
  select?: string,
  /**
   * Light of the selected event its `past`, its `future`, or `why` its node believes what it does; or nothing: `off`.
   */
  light?: string,
  /**
   * Number the events after this moment as steps.
   */
  steps?: Millis,
  /**
   * Show the run beside itself with these settings the other way; `no` for alone.
   */
  beside?: string,
  /**
   * `style`: `light` or `dark`; anything else for the reader's own choice.
   */
  theme?: string,
  /**
   * `style`: the colour of the paper, as six hexadecimal digits; anything else for Lightcone's own.
   */
  paper?: string,
  /**
   * `style`: the colour of the reader's hand and of the focus, in the same way.
   */
  accent?: string,
  /**
   * `style`: whether messages can be dragged: `yes` or `no`.
   */
  edit?: string,
  /**
   * `style`: whether there is a bar to play with: `yes` or `no`.
   */
  controls?: string,
  /**
   * `style`: whether the figure plays when it comes into sight: `yes` or `no`.
   */
  autoplay?: string,
};

/**
 * What the page around a figure may ask.
 */
export type CallWord = "show" | "open" | "reset" | "state" | "style" | "wake";

/**
 * What makes an event happen.
 */
export type Cause = {
  "is": "start",
} | {
  "is": "message",
  /**
   * Its name.
   */
  message: string,
} | {
  "is": "timer",
  /**
   * Its name.
   */
  timer: string,
} | {
  "is": "edit",
  /**
   * The edit.
   */
  edit: Edit,
} | {
  "is": "recorded",
};

/**
 * What a run shows, and what a search from it found.
 */
export type Checked = {
  /**
   * The version of the form: 1.
   */
  lightcone: number,
  /**
   * The run.
   */
  scenario: Scenario,
  /**
   * The run's digest.
   */
  digest: string,
  /**
   * How many events it has.
   */
  events: number,
  /**
   * How many messages it has.
   */
  messages: number,
  /**
   * Which limit the run met and when, as a sentence.
   */
  stopped?: string,
  /**
   * One verdict for each promise.
   */
  verdicts: Array<Verdict>,
  /**
   * What became of each edit.
   */
  edits: Array<Outcome>,
  /**
   * Whether the run and the search are as expected, line by line.
   */
  expected: Array<Met>,
  /**
   * What the search found; none if there was no search.
   */
  search?: Searched,
};

/**
 * What kind of error it is. The words do not change; there may come new ones.
 */
export type Code = "too-long" | "too-deep" | "not-json" | "wrong-form" | "too-new" | "newer-protocol" | "unknown-protocol" | "unknown-run" | "unknown-name" | "out-of-bounds" | "not-a-scenario" | "missing-word" | "unexpected-word" | "surplus-word" | "said-twice" | "out-of-place" | "link-cut" | "link-damaged" | "no-history" | "ends-inside" | "disorder" | "unfit" | "contradiction" | "no-question" | "nothing-to-show";

/**
 * One of a protocol's own operations.
 */
export type Command = {
  /**
   * Its name in scenarios.
   */
  id: string,
  /**
   * Its name for people.
   */
  name: string,
  /**
   * What its argument is.
   */
  argument: Argument,
};

/**
 * A condition that begins or ends on a node.
 */
export type Condition = {
  /**
   * The event after which it holds, or holds no longer.
   */
  event: number,
  /**
   * The node.
   */
  node: string,
  /**
   * What kind of condition it is.
   */
  kind: ConditionKind,
  /**
   * The condition in words: "x locked by T1".
   */
  words: string,
  /**
   * Whether it begins or ends here.
   */
  change: Begins,
};

/**
 * What kind of condition it is.
 */
export type ConditionKind = "locked" | "waits" | "in-doubt" | "held-back" | "queued" | "sibling";

/**
 * Which operations an order must keep in sequence.
 */
export type Consistency = "linearizable" | "sequential";

/**
 * A value of a history: what EDN has, in JSON.
 */
export type Datum = null | boolean | number | string | Array<Datum> | {
  /**
   * The digits.
   */
  integer: string,
} | {
  /**
   * Without the colon.
   */
  keyword: string,
} | {
  /**
   * The word.
   */
  symbol: string,
} | {
  /**
   * Its elements.
   */
  set: Array<Datum>,
} | {
  /**
   * Keys and values.
   */
  map: Array<[Datum, Datum]>,
} | {
  /**
   * The tag: `inst`.
   */
  tag: string,
  /**
   * The value.
   */
  value: Datum,
};

/**
 * Something that an event did.
 */
export type Deed = {
  "did": "sent",
  /**
   * Its name.
   */
  message: string,
} | {
  "did": "armed",
  /**
   * Its name.
   */
  timer: string,
} | {
  "did": "disarmed",
  /**
   * Its name.
   */
  timer: string,
} | {
  "did": "persisted",
} | {
  "did": "replied",
  /**
   * The request's name: `c1#2`.
   */
  request: string,
  /**
   * What the client is told.
   */
  answer: AnswerWord,
  /**
   * The value, if the answer is one and there is one.
   */
  value?: number,
} | {
  "did": "marked",
  /**
   * The mark.
   */
  mark: Mark,
  /**
   * What it stands for, in words.
   */
  words: string,
} | {
  "did": "happened",
  /**
   * The fact's name: `Stamped`.
   */
  fact: string,
  /**
   * The fact in words, if it is shown.
   */
  words?: string,
} | {
  "did": "ignored",
  /**
   * Why.
   */
  why: string,
} | {
  "did": "believes",
  /**
   * The belief: `vote`.
   */
  belief: string,
} | {
  "did": "speaks-for",
  /**
   * The belief.
   */
  belief: string,
} | {
  "did": "crashed",
} | {
  "did": "lost-waiting",
  /**
   * Its name.
   */
  message: string,
} | {
  "did": "heard",
  /**
   * Its name.
   */
  message: string,
} | {
  "did": "recorded",
  /**
   * The line's number, from 1.
   */
  line: number,
  /**
   * What it says.
   */
  text: string,
};

/**
 * More of an event.
 */
export type Detail = {
  /**
   * `ready`, `change`: the address of the run in Lightcone, with the moment that is looked at. `solved`: the address of the answer.
   */
  link?: string,
  /**
   * `ready`, `change`: the moment that is looked at.
   */
  cursor?: Millis,
  /**
   * `ready`, `change`, `select`: what is selected; none for nothing.
   */
  selection?: string,
  /**
   * `change`: whether it was the reader's hand: neither the page around the figure nor the figure as it plays.
   */
  byReader?: boolean,
  /**
   * `change`: whether the cursor moved because the run plays.
   */
  playing?: boolean,
  /**
   * `change`: whether it is another run now, and not only looked at elsewhere.
   */
  otherRun?: boolean,
  /**
   * `verdict`: the verdict that is another now.
   */
  verdict?: Verdict,
  /**
   * `height`: the pixels that the figure would like to have.
   */
  height?: number,
  /**
   * `leave`: the address that the reader wants to open in a page of its own.
   */
  address?: string,
  /**
   * `error`: what is wrong.
   */
  error?: LightconeError,
};

/**
 * How `draw` draws. What is not said is as the page opens the run.
 */
export type DrawOptions = {
  /**
   * The width of the figure in pixels: 300 to 4000; 1024, if it is not said. Below 560, time runs down.
   */
  width?: number,
  /**
   * The height of a figure in which time runs down, in pixels: 200 to 4000. Others are as high as their lanes need.
   */
  height?: number,
  /**
   * The colours; light, if they are not said.
   */
  theme?: Theme,
  /**
   * Where the stretch of time begins that is shown.
   */
  from?: Millis,
  /**
   * Where it ends.
   */
  to?: Millis,
  /**
   * The moment of the cursor: later events are pale.
   */
  at?: Millis,
};

/**
 * One change of a run. Messages (`S5>S3 Vote#1`), timers (`S2 Election#3`), requests (`c1#2`) and nodes (`S1`) are named as in
 * the text form; a trace has these names.
 */
export type Edit = {
  "edit": "deliver",
  /**
   * The message.
   */
  message: string,
  /**
   * When it arrives.
   */
  at: Millis,
} | {
  "edit": "drop",
  /**
   * The message.
   */
  message: string,
} | {
  "edit": "copy",
  /**
   * The copy: the message's name, a dot and a number from 1.
   */
  message: string,
  /**
   * When the copy arrives.
   */
  at: Millis,
} | {
  "edit": "fire",
  /**
   * The timer.
   */
  timer: string,
  /**
   * When it fires.
   */
  at: Millis,
} | {
  "edit": "crash-during",
  /**
   * What the handler handles.
   */
  handling: Handling,
  /**
   * How many of its effects still happen.
   */
  after: number,
} | {
  "edit": "crash",
  /**
   * When.
   */
  at: Millis,
  /**
   * The node.
   */
  node: string,
} | {
  "edit": "restart",
  /**
   * When.
   */
  at: Millis,
  /**
   * The node.
   */
  node: string,
} | {
  "edit": "pause",
  /**
   * When.
   */
  at: Millis,
  /**
   * The node.
   */
  node: string,
} | {
  "edit": "resume",
  /**
   * When.
   */
  at: Millis,
  /**
   * The node.
   */
  node: string,
} | {
  "edit": "lose-disk",
  /**
   * When.
   */
  at: Millis,
  /**
   * The node.
   */
  node: string,
} | {
  "edit": "cut",
  /**
   * When.
   */
  at: Millis,
  /**
   * The nodes of one side.
   */
  from: Array<string>,
  /**
   * The nodes of the other side.
   */
  to: Array<string>,
  /**
   * Whether only messages from `from` to `to` are lost.
   */
  oneWay: boolean,
} | {
  "edit": "heal",
  /**
   * When.
   */
  at: Millis,
  /**
   * The nodes of one side.
   */
  from: Array<string>,
  /**
   * The nodes of the other side.
   */
  to: Array<string>,
  /**
   * Whether only messages from `from` to `to` pass again.
   */
  oneWay: boolean,
} | {
  "edit": "clock",
  /**
   * When.
   */
  at: Millis,
  /**
   * The node.
   */
  node: string,
  /**
   * How far it jumps ahead.
   */
  jump: Millis,
  /**
   * How much faster than true time it runs from then on, in parts per million.
   */
  drift: number,
} | {
  "edit": "request",
  /**
   * When.
   */
  at: Millis,
  /**
   * The client.
   */
  node: string,
  /**
   * What it is asked for.
   */
  operation: Operation,
};

/**
 * How a run ended.
 */
export type Ending = "horizon" | "quiet" | "limit";

/**
 * One step of one node, or of the network.
 */
export type Event = {
  /**
   * When it happened.
   */
  at: Millis,
  /**
   * The node; none for what happened to the network.
   */
  node?: string,
  /**
   * What made it happen.
   */
  cause: Cause,
  /**
   * Who decided that it happens, or when.
   */
  source: Source,
  /**
   * The event that sent the message or armed the timer.
   */
  causedBy?: number,
  /**
   * The node's event before this one.
   */
  previous?: number,
  /**
   * Its Lamport timestamp.
   */
  lamport: number,
  /**
   * What it did, in order.
   */
  did: Array<Deed>,
  /**
   * The node's state after the event, if states were asked for.
   */
  state?: State,
};

/**
 * What a figure says by itself.
 */
export type EventWord = "ready" | "change" | "verdict" | "solved" | "select" | "height" | "leave" | "error";

/**
 * A value of a state.
 */
export type Fact = {
  /**
   * Its name.
   */
  name: string,
  /**
   * The value, in words.
   */
  value: string,
};

/**
 * What became of a message.
 */
export type Fate = "in-flight" | "delivered" | "lost-by-link" | "dropped" | "cut-at-sending" | "cut-at-arrival" | "reached-stopped";

/**
 * Whether a node that crashed may come back.
 */
export type Faults = "crash-stop" | "crash-recovery";

/**
 * A known wrong variant.
 */
export type Flaw = {
  /**
   * Its name in scenarios.
   */
  id: string,
  /**
   * What is wrong, in a sentence.
   */
  sentence: string,
};

/**
 * A run that a search found.
 */
export type Found = {
  /**
   * The run. It ends with the event that was looked for.
   */
  scenario: Scenario,
  /**
   * The link to it.
   */
  link: string,
  /**
   * The moment from which the search went.
   */
  begins: Millis,
  /**
   * Its events from there.
   */
  events: number,
  /**
   * What they use, by name.
   */
  used: { [key in string]: number },
  /**
   * The names of the promises that break in them.
   */
  breaks: Array<string>,
  /**
   * The verdicts of the run that was found.
   */
  verdicts: Array<Verdict>,
};

/**
 * Something that a search may look for.
 */
export type Goal = {
  /**
   * Its name.
   */
  id: string,
  /**
   * What happens, in a sentence.
   */
  sentence: string,
};

/**
 * What an answer is worth.
 */
export type GradeWord = "solved" | "cannot-tell" | "unsolved" | "no-answer";

/**
 * What one answer is worth.
 */
export type Graded = {
  /**
   * Whose it is.
   */
  name: string,
  /**
   * What it is worth.
   */
  result: GradeWord,
  /**
   * How many moves it makes; none if it is no answer.
   */
  moves?: number,
  /**
   * The goals that it does not reach or foretells wrongly, or why it is no answer.
   */
  why: Array<string>,
  /**
   * Where its run first differs from the nearest solution.
   */
  differs?: string,
  /**
   * Whose earlier answer is the same.
   */
  sameAs?: string,
};

/**
 * Whose answer is worth what.
 */
export type Grades = {
  /**
   * The version of the form: 1.
   */
  lightcone: number,
  /**
   * The question's title.
   */
  question: string,
  /**
   * What tells the question from every other: its answers name it.
   */
  hash: string,
  /**
   * The fewest moves, if they are known.
   */
  par?: number,
  /**
   * One row an answer, in their order.
   */
  answers: Array<Graded>,
};

/**
 * An answer that somebody hands in.
 */
export type HandedIn = {
  /**
   * Whose it is.
   */
  name: string,
  /**
   * A link, or the text of a scenario with moves.
   */
  answer: string,
};

/**
 * What a handler handles.
 */
export type Handling = {
  "message": string } | {
    "timer": string } | {
      "request": string };

/**
 * What processes asked of an object and were told, in the order in which that was seen.
 */
export type History = {
  /**
   * The version of the form: 1.
   */
  lightcone: number,
  /**
   * Every call and return, in order.
   */
  events: Array<ReportedEvent>,
};

/**
 * What `judge` is asked.
 */
export type JudgeOptions = {
  /**
   * What the operations are done to: `register`, `key-value`, `compare-and-set`, `lock`, `queue`, `test-and-set`, `log`,
   * `set` or `counter`; a register, if it is not said.
   */
  as?: string,
  /**
   * What it begins with, instead of what its type begins with.
   */
  initial?: Datum,
  /**
   * Whether to judge sequential consistency instead of linearizability.
   */
  sequential?: boolean,
};

/**
 * An operation of a judged history.
 */
export type Judged = {
  /**
   * The number of the process.
   */
  process: number,
  /**
   * What was asked.
   */
  f: string,
  /**
   * What went with it.
   */
  value: Datum,
  /**
   * How it ended: `ok`, `fail`, or `info` if nobody knows.
   */
  type: Reported,
  /**
   * What the process was told, if it is `ok`.
   */
  answer: Datum,
  /**
   * Where it was asked.
   */
  asked: Spot,
  /**
   * Where it was answered or given up.
   */
  answered?: Spot,
};

/**
 * What a judge says of a history.
 */
export type Judgement = {
  /**
   * The version of the form: 1.
   */
  lightcone: number,
  /**
   * The type of object: `register`.
   */
  object: string,
  /**
   * Which operations an order must keep in sequence.
   */
  consistency: Consistency,
  /**
   * Whether some order explains every answer; null if nobody can tell.
   */
  holds?: boolean,
  /**
   * How many operations there are.
   */
  operations: number,
  /**
   * What is odd about the history.
   */
  notes: Array<Note>,
  /**
   * If it holds: an order that explains it.
   */
  order?: Array<Judged>,
  /**
   * If nobody can tell: how many states were tried.
   */
  states?: number,
  /**
   * If it does not hold: claim and reason in a sentence.
   */
  sentence?: string,
  /**
   * What is wrong: "read x = 1 must be 2".
   */
  claim?: string,
  /**
   * Why, if one operation or its absence is reason enough.
   */
  reason?: string,
  /**
   * The operation that cannot be placed.
   */
  operation?: Judged,
  /**
   * The operation that is the reason.
   */
  because?: Judged,
  /**
   * The history would be explained if the object had begun with this.
   */
  holdsIfInitial?: Datum,
  /**
   * The longest order up to there.
   */
  furthest?: Array<Judged>,
};

/**
 * A kind of message.
 */
export type Kind = {
  /**
   * Its name in scenarios.
   */
  id: string,
  /**
   * Its name for people.
   */
  name: string,
};

/**
 * A knob.
 */
export type Knob = {
  /**
   * Its name in scenarios: `servers`.
   */
  id: string,
  /**
   * Its name for people.
   */
  name: string,
  /**
   * What its value is.
   */
  unit: Unit,
  /**
   * The smallest number; of a choice or a switch, 0.
   */
  least: number,
  /**
   * The largest number.
   */
  most: number,
  /**
   * The value in a scenario that does not name it.
   */
  default: Setting,
  /**
   * The words of a choice, by number.
   */
  words: Array<string>,
};

/**
 * A node or a client.
 */
export type Lane = {
  /**
   * Its name: `S1`.
   */
  name: string,
  /**
   * Whether it is a client.
   */
  client: boolean,
};

/**
 * How long messages travel: from `least` to `most`.
 */
export type Latency = {
  /**
   * The shortest time.
   */
  least: Millis,
  /**
   * The longest time.
   */
  most: Millis,
};

/**
 * Why something cannot be done: a code for programs, a line, and a sentence for people.
 */
export type LightconeError = {
  /**
   * What kind of error it is. The words do not change.
   */
  code: Code,
  /**
   * The line of the text, counted from 1; none if no line of a text is wrong.
   */
  line?: number,
  /**
   * What is wrong, and what still works, in one or two sentences.
   */
  message: string,
};

/**
 * The list of a scenario that has an edit.
 */
export type List = "script" | "moves";

/**
 * A protocol's own mark.
 */
export type Mark = "received" | "appended" | "committed" | "aborted" | "delivered" | "applied" | "elected" | "turning";

/**
 * A message.
 */
export type Message = {
  /**
   * Its name, as edits say it: `S5>S3 Vote#1`.
   */
  name: string,
  /**
   * The sender.
   */
  from: string,
  /**
   * The receiver.
   */
  to: string,
  /**
   * Its kind: `Vote`.
   */
  kind: string,
  /**
   * What it says, in words.
   */
  label: string,
  /**
   * Why it says no.
   */
  refusal?: string,
  /**
   * The event that sent it.
   */
  sentBy: number,
  /**
   * When it was sent.
   */
  sent: Millis,
  /**
   * When it arrives, or would have arrived if it were not lost.
   */
  arrives: Millis,
  /**
   * Who decided when, whether or that it arrives.
   */
  source: Source,
  /**
   * What became of it.
   */
  fate: Fate,
  /**
   * The event at which it arrived.
   */
  receivedBy?: number,
};

/**
 * Whether something is as expected.
 */
export type Met = {
  /**
   * The line.
   */
  line: string,
  /**
   * Whether it is so.
   */
  met: boolean,
  /**
   * What is so instead.
   */
  instead?: string,
};

/**
 * A stretch of time or a moment, in whole microseconds. It is written in milliseconds with at most three decimals.
 */
export type Millis = number;

/**
 * What links, time and nodes may do.
 */
export type Model = {
  /**
   * What is known of delays.
   */
  timing: Timing,
  /**
   * How long messages travel.
   */
  latency: Latency,
  /**
   * How many of a thousand messages are lost.
   */
  lossPerMille: number,
  /**
   * How many of a thousand messages arrive twice.
   */
  duplicationPerMille: number,
  /**
   * Whether messages of a link arrive in the order of sending.
   */
  fifo: boolean,
  /**
   * Whether no message is lost.
   */
  reliable: boolean,
  /**
   * Whether a node that crashed may come back.
   */
  faults: Faults,
};

/**
 * Something odd.
 */
export type Note = {
  /**
   * The line of the text.
   */
  line?: number,
  /**
   * What is odd, in a sentence.
   */
  text: string,
};

/**
 * The argument of a command.
 */
export type Operand = number | string;

/**
 * An operation that a client is asked for.
 */
export type Operation = {
  "do": "read",
  /**
   * The key: `x`.
   */
  key: string,
} | {
  "do": "write",
  /**
   * The key.
   */
  key: string,
  /**
   * The new value.
   */
  value: number,
} | {
  "do": "add",
  /**
   * The key.
   */
  key: string,
  /**
   * How much.
   */
  amount: number,
} | {
  "do": "cas",
  /**
   * The key.
   */
  key: string,
  /**
   * The expected value.
   */
  expected: number,
  /**
   * The new value.
   */
  value: number,
} | {
  "do": "command",
  /**
   * Its name: `transfer-to`.
   */
  command: string,
  /**
   * Its argument, if it takes one.
   */
  argument?: Operand,
};

/**
 * What became of an edit.
 */
export type Outcome = {
  /**
   * The list that has the edit.
   */
  list: List,
  /**
   * The edit.
   */
  edit: Edit,
  /**
   * The edit as a line of the text form.
   */
  line: string,
  /**
   * What became of it.
   */
  outcome: OutcomeWord,
  /**
   * Why it did something else, or nothing.
   */
  why?: string,
  /**
   * How it leaves the protocol's fault model.
   */
  outside?: string,
};

/**
 * What became of an edit.
 */
export type OutcomeWord = "applied" | "changed" | "unused";

/**
 * How far a search is.
 */
export type Progress = {
  /**
   * Different states.
   */
  states: number,
  /**
   * Choices tried.
   */
  tried: number,
  /**
   * How many events the runs have that are being tried.
   */
  depth: number,
  /**
   * Whether a run has been found already. Then a shorter one is looked for.
   */
  found: boolean,
};

/**
 * A promise.
 */
export type Property = {
  /**
   * Its name.
   */
  id: string,
  /**
   * Its name for people.
   */
  name: string,
  /**
   * When it is judged.
   */
  when: When,
  /**
   * What is promised, in a sentence.
   */
  sentence: string,
  /**
   * The paper or book that states it.
   */
  source: string,
};

/**
 * A protocol.
 */
export type Protocol = {
  /**
   * Its name in scenarios: `raft`.
   */
  id: string,
  /**
   * Its behaviour version.
   */
  behaviour: number,
  /**
   * The chapter's name.
   */
  chapter: string,
  /**
   * Its name for people.
   */
  title: string,
  /**
   * What it is for, in a sentence.
   */
  summary: string,
  /**
   * The paper or book that it follows.
   */
  source: string,
  /**
   * Its knobs.
   */
  settings: Array<Knob>,
  /**
   * Its flaws.
   */
  flaws: Array<Flaw>,
  /**
   * What it promises.
   */
  properties: Array<Property>,
  /**
   * What a search may look for besides broken promises.
   */
  goals: Array<Goal>,
  /**
   * Its own operations.
   */
  commands: Array<Command>,
  /**
   * Its kinds of message.
   */
  messages: Array<Kind>,
  /**
   * Its kinds of timer.
   */
  timers: Array<string>,
  /**
   * Its runs in the gallery.
   */
  runs: Array<Run>,
  /**
   * Its challenges. `question` and `grade` take their names.
   */
  challenges: Array<Run>,
};

/**
 * The protocols that there are.
 */
export type Protocols = {
  /**
   * The version of the form: 1.
   */
  lightcone: number,
  /**
   * The protocols, in the order of the chapters.
   */
  protocols: Array<Protocol>,
};

/**
 * A question: a run, and what its reader must make true of it.
 */
export type Question = {
  /**
   * The version of the form: 1.
   */
  lightcone: number,
  /**
   * The run, without moves. Its title and note are the question's.
   */
  scenario: Scenario,
  /**
   * What tells the question from every other: its answers name it.
   */
  hash: string,
  /**
   * The link that asks it.
   */
  link: string,
  /**
   * What its reader does.
   */
  kind: QuestionKind,
  /**
   * The number of the lesson it belongs to.
   */
  lesson?: string,
  /**
   * What must be true, all of it; of `predict`, what may be true.
   */
  goals: Array<Asked>,
  /**
   * What the reader may do, as a section `challenge` names it.
   */
  tools: Array<string>,
  /**
   * How many moves the reader has.
   */
  moves: number,
  /**
   * The fewest moves, if they are known.
   */
  par?: number,
  /**
   * What it shows when it is solved.
   */
  shows?: string,
};

/**
 * What the reader of a question does.
 */
export type QuestionKind = "break-it" | "save-it" | "predict" | "explain" | "order";

/**
 * What a process reports.
 */
export type Reported = "invoke" | "ok" | "fail" | "info";

/**
 * A call, or a return.
 */
export type ReportedEvent = {
  /**
   * The number of the process.
   */
  process: number,
  /**
   * What it reports.
   */
  type: Reported,
  /**
   * What is asked: `write`. A return may leave it out.
   */
  f?: string,
  /**
   * What goes with it; of an answer, what the process is told.
   */
  value: Datum,
  /**
   * A number of the host's own, which the judgement repeats.
   */
  index?: Whole,
  /**
   * A time of the host's own, which the judgement repeats.
   */
  time?: Whole,
};

/**
 * A row of a table.
 */
export type Row = {
  /**
   * The epoch that it belongs to; 0 if none.
   */
  epoch: number,
  /**
   * One text for each column.
   */
  cells: Array<string>,
  /**
   * Whether it is settled: committed, decided.
   */
  settled: boolean,
};

/**
 * A run of the gallery.
 */
export type Run = {
  /**
   * Its name: `raft/election`. `decodeLink` takes it.
   */
  name: string,
  /**
   * What happens in it, or what is asked.
   */
  title: string,
};

/**
 * What a figure says to the page around it: an answer, which has the `id` of its call, or an event.
 */
export type Said = {
  /**
   * The version of the form: 1.
   */
  lightcone: number,
  /**
   * The number of the call that is answered.
   */
  id?: number,
  /**
   * The figure after the call.
   */
  result?: Seen,
  /**
   * Why the call did nothing.
   */
  error?: LightconeError,
  /**
   * What happened.
   */
  event?: EventWord,
  /**
   * More of the event.
   */
  detail?: Detail,
};

/**
 * The whole input of a run. Only `lightcone` and `protocol` must be said; the rest has defaults.
 */
export type Scenario = {
  /**
   * The version of the form: 1.
   */
  lightcone: number,
  /**
   * The protocol's name: `raft`.
   */
  protocol: string,
  /**
   * The behaviour version of the protocol for which the scenario was made; the newest, if it is not said.
   */
  behaviour?: number,
  /**
   * The run's title; empty for none.
   */
  title: string,
  /**
   * A text that says what to look at; empty for none.
   */
  note: string,
  /**
   * The knobs, by name. Those that are not named are at their default.
   */
  settings: { [key in string]: Setting },
  /**
   * The names of the flaws that are switched on.
   */
  flaws: Array<string>,
  /**
   * The seed of everything that chance decides.
   */
  seed: Seed,
  /**
   * When the run ends.
   */
  horizon: Millis,
  /**
   * What links, time and nodes may do.
   */
  model: Model,
  /**
   * The author's edits: requests, and the faults of the story.
   */
  script: Array<Edit>,
  /**
   * The reader's edits, in order.
   */
  moves: Array<Edit>,
};

/**
 * How a search ended.
 */
export type SearchEnding = "shortest" | "found" | "exhausted" | "full" | "stopped";

/**
 * What a search found.
 */
export type Searched = {
  /**
   * The moment from which it went.
   */
  from: Millis,
  /**
   * What was to be tried: "at most 24 events, 3 time-outs, messages in any order".
   */
  bounds: string,
  /**
   * How it ended.
   */
  ending: SearchEnding,
  /**
   * All runs of at most so many events were tried; of a search that tried everything, none is said.
   */
  triedTo?: number,
  /**
   * Different states.
   */
  states: number,
  /**
   * Choices tried.
   */
  tried: number,
  /**
   * New states after so many events, the start first.
   */
  levels: Array<number>,
  /**
   * Two different states are taken for one with a probability of at most 2 to the power of this.
   */
  collisionExponent: number,
  /**
   * The run that was found.
   */
  found?: Found,
};

/**
 * A seed: a whole number. One that a double cannot hold is written as a text of digits.
 */
export type Seed = number | string;

/**
 * A figure as its reader sees it.
 */
export type Seen = {
  /**
   * The address of the run in Lightcone, with the moment that is looked at.
   */
  link: string,
  /**
   * The reader's moves.
   */
  moves: Array<Edit>,
  /**
   * One verdict for each promise.
   */
  verdicts: Array<Verdict>,
  /**
   * The moment that is looked at.
   */
  cursor: Millis,
  /**
   * What is selected, as in an address: `m12`.
   */
  selection?: string,
  /**
   * How many messages were not heard: from elsewhere than the page around the figure, or in another form.
   */
  ignored: number,
};

/**
 * The value of a knob.
 */
export type Setting = boolean | number | string;

/**
 * What `simulate` is to do.
 */
export type SimulateOptions = {
  /**
   * When the run ends, instead of at the scenario's horizon.
   */
  until?: Millis,
  /**
   * Whether each event is to have its node's state after it.
   */
  states?: boolean,
};

/**
 * Who decides that something happens, or when.
 */
export type Source = "run" | "script" | "moves";

/**
 * A place in a history.
 */
export type Spot = {
  /**
   * Its line, if the history came as text.
   */
  line?: number,
  /**
   * Its place among the events, from 0, if the history came as an object.
   */
  event?: number,
  /**
   * The host's own number.
   */
  index?: Whole,
  /**
   * The host's own time.
   */
  time?: Whole,
};

/**
 * A node's state in the field's words; of a stopped node, what is on its disk.
 */
export type State = {
  /**
   * Whether the node runs.
   */
  up: boolean,
  /**
   * One or two facts: "log 3, commit 3".
   */
  summary: string,
  /**
   * Values with their names.
   */
  facts: Array<Fact>,
  /**
   * Logs, queues and tables.
   */
  tables: Array<Table>,
};

/**
 * A change of a node's role or epoch.
 */
export type Status = {
  /**
   * The event that changed it.
   */
  event: number,
  /**
   * The node.
   */
  node: string,
  /**
   * Whether the node runs from this event on.
   */
  up: boolean,
  /**
   * Its role: `follower`. Empty if roles do not differ.
   */
  role: string,
  /**
   * Its epoch (term, ballot); 0 if it has none.
   */
  epoch: number,
  /**
   * What its role weighs.
   */
  weight?: Weight,
};

/**
 * A log, queue or table of a state.
 */
export type Table = {
  /**
   * Its name: "Log".
   */
  name: string,
  /**
   * The columns' names; the first names the rows.
   */
  columns: Array<string>,
  /**
   * Its rows, in order.
   */
  rows: Array<Row>,
};

/**
 * What `write` writes.
 */
export type TextForm = "scenario" | "test" | "mermaid" | "shiviz" | "edn" | "text";

/**
 * The colours of a figure.
 */
export type Theme = "light" | "dark";

/**
 * A timer.
 */
export type Timer = {
  /**
   * Its name, as edits say it: `S2 Election#3`.
   */
  name: string,
  /**
   * The node.
   */
  node: string,
  /**
   * Its kind: `Election`.
   */
  kind: string,
  /**
   * The event that armed it.
   */
  armedBy: number,
  /**
   * When it was armed.
   */
  armed: Millis,
  /**
   * When it is due.
   */
  due: Millis,
  /**
   * Who decided when it is due.
   */
  source: Source,
  /**
   * What became of it.
   */
  fate: TimerFate,
  /**
   * The event at which it fired, or was disarmed.
   */
  endedBy?: number,
};

/**
 * What became of a timer.
 */
export type TimerFate = "armed" | "fired" | "disarmed";

/**
 * What is known of delays.
 */
export type Timing = {
  "delays": "asynchronous",
} | {
  "delays": "synchronous",
  /**
   * The bound.
   */
  within: Millis,
} | {
  "delays": "partially-synchronous",
  /**
   * The moment.
   */
  from: Millis,
  /**
   * The bound.
   */
  within: Millis,
};

/**
 * A run, from its first event to its last.
 */
export type Trace = {
  /**
   * The version of the form: 1.
   */
  lightcone: number,
  /**
   * What was run.
   */
  scenario: Scenario,
  /**
   * A hash of every event and what it did, as 16 hexadecimal digits: two runs with the same digest are the same.
   */
  digest: string,
  /**
   * How the run ended.
   */
  ending: Ending,
  /**
   * Which limit the run met and when, as a sentence.
   */
  stopped?: string,
  /**
   * The nodes and clients.
   */
  lanes: Array<Lane>,
  /**
   * Every event, in order. Other parts name an event by its place here, from 0.
   */
  events: Array<Event>,
  /**
   * Every message, in order of sending.
   */
  messages: Array<Message>,
  /**
   * Every timer, in order of arming.
   */
  timers: Array<Timer>,
  /**
   * Every change of a node's role or epoch, in order.
   */
  statuses: Array<Status>,
  /**
   * Every condition that begins or ends on a node, in order.
   */
  conditions: Array<Condition>,
  /**
   * What became of each edit: of the script, then of the moves.
   */
  edits: Array<Outcome>,
  /**
   * One verdict for each promise.
   */
  verdicts: Array<Verdict>,
  /**
   * What clients asked and were told, of operations that have a key.
   */
  history: History,
};

/**
 * What a knob's value is.
 */
export type Unit = "count" | "millis" | "switch" | "choice";

/**
 * What is known of a promise when the run is over.
 */
export type Verdict = {
  /**
   * The promise's name: `election-safety`.
   */
  property: string,
  /**
   * The verdict.
   */
  verdict: VerdictWord,
  /**
   * When it broke; or, of a promise that is judged by the end, since when it is kept.
   */
  at?: Millis,
  /**
   * The event at which it broke, or since which it is kept: its place in the trace's events.
   */
  event?: number,
  /**
   * Why: who contradicts whom, what was not tried, which limit was met.
   */
  why?: string,
  /**
   * The nodes that contradict each other.
   */
  nodes: Array<string>,
  /**
   * The events that contradict each other, besides `event`.
   */
  events: Array<number>,
  /**
   * How the run had left the protocol's fault model when the promise broke. Then nothing was promised.
   */
  outside?: string,
  /**
   * Why the protocol does not promise it with these settings.
   */
  notPromised?: string,
};

/**
 * What is known of a promise when the run is over.
 */
export type VerdictWord = "holds" | "broken" | "not-by-the-end" | "untested" | "not-promised" | "cannot-tell";

/**
 * What a role weighs.
 */
export type Weight = "follows" | "stands" | "leads" | "client";

/**
 * When a promise is judged.
 */
export type When = "always" | "by-the-end";

/**
 * A whole number. One that a double cannot hold is written as a text of digits.
 */
export type Whole = number | string;
