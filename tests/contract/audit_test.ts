import assert from "node:assert/strict";
import type { AuditEntry } from "../../lib/log/audit_log.ts";
import { testApp } from "../helpers/app.ts";

const TOKEN = "a-token-of-the-tests";
const bearer = { authorization: `Bearer ${TOKEN}` };

Deno.test("whatever changes something is in the audit log: who, from where, what, to which object, how it ended", async () => {
  await using service = await testApp({ tokens: [TOKEN] });
  const ask = (method: string, path: string, options = {}) =>
    service.ask(method, path, { headers: bearer, ...options });
  await ask("PUT", "/foo", { body: "a secret value" });
  await ask("GET", "/foo");
  const worker = (await ask("GET", "/new_job")).json["worker-id"];
  await ask("POST", `/modify/${worker}/terminated`);
  await ask("POST", "/api/jobs", { json: { command: "sleep 60", env: { SECRET: "hidden" } } });
  await ask("DELETE", "/api/jobs/99");
  await ask("PUT", "/api/kill", { body: '{"connId":7}' });
  const refused = await service.ask("GET", "/foo");
  await service.ask("PUT", "/foo", { body: "x", headers: { authorization: "Bearer wrong-one" } });

  const { audit } = (await ask("GET", "/api/audit")).json as { audit: AuditEntry[] };
  const rows = audit.map(({ action, object, status, token }) => [action, object, status, token]);
  assert.deepEqual(rows.reverse(), [
    ["putKey", "foo", 201, "configured-1"],
    ["newJob", `${worker.slice(0, 8)}…`, 200, "configured-1"],
    ["modifyWorker", `${worker.slice(0, 8)}…`, 200, "configured-1"],
    ["submitJob", "1", 202, "configured-1"],
    ["deleteJob", "99", 404, "configured-1"],
    ["killRequest", "7", 400, "configured-1"],
    ["getKey", "foo", 401, null],
    ["putKey", "foo", 401, null],
  ]);
  assert.equal(audit.at(-1)!.address, "127.0.0.1");
  assert.equal(audit[1]!.request_id, refused.headers.get("x-request-id"));
  const text = JSON.stringify(audit);
  for (const secret of ["a secret value", "hidden", "wrong-one", TOKEN, worker]) {
    assert.ok(!text.includes(secret), secret);
  }
  await service.forget(1);
});

Deno.test("the audit log is read from its end, a page at a time", async () => {
  await using service = await testApp();
  for (const key of ["a", "b", "c", "d"]) await service.ask("PUT", `/${key}`, { body: key });
  const page = async (query: string) => (await service.ask("GET", `/api/audit?${query}`)).json.audit as AuditEntry[];
  const first = await page("limit=2");
  assert.deepEqual(first.map(({ object }) => object), ["d", "c"]);
  const second = await page(`limit=5&before=${first[1]!.request_id}`);
  assert.deepEqual(second.map(({ object }) => object), ["b", "a"]);
  assert.deepEqual(await page("before=unheard-of"), []);
});
