import assert from "node:assert/strict";
import { parseSignal, signalName } from "../../../lib/domain/signal.ts";

Deno.test("a signal is known by its name, with or without SIG, in either case, and by its number", () => {
  for (const text of ["SIGUSR1", "USR1", "usr1", "sigusr1", "10", 10]) {
    assert.deepEqual(parseSignal(text), { name: "SIGUSR1", number: 10 }, String(text));
  }
});

Deno.test("other names of a signal give its usual one", () => {
  assert.equal(parseSignal("SIGIOT")?.name, "SIGABRT");
  assert.equal(parseSignal("poll")?.name, "SIGIO");
  assert.equal(signalName(31), "SIGSYS");
});

Deno.test("real-time signals count from SIGRTMIN and back from SIGRTMAX", () => {
  assert.deepEqual(parseSignal("RTMIN"), { name: "SIGRTMIN", number: 34 });
  assert.deepEqual(parseSignal("SIGRTMIN+3"), { name: "SIGRTMIN+3", number: 37 });
  assert.deepEqual(parseSignal("RTMAX-1"), { name: "SIGRTMIN+29", number: 63 });
  assert.deepEqual(parseSignal(64), { name: "SIGRTMAX", number: 64 });
});

Deno.test("what is no signal is none: 0, the two of the C library, 65, halves, other words", () => {
  for (const text of [0, 32, 33, 65, -1, 1.5, NaN, "0", "", "SIG", "NOTHING", "TERM; x", "RTMIN+31", "999", "1e1"]) {
    assert.equal(parseSignal(text), undefined, String(text));
  }
});
