import assert from "node:assert/strict";
import { host, type HostOptions } from "../../../routes/middleware/host.ts";
import { before } from "../../../routes/middleware/layers.ts";
import { appWith, ask, codeOf } from "../../helpers/stack_app.ts";

function answering(options: Partial<HostOptions> = {}) {
  const app = appWith(before(host({ bound: "127.0.0.1", allowed: [], ...options })));
  app.get("*", (c) => c.text("served"));
  return app;
}

for (const name of ["localhost", "LOCALHOST:1", "127.0.0.1:8080", "[::1]:9", "localhost."]) {
  Deno.test(`Host ${name} is answered`, async () => {
    assert.equal((await ask(answering(), "/x", { headers: { host: name } })).status, 200);
  });
}

for (const name of ["", "a b", "u@127.0.0.1", "127.0.0.1/x?", "a, b", "127.0.0.1:99999", "[::1"]) {
  Deno.test(`Host ${JSON.stringify(name)} is no host, and refused as such`, async () => {
    const response = await ask(answering(), "/x", { headers: { host: name } });
    assert.equal(response.status, 400);
    assert.equal(await codeOf(response), "invalid_request");
  });
}

for (const name of ["evil.example", "10.0.0.1", "localhost.evil.example"]) {
  Deno.test(`Host ${JSON.stringify(name)} is refused`, async () => {
    const response = await ask(answering(), "/x", { headers: { host: name } });
    assert.equal(response.status, 403);
    assert.equal(await codeOf(response), "forbidden_host");
  });
}

Deno.test("a request without Host is refused over plain HTTP and judged by its URL over TLS, as HTTP/2 sends it", async () => {
  const send = (url: string) =>
    answering().fetch(new Request(url), { remoteAddr: { transport: "tcp", hostname: "127.0.0.1", port: 1 } });
  assert.equal((await send("http://localhost/x")).status, 400);
  assert.equal((await send("https://localhost/x")).status, 200);
  assert.equal((await send("https://evil.example/x")).status, 403);
});

Deno.test("a URL that names another host than Host is refused", async () => {
  const response = await ask(answering(), "/x", { base: "http://evil.example", headers: { host: "localhost" } });
  assert.equal(response.status, 403);
  assert.match((await response.json()).detail, /"evil\.example"/, "it names the one that is not ours");
});

Deno.test("names given with --allow-host are answered, and the address listened on", async () => {
  const app = answering({ bound: "10.1.2.3", allowed: ["stint.example"] });
  const status = async (name: string) =>
    (await ask(app, "/x", { base: `http://${name}`, headers: { host: name } })).status;
  assert.deepEqual(
    await Promise.all(["stint.example:443", "10.1.2.3:80", "10.1.2.4", "other.example"].map(status)),
    [200, 200, 403, 403],
  );
});

Deno.test("listening on every address, any address is answered and still no unknown name", async () => {
  const app = answering({ bound: "0.0.0.0" });
  const status = async (name: string) =>
    (await ask(app, "/x", { base: `http://${name}`, headers: { host: name } })).status;
  assert.deepEqual(await Promise.all(["10.9.8.7", "[2001:db8::1]:1", "evil.example"].map(status)), [200, 200, 403]);
});

Deno.test("probes are answered under any name", async () => {
  for (const path of ["/-/healthy", "/-/ready"]) {
    assert.equal((await ask(answering(), path, { headers: { host: "10.0.0.7" } })).status, 200);
  }
});
