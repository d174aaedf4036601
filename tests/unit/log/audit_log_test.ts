import { deepEqual } from "node:assert/strict";
import { type AuditEntry, AuditLog } from "../../../lib/log/audit_log.ts";
import { tempDir } from "../../helpers/temp_dir.ts";

Deno.test("whatever is written to the audit log is read as it was, one JSON object a line", async () => {
  await using directory = await tempDir();
  const log = new AuditLog(directory.path, (message) => {
    throw new Error(message);
  });
  const texts = ["plain", 'a "b"', "back\\slash", "two\nlines", "привет", "\u2028", "", null];
  const entries = texts.map((text, i): AuditEntry => ({
    time: "2026-01-31T12:00:00.000Z",
    request_id: `${i}`,
    token: text,
    token_id: text,
    address: text ?? "127.0.0.1",
    action: text ?? "putKey",
    object: text,
    status: 204,
  }));
  for (const entry of entries) log.write(entry);
  log.close();
  const lines = (await Deno.readTextFile(`${directory.path}/audit.log`)).trimEnd().split("\n");
  deepEqual(lines.map((line) => JSON.parse(line)), entries);
});
