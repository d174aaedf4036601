import assert from "node:assert/strict";
import { exchange } from "../helpers/raw_exchange.ts";
import { startService } from "../helpers/service.ts";

/** The fields and the content of an answer to somebody who would take it compressed. */
async function answerTo(address: string, path: string): Promise<{ fields: Headers; content: string }> {
  const answer = await exchange(
    address,
    `GET ${path} HTTP/1.1\r\nHost: localhost\r\nAccept-Encoding: gzip, br\r\nConnection: close\r\n\r\n`,
  );
  const end = answer.indexOf("\r\n\r\n");
  const [first, ...lines] = answer.slice(0, end).split("\r\n");
  assert.equal(first, "HTTP/1.1 200 OK", path);
  const fields = new Headers(lines.map((line) => line.split(/: (.*)/s, 2) as [string, string]));
  return { fields, content: answer.slice(end + 4) };
}

Deno.test("what is served is what there is: never compressed on the way, its length said and its ETag strong", async () => {
  await using service = await startService();
  const text = "a line of text\n".repeat(1000);
  const worker = (await service.call("GET", "/new_job")).json<{ "worker-id": string }>()["worker-id"];
  assert.equal((await service.call("POST", `/upload/new/${worker}?name=a.txt`, { body: text })).status, 200);
  const { json } = await service.call("POST", "/api/jobs", {
    json: { argv: ["seq", "5000"] },
    headers: { prefer: "wait=60" },
  });
  const id = json<{ result_id: number }>().result_id;
  const contents: Record<string, RegExp | string> = {
    "/": /^<!doctype html>[^]*<\/html>\n$/,
    "/openapi.json": /^\{"openapi"[^]*\}\s*$/,
    "/api/files/a.txt": text,
    [`/api/results/${id}`]: /^\{[^]*"result_id"[^]*\}$/,
    [`/api/jobs/${id}/stdout`]: Array.from({ length: 5000 }, (_, i) => `${i + 1}\n`).join(""),
  };
  for (const [path, expected] of Object.entries(contents)) {
    const { fields, content } = await answerTo(service.url, path);
    assert.equal(fields.get("content-encoding"), null, path);
    assert.ok(Number(fields.get("content-length")) > 500, path);
    assert.doesNotMatch(fields.get("etag") ?? "", /^W\//, path);
    if (typeof expected !== "string") assert.match(content, expected, path);
    else assert.deepEqual([fields.get("content-length"), content], [String(expected.length), expected], path);
  }
  const { fields } = await answerTo(service.url, "/api/files/a.txt");
  assert.match(fields.get("etag") ?? "", /^"/);
});
