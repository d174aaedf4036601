import assert from "node:assert/strict";
import { exchange } from "../helpers/raw_exchange.ts";
import { startService } from "../helpers/service.ts";

/** The fields of an answer to somebody who would take it compressed. */
async function fieldsOf(address: string, path: string): Promise<Headers> {
  const answer = await exchange(
    address,
    `GET ${path} HTTP/1.1\r\nHost: localhost\r\nAccept-Encoding: gzip, br\r\nConnection: close\r\n\r\n`,
  );
  const [first, ...lines] = answer.slice(0, answer.indexOf("\r\n\r\n")).split("\r\n");
  assert.equal(first, "HTTP/1.1 200 OK", path);
  return new Headers(lines.map((line) => line.split(/: (.*)/s, 2) as [string, string]));
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
  for (const path of ["/", "/openapi.json", "/api/files/a.txt", `/api/results/${id}`, `/api/jobs/${id}/stdout`]) {
    const fields = await fieldsOf(service.url, path);
    assert.equal(fields.get("content-encoding"), null, path);
    assert.ok(Number(fields.get("content-length")) > 500, path);
    assert.doesNotMatch(fields.get("etag") ?? "", /^W\//, path);
  }
  assert.match((await fieldsOf(service.url, "/api/files/a.txt")).get("etag") ?? "", /^"/);
});
