import assert from "node:assert/strict";
import { eventually } from "../helpers/eventually.ts";
import { runProgram } from "../helpers/program.ts";
import { type Service, startService } from "../helpers/service.ts";
import type { ProblemView } from "../helpers/views.ts";

const bearer = (token: string) => ({ authorization: `Bearer ${token}` });

async function token(service: Pick<Service, "data">, ...args: string[]): Promise<string> {
  const { code, stdout, stderr } = await runProgram(["token", ...args, "--data", service.data]);
  assert.equal(code, 0, stderr);
  return stdout.trim();
}

Deno.test("tokens are made beside a running server, do what they are for, and end when they are revoked", async () => {
  await using service = await startService();
  assert.equal((await service.call("GET", "/api/jobs")).status, 200);
  const reader = await token(service, "create", "--name", "reader", "--scope", "jobs:read,requests:write");
  const admin = await token(service, "create", "--name", "boss", "--scope", "admin", "--expires", "1d");
  await eventually("a token is asked for", async () => (await service.call("GET", "/api/jobs")).status === 401);

  assert.equal((await service.call("GET", "/api/jobs", { headers: bearer(reader) })).status, 200);
  const refused = await service.call("POST", "/api/jobs", { headers: bearer(reader), json: { command: "true" } });
  assert.equal(refused.status, 403);
  assert.equal(refused.json<ProblemView>().code, "insufficient_scope");
  assert.match(refused.headers.get("www-authenticate")!, /error="insufficient_scope", scope="jobs:write"/);
  assert.equal(
    (await service.call("POST", "/api/jobs", { headers: bearer(admin), json: { command: "true" } })).status,
    202,
  );

  const held = service.call("GET", "/api/request?connId=1&timeout=3000", { headers: bearer(reader) });
  const holds = async () => (await service.call("GET", "/api/serverStatus", { headers: bearer(admin) })).text;
  await eventually("the request is held", async () => (await holds()).includes('"1"'));
  await token(service, "revoke", "reader");
  const ended = await held;
  assert.deepEqual([ended.status, ended.json<ProblemView>().code], [401, "unauthorized"]);
  assert.equal(await holds(), "{}");
  assert.equal((await service.call("GET", "/api/jobs", { headers: bearer(reader) })).status, 401);

  const listed = JSON.parse(await token(service, "list", "--json"));
  assert.deepEqual(listed.map(({ name, state }: { name: string; state: string }) => [name, state]), [
    ["reader", "revoked"],
    ["boss", "valid"],
  ]);
  assert.match(await token(service, "list"), /^ID +NAME +STATE .*\n\w{12} +reader +revoked +jobs:read,requests:write /);
});

Deno.test("with a token kept in the data directory the service may listen everywhere", async () => {
  await using service = await startService();
  const secret = await token(service, "create", "--name", "one", "--scope", "keys:write");
  await service.stop();
  await service.start(["--host", "0.0.0.0"]);
  assert.match(service.firstLine, /a token is asked for/);
  assert.equal((await service.call("PUT", "/foo", { body: "1" })).status, 401);
  assert.equal((await service.call("PUT", "/foo", { body: "1", headers: bearer(secret) })).status, 201);
  const log = service.logs();
  assert.ok(
    !log.includes(secret.slice(19)) && !(await Deno.readTextFile(`${service.data}/error.log`)).includes(secret),
  );
});

Deno.test("a token for deployments runs its command, in its place, with its variables, and nothing else", async () => {
  await using service = await startService();
  const script = `${service.files}/deploy.sh`;
  await Deno.writeTextFile(script, '#!/bin/sh\necho "$1 $VERSION in $PWD"\n', { mode: 0o700 });
  const made = [
    "--scope",
    "jobs:write",
    "--label",
    "team=web",
    "--allow-argv",
    "./deploy.sh prod",
    "--allow-argv",
    '["id"]',
  ];
  const more = ["--cwd", service.files, "--allow-env", "VERSION"];
  const headers = bearer(await token(service, "create", "--name", "ci", ...made, ...more));
  await eventually("a token is asked for", async () => (await service.call("GET", "/api/jobs")).status === 401);
  const run = (json: unknown) =>
    service.call("POST", "/api/jobs", { headers: { ...headers, prefer: "wait=60" }, json });
  const ran = await run({ argv: ["./deploy.sh", "prod"], env: { VERSION: "7" } });
  assert.deepEqual([ran.status, ran.json<{ stdout: string }>().stdout], [200, `prod 7 in ${service.files}\n`]);
  for (const json of [{ command: "./deploy.sh prod" }, { argv: ["./deploy.sh", "test"] }, { argv: ["id"], cwd: "/" }]) {
    const refused = await run(json);
    assert.deepEqual([refused.status, refused.json<ProblemView>().code], [403, "token_bound"]);
  }
  const [listed] = JSON.parse(await token(service, "list", "--json"));
  assert.deepEqual(listed.bounds, {
    labels: { team: "web" },
    commands: { prefixes: [["./deploy.sh", "prod"], ["id"]], cwd: service.files, env: ["VERSION"] },
  });
  assert.match(await token(service, "list"), /label team=web; argv \["\.\/deploy\.sh","prod"\]; argv \["id"\]; cwd /);
});

Deno.test("stint token says what is wrong with its options, and exits with 2; with 1 where it cannot be done", async () => {
  await using service = await startService();
  const cases: [number, RegExp, string[]][] = [
    [2, /--scope nope: expected one of requests:read/, ["create", "--name", "a", "--scope", "nope"]],
    [2, /--name/, ["create", "--scope", "admin"]],
    [2, /--name: expected/, ["create", "--name", " ", "--scope", "admin"]],
    [2, /--expires soon: expected/, ["create", "--name", "a", "--scope", "admin", "--expires", "soon"]],
    [2, /--expires 2001-01-01: expected a time to come/, [
      "create",
      "--name",
      "a",
      "--scope",
      "admin",
      "--expires",
      "2001-01-01",
    ]],
    [2, /--scope admin may do everything/, ["create", "--name", "a", "--scope", "admin", "--queue", "x"]],
    [2, /--queue a b:/, ["create", "--name", "a", "--scope", "jobs:write", "--queue", "a b"]],
    [2, /--label x: expected name=value/, ["create", "--name", "a", "--scope", "jobs:write", "--label", "x"]],
    [2, /--allow-argv a; b: expected words/, [
      "create",
      "--name",
      "a",
      "--scope",
      "jobs:write",
      "--allow-argv",
      "a; b",
    ]],
    [2, /--allow-argv \[1\]: expected/, ["create", "--name", "a", "--scope", "jobs:write", "--allow-argv", "[1]"]],
    [2, /--cwd: it says something of/, ["create", "--name", "a", "--scope", "jobs:write", "--cwd", "/"]],
    [2, /--rate-limit 5: expected/, ["create", "--name", "a", "--scope", "jobs:write", "--rate-limit", "5"]],
    [1, /No valid token has the id or name a/, ["revoke", "a"]],
  ];
  for (const [expected, said, args] of cases) {
    const { code, stdout, stderr } = await runProgram(["token", ...args, "--data", service.data]);
    assert.deepEqual([code, stdout], [expected, ""], stderr);
    assert.match(stderr, said);
  }
});
