import assert from "node:assert/strict";
import { inCommands, optionAt } from "../../../cli/api/in_commands.ts";
import { Refusal } from "../../../cli/api/problem.ts";
import { isFamily } from "../../../cli/command.ts";
import { flagsOf } from "../../../cli/options.ts";
import { REGISTRY } from "../../../cli/registry.ts";

async function allOptions(): Promise<Set<string>> {
  const commands = await Promise.all(Object.values(REGISTRY).map(({ load }) => load()));
  const single = commands.flatMap((command) => isFamily(command) ? Object.values(command.commands) : [command]);
  return new Set(single.flatMap(({ options = [] }) => options.map((each) => `--${flagsOf(each).long}`)));
}

Deno.test("a field of a request is named as the option that fills it, and every such option is there", async () => {
  const pointers = [
    "/priority",
    "/max_output",
    "/after/0",
    "/labels/team",
    "/env/MODE",
    "query/exit_code",
    "query/label",
  ];
  assert.deepEqual(pointers.map(optionAt), [
    "--priority",
    "--max-output",
    "--after",
    "--label",
    "--env",
    "--exit-code",
    "--label",
  ]);
  const known = await allOptions();
  const fields = "backoff cwd grace if limit max_queued max_retry_delay min_duration name output queue retries " +
    "retry_delay signal since slots sort start_at state timeout to until";
  for (const field of fields.split(" ")) assert.ok(known.has(optionAt(`/${field}`)), field);
  for (const pointer of ["/command", "", "header/host", "/constructor", "path/id"]) {
    assert.equal(optionAt(pointer), pointer);
  }
});

Deno.test("what the server advises is said as a command; anything else stays as it is", () => {
  assert.equal(inCommands("No queue a. PUT /api/queues/a makes it."), "No queue a. `stint queue set a` makes it.");
  for (const text of ["A job named GET /api/jobs is there.", "?terminate=true"]) assert.equal(inCommands(text), text);
});

Deno.test("a refusal names each bad field once, whatever is in it", () => {
  const message = (detail: string, ...errors: [string, string][]) => {
    const fields = errors.map(([pointer, detail]) => ({ pointer, detail }));
    return new Refusal(400, { detail, errors: fields }, undefined).message;
  };
  assert.equal(message("/slots: Send at least 1.", ["/slots", "Send at least 1."]), "--slots: Send at least 1.");
  assert.equal(message("There is no job 9.", ["/after/0", "There is no job 9"]), "There is no job 9.");
  assert.equal(message("Not that.", ["/env/A", "No $&."], ["/x", "No."]), "Not that. --env: No $&.; /x: No.");
  assert.equal(message("/env/A: No $&.", ["/env/A", "No $&."]), "--env: No $&.");
});
