import assert from "node:assert/strict";
import { eventually } from "../helpers/eventually.ts";
import { control, jobOf, remove, resultOf, run, stdoutOf, submit, untilState } from "../helpers/jobs.ts";
import { isAlive, processState, untilStopped } from "../helpers/left_behind.ts";
import { type Service, startService } from "../helpers/service.ts";
import type { JobView, ResultView, StatusView } from "../helpers/views.ts";

const TEXTS = [
  "Привет, мир! Ёжик № 5",
  "👩‍👩‍👧‍👦 🇷🇺 𐍈",
  "line one\nline two\ttabbed",
  `it's "quoted" \\ $HOME \`date\``,
  "日本語 العربية עברית",
];

Deno.test("Cyrillic, emoji, newlines and quotes come out of a job as they went in", async () => {
  await using service = await startService();
  for (const text of TEXTS) {
    const { job_id } = await submit(service, {
      argv: ["printf", "%s", text],
      name: text,
      labels: { [text.slice(0, 30).replaceAll(":", "")]: text },
      env: { СЛОВО: text },
      stdin: text,
    });
    const result = await resultOf(service, job_id);
    assert.deepEqual([result.stdout, result.stderr, result.exit_code], [text, "", 0]);
    const job = await jobOf(service, job_id);
    assert.deepEqual([job.name, Object.values(job.labels)], [text, [text]]);
    assert.equal(await stdoutOf(service, job_id), text);
  }
  for (const text of TEXTS) {
    assert.equal((await run(service, { command: "cat", stdin: text })).stdout, text);
    const shown = await run(service, { command: 'printf %s "$TEXT" >&2', env: { TEXT: text } });
    assert.equal(shown.stderr, text);
  }
  const command = "printf '%s\\n' 'Ёлка' \"— да\" # комментарий 🎄\nprintf second";
  const { job_id } = await submit(service, command);
  assert.equal((await resultOf(service, job_id)).stdout, "Ёлка\n— да\nsecond");
  assert.equal((await jobOf(service, job_id)).command, command);
});

Deno.test("output that is not UTF-8 is shown with U+FFFD and kept byte for byte", async () => {
  await using service = await startService();
  const { job_id } = await submit(service, `printf 'a\\377b\\320\\037\\000c'`);
  assert.equal((await resultOf(service, job_id)).stdout, "a\ufffdb\ufffd\x1f\0c");
  const raw = await service.call("GET", `/api/jobs/${job_id}/stdout`);
  assert.deepEqual([...raw.bytes], [0x61, 0xff, 0x62, 0xd0, 0x1f, 0x00, 0x63]);
});

Deno.test("a long output is shown from its end, cut at a character, and kept whole", async () => {
  await using service = await startService({ args: ["--inline-output", "1001"] });
  const { job_id } = await submit(service, "i=0; while [ $i -lt 5000 ]; do printf я; i=$((i+1)); done");
  const result = await resultOf(service, job_id);
  assert.equal(result.stdout_truncated, true);
  assert.equal(result.stdout, "я".repeat(500));
  assert.equal((await service.call("GET", `/api/jobs/${job_id}/stdout`)).bytes.length, 10_000);
});

Deno.test("exit codes, signals and commands that cannot start are told apart", async () => {
  await using service = await startService();
  const shown = ({ state, exit_code, signal }: ResultView) => [state, exit_code, signal];
  assert.deepEqual(shown(await run(service, "exit 0")), ["succeeded", 0, null]);
  assert.deepEqual(shown(await run(service, "exit 3")), ["failed", 3, null]);
  assert.deepEqual(shown(await run(service, "no-such-command-here")), ["failed", 127, null]);
  assert.deepEqual(shown(await run(service, "kill -KILL $$")), ["failed", 137, "SIGKILL"]);
  const missing = await run(service, { command: "true", cwd: "/no/such/directory" });
  assert.equal(missing.state, "failed");
  assert.match(missing.error ?? "", /\/no\/such\/directory/);
  const nobody = await run(service, { argv: ["/no/such/program"] });
  assert.equal(nobody.state, "failed");
  assert.ok(nobody.exit_code === 127 || nobody.error, JSON.stringify(nobody));
});

Deno.test("a job runs in its cwd, with its env, in an otherwise clean environment", async () => {
  await using service = await startService({ env: { STINT_TOKEN: "secret-token", LEAKED: "yes" }, args: [] });
  const authorization = "Bearer secret-token";
  const submitted = await service.call("POST", "/api/jobs", {
    json: { command: "pwd; env", cwd: "/usr", env: { MINE: "да" } },
    headers: { authorization, prefer: "wait=60" },
  });
  assert.equal(submitted.status, 200, submitted.text);
  const [cwd, ...variables] = submitted.json<ResultView>().stdout.trimEnd().split("\n");
  assert.equal(cwd, "/usr");
  const env = new Map(variables.map((line) => [line.split("=")[0]!, line.slice(line.indexOf("=") + 1)]));
  const allowed = [
    "PATH",
    "HOME",
    "USER",
    "SHELL",
    "LANG",
    "TMPDIR",
    "STINT_JOB_ID",
    "STINT_JOB_COOKIE",
    "MINE",
    "PWD",
  ];
  const extra = [...env.keys()].filter((name) => !allowed.includes(name) && !["OLDPWD", "SHLVL", "_"].includes(name));
  assert.deepEqual(extra, []);
  assert.deepEqual([env.get("MINE"), env.get("LANG"), env.get("STINT_JOB_ID")], ["да", "C.UTF-8", "1"]);
  assert.ok(!submitted.text.includes("secret-token"));
});

Deno.test("jobs, statuses and results are found by q, output, state, exit code, label, time and duration", async () => {
  await using service = await startService();
  const specs = [
    { command: "echo первый; echo Ошибка на диске >&2", name: "Ночная СБОРКА", labels: { team: "ops", env: "prod" } },
    { command: "echo second; exit 4", name: "backup", labels: { team: "dev" } },
    { command: "sleep 0.6; echo third", labels: { team: "ops" } },
    { command: "sleep 600", name: "Вечная" },
  ];
  for (const spec of specs) await submit(service, spec);
  for (const id of [1, 2, 3]) await resultOf(service, id);
  await untilState(service, 4, "running");
  const created = (await jobOf(service, 2)).created;
  const cases: [string, number[]][] = [
    ["q=ночная", [1]],
    ["q=сборка НОЧНАЯ", [1]],
    ["q=но", [1]],
    ["q=я", [4, 1]],
    ["q=ops", [3, 1]],
    ["q=ЕЧН", [4]],
    ["q=сборка backup", []],
    ["q=SLEEP", [4, 3]],
    ["q=%", []],
    ["q=_", []],
    ['q="', []],
    ["output=ошибка", [1]],
    ["output=ДИСКЕ первый", [1]],
    ["output=secon", [2]],
    ["output=ir", [3]],
    ["state=succeeded", [3, 1]],
    ["state=failed,running", [4, 2]],
    ["state=queued", []],
    ["exit_code=4", [2]],
    ["exit_code=0", [3, 1]],
    ["label=team:ops", [3, 1]],
    ["label=team:ops&label=env:prod", [1]],
    ["label=team:op", []],
    [`since=${created}`, [4, 3, 2]],
    [`until=${created}`, [1]],
    [`since=${created}&until=${created}`, []],
    ["min_duration=0.6", [3]],
    ["sort=created", [1, 2, 3, 4]],
    ["sort=-created", [4, 3, 2, 1]],
    ["q=e&state=succeeded,failed&sort=created", [1, 2, 3]],
  ];
  for (const [query, expected] of cases) {
    const ended = expected.filter((id) => id !== 4);
    const ask = async <T>(list: string) => (await service.call("GET", `/api/${list}?${encodeURI(query)}`)).json<T>();
    const { jobs } = await ask<{ jobs: JobView[] }>("jobs");
    assert.deepEqual(jobs.map(({ job_id }) => job_id), expected, `jobs?${query}`);
    const { statuses } = await ask<{ statuses: StatusView[] }>("statuses");
    assert.deepEqual(statuses.map(({ status_id }) => status_id), expected, `statuses?${query}`);
    const { results } = await ask<{ results: ResultView[] }>("results");
    assert.deepEqual(results.map(({ result_id }) => result_id), ended, `results?${query}`);
  }
  const longest = (await service.call("GET", "/api/results?sort=-duration&limit=1")).json<{ results: ResultView[] }>();
  assert.equal(longest.results[0]?.result_id, 3);
  await remove(service, 4);
});

/** The next page's address from `Link`, as a path. */
function nextOf(service: Service, link: string | null): string | undefined {
  const target = /<([^>]+)>; ?rel="?next"?/.exec(link ?? "")?.[1];
  return target && new URL(target, service.url).href.slice(service.url.length);
}

Deno.test("walking a list by its links meets every job once while new jobs come in", async () => {
  await using service = await startService();
  for (let i = 0; i < 25; i++) await submit(service, { command: "true", labels: { walk: "yes" } });
  for (const list of ["jobs", "statuses", "results"]) {
    for (let id = 1; id <= 25; id++) await resultOf(service, id);
    const seen: number[] = [];
    let pages = 0;
    let next: string | undefined = `/api/${list}?limit=4&label=walk:yes`;
    while (next) {
      const page = await service.call("GET", next);
      assert.equal(page.status, 200, page.text);
      const items = Object.values(page.json<Record<string, Record<string, number>[]>>())[0]!;
      assert.ok(items.length <= 4);
      seen.push(...items.map((item) => (item.job_id ?? item.status_id ?? item.result_id)!));
      pages++;
      await submit(service, { command: "true", labels: { walk: list } });
      next = nextOf(service, page.headers.get("link"));
    }
    assert.deepEqual(seen, Array.from({ length: 25 }, (_, i) => 25 - i), list);
    assert.equal(pages, 7);
  }
  await eventually(
    "all are done",
    async () =>
      (await service.call("GET", "/api/statuses?state=queued,running")).json<{ statuses: [] }>().statuses.length === 0,
  );
});

Deno.test("pausing stops a whole process tree, whatever it did to hide, and terminating leaves none of it", async () => {
  await using service = await startService();
  const out = `${service.files}/pids`;
  // One plain child, one in a session of its own, one forked twice, and all of them deaf to SIGTERM.
  const loop = `trap "" TERM HUP INT; echo $$ >> ${out}; while :; do sleep 0.1; done`;
  const { job_id } = await submit(service, {
    command: `sh -c '${loop}' & setsid sh -c '${loop}' & ( ( setsid sh -c '${loop}' & ) & ) ; ${loop}`,
    grace: 0.5,
  });
  const pids = await eventually("all four are there", async () => {
    const lines = (await Deno.readTextFile(out)).trimEnd().split("\n");
    return lines.length === 4 && lines.map(Number);
  });
  await control(service, job_id, "paused");
  assert.equal((await jobOf(service, job_id)).state, "paused");
  await untilStopped(...pids);
  await control(service, job_id, "running");
  for (const pid of pids) await eventually(`${pid} goes on`, async () => /^[SR]$/.test(await processState(pid) ?? ""));
  await control(service, job_id, "paused");
  await control(service, job_id, "terminated");
  const result = await resultOf(service, job_id);
  assert.deepEqual([result.state, result.survivors], ["terminated", []]);
  await eventually("none is left", async () => !(await Promise.all(pids.map(isAlive))).some(Boolean));
  assert.deepEqual(await service.jobProcesses(), []);
});

Deno.test("a timeout ends a job and its children, and paused time does not count", async () => {
  await using service = await startService();
  const late = await submit(service, { command: "sleep 600 & sleep 600", timeout: 0.5, grace: 0.5 });
  const result = await resultOf(service, late.job_id);
  assert.equal(result.state, "timed_out");
  assert.ok(result.duration >= 0.5);
  await eventually("its children are gone", async () => (await service.jobProcesses()).length === 0);

  const gate = `${service.files}/gate`;
  const slow = await submit(service, { command: `while [ ! -e ${gate} ]; do sleep 0.05; done`, timeout: 5 });
  await untilState(service, slow.job_id, "running");
  await control(service, slow.job_id, "paused");
  const until = performance.now() + 5_500;
  await eventually("more time has gone than it may run", () => performance.now() > until);
  await control(service, slow.job_id, "running");
  await Deno.writeTextFile(gate, "");
  assert.equal((await resultOf(service, slow.job_id)).state, "succeeded");
});

Deno.test("with one slot jobs start by priority, equal ones in their order", async () => {
  await using service = await startService({ args: ["--slots", "1"] });
  const out = `${service.files}/order`;
  const gate = `${service.files}/gate`;
  const first = await submit(service, `while [ ! -e ${gate} ]; do sleep 0.05; done`);
  await untilState(service, first.job_id, "running");
  const priorities = [0, 5, -5, 5, 0, 10];
  const jobs = [];
  for (const [i, priority] of priorities.entries()) {
    jobs.push(await submit(service, { command: `echo ${i} >> ${out}`, priority }));
  }
  assert.ok(jobs.every(({ state }) => state === "queued"));
  await Deno.writeTextFile(gate, "");
  for (const { job_id } of jobs) await resultOf(service, job_id);
  assert.deepEqual((await Deno.readTextFile(out)).trimEnd().split("\n"), ["5", "1", "3", "0", "4", "2"]);
});

Deno.test("a queued job can be paused, resumed, terminated and deleted", async () => {
  await using service = await startService({ args: ["--slots", "1"] });
  const blocker = await submit(service, "sleep 600");
  await untilState(service, blocker.job_id, "running");
  const [held, cancelled, deleted] = [
    await submit(service, "echo held"),
    await submit(service, "true"),
    await submit(service, "true"),
  ];
  await control(service, held!.job_id, "paused");
  assert.equal((await jobOf(service, held!.job_id)).state, "paused");
  await control(service, cancelled!.job_id, "terminated");
  const result = await resultOf(service, cancelled!.job_id);
  assert.deepEqual([result.state, result.exit_code, result.stdout], ["terminated", null, ""]);
  assert.equal((await service.call("DELETE", `/api/jobs/${deleted!.job_id}`)).status, 204);
  assert.equal((await service.call("GET", `/api/jobs/${deleted!.job_id}`)).status, 404);
  await remove(service, blocker.job_id);
  await control(service, held!.job_id, "running");
  assert.equal((await resultOf(service, held!.job_id)).stdout, "held\n");
});

Deno.test("never more jobs run at once than there are slots", async () => {
  await using service = await startService({ args: ["--slots", "3"] });
  const out = `${service.files}/running`;
  const command = `echo + >> ${out}; sleep 0.15; echo - >> ${out}`;
  const ids = (await Promise.all(Array.from({ length: 15 }, () => submit(service, command)))).map(({ job_id }) =>
    job_id
  );
  for (const id of ids) await resultOf(service, id);
  let now = 0;
  let most = 0;
  for (const mark of (await Deno.readTextFile(out)).trimEnd().split("\n")) {
    now += mark === "+" ? 1 : -1;
    most = Math.max(most, now);
  }
  assert.equal(now, 0);
  assert.ok(most <= 3, `${most} at once`);
});

Deno.test("Prefer: wait answers 200 with the result in time, else 202, and a status waits for the end", async () => {
  await using service = await startService();
  const ask = (command: string, prefer: string) =>
    service.call("POST", "/api/jobs", { json: { command }, headers: { prefer } });
  const quick = await ask("echo quick", "wait=60");
  assert.equal(quick.status, 200, quick.text);
  assert.equal(quick.json<ResultView>().stdout, "quick\n");
  assert.match(quick.headers.get("preference-applied") ?? "", /wait/);
  const gate = `${service.files}/gate`;
  const slow = await ask(`while [ ! -e ${gate} ]; do sleep 0.05; done`, "wait=0.2");
  assert.equal(slow.status, 202, slow.text);
  const location = slow.headers.get("location")!;
  assert.equal((await service.call("GET", location, { headers: { prefer: "wait=0.1" } })).status, 200);
  const waiting = service.call("GET", location, { headers: { prefer: "wait=60" } });
  await Deno.writeTextFile(gate, "");
  const done = await waiting;
  assert.equal(done.status, 303);
  assert.match(done.headers.get("location") ?? "", /^\/api\/results\/\d+$/);
});

Deno.test("an Idempotency-Key makes one job of many equal requests, and refuses another request", async () => {
  await using service = await startService();
  const ask = (json: unknown, key: string) =>
    service.call("POST", "/api/jobs", { json, headers: { "idempotency-key": key } });
  const answers = await Promise.all(Array.from({ length: 10 }, () => ask({ command: "echo one" }, "k1")));
  assert.ok(answers.every(({ status }) => status === 202), answers.map(({ status }) => status).join());
  assert.equal(new Set(answers.map((answer) => answer.json<JobView>().job_id)).size, 1);
  const other = await ask({ command: "echo two" }, "k1");
  assert.equal(other.status, 422, other.text);
  assert.equal(other.json<{ code: string }>().code, "idempotency_mismatch");
  assert.notEqual(
    (await ask({ command: "echo one" }, "k2")).json<JobView>().job_id,
    answers[0]!.json<JobView>().job_id,
  );
  for (const id of [1, 2]) await resultOf(service, id);
});

Deno.test("output is read by range, by its last lines, and followed until the job ends", async () => {
  await using service = await startService();
  const gate = `${service.files}/gate`;
  const { job_id } = await submit(
    service,
    `for i in 1 2 3 4 5; do echo line $i; done; while [ ! -e ${gate} ]; do sleep 0.05; done; printf 'line 6\\nlast'`,
  );
  const path = `/api/jobs/${job_id}/stdout`;
  await eventually("five lines are there", async () => (await stdoutOf(service, job_id)).endsWith("line 5\n"));
  const range = (value: string) => service.call("GET", path, { headers: { range: value } });
  const some = await range("bytes=5-11");
  assert.deepEqual([some.status, some.text, some.headers.get("content-range")], [206, "1\nline ", "bytes 5-11/35"]);
  assert.equal((await range("bytes=28-")).text, "line 5\n");
  assert.equal((await range("bytes=-7")).text, "line 5\n");
  assert.equal((await range("bytes=30-999")).headers.get("content-range"), "bytes 30-34/35");
  const outside = await range("bytes=35-");
  assert.deepEqual([outside.status, outside.headers.get("content-range")], [416, "bytes */35"]);
  assert.equal((await service.call("GET", `${path}?tail=2`)).text, "line 4\nline 5\n");
  assert.equal((await service.call("GET", `${path}?tail=0`)).text, "");
  assert.equal((await service.call("GET", `${path}?tail=99`)).text.split("\n").length, 6);
  const head = await service.call("HEAD", path);
  assert.deepEqual([head.status, head.text], [200, ""]);

  const whole = await fetch(`${service.url}${path}?follow=true`);
  const tail = await fetch(`${service.url}${path}?follow=true&tail=1`);
  // Both have begun by now, and have to see what comes next.
  await Deno.writeTextFile(gate, "");
  assert.equal(await whole.text(), "line 1\nline 2\nline 3\nline 4\nline 5\nline 6\nlast");
  assert.equal(await tail.text(), "line 5\nline 6\nlast");
  assert.equal((await service.call("GET", `${path}?tail=1`)).text, "last");
  assert.equal((await service.call("GET", `/api/jobs/${job_id}/stderr`)).text, "");
});

Deno.test("DELETE of a job is 409 while it runs or is paused, and 204 with ?terminate=true", async () => {
  await using service = await startService();
  const { job_id } = await submit(service, "sleep 600");
  await untilState(service, job_id, "running");
  const refused = await service.call("DELETE", `/api/jobs/${job_id}`);
  assert.deepEqual([refused.status, refused.json<{ code: string }>().code], [409, "still_active"]);
  await control(service, job_id, "paused");
  assert.equal((await service.call("DELETE", `/api/jobs/${job_id}`)).status, 409);
  assert.equal((await service.call("GET", `/api/results/${job_id}`)).status, 404, "there is no result yet");
  assert.equal((await service.call("DELETE", `/api/jobs/${job_id}?terminate=true`)).status, 204);
  assert.deepEqual(await service.jobProcesses(), []);
  for (const path of [`jobs/${job_id}`, `statuses/${job_id}`, `results/${job_id}`, `jobs/${job_id}/stdout`]) {
    assert.equal((await service.call("GET", `/api/${path}`)).status, 404, path);
  }
});

Deno.test("a deleted result is 410 while its job stays in the history", async () => {
  await using service = await startService();
  const { job_id } = await submit(service, "echo секрет");
  await resultOf(service, job_id);
  assert.equal((await service.call("DELETE", `/api/results/${job_id}`)).status, 204);
  assert.equal((await service.call("GET", `/api/results/${job_id}`)).status, 410);
  assert.equal((await service.call("DELETE", `/api/results/${job_id}`)).status, 410);
  assert.equal((await service.call("GET", `/api/jobs/${job_id}/stdout`)).status, 410);
  assert.equal((await jobOf(service, job_id)).state, "succeeded");
  const found = (await service.call("GET", `/api/jobs?${encodeURI("output=секрет")}`)).json<{ jobs: JobView[] }>();
  assert.deepEqual(found.jobs, []);
  assert.deepEqual((await service.call("GET", "/api/results")).json(), { results: [] });
  assert.equal((await service.call("DELETE", `/api/jobs/${job_id}`)).status, 204);
  assert.equal((await service.call("GET", `/api/results/${job_id}`)).status, 404);
});
