import assert from "node:assert/strict";
import { filterQuery } from "../../../cli/jobs/filters.ts";
import { exitCodeOf, type Outcome, outcomeLine } from "../../../cli/jobs/outcome.ts";
import { Prefixer } from "../../../cli/jobs/prefix.ts";
import { specOf, wantedVariables } from "../../../cli/jobs/spec_options.ts";
import { LastLines } from "../../../cli/terminal/last_lines.ts";
import { exitCodeOf as codeOfProblem } from "../../../cli/api/problem.ts";
import { nextCursor } from "../../../cli/api/pages.ts";

const END: Outcome = { job_id: 7, state: "failed", exit_code: 3, signal: null, error: null, duration: 1.5 };

Deno.test("a job's end is an exit code: its own, 128 and a signal, 124 for its time, 125 for none", () => {
  const cases: [Partial<Outcome>, number, string][] = [
    [{ state: "succeeded", exit_code: 0 }, 0, "Job 7 succeeded after 1.5 s."],
    [{}, 3, "Job 7 failed with exit code 3 after 1.5 s."],
    [{ exit_code: 137, signal: "SIGKILL" }, 137, "Job 7 was ended by SIGKILL after 1.5 s."],
    [{ state: "terminated", exit_code: 143, signal: "SIGTERM" }, 143, "Job 7 was terminated (SIGTERM) after 1.5 s."],
    [{ state: "terminated", exit_code: 0 }, 125, "Job 7 was terminated after 1.5 s."],
    [
      { state: "terminated", exit_code: null, duration: null, error: "Job 6 failed." },
      125,
      "Job 7 was terminated: Job 6 failed.",
    ],
    [{ state: "timed_out", exit_code: 143 }, 124, "Job 7 ran out of its time after 1.5 s."],
    [{ state: "lost", exit_code: null }, 125, "Job 7 was lost after 1.5 s."],
    [{ exit_code: null, duration: null, error: "no such directory" }, 125, "Job 7 failed: no such directory."],
  ];
  for (const [changes, code, line] of cases) {
    const outcome = { ...END, ...changes };
    assert.deepEqual([exitCodeOf(outcome), outcomeLine(outcome)], [code, line]);
  }
});

Deno.test("what the server answers has an exit code that says what kind of trouble it is", () => {
  const codes = [[401], [403], [404], [410], [409], [412], [429], [503], [507], [500], [400], [503, "storage_failed"], [
    400,
    "worker_unknown",
  ]];
  assert.deepEqual(codes.map(([status, code]) => codeOfProblem(status as number, code as string)), [
    5,
    5,
    3,
    3,
    4,
    4,
    75,
    75,
    74,
    1,
    2,
    74,
    3,
  ]);
});

Deno.test("options become a search, and nothing that was not given does", () => {
  assert.equal(filterQuery({}, []).toString(), "");
  const query = filterQuery({ state: "failed", label: ["a=b=c", "d:e"], minDuration: "5m", exitCode: "1" }, [
    "x y",
    "z",
  ]);
  assert.equal(
    decodeURIComponent(query.toString()),
    "q=x+y+z&state=failed&exit_code=1&min_duration=300&label=a:b=c&label=d:e",
  );
});

Deno.test("options become a job; variables of this shell are handed on by name", () => {
  const spec = specOf(
    { label: ["team=a"], env: ["LANG", "A=b=c"], timeout: "2m", after: ["1,2", "3"], priority: "-5", if: "done" },
    (name) => name === "LANG" ? "ru" : undefined,
  );
  assert.deepEqual(JSON.parse(JSON.stringify(spec)), {
    labels: { team: "a" },
    env: { LANG: "ru", A: "b=c" },
    timeout: 120,
    after: [1, 2, 3],
    priority: -5,
    if: "done",
  });
  assert.deepEqual(wantedVariables({ env: ["LANG", "A=b", "_x1"] }), ["LANG", "_x1"]);
  assert.throws(() => wantedVariables({ env: ["a b"] }), /--env a b: expected the name of a variable/);
  const none = () => undefined;
  assert.throws(() => specOf({ env: ["NOPE"] }, none), /--env NOPE: there is no such variable/);
  assert.throws(() => specOf({ label: ["a"] }, none), /--label a: expected name=value/);
  assert.throws(() => specOf({ priority: "high" }, none), /--priority high/);
  assert.throws(() => specOf({ if: "maybe" }, none), /--if maybe/);
});

Deno.test("a prefix stands before each whole line, however the bytes come", () => {
  const bytes = new TextEncoder().encode("one\ntwo\r\nпять\n50 %\r60 %\nend");
  const decoder = new TextDecoder();
  for (let size = 1; size <= bytes.length; size++) {
    const prefixer = new Prefixer("7 | ");
    let text = "";
    for (let i = 0; i < bytes.length; i += size) text += decoder.decode(prefixer.push(bytes.subarray(i, i + size)));
    text += decoder.decode(prefixer.end());
    assert.deepEqual(
      text.replaceAll("\r", "").split("\n").filter(Boolean).map((line) => line.startsWith("7 | ")).includes(false),
      false,
      text,
    );
    assert.match(text, /^7 \| one\n7 \| two\r\n7 \| пять\n/);
    assert.ok(text.endsWith("7 | end\n"));
  }
});

Deno.test("the last lines of an output are as a terminal leaves them", () => {
  const lines = new LastLines();
  lines.add("one\r\n10 %\r");
  lines.add("20 %\n\x1b[31mred\x1b[0m\nlast");
  assert.deepEqual(lines.last(9), ["one", "20 %", "\x1b[0m\x1b[31mred\x1b[0m", "last"]);
  lines.add("\n");
  assert.deepEqual(lines.last(2), ["\x1b[0m\x1b[31mred\x1b[0m", "last"]);
});

Deno.test("the next page is found in Link, and none on the last one", () => {
  assert.equal(nextCursor('</api/jobs?limit=2&cursor=W10%3D>; rel="next"'), "W10=");
  assert.equal(nextCursor(null), null);
  assert.equal(nextCursor('</x?cursor=a>; rel="prev"'), null);
});
