import assert from "node:assert/strict";
import { ErrorLog } from "../../lib/log.ts";
import { testApp } from "../helpers/app.ts";
import { tempDir } from "../helpers/temp_dir.ts";

Deno.test("GET /api/errors shows what error.log holds, newest first, and no more than was asked for", async () => {
  await using service = await testApp();
  for (const n of [1, 2, 3]) service.errorLog.write({ message: `failure ${n}`, request_id: `r${n}`, status: 500 });
  service.errorLog.write({ message: "no request's" });
  const { status, json } = await service.ask("GET", "/api/errors?limit=3");
  assert.equal(status, 200);
  assert.deepEqual(json.errors.map(({ message }: { message: string }) => message), [
    "no request's",
    "failure 3",
    "failure 2",
  ]);
  assert.equal(json.errors[0].request_id, null);
  assert.deepEqual([json.errors[1].request_id, json.errors[1].facts], ["r3", { status: 500 }]);
});

Deno.test("GET /api/errors goes on in the files that were moved aside, over lines that a crash cut short", async () => {
  await using directory = await tempDir();
  const line = (message: string) => JSON.stringify({ time: "2026-01-01T00:00:00.000Z", message });
  await Deno.writeTextFile(`${directory.path}/error.log.1`, `${line("oldest")}\n${line("older")}\n`);
  await Deno.writeTextFile(`${directory.path}/error.log`, `${line("newer")}\n{"time":"20`);
  const log = ErrorLog.open(directory.path);
  try {
    assert.deepEqual(log.recent(10).map(({ message }) => message), ["newer", "older", "oldest"]);
    assert.deepEqual(log.recent(2).map(({ message }) => message), ["newer", "older"]);
  } finally {
    log.close();
  }
});
