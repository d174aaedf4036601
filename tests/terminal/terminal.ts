import assert from "node:assert/strict";
import { openDesk, stateOf, submit } from "./desk.ts";

Deno.test("Ctrl-C in run -f asks; k ends the job, and the exit code is that of its signal", async () => {
  await using desk = await openDesk();
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
  await using desk = await openDesk();
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
  await using desk = await openDesk();
  const { terminal, service } = desk;
  await submit(service, { command: "printf '\\033[35mпурпур\\033[0m\\n'" });
  await terminal.type("stint logs -f 1; stint ps -a; NO_COLOR=1 stint ps -a; echo end");
  await terminal.shows(/^end$/m);
  const text = await terminal.colours();
  assert.ok(text.includes("\x1b[35mпурпур"), text);
  assert.equal(text.split("\x1b[32msucceeded").length, 2, text);
});

Deno.test("a table is cut to the terminal's width, and whole in a pipe", async () => {
  await using desk = await openDesk({ columns: 60 });
  const { terminal, service } = desk;
  await submit(service, { command: `echo ${"x".repeat(100)} tail` });
  await terminal.type("stint wait 1; clear; stint ps -a");
  const screen = await terminal.shows(/ echo x+…$/m);
  assert.ok(screen.split("\n").every((line) => line.length <= 60), screen);
  await terminal.type("clear; stint ps -a | cat");
  await terminal.shows(/x+ tail/);
});

Deno.test("ps --watch follows changes, says when the server is away, and gives the terminal back", async () => {
  await using desk = await openDesk();
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

Deno.test("an upload and a download show a bar", async () => {
  await using desk = await openDesk();
  const { terminal, service } = desk;
  await new Deno.Command("truncate", { args: ["-s", "20M", `${service.files}/big`] }).output();
  await terminal.type("stint put big");
  await terminal.shows(/big +100 % {2}\[#+\] {2}20.0 MiB\nbig: 20.0 MiB stored\./);
  await terminal.type("clear; stint fetch -o copy big");
  await terminal.shows(/big +100 % {2}\[#+\] {2}20.0 MiB\ncopy: 20.0 MiB\./);
});
