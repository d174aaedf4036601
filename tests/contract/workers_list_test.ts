import assert from "node:assert/strict";
import { testApp } from "../helpers/app.ts";

Deno.test("GET /api/workers lists who holds a slot, and counts the slots that are taken", async () => {
  await using service = await testApp({ slots: 3 });
  assert.deepEqual((await service.ask("GET", "/api/workers")).json, { slots: { limit: 3, used: 0 }, workers: [] });
  const { json: reserved } = await service.ask("GET", "/new_job");
  const { json: other } = await service.ask("GET", "/new_job");
  const { json: list } = await service.ask("GET", "/api/workers");
  assert.deepEqual(list.slots, { limit: 3, used: 2 });
  assert.deepEqual(
    list.workers.map((worker: Record<string, unknown>) => [worker["worker-id"], worker.status]),
    [[reserved["worker-id"], "reserved"], [other["worker-id"], "reserved"]],
  );
  await service.ask("POST", `/modify/${reserved["worker-id"]}/terminated`);
  const { json: after } = await service.ask("GET", "/api/workers");
  assert.deepEqual([after.slots.used, after.workers.length], [1, 1]);
});
