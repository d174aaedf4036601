import assert from "node:assert/strict";
import { Authority, fingerprintOf, nameServed } from "../helpers/certificates.ts";
import { eventually } from "../helpers/eventually.ts";
import { runProgram } from "../helpers/program.ts";
import { RawConnection } from "../helpers/raw_exchange.ts";
import { startService } from "../helpers/service.ts";
import { isInstalled, shell } from "../helpers/shell.ts";
import { tempDir } from "../helpers/temp_dir.ts";

const ignore = !isInstalled("openssl");
const TOKEN = "a-token-of-the-tests";

/** Headers and body of one answer, as curl prints them. */
async function curl(ca: string, options: string, url: string): Promise<string> {
  const { code, stdout, stderr } = await shell(`curl -sS -i --cacert '${ca}' ${options} '${url}'`);
  assert.equal(code, 0, stderr);
  return stdout;
}

/** One GET on a connection of its own. */
function get(path: string): string {
  return `GET ${path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n`;
}

Deno.test({
  name: "--tls-self-signed makes a certificate, says its fingerprint, keeps it, and makes another for other names",
  ignore,
  async fn() {
    await using service = await startService({ args: ["--tls-self-signed", "--token", TOKEN] });
    const [cert, key] = [`${service.data}/tls/cert.pem`, `${service.data}/tls/key.pem`];
    const first = await fingerprintOf(cert);
    assert.ok(service.logs().split("\n")[1]!.includes(first), service.logs());
    assert.equal((await Deno.stat(key)).mode! & 0o777, 0o600);
    for (const name of ["localhost", "127.0.0.1"]) {
      const answer = await curl(cert, "", `https://${name}:${service.port}/-/healthy`);
      assert.match(answer, /^HTTP\/2 200/);
      assert.doesNotMatch(answer, /strict-transport-security/i, "nobody vouches for it");
    }
    const { stdout } = await shell(`openssl x509 -in '${cert}' -noout -text`);
    for (const part of [/prime256v1/, /DNS:localhost/, /IP Address:127\.0\.0\.1/, /IP Address:0:0:0:0:0:0:0:1/]) {
      assert.match(stdout, part);
    }
    const login = await curl(
      cert,
      `-H 'Content-Type: application/json' -d '{"token":"${TOKEN}"}'`,
      `https://localhost:${service.port}/api/session`,
    );
    const cookie = /^set-cookie: (.*)$/im.exec(login)?.[1] ?? "";
    assert.match(cookie, /^__Host-stint=/);
    for (const part of ["Secure", "HttpOnly", "SameSite=Strict", "Path=/"]) assert.ok(cookie.includes(part), cookie);
    assert.doesNotMatch(cookie, /Domain/);

    await service.restart();
    assert.equal(await fingerprintOf(cert), first, "the same names: it is kept");
    await service.restart(["--tls-self-signed", "--allow-host", "stint.example"]);
    assert.notEqual(await fingerprintOf(cert), first);
    const named = await curl(
      cert,
      `--resolve stint.example:${service.port}:127.0.0.1`,
      `https://stint.example:${service.port}/-/healthy`,
    );
    assert.match(named, /^HTTP\/2 200/);
    const renamed = await fingerprintOf(cert);
    await shell(
      `openssl req -x509 -key '${key}' -days 29 -subj /CN=old -addext subjectAltName=DNS:localhost -out '${cert}'`,
    );
    await service.restart(["--tls-self-signed", "--allow-host", "stint.example"]);
    assert.notEqual(await fingerprintOf(cert), renamed);
    assert.match(await nameServed(service.port) ?? "", /self-signed/, "one that is about to expire is made anew");
  },
});

Deno.test({
  name: "renewed certificate files are taken up, and what goes on is not dropped",
  ignore,
  async fn() {
    await using directory = await tempDir();
    const authority = await Authority.make(directory.path);
    for (const name of ["one", "two"]) await authority.issue(name);
    const [cert, key] = [`${directory.path}/live.pem`, `${directory.path}/live.key`];
    const install = async (from: string) => {
      for (const [ending, to] of [["pem", cert], ["key", key]] as const) {
        await Deno.copyFile(`${directory.path}/${from}.${ending}`, `${to}.new`);
        await Deno.rename(`${to}.new`, to);
      }
    };
    await install("one");
    await using service = await startService({ args: ["--tls-cert", cert, "--tls-key", key] });
    const caCerts = [authority.pem];
    const address = `https://localhost:${service.port}/`;
    assert.equal(await nameServed(service.port), "one");
    // Held, streaming and uploading over the renewal.
    using held = await RawConnection.open(address, caCerts);
    await held.send(get("/api/request?connId=5&timeout=3600"));
    using stream = await RawConnection.open(address, caCerts);
    await stream.send(get("/api/events"));
    assert.match(await stream.until((text) => text.includes("\r\n\r\n")), /^HTTP\/1\.1 200/);
    const worker = /"worker-id":"([^"]+)"/.exec(await curl(authority.path, "", `${address}new_job/`))![1]!;
    using upload = await RawConnection.open(address, caCerts);
    await upload.send(
      `POST /upload/new/${worker}?name=half HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Length: 10\r\n\r\n01234`,
    );
    const before = service.logs().length;

    await install("two");
    await eventually("new connections see the new one", async () => await nameServed(service.port) === "two", 60_000);
    assert.match(service.logs().slice(before), /Took up the renewed certificate/);
    // The listener with the old one would cut the upload off, so it waits for its end.
    await new Promise((resolve) => setTimeout(resolve, 3_000));
    await upload.send("56789");
    assert.match(await upload.until(), /"status":"completed","kind":"upload".*"bytes":10/);
    await eventually("the old listener is gone", async () => {
      for (let look = 0; look < 12; look++) if (await nameServed(service.port) !== "two") return false;
      return true;
    }, 60_000);
    assert.match(await stream.until((text) => text.includes('"completed"')), /"completed"/);
    assert.match(await curl(authority.path, "-X PUT -d connId=5", `${address}api/kill`), /"ok"/);
    assert.match(await held.until(), /\{"status":"killed"\}$/);
    assert.equal(await service.stop(), 0);
  },
});

Deno.test({
  name: "files that do not belong together are warned of, and the certificate before them stays in use",
  ignore,
  async fn() {
    await using directory = await tempDir();
    const authority = await Authority.make(directory.path);
    for (const name of ["one", "two"]) await authority.issue(name);
    const [cert, key] = [`${directory.path}/one.pem`, `${directory.path}/one.key`];
    await using service = await startService({ args: ["--tls-cert", cert, "--tls-key", key] });
    const whole = await Deno.readTextFile(cert);
    const warnings = () => service.logs().split("\n").filter((line) => /files cannot be used/.test(line));
    await Deno.copyFile(`${directory.path}/two.pem`, cert);
    await eventually("it is warned of", () => warnings().length === 1, 60_000);
    assert.match(warnings()[0]!, /do not belong together/);
    assert.equal(await nameServed(service.port), "one");
    await Deno.writeTextFile(cert, "no certificate");
    await eventually("and that", () => warnings().length === 2, 60_000);
    await Deno.remove(cert);
    await eventually("and of none", () => warnings().length === 3, 60_000);
    await Deno.writeTextFile(cert, whole);
    assert.match(await curl(authority.path, "", `https://localhost:${service.port}/-/healthy`), /^HTTP\/2 200/);
    assert.equal(warnings().length, 3, "each once");
    assert.doesNotMatch(service.logs(), /Took up/);
  },
});

Deno.test({
  name: "while certificates are renewed, who connects all the time is answered, at the latest when asking again",
  ignore,
  async fn() {
    await using directory = await tempDir();
    const authority = await Authority.make(directory.path);
    for (const name of ["one", "two"]) await authority.issue(name);
    const at = (name: string) => `${directory.path}/${name}`;
    const live = async (name: string) => {
      for (const ending of ["pem", "key"]) await Deno.copyFile(at(`${name}.${ending}`), at(`live.${ending}`));
    };
    await live("one");
    await using service = await startService({ args: ["--tls-cert", at("live.pem"), "--tls-key", at("live.key")] });
    const address = `https://localhost:${service.port}/`;
    let [answered, cut, over] = [0, 0, false];
    const ask = async (): Promise<boolean> => {
      try {
        using connection = await RawConnection.open(address, [authority.pem]);
        await connection.send(get("/-/healthy"));
        const text = await connection.until();
        if (text === "") return false;
        assert.match(text, /^HTTP\/1\.1 200/);
        return true;
      } catch (error) {
        // Refused would mean that for a moment nobody listened.
        const cutOff = [Deno.errors.ConnectionReset, Deno.errors.UnexpectedEof, Deno.errors.BrokenPipe];
        if (cutOff.some((kind) => error instanceof kind)) return false;
        throw error;
      }
    };
    const client = async () => {
      while (!over) {
        if (!await ask()) {
          cut++;
          assert.ok(await ask(), "cut off twice");
        }
        answered++;
      }
    };
    const clients = [client(), client()];
    for (const name of ["two", "one", "two"]) {
      await live(name);
      await eventually(`${name} is served alone`, async () => {
        for (let look = 0; look < 8; look++) if (await nameServed(service.port) !== name) return false;
        return true;
      }, 60_000);
    }
    over = true;
    await Promise.all(clients);
    assert.ok(answered > 20);
    assert.ok(cut <= 3 * clients.length, `${cut} of ${answered}: no more than were being opened at those moments`);
  },
});

Deno.test({
  name: "with a real certificate browsers are told to come by HTTPS only, for as long as --hsts says",
  ignore,
  async fn() {
    await using directory = await tempDir();
    const authority = await Authority.make(directory.path);
    await authority.issue("one");
    const tls = ["--tls-cert", `${directory.path}/one.pem`, "--tls-key", `${directory.path}/one.key`];
    await using service = await startService({ args: tls });
    const hsts = async (path: string) => {
      const answer = await curl(authority.path, "", `https://localhost:${service.port}${path}`);
      return /^strict-transport-security: (.*?)\r?$/im.exec(answer)?.[1];
    };
    // A page, the fast way of keys, a refusal.
    for (const path of ["/", "/api/jobs", "/foo", "/api/nothing"]) {
      assert.equal(await hsts(path), "max-age=31536000", path);
    }
    await service.restart([...tls, "--hsts", "60"]);
    assert.equal(await hsts("/foo"), "max-age=60");
    await service.restart([...tls, "--hsts", "0"]);
    assert.equal(await hsts("/foo"), undefined);
  },
});

Deno.test({
  name:
    "--redirect-http sends everybody on to HTTPS by our own names, serves nothing, and warns of tokens without them",
  ignore,
  async fn() {
    await using service = await startService({
      args: ["--tls-self-signed", "--redirect-http", "0", "--allow-host", "stint.example", "--token", TOKEN],
    });
    const plain = Number(/http:\/\/127\.0\.0\.1:(\d+)/.exec(service.logs())![1]);
    const ask = async (line: string, host: string, more = "") => {
      using connection = await RawConnection.open(`http://127.0.0.1:${plain}/`);
      await connection.send(`${line} HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n${more}\r\n`);
      const text = await connection.until();
      return { status: Number(text.split(" ")[1]), location: /^location: (.*?)\r?$/im.exec(text)?.[1] };
    };
    const secure = (name: string) => `https://${name}:${service.port}`;
    for (
      const [line, host, location] of [
        ["GET /api/jobs?q=%2F&x=1", `localhost:${plain}`, `${secure("localhost")}/api/jobs?q=%2F&x=1`],
        ["GET /", "STINT.example", `${secure("stint.example")}/`],
        ["PUT /foo", "127.0.0.1", `${secure("127.0.0.1")}/foo`],
        ["GET //evil.example/", "localhost", `${secure("localhost")}//evil.example/`],
        ["GET /-/healthy", "localhost", `${secure("localhost")}/-/healthy`],
      ]
    ) {
      assert.deepEqual(await ask(line!, host!), { status: 308, location }, line);
    }
    for (
      const [line, host] of [
        ["GET /", "evil.example"],
        ["GET http://evil.example/", "localhost"],
        ["GET /", "u@localhost/x?"],
        ["GET /", ""],
      ]
    ) {
      assert.deepEqual(await ask(line!, host!), { status: 403, location: undefined }, `${line} ${host}`);
    }
    assert.doesNotMatch(service.logs(), /Credentials came/);
    await ask("GET /foo", "localhost", `Authorization: Bearer ${TOKEN}\r\n`);
    await eventually("it is warned of", () => /Credentials came over plain HTTP/.test(service.logs()));
    assert.ok(!service.logs().includes(TOKEN));
  },
});

Deno.test("options of TLS that do not go together are one line and exit code 2", async () => {
  await using directory = await tempDir();
  for (
    const [args, message] of [
      [["--redirect-http", "0"], /--redirect-http 0: expected --tls-cert/],
      [["--tls-self-signed", "--tls-cert", "x"], /one or the others/],
      [["--tls-self-signed", "--port", "8443", "--redirect-http", "8443"], /another port/],
      [["--hsts", "-1"], /--hsts/],
    ] as const
  ) {
    const { code, stderr } = await runProgram([...args, "--data", `${directory.path}/d`]);
    assert.equal(code, 2);
    assert.match(stderr, message);
  }
});

Deno.test({
  name: "a port that a program of the same user shares with others is taken, also under TLS",
  ignore: Deno.build.os !== "linux",
  async fn() {
    await using directory = await tempDir();
    using other = Deno.listen({ hostname: "127.0.0.1", port: 0, reusePort: true });
    const port = String(other.addr.port);
    const { code, stderr } = await runProgram(["--tls-self-signed", "--port", port, "--data", `${directory.path}/d`]);
    assert.equal(code, 1);
    assert.match(stderr, /something else does already/);
  },
});
