/** Several keys at once, lists and batches, and counters. */

import type { BatchStep } from "../lib/services/keys/keys.ts";
import type { Expect } from "../lib/services/ports/store.ts";
import { addToKey } from "../openapi/key_add.ts";
import { batchKeys, type Step } from "../openapi/key_batch.ts";
import { listKeys } from "../openapi/keys.ts";
import type { App, RouteDeps } from "./deps.ts";
import { etagOfVersion, expectation, readConditions } from "./conditions.ts";
import { jsonBody } from "./middleware/body.ts";
import { DEFAULT_LIMIT, nextLink } from "./paging.ts";
import { keyView } from "./views/key_view.ts";

export function keyListRoutes(app: App, { keys, maxBody, bodyDeadline }: RouteDeps): void {
  app.openapi(listKeys, async (c) => {
    const { prefix, limit = DEFAULT_LIMIT, cursor } = c.req.valid("query");
    const page = await keys.list({ prefix, limit, cursor });
    return c.json({ keys: page.items.map(keyView) }, 200, nextLink(c, page.next));
  });

  app.openapi({ ...batchKeys, middleware: jsonBody({ limit: maxBody, deadline: bodyDeadline }) }, async (c) => {
    const { steps } = c.req.valid("json");
    c.set("object", steps.map(({ key }) => key).join(","));
    const outcomes = await keys.batch(steps.map(batchStep));
    const results = outcomes.map(({ version, existed }, index) => {
      const { op, key } = steps[index]!;
      return { op, key, version: version === 0 ? null : version, existed };
    });
    return c.json({ results }, 200);
  });

  app.openapi({ ...addToKey, middleware: jsonBody({ limit: maxBody, deadline: bodyDeadline }) }, async (c) => {
    const { key } = c.req.valid("param");
    const { "idempotency-key": once } = c.req.valid("header");
    const expect = expectation(readConditions(c.req.raw));
    const { sum, version, created } = await keys.add(key, c.req.valid("json").amount, { expect, once });
    return c.json({ key, value: sum, version, created }, 200, { etag: etagOfVersion(version) });
  });
}

function batchStep(step: Step): BatchStep {
  const expect = expected(step);
  if (step.op === "compare") return { step: "compare", key: step.key, expect };
  if (step.op === "delete") return { step: "delete", key: step.key, expect };
  return { step: "put", key: step.key, value: new TextEncoder().encode(step.value), ttl: step.ttl, expect };
}

function expected({ version, exists }: Step): Expect {
  if (version !== undefined) return { is: "version", oneOf: [version] };
  if (exists === undefined) return { is: "any" };
  return { is: exists ? "present" : "absent" };
}
