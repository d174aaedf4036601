import assert from "node:assert/strict";
import { Hono, type MiddlewareHandler } from "hono";
import type { Env } from "../../../routes/env.ts";
import { around, before } from "../../../routes/middleware/layers.ts";
import { ask } from "../../helpers/stack_app.ts";

/** Answers `handled` behind `middleware`, and `caught` to whatever is thrown. */
function appOf(...middleware: MiddlewareHandler<Env>[]): Hono<Env> {
  const app = new Hono<Env>();
  app.use(...middleware);
  app.get("/", (c) => c.text("handled"));
  app.onError((_, c) => c.text("caught", 500));
  return app;
}

Deno.test("the first check that answers or throws is the last, whether it had to wait or not", async () => {
  for (const answer of [new Response("refused"), Promise.resolve(new Response("refused"))]) {
    const seen: string[] = [];
    const app = appOf(before(
      () => void seen.push("first"),
      async () => {
        await Promise.resolve();
        seen.push("second");
      },
      () => answer,
      () => void seen.push("never"),
    ));
    assert.equal(await (await ask(app, "/")).text(), "refused");
    assert.deepEqual(seen, ["first", "second"]);
  }
  const throwing = appOf(before(() => {
    throw new Error("no");
  }));
  assert.equal(await (await ask(throwing, "/")).text(), "caught");
  assert.equal(await (await ask(appOf(before(() => {}, () => Promise.resolve())), "/")).text(), "handled");
});

Deno.test("what is done to answers is done in order, and to refusals too", async () => {
  const seen: string[] = [];
  const app = appOf(
    around(
      () => seen.push("begin"),
      (c) => void seen.push(`first ${c.res.status}`),
      async (c) => {
        await Promise.resolve();
        c.res.headers.set("x-second", "yes");
        seen.push("second");
      },
      () => void seen.push("third"),
    ),
    before(() => {
      throw new Error("no");
    }),
  );
  const response = await ask(app, "/");
  assert.equal(response.headers.get("x-second"), "yes");
  assert.deepEqual(seen, ["begin", "first 500", "second", "third"]);
});
