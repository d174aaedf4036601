import assert from "node:assert/strict";
import { endOf, parseRecord } from "../../../lib/process/record.ts";
import { quote } from "../../../lib/process/quote.ts";

const SPEC = { command: "x", grace: 1, priority: 0 };
const STARTED = "0m1.0s 0m1.0s\n1m0.5s 0m0.25s\nstarted boot 12 34 5678\n";

Deno.test("a line of a record that lacks its newline is not yet written", () => {
  assert.equal(parseRecord("started boot 12 34 5678").identity, undefined);
  assert.deepEqual(parseRecord(STARTED).identity, { boot: "boot", pid: 12, start: "34" });
  assert.equal(parseRecord(STARTED).started, 5678);
  assert.equal(parseRecord(STARTED + "exited 1").exit, undefined);
  assert.equal(parseRecord(STARTED + "exited 13\n").exit?.code, 13);
});

Deno.test("the processor time of a run is what its runner's children took since it began", () => {
  const record = parseRecord(STARTED + "0m1.0s 0m1.0s\n2m1.75s 0m1.25s\nexited 0\n");
  assert.deepEqual(record.exit?.cpu, { user: 61.25, system: 1 });
});

Deno.test("a remark of the shell means a signal only for a program without a shell", () => {
  const text = STARTED + "Killed\nexited 137\n";
  const quiet = STARTED + "exited 137\n";
  const signal = (content: string, spec: Parameters<typeof endOf>[1]) => {
    const end = endOf(parseRecord(content), spec, 1);
    return end?.how === "exited" ? end.signal : undefined;
  };
  const direct = { argv: ["x"], grace: 1, priority: 0 };
  assert.equal(signal(text, SPEC), "SIGKILL");
  assert.equal(signal(quiet, SPEC), "SIGKILL");
  assert.equal(signal(text, direct), "SIGKILL");
  assert.equal(signal(quiet, direct), null);
  assert.equal(signal(STARTED + "exited 255\n", SPEC), null);
});

Deno.test("a refusal stands, whatever the runner wrote after it", () => {
  const end = endOf(
    parseRecord("not_started no_program\nexited 0\n"),
    { ...SPEC, command: undefined, argv: ["foo"] },
    1,
  );
  assert.deepEqual(end, { how: "not_started", reason: "No such program: foo" });
});

Deno.test("quoting leaves nothing for a shell to see", () => {
  assert.equal(quote("it's $x"), `'it'\\''s $x'`);
});
