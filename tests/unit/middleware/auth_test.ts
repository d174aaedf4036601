import assert from "node:assert/strict";
import { Throttle } from "../../../lib/throttle.ts";
import { configuredTokens } from "../../../lib/tokens/configured.ts";
import { auth } from "../../../routes/middleware/auth.ts";
import { before } from "../../../routes/middleware/layers.ts";
import { appWith, ask, codeOf } from "../../helpers/stack_app.ts";

/** Stands for what the contract says. */
const PUBLIC = /^\/(public)?$/;

function guarded(tokens: string[]) {
  let now = 0;
  const throttle = new Throttle(20, 60_000, { now: () => now });
  const known = configuredTokens(tokens);
  const looked: string[] = [];
  const app = appWith(before(auth({
    tokens: {
      required: known.required,
      find: (token) => {
        looked.push(token);
        return known.find(token);
      },
      byId: known.byId,
    },
    sessions: { find: () => undefined },
    throttle,
    needsOf: (c) => PUBLIC.test(c.req.path) ? "public" : [],
  })));
  app.get("*", (c) => c.json(c.get("auth") ?? null));
  return { app, looked, pass: (ms: number) => now += ms };
}

const bearer = (token: string) => ({ headers: { authorization: `Bearer ${token}` } });

Deno.test("where no token is configured everybody may do everything", async () => {
  const response = await ask(guarded([]).app, "/api/jobs", bearer("whatever"));
  assert.deepEqual(await response.json(), { id: "anonymous", name: "anonymous", scopes: ["admin"] });
});

Deno.test("a request without a token is 401 with a bare challenge", async () => {
  for (
    const headers of [{}, { authorization: "Basic YTpi" }, { authorization: "Bearer " }] as Record<string, string>[]
  ) {
    const response = await ask(guarded(["s3cret"]).app, "/api/jobs", { headers });
    assert.equal(response.status, 401);
    assert.equal(response.headers.get("www-authenticate"), 'Bearer realm="stint"');
    assert.equal(await codeOf(response), "unauthorized");
  }
});

Deno.test("a wrong token is 401 with error invalid_token", async () => {
  for (const token of ["wrong", "s3cret2", "s3cre"]) {
    const response = await ask(guarded(["s3cret"]).app, "/api/jobs", bearer(token));
    assert.equal(response.status, 401);
    assert.equal(response.headers.get("www-authenticate"), 'Bearer realm="stint", error="invalid_token"');
    await response.body?.cancel();
  }
});

Deno.test("a right token is let in, whatever the case of its scheme", async () => {
  const { app } = guarded(["first", "s3cret"]);
  const owner = await (await ask(app, "/api/jobs", bearer("s3cret"))).json();
  assert.deepEqual([owner.name, owner.scopes], ["configured-2", ["admin"]]);
  assert.equal((await ask(app, "/x", { headers: { authorization: "bearer  first " } })).status, 200);
});

Deno.test("what is public needs no token; what lies beside it does", async () => {
  const { app } = guarded(["s3cret"]);
  const status = async (path: string) => (await ask(app, path)).status;
  for (const path of ["/", "/public"]) assert.equal(await status(path), 200, path);
  for (const path of ["/-/metrics", "/foo", "/publicx"]) assert.equal(await status(path), 401, path);
});

Deno.test("after twenty wrong tokens an address gets 429, even with a right one, until time has passed", async () => {
  const { app, pass } = guarded(["s3cret"]);
  for (let n = 0; n < 20; n++) assert.equal((await ask(app, "/x", bearer("wrong"))).status, 401);
  const response = await ask(app, "/x", bearer("s3cret"));
  assert.equal(response.status, 429);
  assert.equal(response.headers.get("retry-after"), "3");
  assert.equal(await codeOf(response), "too_many_attempts");
  assert.equal((await ask(app, "/x", { ...bearer("s3cret"), from: "192.0.2.9" })).status, 200);
  pass(3_000);
  assert.equal((await ask(app, "/x", bearer("s3cret"))).status, 200);
});

Deno.test("an address with too many wrong tokens has none looked at any more, so none is hashed", async () => {
  const { app, looked } = guarded(["s3cret"]);
  for (let n = 0; n < 30; n++) await ask(app, "/x", bearer(`wrong${n}`));
  assert.equal(looked.length, 20);
  await ask(app, "/x", bearer("s3cret"));
  assert.equal(looked.length, 20);
  await ask(app, "/x", { ...bearer("s3cret"), from: "192.0.2.9" });
  assert.deepEqual(looked.slice(20), ["s3cret"]);
});

Deno.test("an address that has a second to go has a second to go", async () => {
  const { app, pass } = guarded(["s3cret"]);
  for (let n = 0; n < 20; n++) await ask(app, "/x", bearer("wrong"));
  pass(2_500);
  const response = await ask(app, "/x", bearer("s3cret"));
  assert.deepEqual([response.status, response.headers.get("retry-after")], [429, "1"]);
});

Deno.test("missing tokens are not counted", async () => {
  const { app } = guarded(["s3cret"]);
  for (let n = 0; n < 30; n++) assert.equal((await ask(app, "/x")).status, 401);
  assert.equal((await ask(app, "/x", bearer("s3cret"))).status, 200);
});
