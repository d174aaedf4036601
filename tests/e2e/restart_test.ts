import assert from "node:assert/strict";
import { eventually } from "../helpers/eventually.ts";
import { control, jobOf, remove, resultOf, stdoutOf, submit, untilState } from "../helpers/jobs.ts";
import { processState } from "../helpers/left_behind.ts";
import { type Service, startService } from "../helpers/service.ts";
import { shell } from "../helpers/shell.ts";
import type { StatusView, WorkerView } from "../helpers/views.ts";

const CLIENTS = 16;

/** Writes its keys over and over until the connection breaks; notes what was acknowledged. */
async function writeKeys(service: Service, client: number, acked: Map<string, number>, sent: Map<string, number>) {
  for (let i = 1;; i++) {
    const key = `c${client}k${i % 7}`;
    sent.set(key, i);
    try {
      const { status } = await service.call("PUT", `/${key}`, { body: String(i) });
      assert.ok(status === 201 || status === 204, `PUT /${key}: ${status}`);
    } catch (error) {
      if (error instanceof assert.AssertionError) throw error;
      return;
    }
    acked.set(key, i);
  }
}

async function reserve(service: Service): Promise<WorkerView> {
  const answer = await service.call("GET", "/new_job/");
  assert.equal(answer.status, 200, answer.text);
  return answer.json<WorkerView>();
}

async function workerOf(service: Service, id: string): Promise<WorkerView> {
  const answer = await service.call("GET", `/status/${id}`);
  assert.equal(answer.status, 200, answer.text);
  return answer.json<WorkerView>();
}

Deno.test("SIGKILL while 16 clients write keys loses nothing that was acknowledged", async () => {
  await using service = await startService();
  const acked = new Map<string, number>();
  const sent = new Map<string, number>();
  for (let round = 0; round < 3; round++) {
    const writers = Array.from({ length: CLIENTS }, (_, client) => writeKeys(service, client, acked, sent));
    await eventually(
      "every client has written all its keys, most of them often",
      () => acked.size === CLIENTS * 7 && Math.max(...acked.values()) > 30,
    );
    await service.kill9();
    await Promise.all(writers);
    await service.start();
    for (const [key, value] of acked) {
      const answer = await service.call("GET", `/${key}`);
      assert.equal(answer.status, 200, `${key} was acknowledged and is gone`);
      const found = Number(answer.text);
      assert.ok(
        found === value || found === sent.get(key),
        `${key}: ${value} was acknowledged, ${sent.get(key)} was sent, ${found} is there`,
      );
    }
    acked.clear();
    sent.clear();
  }
});

Deno.test("after SIGKILL jobs are taken up again with all their output, their exit codes and their pauses", async () => {
  await using service = await startService({ args: ["--slots", "6"] });
  const gate = `${service.files}/gate`;
  const counting = (from: number, to: number) => `i=${from}; while [ $i -le ${to} ]; do echo line $i; i=$((i+1)); done`;
  const finishes = await submit(
    service,
    `${counting(1, 500)}; while [ ! -e ${gate}.1 ]; do sleep 0.05; done; ${counting(501, 1000)}; exit 7`,
  );
  const goesOn = await submit(
    service,
    `${counting(1, 500)}; while [ ! -e ${gate}.2 ]; do sleep 0.05; done; ${counting(501, 1000)}; exit 3`,
  );
  const paused = await submit(service, `echo before; while [ ! -e ${gate}.3 ]; do sleep 0.05; done; echo after`);
  const killed = await submit(service, `echo $$; exec sleep 600`);
  for (const { job_id } of [finishes, goesOn, paused, killed]) await untilState(service, job_id, "running");
  await eventually(
    "they have all written",
    async () =>
      (await stdoutOf(service, finishes.job_id)).includes("line 500\n") &&
      (await stdoutOf(service, goesOn.job_id)).includes("line 500\n") &&
      (await stdoutOf(service, paused.job_id)) === "before\n" &&
      (await stdoutOf(service, killed.job_id)) !== "",
  );
  await control(service, paused.job_id, "paused");
  const victim = Number(await stdoutOf(service, killed.job_id));

  await service.kill9();
  await Deno.writeTextFile(`${gate}.1`, "");
  Deno.kill(victim, "SIGKILL");
  await eventually("what could end has ended", async () =>
    (await processState(victim)) === undefined &&
    (await shell(`grep -rqs 'line 1000' '${service.data}'`)).code === 0);
  await service.start();

  const lines = Array.from({ length: 1000 }, (_, i) => `line ${i + 1}\n`).join("");
  const first = await resultOf(service, finishes.job_id);
  assert.deepEqual([first.exit_code, first.state, first.stdout], [7, "failed", lines]);
  assert.equal((await jobOf(service, goesOn.job_id)).state, "running");
  assert.equal((await jobOf(service, paused.job_id)).state, "paused");
  const dead = await resultOf(service, killed.job_id);
  assert.deepEqual([dead.state, dead.exit_code], ["failed", 137]);

  await Deno.writeTextFile(`${gate}.2`, "");
  await Deno.writeTextFile(`${gate}.3`, "");
  const second = await resultOf(service, goesOn.job_id);
  assert.deepEqual([second.exit_code, second.stdout], [3, lines]);
  assert.equal(await stdoutOf(service, paused.job_id), "before\n", "a paused job does nothing");
  await control(service, paused.job_id, "running");
  const third = await resultOf(service, paused.job_id);
  assert.deepEqual([third.state, third.stdout], ["succeeded", "before\nafter\n"]);
});

Deno.test("after SIGKILL the queue goes on in its order and nothing runs twice", async () => {
  await using service = await startService({ args: ["--slots", "1"] });
  const order = `${service.files}/order`;
  const blocker = await submit(service, `echo blocker >> ${order}; while [ ! -e ${order}.go ]; do sleep 0.05; done`);
  await untilState(service, blocker.job_id, "running");
  const low = await submit(service, { command: `echo low >> ${order}`, priority: -1 });
  const middle = await submit(service, `echo middle >> ${order}`);
  const high = await submit(service, { command: `echo high >> ${order}`, priority: 9 });
  const held = await submit(service, `echo held >> ${order}`);
  await control(service, held.job_id, "paused");
  await eventually("the blocker has begun", async () => (await Deno.readTextFile(order)) === "blocker\n");
  await service.kill9();
  await service.start();
  for (const { job_id } of [low, middle, high]) assert.equal((await jobOf(service, job_id)).state, "queued");
  assert.equal((await service.call("GET", "/new_job/")).status, 503, "an adopted job keeps its slot");
  await Deno.writeTextFile(`${order}.go`, "");
  for (const { job_id } of [blocker, low, middle, high]) {
    assert.equal((await resultOf(service, job_id)).state, "succeeded");
  }
  assert.equal((await jobOf(service, held.job_id)).state, "paused");
  await control(service, held.job_id, "running");
  await resultOf(service, held.job_id);
  assert.equal(await Deno.readTextFile(order), "blocker\nhigh\nmiddle\nlow\nheld\n");
});

Deno.test("a job that was being terminated when the server was killed is ended by the next one", async () => {
  await using service = await startService();
  const command = `trap '' TERM; echo ready; while :; do sleep 0.05; done`;
  const { job_id } = await submit(service, { command, grace: 1 });
  await eventually("it ignores SIGTERM", async () => (await stdoutOf(service, job_id)) === "ready\n");
  await control(service, job_id, "terminated");
  await service.kill9();
  await service.start();
  assert.equal((await resultOf(service, job_id)).state, "terminated");
});

Deno.test("after SIGKILL a reservation keeps its id, its slot and its deadline, and can still be used", async () => {
  await using service = await startService({ args: ["--slots", "1"] });
  const reserved = await reserve(service);
  await service.kill9();
  await service.start();
  const found = await workerOf(service, reserved["worker-id"]);
  assert.deepEqual([found.status, found.expires], ["reserved", reserved.expires]);
  assert.equal((await service.call("GET", "/new_job")).status, 503);
  const answer = await service.call("POST", `/job/new/${reserved["worker-id"]}`, { json: { command: "exit 5" } });
  const worker = answer.json<WorkerView>();
  assert.deepEqual([answer.status, worker.status, worker.exit_code], [200, "completed", 5]);
});

Deno.test("a reservation whose deadline passed while the server was down has expired", async () => {
  await using service = await startService({ args: ["--slots", "1", "--worker-ttl", "1"] });
  const reserved = await reserve(service);
  await service.kill9();
  await eventually("the deadline has passed", () => Date.now() > Date.parse(reserved.expires!));
  await service.start();
  assert.equal((await service.call("GET", `/status/${reserved["worker-id"]}`)).status, 400);
  await reserve(service);
});

Deno.test("after SIGKILL transfers that were cut are failed, and nothing half-written is listed or left", async () => {
  await using service = await startService();
  const id = (await reserve(service))["worker-id"];
  const body = new ReadableStream<Uint8Array<ArrayBuffer>>({
    async pull(controller) {
      controller.enqueue(new Uint8Array(65_536));
      await new Promise((resolve) => setTimeout(resolve, 5));
    },
  });
  const upload = service.call("POST", `/upload/new/${id}?name=half`, { body }).catch(() => undefined);
  await eventually("some of it has arrived", async () => (await workerOf(service, id)).bytes > 100_000);
  await service.kill9();
  assert.equal(await upload, undefined);
  await service.start();
  const worker = await workerOf(service, id);
  assert.equal(worker.status, "failed");
  assert.ok(worker.error, "it says why");
  assert.deepEqual((await service.call("GET", "/api/files")).json(), { files: [] });
  const left = await shell(
    `find '${service.data}' -type f -size +60k ! -name '*.db*' ! -name '*sqlite*' ! -name '*ballast*' ! -name journal`,
  );
  assert.equal(left.stdout, "");
});

Deno.test("a job in a worker slot is taken up again with its worker after SIGKILL", async () => {
  await using service = await startService({ args: ["--slots", "1"] });
  const id = (await reserve(service))["worker-id"];
  const gate = `${service.files}/gate`;
  const waiting = service.call("POST", `/job/new/${id}`, {
    json: { command: `echo one; while [ ! -e ${gate} ]; do sleep 0.05; done; echo two; exit 4` },
  }).catch(() => undefined);
  await eventually("its command has begun", async () => (await workerOf(service, id)).bytes === "one\n".length);
  await service.kill9();
  assert.equal(await waiting, undefined);
  await service.start();
  const found = await workerOf(service, id);
  assert.deepEqual([found.status, found.kind], ["running", "job"]);
  await Deno.writeTextFile(gate, "");
  const worker = await eventually("the worker has completed", async () => {
    const now = await workerOf(service, id);
    return now.status === "completed" && now;
  });
  assert.equal(worker.exit_code, 4);
  assert.equal((await resultOf(service, worker.job_id!)).stdout, "one\ntwo\n");
  await reserve(service);
});

Deno.test("SIGTERM answers held requests 503 with Retry-After and waiters on /job/new 503 with Location, and exits 0", async () => {
  await using service = await startService({ args: ["--slots", "1"] });
  const gate = `${service.files}/gate`;
  const held = Array.from({ length: 5 }, (_, i) => service.call("GET", `/api/request?connId=${i}&timeout=600`));
  const id = (await reserve(service))["worker-id"];
  const waiter = service.call("POST", `/job/new/${id}`, {
    json: { command: `while [ ! -e ${gate} ]; do sleep 0.05; done; echo done` },
  });
  const jobId = await eventually("the job runs", async () => {
    const worker = await workerOf(service, id);
    return worker.status === "running" && worker.job_id !== null && worker.job_id;
  });
  const queued = await submit(service, "echo later");
  await eventually(
    "all are held",
    async () =>
      Object.keys((await service.call("GET", "/api/serverStatus")).json<Record<string, string>>()).length === 5,
  );

  assert.equal(await service.stop("SIGTERM"), 0);
  for (const answer of await Promise.all(held)) {
    assert.equal(answer.status, 503, answer.text);
    assert.match(answer.headers.get("retry-after") ?? "", /^\d+$/);
  }
  const answer = await waiter;
  assert.equal(answer.status, 503, answer.text);
  assert.equal(answer.headers.get("location"), `/api/statuses/${jobId}`);
  assert.ok((await service.jobProcesses()).length > 0, "jobs go on without the server");

  await service.start();
  assert.equal((await service.call("GET", `/api/statuses/${queued.job_id}`)).json<StatusView>().state, "queued");
  await Deno.writeTextFile(gate, "");
  assert.equal((await resultOf(service, jobId)).stdout, "done\n");
  assert.equal((await resultOf(service, queued.job_id)).stdout, "later\n");
});

Deno.test("SIGTERM lets a transfer finish within --drain, and breaks off one that does not", async () => {
  await using service = await startService({ args: ["--drain", "3"] });
  const [quick, slow] = [(await reserve(service))["worker-id"], (await reserve(service))["worker-id"]];
  let finish = () => {};
  const gate = new Promise<void>((resolve) => finish = resolve);
  const chunk = new Uint8Array(100_000);
  const ending = new ReadableStream<Uint8Array<ArrayBuffer>>({
    async start(controller) {
      controller.enqueue(chunk);
      await gate;
      controller.enqueue(chunk);
      controller.close();
    },
  });
  let stop = () => {};
  const endless = new ReadableStream<Uint8Array<ArrayBuffer>>({
    start(controller) {
      controller.enqueue(chunk);
      stop = () => controller.error(new Error("the test is over"));
    },
  });
  const first = service.call("POST", `/upload/new/${quick}?name=quick`, { body: ending });
  const second = service.call("POST", `/upload/new/${slow}?name=slow`, { body: endless }).then(
    ({ status }) => status,
    () => 0,
  );
  await eventually(
    "both have begun",
    async () => (await workerOf(service, quick)).bytes > 0 && (await workerOf(service, slow)).bytes > 0,
  );
  service.signal("SIGTERM");
  await new Promise((resolve) => setTimeout(resolve, 500));
  finish();
  const answer = await first;
  assert.deepEqual([answer.status, answer.json<WorkerView>().status], [200, "completed"]);
  assert.equal(await service.exit(), 0);
  stop();
  const status = await second;
  assert.ok(status === 0 || status >= 500, String(status));

  await service.start();
  assert.equal((await service.call("GET", "/api/files/quick")).bytes.length, 200_000);
  assert.equal((await service.call("GET", "/api/files/slow")).status, 404);
  assert.equal((await workerOf(service, slow)).status, "failed");
});

Deno.test("what was searched, labelled and deleted before SIGKILL is so afterwards, and ids go on rising", async () => {
  await using service = await startService();
  const kept = await submit(service, { command: "echo Ёлка", name: "Праздник", labels: { город: "Пермь" } });
  const gone = await submit(service, "echo gone");
  await resultOf(service, kept.job_id);
  await resultOf(service, gone.job_id);
  await remove(service, gone.job_id);
  await service.kill9();
  await service.start();
  for (const query of ["q=ПРАЗДНИК", "output=ёлка", "label=город:Пермь"]) {
    const { jobs } = (await service.call("GET", `/api/jobs?${encodeURI(query)}`)).json<
      { jobs: { job_id: number }[] }
    >();
    assert.deepEqual(jobs.map(({ job_id }) => job_id), [kept.job_id], query);
  }
  assert.equal((await service.call("GET", `/api/jobs/${gone.job_id}`)).status, 404);
  assert.equal((await submit(service, "true")).job_id, gone.job_id + 1);
  await resultOf(service, gone.job_id + 1);
});

Deno.test("a repeated POST with its Idempotency-Key after SIGKILL gives the first job", async () => {
  await using service = await startService();
  const ask = () =>
    service.call("POST", "/api/jobs", { json: { command: "echo once" }, headers: { "idempotency-key": "order-7" } });
  const first = (await ask()).json<{ job_id: number }>();
  await service.kill9();
  await service.start();
  assert.equal((await ask()).json<{ job_id: number }>().job_id, first.job_id);
  await resultOf(service, first.job_id);
});
