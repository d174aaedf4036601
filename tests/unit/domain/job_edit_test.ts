import assert from "node:assert/strict";
import type { JobSpec } from "../../../lib/domain/job.ts";
import { againSpec, divertsSecrets, editedSpec, type JobEdit } from "../../../lib/domain/job_edit.ts";
import { boundSpec } from "../../../lib/domain/token_bounds.ts";

const spec: JobSpec = {
  command: "true",
  name: "a",
  labels: { x: "1", y: "2" },
  grace: 1,
  priority: 7,
  queue: "q",
  startAt: 5,
  after: [1],
  condition: "done",
  retries: 2,
};

Deno.test("an edit replaces what it names as a whole, takes away what it says null of, and leaves the rest", () => {
  const next = editedSpec(spec, { labels: { z: "3" }, name: null, queue: null, timeout: 9 });
  const { name: _name, queue: _queue, ...rest } = spec;
  assert.deepEqual(next, { ...rest, labels: { z: "3" }, timeout: 9 });
});

Deno.test("a command takes the place of argv, and the other way round", () => {
  const argv = editedSpec(spec, { argv: ["ls"] });
  assert.deepEqual([argv.command, argv.argv], [undefined, ["ls"]]);
  const command = editedSpec(argv, { command: "ls" });
  assert.deepEqual([command.command, command.argv], ["ls", undefined]);
});

Deno.test("grace and priority that are taken away are the usual ones", () => {
  const { grace, priority } = editedSpec(spec, { grace: null, priority: null });
  assert.deepEqual([grace, priority], [5, 0]);
});

Deno.test("a job that repeats another waits neither for a time nor for anybody", () => {
  const { startAt: _at, after: _after, condition: _condition, ...rest } = spec;
  assert.deepEqual(againSpec(spec), rest);
});

Deno.test("secrets stay with the command that they were given for, whatever an edit or the bounds of a token say", () => {
  const { command: _command, ...rest } = spec;
  const secret: JobSpec = { ...rest, argv: ["./deploy.sh"], secretEnv: ["KEY"] };
  const diverts = (before: JobSpec, edit: JobEdit) => divertsSecrets(before, edit, editedSpec(before, edit));
  for (const edit of [{ argv: ["env"] }, { cwd: "/" }, { stdin: "x" }, { sandbox: null }, { sandbox: false }]) {
    assert.equal(diverts(secret, edit), true, JSON.stringify(edit));
    assert.equal(diverts({ ...secret, secretEnv: undefined }, edit), false);
  }
  const edit = { priority: 9 };
  assert.equal(diverts(secret, edit), false);
  const bounds = { commands: { prefixes: [["./deploy.sh"]], cwd: "/elsewhere", env: ["KEY"] } };
  const bound = (before: JobSpec) => divertsSecrets(before, edit, boundSpec(editedSpec(before, edit), bounds));
  assert.equal(bound(secret), true, "it would run elsewhere");
  assert.equal(bound({ ...secret, cwd: "/elsewhere" }), false);
});
