/** The completion scripts in the shells that they are for. */

import assert from "node:assert/strict";
import { type Desk, openDesk, submit } from "./desk.ts";

function isMissing(program: string): boolean {
  return !new Deno.Command("sh", { args: ["-c", `command -v ${program}`], stdout: "null" }).outputSync().success;
}

/** A prompt, and nothing behind it. */
const EMPTY = /\$\s*$/;

/** A desk with something of every kind that can be completed. */
async function furnishedDesk(shell: "bash" | "zsh" | "fish"): Promise<Desk> {
  const desk = await openDesk({ shell, columns: 120 });
  const { service, terminal } = desk;
  await submit(service, { command: "exec sleep 600", name: "nightly" });
  await submit(service, { command: "exec sleep 600", name: "ночная сборка" });
  await service.call("PUT", "/release", { body: "1", headers: { "content-type": "text/plain" } });
  await service.call("PUT", "/api/queues/builds", { json: { slots: null, max_queued: null, paused: false } });
  await Deno.writeTextFile(`${service.files}/my report.txt`, "");
  await Deno.mkdir(`${service.files}/.config/stint`, { recursive: true });
  const servers = { production: { url: service.url } };
  await Deno.writeTextFile(`${service.files}/.config/stint/config.json`, JSON.stringify({ servers }));
  await terminal.type(
    shell === "fish" ? "stint completion fish | source; clear" : `eval "$(stint completion ${shell})"; clear`,
  );
  await terminal.shows(EMPTY);
  return desk;
}

/** Types the beginning of a line and Tab; waits for what becomes of it, and takes the line away. */
async function completes({ terminal }: Desk, typed: string, expected: RegExp): Promise<void> {
  await terminal.write(typed);
  await terminal.press("Tab");
  await terminal.shows(expected, LIMIT);
  await terminal.press("C-u");
  await terminal.shows(EMPTY);
}

async function leave({ service, terminal }: Desk): Promise<void> {
  for (const id of [1, 2]) await service.call("PATCH", `/api/jobs/${id}`, { json: { state: "terminated" } });
  await terminal.press("C-u");
}

/** Milliseconds: far more than a completion takes on a busy machine. */
const LIMIT = 20_000;

const LINES: [string, RegExp][] = [
  ["stint log", /\$ stint logs $/m],
  ["stint logs --fol", /\$ stint logs --follow $/m],
  ["stint --server pro", /\$ stint --server production $/m],
  ["stint queue pause bu", /\$ stint queue pause builds $/m],
  ["stint run --queue=bu", /\$ stint run --queue=builds $/m],
  ["stint ps -s running,pau", /\$ stint ps -s running,paused $/m],
  ["stint get rel", /\$ stint get release $/m],
  ["stint kill ni", /\$ stint kill nightly $/m],
  // What would be two words is quoted, each shell in its way.
  ["stint kill ноч", /\$ stint kill (?:ночная\\ сборка|'ночная сборка') $/m],
  ["stint put my", /\$ stint put my\\ report.txt $/m],
  ["stint ps --token-file=my", /\$ stint ps --token-file=my\\ report.txt $/m],
  ["stint logs --server=http://127.0.0.1:2 n", /\$ stint logs --server=http:\/\/127.0.0.1:2 n/m],
];

for (const shell of ["bash", "zsh", "fish"] as const) {
  Deno.test({
    name: `${shell} completes commands, options and their values, servers, queues, keys, jobs and files`,
    ignore: isMissing(shell),
    async fn() {
      await using desk = await furnishedDesk(shell);
      for (const [typed, expected] of LINES) {
        // tmux shows no spaces at the ends of lines.
        await completes(desk, typed, new RegExp(expected.source.replace(/ \$$/, "\\s*$"), "m"));
      }
      await leave(desk);
    },
  });

  Deno.test({
    name: `${shell} shows what options and jobs are where several may be meant`,
    ignore: isMissing(shell),
    async fn() {
      await using desk = await furnishedDesk(shell);
      const { terminal } = desk;
      await terminal.write("stint logs --s");
      await terminal.press("Tab", "Tab");
      const options = await terminal.shows(/--stderr[^\n]*only standard error/);
      assert.match(options, /--server[^\n]*the server: its URL/);
      assert.match(options, /--stdout[^\n]*only standard output/);
      await terminal.press("C-u", "C-l");
      await terminal.shows(EMPTY);
      await terminal.write("stint kill ");
      await terminal.press("Tab", "Tab");
      const jobs = await terminal.shows(/nightly[^\n]*running: exec sleep 600/);
      assert.match(jobs, /\b1\b[^\n]*running: exec sleep 600/);
      await leave(desk);
    },
  });
}
