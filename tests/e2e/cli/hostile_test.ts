import assert from "node:assert/strict";
import { startStint, stint } from "../../helpers/stint.ts";
import { startClient } from "./support.ts";

/** ESC, a colour that hides, OSC 52 (the clipboard), BEL, a C1 code, a mark that turns the direction of text. */
const ORDERS = "x\x1b[2J\x1b[8m\x1b]52;c;aGk=\x07\x9b2J\u202Ey";
// deno-lint-ignore no-control-regex
const HARMFUL = /[\x00-\x09\x0B-\x1F\x7F-\x9F\u061C\u200E\u200F\u2028\u2029\u202A-\u202E\u2066-\u2069]/;

/** A server that answers as it is told, until it is disposed of. */
function impostor(answer: (request: Request) => Response | Promise<Response>) {
  const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen: () => {} }, answer);
  return { url: `http://127.0.0.1:${server.addr.port}`, [Symbol.asyncDispose]: () => server.shutdown() };
}

const problem = (status: number, code: string, headers = {}) =>
  Response.json({ title: "No", status, code, detail: `No: ${ORDERS}` }, { status, headers });

Deno.test("names, commands, labels and values that mean harm reach no terminal in tables, lists, errors or JSON", async () => {
  await using client = await startClient();
  const { service } = client;
  await service.call("POST", "/api/jobs", {
    json: { command: `: '${ORDERS}'`, name: ORDERS, labels: { team: ORDERS } },
  });
  await service.call("PUT", "/evil", { body: ORDERS, headers: { "content-type": "text/plain; charset=utf-8" } });
  const calls = [
    ["wait", "1"],
    ["ps", "-a"],
    ["ps", "-a", "--json"],
    ["search", "--json", "x"],
    ["keys"],
    ["keys", "--json"],
    ["watch", "--once", "--after", "0"],
    ["__complete", "logs", ""],
    ["kill", ORDERS],
    ["files", "rm", ORDERS],
    ["queue", "show", ORDERS],
    [ORDERS],
    ["ps", `--${ORDERS}`],
    ["ps", "--server", ORDERS],
  ];
  for (const args of calls) {
    const { stdout, stderr } = await client.run(args);
    const text = args[0] === "__complete" ? stdout.replaceAll("\t", "") : stdout;
    assert.doesNotMatch(text + stderr, HARMFUL, args.join(" "));
    assert.notEqual(stdout + stderr, "", args.join(" "));
  }
  // A word that is not the name is no candidate.
  assert.match((await client.run(["__complete", "logs", ""])).stdout, /^1\tsucceeded: [^\n]*\n$/);
  // Byte for byte, as it is meant to be.
  assert.equal((await client.run(["get", "evil"])).stdout, ORDERS);
});

Deno.test("what a server refuses with is said without its orders, with what to do and when, and as JSON", async () => {
  const answers: [number, string, Record<string, string>, number, RegExp][] = [
    [401, "unauthorized", {}, 5, /Give a token: set STINT_TOKEN/],
    [403, "insufficient_scope", {}, 5, /`stint status` shows what the token may do/],
    [404, "not_found", {}, 3, /No: x/],
    [409, "invalid_transition", {}, 4, /No: x/],
    [413, "too_large", {}, 2, /--max-body/],
    [429, "rate_limited", { "retry-after": "7" }, 75, /Try again in 7 s\./],
    [500, "internal", {}, 1, /error\.log/],
    [503, "shutting_down", { "retry-after": "2" }, 75, /Try again in 2 s\./],
    [507, "storage_full", {}, 74, /Make room/],
  ];
  for (const [status, code, headers, exit, hint] of answers) {
    await using server = impostor(() => problem(status, code, headers));
    const [text, json] = await Promise.all([
      stint(["queue", "--server", server.url]),
      stint(["queue", "--json", "--server", server.url]),
    ]);
    assert.deepEqual([text.code, text.stdout, json.code, json.stdout], [exit, "", exit, ""], code);
    assert.match(text.stderr, /^stint: No: x␛[^\n]+\n$/);
    assert.match(text.stderr, hint);
    const { error } = JSON.parse(json.stderr);
    assert.deepEqual([error.exit_code, error.status, error.problem.code], [exit, status, code]);
    assert.equal(error.retry_after, headers["retry-after"] && Number(headers["retry-after"]));
    for (const { stderr } of [text, json]) assert.doesNotMatch(stderr, HARMFUL);
  }
});

Deno.test("a redirect is not taken for a success, and what is no Stint server is told apart", async () => {
  await using moved = impostor(() =>
    new Response(null, { status: 308, headers: { location: "https://b.example:1/" } })
  );
  const deleted = await stint(["del", "release", "--server", moved.url]);
  assert.deepEqual([deleted.code, deleted.stdout], [1, ""]);
  assert.match(
    deleted.stderr,
    /sends on to https:\/\/b\.example:1, and nothing was done\. .*--server https:\/\/b\.example:1\n$/,
  );
  await using other = impostor(() => new Response("<html>", { status: 200 }));
  assert.match((await stint(["ps", "--server", other.url])).stderr, /no JSON\. Is that a Stint server\?/);
  await using none = impostor(() => new Response("<html>", { status: 404 }));
  assert.match((await stint(["ps", "--server", none.url])).stderr, /answered 404\. Is that a Stint server/);
  const tls = await stint(["ps", "--server", none.url.replace("http:", "https:")]);
  assert.deepEqual([tls.code, /does not speak TLS\. Try http:/.test(tls.stderr)], [69, true], tls.stderr);
  const name = await stint(["ps", "--server", "http://no-such-host.invalid:8080"]);
  assert.deepEqual([name.code, /there is no host of that name/.test(name.stderr)], [69, true], name.stderr);
  const bare = await stint(["ps", "--server", "127.0.0.1:8080"]);
  assert.deepEqual([bare.code, /Did you mean http:\/\/127\.0\.0\.1:8080\?/.test(bare.stderr)], [2, true], bare.stderr);
});

Deno.test("a shell that asks a server which never answers is offered nothing, and goes on", async () => {
  // The system takes connections; nobody answers them.
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const server = `http://127.0.0.1:${listener.addr.port}`;
  assert.deepEqual(await stint(["__complete", "kill", "--server", server, ""]), { code: 0, stdout: "", stderr: "" });
});

Deno.test("standard input that never ends is refused, and no more of it is taken than can be sent", async () => {
  await using client = await startClient();
  const child = startStint(["set", "release"], { env: client.env });
  const writer = child.stdin.getWriter();
  const feeding = (async () => {
    try {
      while (true) await writer.write(new Uint8Array(65_536).fill(120));
    } catch (error) {
      if (!(error instanceof Deno.errors.BrokenPipe)) throw error;
    }
  })();
  const [{ code, stderr }] = await Promise.all([child.output(), feeding]);
  assert.deepEqual([code, /more than 1\.0 KiB/.test(new TextDecoder().decode(stderr))], [2, true]);
});

Deno.test("a job whose name looks like a worker-id is paused and ended by it", async () => {
  await using client = await startClient();
  const name = "nightly-backup-of-databases";
  await client.run(["run", "-n", name, "exec sleep 600"]);
  assert.equal((await client.run(["pause", name])).stdout, "Job 1 is paused.\n");
  assert.equal((await client.run(["kill", name])).stdout, "Job 1 is being ended.\n");
  assert.equal((await client.run(["wait", name])).code, 143);
});

Deno.test("who stops reading a log ends the command, quietly", async () => {
  await using client = await startClient();
  await client.run(["run", "-f", "seq 100000"]);
  for (const args of [["logs", "1"], ["logs", "-f", "1"], ["logs", "-f", "1", "1"]]) {
    const child = startStint(args, { env: client.env });
    await child.stdin.close();
    const reader = child.stdout.getReader();
    await reader.read();
    await reader.cancel();
    const [{ code }, stderr] = await Promise.all([child.status, new Response(child.stderr).text()]);
    assert.deepEqual([code, stderr], [141, ""], args.join(" "));
  }
});

Deno.test("one of several logs that is not there is said, and the others are shown", async () => {
  await using client = await startClient();
  await client.run(["run", "-f", "echo one"]);
  await client.run(["run", "-f", "echo two"]);
  for (const follow of [[], ["-f"]]) {
    const { code, stdout, stderr } = await client.run(["logs", ...follow, "1", "999", "2"]);
    assert.deepEqual([code, stdout.replaceAll(/^ +/gm, "").split("\n").sort()], [3, ["", "1 | one", "2 | two"]]);
    assert.match(stderr, /^stint: There is no job 999\.[^\n]*\n$/);
  }
  const unknown = await client.run(["logs", "1", "nobody"]);
  assert.deepEqual([unknown.code, unknown.stdout], [3, "1 | one\n"]);
  assert.match(unknown.stderr, /^stint: There is no job "nobody"/);
});

Deno.test("every command answers --json with JSON, line by line, also where it fails", async () => {
  await using client = await startClient();
  await client.run(["run", "-f", "printf 'a\\377'; echo b >&2"]);
  await Deno.writeTextFile(`${client.service.files}/f`, "content");
  const calls = [
    ["run", "true"],
    ["run", "-f", "echo x; exit 3"],
    ["ps", "-a"],
    ["logs", "1"],
    ["logs", "-n", "1", "1"],
    ["logs", "-f", "1"],
    ["wait", "1"],
    ["rerun", "1"],
    ["search", "printf"],
    ["queue"],
    ["queue", "set", "q"],
    ["queue", "show", "q"],
    ["queue", "pause", "q"],
    ["queue", "resume", "q"],
    ["queue", "rm", "q"],
    ["set", "k", "1"],
    ["get", "k"],
    ["get", "k", "--if-changed", "1"],
    ["keys"],
    ["del", "k"],
    ["put", "f"],
    ["files"],
    ["uploads"],
    ["fetch", "-o", "g", "f"],
    ["files", "rm", "f"],
    ["hold", "0.05"],
    ["hold", "--list"],
    ["status"],
    ["openapi"],
    ["doctor", "--data", client.service.data],
    ["help"],
    ["help", "run"],
    ["completion", "bash"],
    ["rm", "1"],
    ["token", "list", "--data", client.service.data],
  ];
  const failing = [
    ["run"],
    ["ps", "-s", "no"],
    ["logs", "999"],
    ["wait", "999"],
    ["kill", "nobody"],
    ["get", "none"],
    ["top"],
    ["fetch", "none"],
    ["uploads", "rm", "none"],
    ["queue", "rm", "default"],
    ["hold", "--kill", "1"],
    ["help", "nothing"],
    ["nothing"],
    ["completion", "tcsh"],
    ["token", "create"],
    ["token", "revoke", "none", "--data", client.service.data],
    ["status", "abcdefghijklmnopqrstuv"],
    ["rm", "998", "999"],
  ];
  const lines = (text: string) => text.split("\n").filter((line) => line !== "");
  for (const args of calls) {
    const { stdout, stderr } = await client.run([...args, "--json"]);
    assert.ok(lines(stdout).length > 0, args.join(" "));
    for (const line of [...lines(stdout), ...lines(stderr)]) {
      assert.doesNotThrow(() => JSON.parse(line), args.join(" "));
    }
  }
  await Promise.all(failing.map(async (args) => {
    const { code, stdout, stderr } = await client.run([...args, "--json"]);
    assert.equal(stdout, "", args.join(" "));
    for (const line of lines(stderr)) assert.equal(JSON.parse(line).error.exit_code, code, args.join(" "));
    assert.ok(lines(stderr).length > 0, args.join(" "));
  }));
});
