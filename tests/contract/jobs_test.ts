import assert from "node:assert/strict";
import { eventually } from "../helpers/eventually.ts";
import { testApp } from "../helpers/app.ts";

/** Pointers of what was refused. */
function pointers(problem: { errors: { pointer: string }[] }): string[] {
  return problem.errors.map(({ pointer }) => pointer);
}

Deno.test("POST /api/jobs names each field that is wrong", async () => {
  await using service = await testApp();
  const cases: [unknown, string[]][] = [
    [{}, ["/command"]],
    [{ command: "true", argv: ["true"] }, ["/argv"]],
    [{ command: " \n" }, ["/command"]],
    [{ command: "a\0b" }, ["/command"]],
    [{ command: "a\ud800b" }, ["/command"]],
    [{ command: "x".repeat(131072) }, ["/command"]],
    [{ argv: [] }, ["/argv"]],
    [{ argv: [""] }, ["/argv"]],
    [{ argv: ["echo", "é".repeat(65536)] }, ["/argv/1"]],
    [{ argv: ["echo", 1] }, ["/argv/1"]],
    [{ command: "true", comand: "x", "a/b~": 1 }, ["/comand", "/a~1b~0"]],
    [{ command: "true", cwd: "relative" }, ["/cwd"]],
    [{ command: "true", timeout: 0 }, ["/timeout"]],
    [{ command: "true", timeout: "5" }, ["/timeout"]],
    [{ command: "true", grace: -1, priority: 1.5 }, ["/grace", "/priority"]],
    [{ command: "true", grace: 3601, priority: 1001 }, ["/grace", "/priority"]],
    [{ command: "true", env: { "A=B": "x" } }, ["/env/A=B"]],
    [{ command: "true", env: { "": "x" } }, ["/env/"]],
    [{ command: "true", env: { A: "x".repeat(131071) } }, ["/env/A"]],
    [{ command: "true", labels: { "a:b": "x" } }, ["/labels/a:b"]],
    [{ command: "true", labels: { a: 1 } }, ["/labels/a"]],
    [{ command: "true", labels: Object.fromEntries(Array.from({ length: 65 }, (_, i) => [i, "x"])) }, ["/labels"]],
    [[], [""]],
    [null, [""]],
  ];
  for (const [json, expected] of cases) {
    const answer = await service.ask("POST", "/api/jobs", { json });
    assert.equal(answer.status, 400, answer.text);
    assert.deepEqual(pointers(answer.json).toSorted(), expected.toSorted(), answer.text.slice(0, 300));
  }
  assert.deepEqual((await service.ask("GET", "/api/jobs")).json.jobs, []);
});

Deno.test("POST /api/jobs takes JSON only, in any charset that is named", async () => {
  await using service = await testApp();
  const post = (body: BodyInit, type?: string) =>
    service.ask("POST", "/api/jobs", { body, headers: type ? { "content-type": type } : {} });
  for (
    const type of ["application/x-www-form-urlencoded", "text/plain", "multipart/form-data; boundary=x", undefined]
  ) {
    assert.equal((await post('{"command":"true"}', type)).status, 415, type);
  }
  assert.equal((await post('{"command":"true"}', "application/json; charset=klingon")).status, 415);
  // «Да» in windows-1251.
  const bytes = new Uint8Array([...new TextEncoder().encode('{"command":": '), 0xc4, 0xe0, 0x22, 0x7d]);
  const decoded = await post(bytes, "application/json; charset=windows-1251");
  assert.deepEqual([decoded.status, decoded.json.command], [202, ": Да"]);
  assert.equal((await post(bytes, "application/json")).json.code, "invalid_encoding");
  assert.equal((await post('{"command":', "application/json")).json.code, "malformed_json");
  assert.equal((await post("x".repeat(2 ** 20 + 1), "application/json")).status, 413);
});

Deno.test("a submitted job is answered with its status's address, and its status leads to the result", async () => {
  await using service = await testApp();
  const posted = await service.ask("POST", "/api/jobs", { json: { command: "echo привет; echo oops >&2; exit 3" } });
  assert.deepEqual([posted.status, posted.headers.get("location")], [202, "/api/statuses/1"]);
  const status = await service.ask("GET", "/api/statuses/1", { headers: { prefer: "wait=60" } });
  assert.deepEqual([status.status, status.headers.get("location")], [303, "/api/results/1"]);
  assert.equal(status.headers.get("preference-applied"), "wait=60");
  const { json } = await service.ask("GET", "/api/results/1");
  assert.deepEqual([json.result_id, json.stdout, json.stderr, json.exit_code], [1, "привет\n", "oops\n", 3]);
});

Deno.test("Prefer: wait answers with the result of what ends in time, else with the job", async () => {
  await using service = await testApp();
  const post = (command: string, wait: number) =>
    service.ask("POST", "/api/jobs", { json: { command }, headers: { prefer: `wait=${wait}` } });
  const quick = await post("echo done", 60);
  assert.deepEqual([quick.status, quick.json.stdout], [200, "done\n"]);
  assert.equal(quick.headers.get("content-location"), "/api/results/1");
  const slow = await post("sleep 600", 0);
  assert.deepEqual([slow.status, slow.json.done, slow.headers.get("preference-applied")], [202, false, "wait=0"]);
  assert.equal((await service.ask("DELETE", "/api/jobs/2?terminate=true")).status, 204);
});

Deno.test("whoever waits is answered when the server stops", async () => {
  await using service = await testApp();
  const id = (await service.ask("POST", "/api/jobs", { json: { command: "sleep 600" } })).json.job_id;
  const waiting = service.ask("GET", `/api/statuses/${id}`, { headers: { prefer: "wait=600" } });
  const held = service.ask("GET", "/api/request?connId=1&timeout=600");
  await eventually("it is held", async () => "1" in (await service.ask("GET", "/api/serverStatus")).json);
  service.stop();
  assert.equal((await waiting).status, 200);
  const { status, headers } = await held;
  assert.deepEqual([status, headers.get("retry-after")], [503, "1"]);
  await service.forget(id);
});

Deno.test("an Idempotency-Key makes a repeated POST answer with the first job", async () => {
  await using service = await testApp();
  const post = (json: unknown, key: string) =>
    service.ask("POST", "/api/jobs", { json, headers: { "idempotency-key": key } });
  const first = await post({ command: "true", name: "a" }, "k1");
  const again = await post({ name: "a", command: "true" }, "k1");
  assert.deepEqual([again.status, again.json.job_id], [202, first.json.job_id]);
  const other = await post({ command: "false" }, "k1");
  assert.deepEqual([other.status, other.json.code], [422, "idempotency_mismatch"]);
  assert.notEqual((await post({ command: "true", name: "a" }, "k2")).json.job_id, first.json.job_id);
});

Deno.test("lists go on at the next link with the same filters, and end without one", async () => {
  await using service = await testApp();
  for (let i = 0; i < 5; i++) await service.finished({ command: `echo ${i}`, labels: { team: "ночь" } });
  await service.finished({ command: "echo other" });
  const seen: number[] = [];
  let next: string | undefined = `/api/jobs?limit=2&label=${encodeURIComponent("team:ночь")}&state=succeeded`;
  while (next) {
    const page = await service.ask("GET", next);
    assert.equal(page.status, 200, page.text);
    seen.push(...page.json.jobs.map(({ job_id }: { job_id: number }) => job_id));
    next = /^<(.+)>; rel="next"$/.exec(page.headers.get("link") ?? "")?.[1];
  }
  assert.deepEqual(seen, [5, 4, 3, 2, 1]);
});

Deno.test("all three lists take the same searches, and refuse the same nonsense", async () => {
  await using service = await testApp();
  await service.finished({ command: "echo Привет; exit 7", name: "Ночная сборка" });
  await service.finished({ command: "true" });
  const queries = [
    "q=НОЧНАЯ",
    "state=failed,lost",
    "exit_code=7",
    "until=2999-01-01&q=echo",
    "since=2020-01-01T00:00:00+03:00&q=echo",
  ];
  for (const name of ["jobs", "statuses", "results"]) {
    for (const query of queries) {
      const { status, json, text } = await service.ask("GET", `/api/${name}?${encodeURI(query)}`);
      assert.equal(status, 200, text);
      assert.equal(json[name].length, 1, `${name} ${query}`);
    }
    const bad = [
      "limit=0",
      "limit=1001",
      "limit=",
      "sort=name",
      "state=gone",
      "exit_code=x",
      "label=x",
      "label=a:1&label=a:2",
    ];
    for (
      const query of [...bad, "since=yesterday", "since=2026-02-30", "min_duration=-1", "cursor=x", "q=a&q=b", "Q=a"]
    ) {
      assert.equal((await service.ask("GET", `/api/${name}?${query}`)).status, 400, `${name} ${query}`);
    }
  }
});

Deno.test("output is read whole, in ranges, by its last lines, and followed to its end", async () => {
  await using service = await testApp();
  const id = await service.finished({ command: "printf 'one\\ntwo\\nthree\\n'" });
  const read = (query = "", range?: string) =>
    service.ask("GET", `/api/jobs/${id}/stdout${query}`, range ? { headers: { range } } : {});
  assert.equal((await read()).text, "one\ntwo\nthree\n");
  const part = await read("", "bytes=4-6");
  assert.deepEqual([part.status, part.text, part.headers.get("content-range")], [206, "two", "bytes 4-6/14"]);
  assert.equal((await read("", "bytes=-6")).text, "three\n");
  const beyond = await read("", "bytes=14-");
  assert.deepEqual([beyond.status, beyond.headers.get("content-range")], [416, "bytes */14"]);
  assert.equal((await read("?tail=2")).text, "two\nthree\n");
  assert.equal((await read("?tail=0")).text, "");
  assert.equal((await read("?follow=true&tail=1")).text, "three\n");
  assert.equal((await service.ask("HEAD", `/api/jobs/${id}/stdout`)).headers.get("content-length"), "14");
  assert.equal((await service.ask("GET", `/api/jobs/${id}/stderr`)).text, "");
  assert.equal((await read("?follow=1")).status, 400);
});

Deno.test("following gives what is yet to come", async () => {
  await using service = await testApp();
  const { json } = await service.ask("POST", "/api/jobs", { json: { command: "echo a; sleep 0.3; echo b" } });
  assert.equal((await service.ask("GET", `/api/jobs/${json.job_id}/stdout?follow=true`)).text, "a\nb\n");
});

Deno.test("malformed ids are 400, unknown ones 404, deleted results 410", async () => {
  await using service = await testApp();
  for (const path of ["jobs", "statuses", "results"]) {
    for (const id of ["x", "0", "-1", "1.5", "9007199254740992", "1e3", "%00"]) {
      const { status, json } = await service.ask("GET", `/api/${path}/${id}`);
      assert.deepEqual([status, json.code], [400, "invalid_id"], `${path}/${id}`);
    }
    assert.equal((await service.ask("GET", `/api/${path}/7`)).status, 404);
  }
  const id = await service.finished({ command: "true" });
  assert.equal((await service.ask("DELETE", `/api/results/${id}`)).status, 204);
  assert.equal((await service.ask("GET", `/api/results/${id}`)).status, 410);
  assert.equal((await service.ask("GET", `/api/jobs/${id}/stdout`)).status, 410);
  assert.equal((await service.ask("DELETE", `/api/results/${id}`)).status, 410);
  assert.equal((await service.ask("GET", `/api/jobs/${id}`)).json.result_url, null);
});

Deno.test("DELETE with ?terminate=true is 204 whenever it comes, also in the moment in which the job ends", async () => {
  await using service = await testApp();
  for (let round = 0; round < 40; round++) {
    const { json } = await service.ask("POST", "/api/jobs", { json: { command: "true" } });
    await new Promise((resolve) => setTimeout(resolve, round % 8));
    const { status, text } = await service.ask("DELETE", `/api/jobs/${json.job_id}?terminate=true`);
    assert.equal(status, 204, text);
  }
});
