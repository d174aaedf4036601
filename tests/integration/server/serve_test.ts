import assert from "node:assert/strict";
import { eventually } from "../../helpers/eventually.ts";
import { exchange, RawConnection } from "../../helpers/raw_exchange.ts";
import { runProgram, serveProgram } from "../../helpers/serve_program.ts";

const TLS = new URL("../../fixtures/tls/", import.meta.url).pathname;
const LISTENERS = [
  { how: "plain HTTP", args: [], caCerts: undefined },
  {
    how: "TLS",
    args: ["--tls-cert", `${TLS}cert.pem`, "--tls-key", `${TLS}key.pem`],
    caCerts: [Deno.readTextFileSync(`${TLS}cert.pem`)],
  },
];

Deno.test("serve prints where it listens, keeps its data to itself and ends with 0 on SIGTERM", async () => {
  await using program = await serveProgram();
  assert.equal(
    program.firstLine,
    `Stint listens on ${program.address} · data in ${program.data} · no token asked for (loopback only)`,
  );
  const response = await fetch(`${program.address}-/healthy`);
  assert.equal(response.status, 200);
  await response.body?.cancel();
  assert.equal((await Deno.stat(`${program.data}/error.log`)).mode! & 0o777, 0o600);
  program.kill("SIGTERM");
  assert.equal((await program.ended).code, 0);
});

Deno.test("serve is what runs when no command is named", async () => {
  const { code, stderr } = await runProgram(["--port", "x"]);
  assert.deepEqual([code, stderr], [
    2,
    'stint: --port: "x" is not accepted; expected a whole number from 0 to 65535\n',
  ]);
});

Deno.test("a command line that makes no sense is one line and exit code 2", async () => {
  for (const args of [["--prot", "1"], ["serve", "--port"], ["serve", "extra"], ["--tls-cert", "/nonexistent"]]) {
    const { code, stdout, stderr } = await runProgram(args);
    assert.deepEqual([code, stdout], [2, ""], args.join(" "));
    assert.match(stderr, /^stint: [^\n]+\n$/);
  }
});

Deno.test("--version and --help answer on standard output with exit code 0", async () => {
  const [version, help] = await Promise.all([runProgram(["--version"]), runProgram(["serve", "--help"])]);
  assert.match(version.stdout, /^\d+\.\d+\.\d+\n$/);
  assert.match(help.stdout, /--allow-host <name>[\s\S]*STINT_ALLOW_HOST/);
  assert.deepEqual([version.code, help.code], [0, 0]);
});

Deno.test("serve refuses to listen beyond this machine without a token, and does with one", async () => {
  const refused = await runProgram(["--host", "0.0.0.0", "--port", "0"]);
  assert.equal(refused.code, 2);
  assert.match(refused.stderr, /--token-file/);
  await using program = await serveProgram(["--host", "0.0.0.0"], { env: { STINT_TOKEN: "s3cret" } });
  assert.match(program.firstLine, / · a token is asked for$/);
  assert.doesNotMatch(program.firstLine, /s3cret/);
});

Deno.test("a port that is taken is one line and exit code 1", async () => {
  using other = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const data = await Deno.makeTempDir();
  const { code, stderr } = await runProgram(["--port", String(other.addr.port), "--data", data]);
  await Deno.remove(data, { recursive: true });
  assert.equal(code, 1);
  assert.match(stderr, /^stint: Cannot listen on 127\.0\.0\.1:\d+: something else does already[^\n]*\n$/);
});

Deno.test("a data directory that cannot be made is one line and exit code 2", async () => {
  const { code, stderr } = await runProgram(["--port", "0", "--data", "/proc/nowhere"]);
  assert.equal(code, 2);
  assert.match(stderr, /^stint: --data \/proc\/nowhere: cannot be created[^\n]*\n$/);
});

Deno.test("serve speaks HTTPS with the certificate it is given", async () => {
  await using program = await serveProgram(["--tls-cert", `${TLS}cert.pem`, "--tls-key", `${TLS}key.pem`]);
  assert.match(program.address, /^https:/);
  using client = Deno.createHttpClient({ caCerts: [await Deno.readTextFile(`${TLS}cert.pem`)] });
  // This client speaks HTTP/2, where no Host field is sent.
  const init = { method: "GET", client };
  const response = await fetch(`${program.address}api/nothing`, init);
  assert.equal(response.status, 404);
  await response.body?.cancel();
});

Deno.test("a certificate that is none is one line and exit code 2", async () => {
  const data = await Deno.makeTempDir();
  const main = new URL("../../../main.ts", import.meta.url).pathname;
  const noPem = await runProgram(["--port", "0", "--data", data, "--tls-cert", main, "--tls-key", main]);
  const swapped = [`${TLS}key.pem`, "--tls-key", `${TLS}cert.pem`];
  const wrongPem = await runProgram(["--port", "0", "--data", data, "--tls-cert", ...swapped]);
  await Deno.remove(data, { recursive: true });
  assert.deepEqual([noPem.code, wrongPem.code], [2, 2]);
  for (const { stderr } of [noPem, wrongPem]) assert.match(stderr, /^stint: [^\n]+\n$/);
});

Deno.test("a Ctrl-C that arrives twice at once still stops in order", async () => {
  await using program = await serveProgram();
  program.kill("SIGINT");
  program.kill("SIGINT");
  assert.equal((await program.ended).code, 0);
});

for (const { how, args, caCerts } of LISTENERS) {
  Deno.test(`a half-sent body does not keep the server from stopping, over ${how}`, async () => {
    await using program = await serveProgram(["--drain", "0.2", ...args]);
    using connection = await RawConnection.open(program.address, caCerts);
    await connection.send("PUT /x HTTP/1.1\r\nHost: localhost\r\nContent-Length: 10\r\n\r\nabc");
    // Answered on another connection: by then the server has taken in the first as well.
    await exchange(
      program.address,
      "GET /-/healthy HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n",
      caCerts,
    );
    program.kill("SIGTERM");
    assert.equal((await program.ended).code, 0);
  });
}

Deno.test("bad hosts and odd request lines get an answer and never a 5xx", async () => {
  await using program = await serveProgram();
  const status = async (head: string) => {
    const answer = await exchange(program.address, `${head}Connection: close\r\n\r\n`);
    return Number(/^HTTP\/1\.[01] (\d+)/.exec(answer)?.[1]);
  };
  assert.equal(await status("GET /api/jobs HTTP/1.1\r\nHost: evil.example\r\n"), 403);
  for (const host of ["a b", "u@evil/x?", "[", "", "localhost:99999999"]) {
    assert.equal(await status(`GET /api/jobs HTTP/1.1\r\nHost: ${host}\r\n`), 400, host);
  }
  assert.equal(await status("GET /api/jobs HTTP/1.1\r\n"), 400);
  assert.equal(await status("GET http://evil.example/api HTTP/1.1\r\nHost: localhost\r\n"), 403);
  assert([400, 403].includes(await status("GET / HTTP/1.1\r\nHost: localhost\r\nHost: evil.example\r\n")));
  for (const line of ["OPTIONS *", "CONNECT localhost:80", "GET /%zz", "GET /a%00b", "GET //x//", "BREW /-/healthy"]) {
    const answer = await status(`${line} HTTP/1.1\r\nHost: localhost\r\n`);
    assert(answer >= 400 && answer < 500, `${line}: ${answer}`);
  }
});

for (const { how, args, caCerts } of LISTENERS) {
  Deno.test(`when file handles run out over ${how} the server comes back by itself, says so, and keeps who was there`, async () => {
    await using program = await serveProgram(args, { before: "ulimit -n 48" });
    using held = await RawConnection.open(program.address, caCerts);
    await held.send("GET /api/request?connId=7&timeout=600 HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
    // A connection of its own for each question: one from before would be answered even if nobody listened any more.
    const ask = (line: string, body = "") =>
      exchange(
        program.address,
        `${line} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
        caCerts,
      );
    const isHeld = async () => /\{"7":"\d+"\}$/.test(await ask("GET /api/serverStatus"));
    await eventually("it is held", isHeld);
    const open: RawConnection[] = [];
    try {
      for (let n = 0; n < 60; n++) open.push(await RawConnection.open(program.address, caCerts));
    } catch (error) {
      // Once it listens no more, nobody can connect, and who waited to be accepted is turned away: that is far enough.
      const turnedAway = [
        Deno.errors.ConnectionRefused,
        Deno.errors.ConnectionReset,
        Deno.errors.BrokenPipe,
        Deno.errors.UnexpectedEof,
      ];
      assert(turnedAway.some((kind) => error instanceof kind), String(error));
    } finally {
      for (const connection of open) connection[Symbol.dispose]();
    }
    await eventually("it listens again, and holds what it held", isHeld);
    assert.match(await ask("PUT /api/kill", "connId=7"), /\{"status":"ok"\}$/);
    assert.match(await held.until(), /^HTTP\/1\.1 500 [\s\S]*\{"status":"killed"\}$/);
    program.kill("SIGTERM");
    const { code, stderr } = await program.ended;
    assert.equal(code, 0);
    assert.match(stderr, /The listener stopped/);
    assert.match(await Deno.readTextFile(`${program.data}/error.log`), /The listener stopped/);
  });
}
