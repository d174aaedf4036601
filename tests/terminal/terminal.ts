import assert from "node:assert/strict";
import { clientEnvironment, denoDirectory, installStint } from "../helpers/stint.ts";
import { type Service, startService } from "../helpers/service.ts";
import { openTerminal, type Terminal, type TerminalOptions } from "../helpers/terminal.ts";

interface Desk extends AsyncDisposable {
  service: Service;
  terminal: Terminal;
}

/** A service, and a terminal in which `stint` speaks to it. */
async function open(options: TerminalOptions = {}): Promise<Desk> {
  const service = await startService();
  await installStint(service.files);
  const env = {
    ...clientEnvironment(service.url, service.files),
    DENO_DIR: denoDirectory(),
    PATH: `${service.files}:${Deno.env.get("PATH")}`,
    ...options.env,
  };
  const terminal = await openTerminal({ cwd: service.files, ...options, env });
  return {
    service,
    terminal,
    async [Symbol.asyncDispose]() {
      await terminal[Symbol.asyncDispose]();
      await service[Symbol.asyncDispose]();
    },
  };
}

const submit = (service: Service, json: Record<string, unknown>) => service.call("POST", "/api/jobs", { json });
const stateOf = async (service: Service, id: number) =>
  (await service.call("GET", `/api/jobs/${id}`)).json<{ state: string }>().state;

Deno.test("Ctrl-C in run -f asks; k ends the job, and the exit code is that of its signal", async () => {
  await using desk = await open();
  const { terminal, service } = desk;
  await terminal.type("stint run -f 'echo begun; exec sleep 600'; echo code $?");
  await terminal.shows(/^begun$/m);
  await terminal.press("C-c");
  await terminal.shows(/Job 1 is not over: \[d\]etach, \[k\]ill or \[c\]ontinue\?/);
  await terminal.press("k");
  await terminal.shows(/Ending it\.\nJob 1 was terminated \(SIGTERM\) after .*\ncode 143\n/);
  assert.equal(await stateOf(service, 1), "terminated");
});

Deno.test("c goes on watching; d, or a second Ctrl-C, detaches and the job goes on", async () => {
  await using desk = await open();
  const { terminal, service } = desk;
  await terminal.type("stint run -f 'i=0; while :; do i=$((i+1)); echo line $i; sleep 0.2; done'; echo code $?");
  await terminal.shows(/^line 2$/m);
  await terminal.press("C-c");
  await terminal.shows(/ontinue\?/);
  await terminal.press("c");
  await terminal.shows(/Going on\.\n(?:line \d+\n)+/);
  await terminal.press("C-c");
  await terminal.shows(/ontinue\?[\s\S]*ontinue\?/);
  await terminal.press("C-c");
  await terminal.shows(/Detached\.\nJob 1 goes on\. `stint logs -f 1`[\s\S]*code 130\n/);
  assert.equal(await stateOf(service, 1), "running");
  await terminal.type("clear; stint kill 1");
  await terminal.shows(/Job 1 is being ended\./);
});

Deno.test("colours of a job reach the terminal, and states have theirs unless NO_COLOR is set", async () => {
  await using desk = await open();
  const { terminal, service } = desk;
  await submit(service, { command: "printf '\\033[35mпурпур\\033[0m\\n'" });
  await terminal.type("stint logs -f 1; stint ps -a; NO_COLOR=1 stint ps -a; echo end");
  await terminal.shows(/^end$/m);
  const text = await terminal.colours();
  assert.ok(text.includes("\x1b[35mпурпур"), text);
  assert.equal(text.split("\x1b[32msucceeded").length, 2, text);
});

Deno.test("a table is cut to the terminal's width, and whole in a pipe", async () => {
  await using desk = await open({ columns: 60 });
  const { terminal, service } = desk;
  await submit(service, { command: `echo ${"x".repeat(100)} tail` });
  await terminal.type("stint wait 1; clear; stint ps -a");
  const screen = await terminal.shows(/ echo x+…$/m);
  assert.ok(screen.split("\n").every((line) => line.length <= 60), screen);
  await terminal.type("clear; stint ps -a | cat");
  await terminal.shows(/x+ tail/);
});

Deno.test("ps --watch follows changes, says when the server is away, and gives the terminal back", async () => {
  await using desk = await open();
  const { terminal, service } = desk;
  await terminal.type("echo before; stint ps --watch");
  await terminal.shows(/q: quit\nID +STATE/);
  await submit(service, { command: "exec sleep 600", name: "появилось" });
  await terminal.shows(/1 +running +появилось/);
  const port = String(service.port);
  await service.kill9();
  await terminal.shows(/No server answers/);
  await service.start(["--port", port]);
  await terminal.shows(/q: quit/);
  await service.call("PATCH", "/api/jobs/1", { json: { state: "terminated" } });
  await terminal.shows(/COMMAND\n\n/);
  await terminal.press("q");
  await terminal.shows(/^before$/m);
  assert.deepEqual([await terminal.about("alternate_on"), await terminal.about("cursor_flag")], ["0", "1"]);
});

Deno.test("top moves, opens, pauses, resumes, ends, fits a new size, and gives the terminal back", async () => {
  await using desk = await open();
  const { terminal, service } = desk;
  await submit(service, { command: "echo раз; echo два; exec sleep 600", name: "первое" });
  await submit(service, { command: "exec sleep 600", name: "second" });
  await terminal.type("echo before; stint top");
  await terminal.shows(/2 active, 0 queued, 0 held\nID +STATE[^\n]*\n2 +running +second[^\n]*\n1 +running +первое/);
  assert.ok((await terminal.colours()).includes("\x1b[0;7m"), "one job has the bar");
  await terminal.press("j");
  await terminal.press("Enter");
  await terminal.shows(/Job 1, both outputs\nраз\nдва\n[\s\S]*It goes on\. {2}q: back/);
  await terminal.press("q");
  await terminal.shows(/j\/k: move/);
  await terminal.press("p");
  await terminal.shows(/1 +paused +первое[\s\S]*Job 1 is paused\./);
  await terminal.press("p");
  await terminal.shows(/1 +running +первое[\s\S]*Job 1 goes on\./);
  await terminal.resize(50, 8);
  const small = await terminal.shows(/Job 1 goes on\.\s*$/);
  assert.ok(small.split("\n").every((line) => line.length <= 50), small);
  await terminal.press("x");
  await terminal.shows(/End job 1\? y: yes/);
  await terminal.press("n");
  await terminal.shows(/Left alone\./);
  assert.equal(await stateOf(service, 1), "running");
  await terminal.press("x");
  await terminal.shows(/End job 1\?/);
  await terminal.press("y");
  await terminal.shows(/1 active/);
  await terminal.press("k");
  await terminal.press("q");
  await terminal.shows(/^before$/m);
  assert.deepEqual([await terminal.about("alternate_on"), await terminal.about("cursor_flag")], ["0", "1"]);
  await terminal.type("clear; stint kill 2");
  await terminal.shows(/Job 2 is being ended\./);
});

Deno.test("top gives the terminal back when it is ended from outside", async () => {
  await using desk = await open();
  const { terminal } = desk;
  await terminal.type("echo before; stint top; echo code $?");
  await terminal.shows(/j\/k: move/);
  const pid = await terminal.about("pane_pid");
  const { stdout } = await new Deno.Command("pgrep", { args: ["-P", pid], stdout: "piped" }).output();
  Deno.kill(Number(new TextDecoder().decode(stdout).trim().split("\n")[0]), "SIGTERM");
  await terminal.shows(/^before\ncode 130$/m);
  assert.deepEqual([await terminal.about("alternate_on"), await terminal.about("cursor_flag")], ["0", "1"]);
  await terminal.type("echo typed");
  await terminal.shows(/\$ echo typed\ntyped\n/);
});

Deno.test("an upload and a download show a bar", async () => {
  await using desk = await open();
  const { terminal, service } = desk;
  await new Deno.Command("truncate", { args: ["-s", "20M", `${service.files}/big`] }).output();
  await terminal.type("stint put big");
  await terminal.shows(/big +100 % {2}\[#+\] {2}20.0 MiB\nbig: 20.0 MiB stored\./);
  await terminal.type("clear; stint fetch -o copy big");
  await terminal.shows(/big +100 % {2}\[#+\] {2}20.0 MiB\ncopy: 20.0 MiB\./);
});

Deno.test("bash completes commands, options, and jobs by id and name", async () => {
  await using desk = await open({ shell: "bash" });
  const { terminal, service } = desk;
  await submit(service, { command: "exec sleep 600", name: "nightly" });
  await terminal.type('eval "$(stint completion bash)"; clear');
  await terminal.press("s", "t", "i", "n", "t", "Space", "l", "o", "g", "Tab");
  await terminal.shows(/^\$ stint logs/m);
  await terminal.press("-", "-", "f", "o", "Tab");
  await terminal.shows(/^\$ stint logs --follow/m);
  await terminal.press("C-u");
  await terminal.press(..."stint".split(""), "Space", ..."kill".split(""), "Space", "n", "Tab");
  await terminal.shows(/^\$ stint kill nightly/m);
  await terminal.press("Enter");
  await terminal.shows(/Job 1 is being ended\./);
});
