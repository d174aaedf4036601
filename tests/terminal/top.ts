import assert from "node:assert/strict";
import { openDesk, stateOf, submit } from "./desk.ts";

Deno.test("top moves, opens, pauses, resumes, ends, fits a new size, and gives the terminal back", async () => {
  await using desk = await openDesk();
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

Deno.test("top shows a job's colours, and of everything else that it sends to a terminal nothing", async () => {
  await using desk = await openDesk();
  const { terminal, service } = desk;
  const hostile = [
    // A title, the clipboard, another screen, the cursor's place, a question that the terminal answers, a bell, a C1 code.
    "\\033]0;taken\\007",
    "\\033]52;c;aGk=\\007",
    "\\033[?1049l",
    "\\033[10;10H",
    "\\033[c",
    "\\007",
    "\\302\\2332J",
    "\\033[?25h",
    "\\033P$q\\033\\\\",
  ].join("");
  const lines = `printf 'plain\\n\\033[31mred\\nstill\\033[0m\\n${hostile}\\033[1;38;5;33mblue\\033[m after\\n'`;
  await submit(service, { command: `${lines}; exec sleep 600`, name: "hostile" });
  await terminal.type("stint top");
  await terminal.shows(/1 +running +hostile/);
  await terminal.press("Enter");
  const screen = await terminal.shows(/^Job 1, both outputs\nplain\nred\nstill\n\uFFFD2Jblue after\n\n/);
  assert.ok(!screen.includes("taken"), screen);
  const colours = await terminal.colours();
  // As tmux says it: a colour holds until another one comes.
  assert.ok(colours.includes("\x1b[31mred\nstill\n"), colours);
  assert.ok(colours.includes("38;5;33mblue\x1b[0m"), colours);
  assert.notEqual(await terminal.about("pane_title"), "taken");
  assert.deepEqual([await terminal.about("alternate_on"), await terminal.about("cursor_flag")], ["1", "0"]);
  await terminal.resize(40, 5);
  await terminal.shows(/^Job 1, both outputs?\n?[^\n]*\n?still\n/);
  await terminal.press("q", "q");
  await terminal.shows(/\$ $|\$\n/);
  await terminal.type("clear; stint kill 1");
  await terminal.shows(/Job 1 is being ended\./);
});

for (const signal of ["SIGTERM", "SIGHUP", "SIGQUIT", "SIGINT"] as const) {
  Deno.test(`top gives the terminal back after ${signal}`, async () => {
    await using desk = await openDesk();
    const { terminal } = desk;
    await terminal.type("echo before; stint top; echo code $?");
    await terminal.shows(/j\/k: move/);
    Deno.kill(await terminal.child(), signal);
    await terminal.shows(/^before\ncode 130$/m);
    assert.deepEqual([await terminal.about("alternate_on"), await terminal.about("cursor_flag")], ["0", "1"]);
    await terminal.type("echo typed");
    await terminal.shows(/\$ echo typed\ntyped\n/);
  });
}

Deno.test("top that was stopped goes on where it was; without a server it says so, and is left as usual", async () => {
  await using desk = await openDesk();
  const { terminal, service } = desk;
  await terminal.type("echo before; stint top");
  await terminal.shows(/j\/k: move/);
  // The shell has the terminal meanwhile, as it was left: Enter is no line end there.
  Deno.kill(await terminal.child(), "SIGSTOP");
  await terminal.shows(/Stopped/);
  await terminal.write("fg");
  await terminal.press("C-j");
  await terminal.shows(/^stint top [\s\S]*j\/k: move/);
  await service.kill9();
  await terminal.shows(/No server answers at/);
  await terminal.press("q");
  await terminal.shows(/^before$/m);
  // Where there never was one, it ends with an error, on the usual screen.
  await terminal.type("clear; stint top; echo code $?");
  await terminal.shows(/stint: No server answers at .*\n[\s\S]*code 69\n/);
  assert.deepEqual([await terminal.about("alternate_on"), await terminal.about("cursor_flag")], ["0", "1"]);
  await service.start();
});
