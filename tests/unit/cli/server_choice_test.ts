import assert from "node:assert/strict";
import type { Surroundings } from "../../../cli/api/client_config.ts";
import { type Choice, chooseServer } from "../../../cli/api/server_choice.ts";
import { CliError } from "../../../cli/errors.ts";

const CONFIG = "/me/.config/stint/config.json";
const SERVERS = {
  default: "local",
  servers: {
    local: { url: "http://127.0.0.1:9000/" },
    prod: { url: "https://prod.example/stint", token_file: "~/prod.token", ca_cert: "/ca.pem" },
    test: { url: "http://test:1", token: "in-config" },
  },
};

function around(files: Record<string, string>, env: Record<string, string> = {}, mode = 0o600): Surroundings {
  const all: Record<string, string> = { HOME: "/me", ...env };
  return {
    env: (name) => all[name],
    readFile: (path) =>
      files[path] ?? (() => {
        throw new Deno.errors.NotFound(path);
      })(),
    modeOf: () => mode,
  };
}

const configured = (env = {}, mode = 0o600) =>
  around(
    { [CONFIG]: JSON.stringify(SERVERS), "/me/prod.token": "p.token\n", "/ca.pem": "PEM", "/t": "other" },
    env,
    mode,
  );

Deno.test("without a word the server is on this machine", () => {
  assert.deepEqual(chooseServer({}, around({})), { url: "http://127.0.0.1:8080" });
});

Deno.test("the option goes before the variable, and that before the file's default", () => {
  assert.equal(chooseServer({}, configured()).url, "http://127.0.0.1:9000");
  assert.equal(chooseServer({}, configured({ STINT_SERVER: "http://b:2" })).url, "http://b:2");
  assert.equal(chooseServer({ server: "http://c:3" }, configured({ STINT_SERVER: "http://b:2" })).url, "http://c:3");
});

Deno.test("a named server brings its token and its authority, also when it is called by its address", () => {
  const prod = { url: "https://prod.example/stint", token: "p.token", caCert: "PEM" };
  assert.deepEqual(chooseServer({ server: "prod" }, configured()), prod);
  assert.deepEqual(chooseServer({ server: "https://prod.example/stint/" }, configured()), prod);
});

Deno.test("a token of the named server goes before STINT_TOKEN, and --token-file before both", () => {
  const env = { STINT_TOKEN: "from-env" };
  assert.equal(chooseServer({}, configured(env)).token, "from-env");
  assert.equal(chooseServer({ server: "test" }, configured(env)).token, "in-config");
  assert.equal(chooseServer({ server: "test", tokenFile: "/t" }, configured(env)).token, "other");
});

Deno.test("the file lies where XDG_CONFIG_HOME or STINT_CLIENT_CONFIG says", () => {
  const files = {
    "/x/stint/config.json": '{"servers":{"a":{"url":"http://a:1"}}}',
    "/y": '{"servers":{"a":{"url":"http://a:2"}}}',
  };
  assert.equal(chooseServer({ server: "a" }, around(files, { XDG_CONFIG_HOME: "/x" })).url, "http://a:1");
  assert.equal(
    chooseServer({ server: "a" }, around(files, { XDG_CONFIG_HOME: "/x", STINT_CLIENT_CONFIG: "/y" })).url,
    "http://a:2",
  );
});

Deno.test("a token that others may read is not used", () => {
  for (const choice of [{ server: "prod" }, { server: "test" }, { tokenFile: "/t" }]) {
    assert.throws(() => chooseServer(choice, configured({}, 0o644)), (error: CliError) => {
      assert.equal(error.code, 5);
      assert.match(error.message, /may be read by others \(mode 0644\)/);
      assert.match(error.hint!, /^Take that away: chmod 600 \//);
      return true;
    });
  }
});

Deno.test("what cannot be understood is refused with exit code 2 and says where", () => {
  const file = (text: string) => around({ [CONFIG]: text });
  const cases: [Choice, Surroundings, RegExp][] = [
    [{ server: "prd" }, configured(), /There is no server "prd".*/],
    [{ server: "ftp://a" }, configured(), /is no server/],
    [{ server: "http://user@a" }, configured(), /is no server/],
    [{}, file("{"), /config\.json: /],
    [{}, file("[]"), /expected an object/],
    [{}, file('{"server":"a"}'), /unknown member server/],
    [{}, file('{"servers":{"a":{}}}'), /servers\.a: expected an object with a url/],
    [{}, file('{"servers":{"a":{"url":"http://a","tokn":"x"}}}'), /unknown member tokn/],
    [{}, configured({ STINT_CLIENT_CONFIG: "/gone" }), /^STINT_CLIENT_CONFIG: there is no file \/gone$/],
    [{ tokenFile: "/nope" }, configured(), /--token-file \/nope cannot be read/],
  ];
  for (const [choice, surroundings, message] of cases) {
    assert.throws(() => chooseServer(choice, surroundings), (error: CliError) => {
      assert.match(error.message, message);
      assert.equal(error.code, 2);
      return true;
    });
  }
  assert.throws(
    () => chooseServer({ server: "prd" }, configured()),
    (error: CliError) => error.hint === "Did you mean prod?",
  );
});
