import assert from "node:assert/strict";
import { eventually } from "../../helpers/eventually.ts";
import { runProgram } from "../../helpers/program.ts";
import { startStint, stint } from "../../helpers/stint.ts";
import { tempDir } from "../../helpers/temp_dir.ts";
import { startClient } from "./support.ts";

Deno.test("who calls a server that is not there is told what to do", async () => {
  const { code, stdout, stderr } = await stint(["ps", "--server", "http://127.0.0.1:2"]);
  assert.deepEqual([code, stdout], [69, ""]);
  assert.match(
    stderr,
    /^stint: No server answers at http:\/\/127\.0\.0\.1:2: connection refused\. Start one with `stint serve`, or say where it is: --server URL, STINT_SERVER\.[^\n]*\n$/,
  );
});

Deno.test("an unknown command, option or member is one line with a suggestion, and exit code 2", async () => {
  const cases: [string[], RegExp][] = [
    [["pss"], /there is no command pss\. Did you mean `stint ps`\?/],
    [["--json", "pss"], /"there is no command pss"/],
    [["--server", "http://127.0.0.1:2", "pss"], /there is no command pss\. Did you mean `stint ps`\?/],
    [["frobnicate"], /there is no command frobnicate\. `stint help` lists them all\./],
    [["ps", "--statte", "x"], /unknown option --statte\. Did you mean --state\?/],
    [["queue", "lst"], /there is no command queue lst\. Did you mean `stint queue list`\?/],
    [["help", "rnu"], /Did you mean `stint help run`\?/],
    [["run", "make", "-j4"], /unknown option -j.*behind `--`/],
    [["run", "make", "test"], /"test" is one word too many/],
    [["run"], /command is missing/],
    [["run", "a", "--", "b"], /a command before -- and one behind it/],
    [["kill"], /job is missing/],
    [["ps", "--color", "sometimes"], /--color sometimes/],
  ];
  for (const [args, message] of cases) {
    const { code, stdout, stderr } = await stint(args);
    assert.deepEqual([code, stdout], [2, ""], args.join(" "));
    assert.match(stderr, args[0] === "--json" ? /^\{.+\}\n$/ : /^stint: [^\n]+\n$/);
    assert.match(stderr, message);
  }
});

Deno.test("what the server refuses is said with commands and options, not with requests and fields", async () => {
  await using client = await startClient();
  await Deno.writeTextFile(`${client.service.files}/f`, "one");
  await client.run(["put", "f"]);
  await Deno.writeTextFile(`${client.service.files}/f`, "two!");
  await client.run(["run", "-n", "long", "exec sleep 600"]);
  const cases: [string[], string][] = [
    [["logs", "99"], "There is no job 99. `stint ps -a` lists what there is."],
    [["queue", "pause", "q"], "There is no queue q. `stint queue` lists what there is."],
    [["run", "-q", "q", "true"], "There is no queue q. `stint queue set q` makes it."],
    [["files", "rm", "g"], 'There is no file "g". `stint files` lists what there is.'],
    [["uploads", "rm", "u"], "`stint uploads` lists what there is."],
    [["rm", "long"], "Terminate it first, or add --force to do both."],
    [["put", "f"], "Add --replace to replace it"],
    [["run", "--after", "99", "true"], "There is no job 99 to come after; `stint ps -a` lists what there is."],
    [["run", "-p", "9999", "true"], "--priority: Send at most 1000."],
    [["search", "-s", "no"], "--state: Send one or more of"],
    [["queue", "set", "q", "--slots", "0"], "--slots: Send at least 1."],
    [["status", "abcdefghijklmnopqrstuv"], "`stint put` and `stint fetch` take one by themselves"],
  ];
  for (const [args, said] of cases) {
    const { code, stderr } = await client.run(args);
    assert.ok(code > 1 && stderr.includes(said), `${args.join(" ")}: ${code} ${stderr}`);
    assert.doesNotMatch(stderr, /\b(GET|PUT|POST|DELETE|PATCH) \/|\?\w+=|[ ;]\/\w+: |query\//, args.join(" "));
  }
  await client.run(["kill", "long"]);
});

Deno.test("every command has help with examples, and common options may stand before it", async () => {
  const overview = await stint(["help"]);
  const names = [...overview.stdout.matchAll(/^ {2}([a-z]+) {2,}/gm)].map(([, name]) => name!);
  assert.ok(names.length > 25, names.join());
  for (const name of ["run", "queue", "top"]) {
    const help = await stint(["help", name]);
    assert.equal(help.code, 0);
    assert.match(help.stdout, new RegExp(`^stint ${name}: [\\s\\S]*\nExamples:\n {2}# `));
    assert.equal((await stint([name, "--help"])).stdout, help.stdout);
  }
  const { code } = await stint(["--server", "http://127.0.0.1:2", "ps"]);
  assert.equal(code, 69);
  assert.equal((await stint(["--json", "--server=http://127.0.0.1:2", "ps"])).code, 69);
});

Deno.test("tokens come from a variable, a closed file and the configuration; without one the way to it is shown", async () => {
  await using client = await startClient();
  const { service } = client;
  const made = await runProgram([
    "token",
    "create",
    "--name",
    "reader",
    "--scope",
    "jobs:read",
    "--data",
    service.data,
  ]);
  const token = made.stdout.trim();
  await eventually("a token is asked for", async () => (await client.run(["ps"])).code === 5);
  const none = await client.run(["ps"]);
  assert.match(
    none.stderr,
    /Give a token: set STINT_TOKEN, use --token-file FILE, .* `stint token create --name NAME --scope SCOPES` makes one/,
  );
  assert.equal((await client.run(["ps"], { env: { STINT_TOKEN: token } })).code, 0);
  const refused = await client.run(["run", "true"], { env: { STINT_TOKEN: token } });
  assert.deepEqual(
    [refused.code, /`stint status` shows what the token may do/.test(refused.stderr)],
    [5, true],
    refused.stderr,
  );
  assert.match((await client.run(["status"], { env: { STINT_TOKEN: token } })).stdout, /You +reader: jobs:read\n/);

  await Deno.writeTextFile(`${service.files}/token`, `${token}\n`, { mode: 0o600 });
  assert.equal((await client.run(["ps", "--token-file", "token"])).code, 0);
  await Deno.chmod(`${service.files}/token`, 0o644);
  const open = await client.run(["ps", "--token-file", "token"]);
  assert.deepEqual([open.code, /chmod 600 token/.test(open.stderr)], [5, true], open.stderr);
  await Deno.chmod(`${service.files}/token`, 0o600);

  await Deno.mkdir(`${service.files}/.config/stint`, { recursive: true });
  const config = { default: "mine", servers: { mine: { url: service.url, token_file: "~/token" } } };
  await Deno.writeTextFile(`${service.files}/.config/stint/config.json`, JSON.stringify(config));
  assert.equal((await client.run(["ps"], { env: { STINT_SERVER: "" } })).code, 0);
  assert.equal((await client.run(["ps", "--server", "mine"])).code, 0);
});

Deno.test("a server with a certificate of its own is trusted by --ca-cert, and not without", async () => {
  const tls = new URL("../../fixtures/tls/", import.meta.url).pathname;
  await using client = await startClient({ args: ["--tls-cert", `${tls}cert.pem`, "--tls-key", `${tls}key.pem`] });
  const url = client.env.STINT_SERVER!.replace("127.0.0.1", "localhost");
  const refused = await client.run(["keys", "--server", url]);
  assert.deepEqual(
    [refused.code, /certificate is not trusted.*--ca-cert FILE/.test(refused.stderr)],
    [69, true],
    refused.stderr,
  );
  const { code, stderr } = await client.run(["keys", "--server", url, "--ca-cert", `${tls}cert.pem`]);
  assert.equal(code, 0, stderr);
});

Deno.test("queues are made, changed in part, paused, shown and deleted", async () => {
  await using client = await startClient();
  await client.run(["queue", "set", "ночные", "--slots", "2", "--max-queued", "5"]);
  await client.run(["queue", "pause", "ночные"]);
  await client.run(["queue", "set", "ночные", "--slots", "none"]);
  const queue = JSON.parse((await client.run(["queue", "show", "ночные", "--json"])).stdout);
  assert.deepEqual([queue.slots, queue.max_queued, queue.paused], [null, 5, true]);
  assert.match((await client.run(["queue"])).stdout, /^QUEUE.*\ndefault +open.*\nночные +paused +0 +0\/5 +0 +0\n$/);
  assert.equal((await client.run(["queue", "resume", "ночные"])).stdout, "Queue ночные goes on.\n");
  assert.equal((await client.run(["queue", "pause", "nope"])).code, 3);
  assert.equal((await client.run(["queue", "rm", "ночные"])).code, 0);
  assert.equal((await client.run(["queue", "rm", "default"])).code, 4);
});

Deno.test("a request is held, listed, killed and left", async () => {
  await using client = await startClient();
  assert.deepEqual(await client.run(["hold", "0.1"]), { code: 0, stdout: "ok\n", stderr: "" });
  const held = client.run(["hold", "1h", "--id", "19"]);
  await eventually(
    "it is listed",
    async () => /\n19 +(59m 5\ds|1h)\n/.test((await client.run(["hold", "--list"])).stdout),
  );
  assert.equal((await client.run(["hold", "--kill", "19"])).stdout, "Request 19 was ended.\n");
  assert.deepEqual([(await held).code, (await held).stdout], [1, "killed\n"]);
  assert.equal((await client.run(["hold", "--kill", "19"])).code, 3);
});

Deno.test("the contract is the server's, or that of the program itself", async () => {
  await using client = await startClient();
  const committed = JSON.parse(await Deno.readTextFile(new URL("../../../openapi/openapi.json", import.meta.url)));
  assert.deepEqual(JSON.parse((await client.run(["openapi"])).stdout), committed);
  assert.deepEqual(
    JSON.parse((await client.run(["openapi", "--own"], { env: { STINT_SERVER: "http://127.0.0.1:2" } })).stdout),
    committed,
  );
});

Deno.test("doctor says what is well and what to do about what is not, and exits with 1 when something fails", async () => {
  await using client = await startClient();
  const { service } = client;
  const well = await client.run(["doctor", "--data", service.data]);
  assert.equal(well.code, 0, well.stdout);
  assert.match(well.stdout, /^ok {4}data directory: .* is ours alone$/m);
  assert.match(well.stdout, /^ok {4}token: anonymous: admin$/m);
  await Deno.chmod(service.data, 0o755);
  assert.match(
    (await client.run(["doctor", "--data", service.data])).stdout,
    /^fail {2}data directory: .*mode 0755\), and no server starts on it\. chmod 700 /m,
  );
  await Deno.chmod(service.data, 0o700);
  const down = await client.run(["doctor", "--data", service.data, "--server", "http://127.0.0.1:2"]);
  assert.deepEqual(
    [down.code, /^fail {2}server: No server answers .* Start one with/m.test(down.stdout)],
    [1, true],
    down.stdout,
  );
  const tls = new URL("../../fixtures/tls/", import.meta.url).pathname;
  const { findings } = JSON.parse(
    (await client.run(["doctor", "--offline", "--json", "--tls-cert", `${tls}cert.pem`, "--tls-key", `${tls}key.pem`]))
      .stdout,
  );
  assert.ok(
    findings.some(({ about, level, text }: Record<string, string>) =>
      about === "TLS" && level === "ok" && text === "the key is the certificate's"
    ),
    JSON.stringify(findings),
  );
  assert.equal((await client.run(["doctor", "--offline", "--tls-cert", `${tls}cert.pem`])).code, 1);
});

Deno.test("shells are offered commands, options, values, jobs, queues and keys; nothing where no server is", async () => {
  await using client = await startClient();
  await client.run(["run", "-n", "nightly", "exec sleep 600"]);
  await client.run(["set", "release", "1"]);
  const offered = async (...words: string[]) =>
    (await client.run(["__complete", ...words])).stdout.trim().split("\n").map((line) => line.split("\t")[0]);
  assert.deepEqual(await offered("lo"), ["logs"]);
  assert.deepEqual(await offered("logs", "--fo"), ["--follow"]);
  assert.deepEqual(await offered("kill", ""), ["1", "nightly"]);
  assert.deepEqual(await offered("kill", "ni"), ["nightly"]);
  assert.deepEqual(await offered("queue", "pa"), ["pause"]);
  assert.deepEqual(await offered("queue", "pause", ""), ["default"]);
  assert.deepEqual(await offered("run", "-q", "d"), ["default"]);
  assert.deepEqual(await offered("run", "--queue=d"), ["--queue=default"]);
  assert.deepEqual(await offered("ps", "-s", "running,pa"), ["running,paused"]);
  assert.deepEqual(await offered("get", ""), ["release"]);
  assert.deepEqual(await offered("put", ""), [":files"]);
  assert.deepEqual(await offered("help", "queue", "se"), ["set"]);
  assert.deepEqual(await offered("kill", "--server", "http://127.0.0.1:2", ""), [""]);
  assert.deepEqual(await offered("nonsense", "x"), [""]);
  await client.run(["kill", "1"]);
});

Deno.test("the scripts for bash, zsh and fish are there, and another shell is suggested one", async () => {
  for (const shell of ["bash", "zsh", "fish"]) {
    assert.match((await stint(["completion", shell])).stdout, /stint __complete/);
  }
  const { code, stderr } = await stint(["completion", "bsh"]);
  assert.deepEqual([code, /Did you mean bash\?/.test(stderr)], [2, true]);
});

Deno.test("who stops reading ends a command quietly", async () => {
  await using directory = await tempDir();
  const child = startStint(["openapi", "--own"], { cwd: directory.path });
  await child.stdin.close();
  const reader = child.stdout.getReader();
  await reader.read();
  await reader.cancel();
  const [{ code }, stderr] = await Promise.all([child.status, new Response(child.stderr).text()]);
  assert.deepEqual([code, stderr], [141, ""]);
});
