use lightcone_engine::simulate;
use lightcone_formats::text;

#[test]
fn breaks_leader_completeness() {
    let Ok(scenario) = text::decode(SCENARIO) else { panic!("it cannot be read") };
    let trace = simulate(&scenario);
    let first = trace.first_violation();
    let broken = first.map(|(place, ..)| trace.specification().properties[place].id);
    assert_eq!(broken, Some("leader-completeness"));
    assert_eq!(trace.digest, 0xb694212dd464d578);
}

const SCENARIO: &str = r#"lightcone 1
protocol raft 1
set clients 2
set client-retry 900 ms
set no-op off
flaw commits-old-term-by-counting
seed 1
horizon 340 ms
latency 8..14 ms
script
  fire S1 Election#1 at 10 ms
  at 33 ms cut S1 | S3 S4 S5
  at 36 ms request c1 write x 1
  at 66 ms crash S1
  at 68 ms heal all
  fire S5 Election#2 at 75 ms
  at 92 ms request c2 turn-to S5
  at 94 ms cut S5 > S1 S2 S3 S4
  at 96 ms request c2 write x 2
  at 126 ms crash S5
  at 128 ms heal all
  at 130 ms restart S1
  deliver S5>S1 RequestVote#1 at 136 ms
  fire S1 Election#3 at 144 ms
  at 162 ms cut S1 > S4
  at 226 ms crash S1
  at 229 ms restart S5
  fire S5 Election#5 at 243 ms
"#;
