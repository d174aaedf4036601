import assert from "node:assert/strict";
import { eventually } from "../../helpers/eventually.ts";
import { startStint } from "../../helpers/stint.ts";
import { startClient } from "./support.ts";

Deno.test("run prints the id of a job, and -f shows both outputs byte for byte and exits as the job does", async () => {
  await using client = await startClient();
  assert.deepEqual(await client.run(["run", "true"]), { code: 0, stdout: "1\n", stderr: "" });
  const colours = "\x1b[31mкрасный\x1b[0m\r100 %\n";
  const line = `printf '\\033[31mкрасный\\033[0m\\r100 %%\\n'; printf 'a\\000\\377\\376b' ; echo oops >&2; exit 7`;
  const child = startStint(["run", "-f", line], { env: client.env });
  await child.stdin.close();
  const { code, stdout, stderr } = await child.output();
  assert.equal(code, 7);
  assert.deepEqual(stdout, new Uint8Array([...new TextEncoder().encode(colours), 97, 0, 255, 254, 98]));
  assert.match(new TextDecoder().decode(stderr), /^oops\nJob 2 failed with exit code 7 after [^\n]+\n$/);
});

Deno.test("run -f exits with 128 and the signal, 124 when the time is over, 125 when there is no code", async () => {
  await using client = await startClient();
  const codes = [];
  for (
    const args of [
      ["kill -KILL $$"],
      ["-t", "0.2", "sleep 60"],
      ["-C", "/nonexistent", "true"],
      ["--", "false"],
      ["--", "sh", "-c", 'exit "$1"', "sh", "9"],
    ]
  ) codes.push((await client.run(["run", "-f", ...args])).code);
  assert.deepEqual(codes, [137, 124, 125, 1, 9]);
});

Deno.test("what is piped into run is the job's standard input, unless it is told to leave it alone", async () => {
  await using client = await startClient();
  assert.equal((await client.run(["run", "-f", "cat; wc -c"], { input: "один\nдва" })).stdout, "один\nдва0\n");
  assert.equal((await client.run(["run", "-f", "--no-stdin", "wc -c"], { input: "один\n" })).stdout.trim(), "0");
  const { code, stderr } = await client.run(["run", "cat"], { input: Uint8Array.of(255, 254) });
  assert.deepEqual([code, /^stint: Standard input is not UTF-8 text[^\n]+\n$/.test(stderr)], [2, true], stderr);
});

Deno.test("the options of run are fields of the job", async () => {
  await using client = await startClient();
  await client.run(["queue", "set", "builds"]);
  const { stdout } = await client.run(
    [
      "run",
      "--json",
      "-n",
      "сборка",
      "-l",
      "team=a",
      "-q",
      "builds",
      "-p",
      "-3",
      "-t",
      "5m",
      "--grace",
      "1",
      "-e",
      "A=b=c",
      "-e",
      "MODE",
      "-C",
      "/tmp",
      "--start-at",
      "1h",
      "-r",
      "2",
      "--retry-delay",
      "10s",
      "true",
    ],
    { env: { MODE: "fast" } },
  );
  const job = JSON.parse(stdout);
  assert.deepEqual(
    [
      job.name,
      job.labels,
      job.queue,
      job.priority,
      job.timeout,
      job.grace,
      job.env,
      job.cwd,
      job.retries,
      job.retry_delay,
    ],
    ["сборка", { team: "a" }, "builds", -3, 300, 1, { A: "b=c", MODE: "fast" }, "/tmp", 2, 10],
  );
  assert.ok(Math.abs(Date.parse(job.start_at) - Date.now() - 3_600_000) < 600_000);
  const after = await client.run(["run", "--after", String(job.job_id), "--if", "done", "--json", "true"]);
  assert.deepEqual(JSON.parse(after.stdout).waiting_for, [job.job_id]);
  await client.run(["rm", "1", "2"]);
});

Deno.test("run asked for twice with one key starts one job", async () => {
  await using client = await startClient();
  const once = () => client.run(["run", "--idempotency-key", "k", "true"]);
  assert.deepEqual([(await once()).stdout, (await once()).stdout], ["1\n", "1\n"]);
});

Deno.test("where nobody can be asked, Ctrl-C leaves the job alone, or ends it when told to", async () => {
  await using client = await startClient();
  const interrupt = async (id: number, ...options: string[]) => {
    const child = startStint(["run", "-f", ...options, "echo begun; exec sleep 600"], { env: client.env });
    await child.stdin.close();
    const reader = child.stdout.getReader();
    assert.equal(new TextDecoder().decode((await reader.read()).value), "begun\n");
    child.kill("SIGINT");
    reader.releaseLock();
    const [{ code }, stderr] = await Promise.all([
      child.status,
      new Response(child.stderr).text(),
      child.stdout.cancel(),
    ]);
    return {
      code,
      stderr,
      state: (await client.service.call("GET", `/api/jobs/${id}`)).json<{ state: string }>().state,
    };
  };
  const left = await interrupt(1);
  assert.deepEqual([left.code, left.state], [130, "running"]);
  assert.match(left.stderr, /Job 1 goes on\. `stint logs -f 1` follows it again, `stint kill 1` ends it\./);
  const killed = await interrupt(2, "--on-interrupt", "kill");
  assert.deepEqual([killed.code, killed.state], [143, "terminated"]);
  assert.equal((await client.run(["kill", "1"])).code, 0);
});

Deno.test("ps lists what goes on, with filters, and everything with -a; jobs can be named", async () => {
  await using client = await startClient();
  await client.run(["run", "-f", "-n", "done", "echo over"]);
  await client.run(["run", "-n", "long", "-l", "a=b", "sleep 600"]);
  const table = await client.run(["ps"]);
  assert.match(
    table.stdout,
    /^ID +STATE +NAME +QUEUE +AGE +TIME +EXIT +COMMAND\n2 +running +long +default +\S+ +.* sleep 600\n$/,
  );
  assert.ok(!table.stdout.includes("\x1b"));
  assert.ok((await client.run(["ps", "-a", "--color", "always"])).stdout.includes("\x1b[32msucceeded\x1b[0m"));
  assert.deepEqual(
    JSON.parse((await client.run(["ps", "--json"])).stdout),
    (await client.service.call("GET", "/api/jobs?state=running")).json(),
  );
  assert.equal((await client.run(["ps", "-a", "--quiet"])).stdout, "2\n1\n");
  assert.equal((await client.run(["ps", "--quiet", "-l", "a=b", "SLEEP"])).stdout, "2\n");
  assert.equal((await client.run(["ps", "--quiet", "-s", "succeeded"])).stdout, "1\n");
  assert.equal((await client.run(["pause", "long"])).stdout, "Job 2 is paused.\n");
  assert.equal((await client.run(["resume", "long"])).stdout, "Job 2 goes on.\n");
  assert.equal((await client.run(["kill", "long"])).stdout, "Job 2 is being ended.\n");
  const waited = await client.run(["wait", "long", "1"]);
  assert.deepEqual([waited.code, waited.stdout.split("\n").length], [143, 3]);
});

Deno.test("lists come whole, or as long as is asked for", async () => {
  await using client = await startClient();
  await Promise.all(
    Array.from({ length: 30 }, () => client.service.call("POST", "/api/jobs", { json: { command: "true" } })),
  );
  assert.equal((await client.run(["ps", "-a", "--quiet"])).stdout.trim().split("\n").length, 30);
  assert.equal((await client.run(["ps", "-a", "--quiet", "-n", "7"])).stdout.trim().split("\n").length, 7);
});

Deno.test("several jobs of one name: the newest is looked at, and none is ended by that name", async () => {
  await using client = await startClient();
  for (const text of ["one", "two"]) await client.run(["run", "-n", "twin", `echo ${text}; exec sleep 600`]);
  await eventually("it prints", async () => (await client.run(["logs", "twin"])).stdout === "two\n");
  const { code, stderr } = await client.run(["kill", "twin"]);
  assert.deepEqual([code, stderr], [
    4,
    "stint: Several jobs that have not ended are named twin: 2, 1. Say which by its id.\n",
  ]);
  const missing = await client.run(["kill", "nobody"]);
  assert.deepEqual([missing.code, missing.stderr], [
    3,
    'stint: There is no job "nobody". `stint ps -a` lists ids and names.\n',
  ]);
  assert.equal((await client.run(["kill", "1", "2"])).code, 0);
});

Deno.test("logs shows both outputs where they belong, the last lines, and several jobs by prefix", async () => {
  await using client = await startClient();
  await client.run(["run", "-f", "seq 100; seq 200 203 >&2"]);
  await client.run(["run", "-f", "printf 'раз\\nдва'"]);
  const tail = await client.run(["logs", "-n", "2", "1"]);
  assert.deepEqual([tail.stdout, tail.stderr], ["99\n100\n", "202\n203\n"]);
  const followed = await client.run(["logs", "-f", "-n", "2", "1"]);
  assert.deepEqual([followed.stdout, followed.stderr], ["99\n100\n", "202\n203\n"]);
  const only = await client.run(["logs", "--stderr", "-n", "1", "1"]);
  assert.deepEqual([only.stdout, only.stderr], ["", "203\n"]);
  const both = await client.run(["logs", "-f", "-n", "1", "--stdout", "1", "2"]);
  assert.deepEqual(both.stdout.trim().split("\n").sort(), ["1 | 100", "2 | два"]);
  assert.equal(both.stderr, "");
  const json = (await client.run(["logs", "-f", "--json", "2"])).stdout.trim().split("\n").map((line) =>
    JSON.parse(line)
  );
  assert.deepEqual(json[0], { job_id: 2, event: "stdout", data: { offset: 0, text: "раз\nдва" } });
  assert.deepEqual([json.at(-1).event, json.at(-1).data.state], ["end", "succeeded"]);
});

Deno.test("a log is followed over a server that is killed and comes back, without gap or repeat", async () => {
  await using client = await startClient();
  const { service } = client;
  // Goes on until it is told to end, however long the client takes to begin.
  const done = `${client.env.HOME}/done`;
  await client.run([
    "run",
    `i=0; while [ ! -e ${done} ]; do i=$((i+1)); echo line $i; sleep 0.1; done; echo $i in all`,
  ]);
  const port = String(service.port);
  const child = startStint(["logs", "-f", "1"], { env: client.env });
  await child.stdin.close();
  const errors = new Response(child.stderr).text();
  let shown = "";
  const all = (async () => {
    for await (const piece of child.stdout.pipeThrough(new TextDecoderStream())) shown += piece;
    return shown;
  })();
  await eventually("it shows what is printed", () => shown.includes("line 1\n"));
  await service.kill9();
  await service.start(["--port", port]);
  await Deno.writeTextFile(done, "");
  const [{ code }, stdout, stderr] = await Promise.all([child.status, all, errors]);
  const lines = stdout.split("\n").slice(0, -2);
  assert.deepEqual(lines, lines.map((_, i) => `line ${i + 1}`));
  assert.ok(stdout.endsWith(`\n${lines.length} in all\n`), stdout.slice(-100));
  assert.equal(code, 0);
  assert.match(stderr, /trying again\nstint: connected again\n$/);
});

Deno.test("wait goes on over a restart, ends after its time, and takes the first of several", async () => {
  await using client = await startClient();
  const { service } = client;
  await client.run(["run", "sleep 4; exit 5"]);
  await client.run(["run", "exec sleep 600"]);
  const waiting = client.run(["wait", "1"]);
  // Jobs are looked at before they are waited for.
  await eventually("it has asked", async () => {
    return (await service.call("GET", "/-/metrics")).text.includes('route="/api/jobs/{id}"');
  });
  await service.kill9();
  await service.start(["--port", String(service.port)]);
  assert.deepEqual([(await waiting).code, (await waiting).stdout.startsWith("Job 1 failed with exit code 5")], [
    5,
    true,
  ]);
  assert.equal((await client.run(["wait", "-t", "0.2", "2"])).code, 124);
  assert.equal((await client.run(["wait", "--any", "2", "1"])).code, 5);
  await client.run(["kill", "2"]);
});

Deno.test("wait takes a time that is longer than any timer of the runtime", async () => {
  await using client = await startClient();
  await client.run(["run", "sleep 1; exit 6"]);
  assert.equal((await client.run(["wait", "-t", "60d", "1"])).code, 6);
});

Deno.test("kill -s sends a signal, rm removes, rerun starts anew", async () => {
  await using client = await startClient();
  await client.run(["run", "trap 'echo got it; exit 3' USR1; echo ready; while :; do sleep 0.05; done"]);
  await eventually("it is ready", async () => (await client.run(["logs", "1"])).stdout === "ready\n");
  assert.equal((await client.run(["kill", "-s", "USR1", "--to", "job", "1"])).stdout, "Job 1 was sent USR1.\n");
  assert.equal((await client.run(["wait", "1"])).code, 3);
  await client.run(["run", "-f", "echo again"]);
  const again = await client.run(["rerun", "-f", "2"]);
  assert.deepEqual([again.code, again.stdout], [0, "again\n"]);
  await client.run(["run", "exec sleep 600"]);
  const refused = await client.run(["rm", "4", "3"]);
  assert.deepEqual([refused.code, refused.stdout], [4, "Job 3 is gone.\n"]);
  assert.equal((await client.run(["rm", "-f", "4"])).code, 0);
  await eventually("its processes are gone", async () => (await client.service.jobProcesses()).length === 0);
  assert.equal((await client.run(["rm", "--output", "2"])).stdout, "The output of job 2 is gone.\n");
  assert.equal((await client.run(["logs", "2"])).code, 3);
});

Deno.test("search finds words in any script and output, and says by its code that there is nothing", async () => {
  await using client = await startClient();
  await client.run(["run", "-f", "-n", "Ночная сборка", "echo найдено"]);
  assert.equal(JSON.parse((await client.run(["search", "--json", "НОЧНАЯ"])).stdout).jobs.length, 1);
  assert.match((await client.run(["search", "--output", "найдено"])).stdout, /Ночная сборка/);
  assert.equal((await client.run(["search", "nothing"])).code, 3);
});

Deno.test("ps --watch without a terminal prints what changes", async () => {
  await using client = await startClient();
  const child = startStint(["ps", "--watch", "--json"], { env: client.env });
  await child.stdin.close();
  const lines = child.stdout.pipeThrough(new TextDecoderStream()).getReader();
  let text = "";
  const reading = (async () => {
    for (let part; !(part = await lines.read()).done;) text += part.value;
  })();
  await eventually("the change is printed", async () => {
    if (text !== "") return true;
    await client.run(["run", "true"]);
    return false;
  });
  child.kill("SIGTERM");
  await Promise.all([reading, child.status, child.stderr.cancel()]);
  const first = JSON.parse(text.split("\n")[0]!);
  assert.deepEqual([first.event, typeof first.data.job_id], ["job", "number"]);
});
