import assert from "node:assert/strict";
import type { Tokens } from "../../lib/tokens/tokens.ts";
import { testApp } from "../helpers/app.ts";
import { eventually } from "../helpers/eventually.ts";

const SIZE = 4 * 1024 * 1024;
const headers = { authorization: "Bearer good" };

/** How the reading of the rest ends; given up after a while. */
async function endOf(reader: ReadableStreamDefaultReader<Uint8Array>): Promise<string> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<string>((resolve) => timer = setTimeout(resolve, 20_000, "nothing came, and no end"));
  const rest = (async () => {
    for (;;) if ((await reader.read()).done) return "all of it came";
  })().catch((error) => `it broke off: ${error}`);
  const end = await Promise.race([rest, late]);
  clearTimeout(timer);
  await reader.cancel().catch(() => {/* It has broken off, as it should. */});
  return end;
}

Deno.test("what is being read when its token is revoked breaks off: files, downloads in a worker slot, outputs", async () => {
  const revoked = new AbortController();
  const owner = { id: "t", name: "t", scopes: ["admin"] as const };
  const tokens: Tokens = {
    required: true,
    find: (token) => token === "good" ? { ...owner, revoked: revoked.signal } : token === "other" ? owner : undefined,
    byId: () => undefined,
  };
  await using service = await testApp({ tokens });
  const reserve = async () => (await service.ask("GET", "/new_job", { headers })).json["worker-id"];
  const into = `/upload/new/${await reserve()}?name=big`;
  assert.equal((await service.ask("POST", into, { headers, body: new Uint8Array(SIZE) })).status, 200);
  const submitted = await service.ask("POST", "/api/jobs", {
    headers: { ...headers, prefer: "wait=60" },
    json: { command: `head -c ${SIZE} /dev/zero` },
  });
  assert.equal(submitted.json.stdout_bytes, SIZE);
  const worker = await reserve();
  const asked = [
    ["GET", "/api/files/big"],
    ["POST", `/download/new/${worker}?file=big`],
    ["GET", `/api/jobs/${submitted.json.result_id}/stdout`],
  ] as const;
  const readers = await Promise.all(asked.map(async ([method, path]) => {
    const request = new Request(`http://127.0.0.1${path}`, { method, headers: { ...headers, host: "127.0.0.1" } });
    const from = { remoteAddr: { transport: "tcp" as const, hostname: "127.0.0.1", port: 1 } };
    const response = await service.app.fetch(request, from);
    assert.equal(response.status, 200, path);
    const reader = response.body!.getReader();
    assert.ok((await reader.read()).value!.length < SIZE);
    return reader;
  }));
  revoked.abort();
  for (const [index, reader] of readers.entries()) {
    assert.equal(
      await endOf(reader),
      "it broke off: The token was revoked, or has expired, while it was in use.",
      asked[index]!.join(" "),
    );
  }
  const other = { headers: { authorization: "Bearer other" } };
  await eventually("the worker has failed", async () => {
    return (await service.ask("GET", `/status/${worker}`, other)).json.status === "failed";
  });
});
