import assert from "node:assert/strict";
import { ConfigError, listenRule, readConfig, type Sources } from "../../../lib/config.ts";

interface Given {
  flags?: Sources["flags"];
  env?: Record<string, string>;
  files?: Record<string, string>;
}

function read({ flags = {}, env = {}, files = {} }: Given) {
  return readConfig({
    flags,
    env: (name) => ({ HOME: "/srv/somebody", ...env })[name],
    readFile: (path) => files[path] ?? assert.fail(new Error(`no such file: ${path}`)),
    processors: 2,
  });
}

function complaint(given: Given): string {
  try {
    read(given);
  } catch (error) {
    assert(error instanceof ConfigError, String(error));
    assert(!error.message.includes("\n"), "one line");
    return error.message;
  }
  assert.fail("it was accepted");
}

Deno.test("without options the service is on 127.0.0.1:8080 with at least four slots", () => {
  const config = read({});
  assert.deepEqual([config.host, config.port, config.slots], ["127.0.0.1", 8080, 4]);
  assert.equal(config.data, "/srv/somebody/.local/state/stint");
});

Deno.test("the data directory follows XDG_STATE_HOME, unless that is relative", () => {
  assert.equal(read({ env: { XDG_STATE_HOME: "/var/state" } }).data, "/var/state/stint");
  assert.equal(read({ env: { XDG_STATE_HOME: "state" } }).data, "/srv/somebody/.local/state/stint");
});

Deno.test("the command line goes before variables, these before the file, that before the default", () => {
  const files = { "/c.json": '{"slots": 10, "drain": 11, "worker-ttl": 12}' };
  const env = { STINT_CONFIG: "/c.json", STINT_SLOTS: "20", STINT_DRAIN: "21" };
  const config = read({ flags: { slots: "30" }, env, files });
  assert.deepEqual([config.slots, config.drain, config.workerTtl, config.maxHold], [30, 21, 12, 86_400]);
});

Deno.test("every option can be given as a variable", () => {
  const config = read({ env: { STINT_INSECURE_NO_AUTH: "true", STINT_ALLOW_HOST: "a.example, B.example" } });
  assert.equal(config.insecureNoAuth, true);
  assert.deepEqual(config.allowHosts, ["a.example", "b.example"]);
});

Deno.test("an empty variable counts as not set", () => {
  assert.equal(read({ env: { STINT_PORT: "" } }).port, 8080);
});

for (
  const [flags, expected] of [
    [{ port: "65536" }, '--port: "65536" is not accepted; expected a whole number from 0 to 65535'],
    [{ port: "0x50" }, '--port: "0x50" is not accepted; expected a whole number from 0 to 65535'],
    [{ slots: "0" }, '--slots: "0" is not accepted; expected a whole number from 1 to 100000'],
    [{ drain: "5s" }, '--drain: "5s" is not accepted; expected seconds, from 0 to 86400'],
    [{ drain: "-1" }, '--drain: "-1" is not accepted; expected seconds, from 0 to 86400'],
    [{ logFormat: "xml" }, '--log-format: "xml" is not accepted; expected one of text, json'],
    [{ allowHosts: ["http://a"] }, '--allow-host: ["http://a"] is not accepted; expected a host name without'],
    [{ host: "" }, '--host: "" is not accepted; expected a text that is not empty'],
    [{ tlsCert: "/c.pem" }, "--tls-cert /c.pem: expected --tls-key with it"],
    [{ tlsKey: "/k.pem" }, "--tls-key /k.pem: expected --tls-cert with it"],
  ] as const
) {
  Deno.test(`${JSON.stringify(flags)} is refused with what is accepted`, () => {
    const message = complaint({ flags });
    assert(message.startsWith(expected), message);
  });
}

Deno.test("a bad variable and a bad value in the file are named for what they are", () => {
  assert.match(complaint({ env: { STINT_PORT: "http" } }), /^STINT_PORT: "http" is not accepted/);
  assert.match(
    complaint({ flags: { config: "/c.json" }, files: { "/c.json": '{"port": "x"}' } }),
    /^\/c\.json: port: "x" is not/,
  );
});

Deno.test("a configuration file that is no JSON object, or has an unknown option, is refused", () => {
  const withFile = (text: string) => complaint({ flags: { config: "/c.json" }, files: { "/c.json": text } });
  assert.match(withFile("{"), /not valid JSON/);
  assert.match(withFile("[]"), /expected a JSON object/);
  assert.match(withFile('{"prot": 1}'), /unknown option "prot"; expected one of host, port/);
  assert.match(complaint({ flags: { config: "/none" } }), /^--config \/none: cannot be read/);
});

Deno.test("tokens come from options and from the token file, and a refusal does not repeat one", () => {
  const files = { "/t": "one\n\n two \n" };
  assert.deepEqual(read({ flags: { tokens: ["zero"], tokenFile: "/t" }, files }).tokens, ["zero", "one", "two"]);
  const message = complaint({ flags: { tokens: ["se cret"] } });
  assert.doesNotMatch(message, /cret/);
  assert.match(complaint({ flags: { tokenFile: "/t" }, files: { "/t": "\n" } }), /there is no token in it/);
});

Deno.test("a variable holds one token, and a token that is none is not repeated wherever it came from", () => {
  assert.deepEqual(read({ env: { STINT_TOKEN: "s3cret" } }).tokens, ["s3cret"]);
  const comma = complaint({ env: { STINT_TOKEN: "s3cret,other" } });
  const files = { "/c.json": '{"token": ["s3cret", ""]}' };
  for (const message of [comma, complaint({ flags: { config: "/c.json" }, files })]) {
    assert.match(message, /that value is not accepted/);
    assert.doesNotMatch(message, /s3cret/);
  }
});

Deno.test("without a token only loopback may be listened on, unless told otherwise", () => {
  const rule = (host: string, tokens: string[] = [], insecureNoAuth = false) =>
    listenRule({ host, tokens, insecureNoAuth });
  for (const host of ["127.0.0.1", "127.8.9.1", "::1", "localhost", "LOCALHOST"]) assert.equal(rule(host), undefined);
  for (const host of ["0.0.0.0", "::", "10.0.0.1", "127.0.0.1.evil.example", "example.org"]) {
    assert.match(rule(host) ?? "", /--token-file.*--insecure-no-auth/);
  }
  assert.equal(rule("0.0.0.0", ["t"]), undefined);
  assert.equal(rule("0.0.0.0", [], true), undefined);
});
