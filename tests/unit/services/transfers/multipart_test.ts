import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { fileFromMultipart } from "../../../../lib/services/transfers/multipart.ts";
import { rejectsWith } from "../../../helpers/problem.ts";

const TYPE = "multipart/form-data; boundary=cut";
const bytes = (text: string) => new TextEncoder().encode(text);

function part(disposition: string, content: string): string {
  return `--cut\r\nContent-Disposition: form-data; ${disposition}\r\n\r\n${content}\r\n`;
}

/** A body that arrives in small pieces, wherever they are cut. */
function pieces(text: string, size = 7): ReadableStream<Uint8Array<ArrayBuffer>> {
  const all = bytes(text);
  return ReadableStream.from(function* () {
    for (let at = 0; at < all.length; at += size) yield all.slice(at, at + size);
  }());
}

async function read(text: string, type = TYPE) {
  const { name, body } = await fileFromMultipart(type, pieces(text));
  return { name, text: await new Response(body as ReadableStream<Uint8Array<ArrayBuffer>>).text() };
}

Deno.test("the first file of a form counts, whatever is around it", async () => {
  const form = part('name="note"', "hi") + part('name="f"; filename="a.txt"', "con\r\n--cu tent") +
    part('name="g"; filename="b.txt"', "other") + part('name="end"', "x") + "--cut--\r\n";
  assert.deepEqual(await read(form), { name: "a.txt", text: "con\r\n--cu tent" });
});

Deno.test("names come through in any script, quoted or extended, and paths are not cut", async () => {
  const named = async (field: string) => (await read(part(`name="f"; ${field}`, "x") + "--cut--")).name;
  assert.equal(await named('filename="отчёт 🙂.txt"'), "отчёт 🙂.txt");
  assert.equal(await named("filename*=UTF-8''%D1%84.txt"), "ф.txt");
  assert.equal(await named('filename="../../etc/passwd"'), "../../etc/passwd");
});

Deno.test("an empty file is a file", async () => {
  assert.deepEqual(await read(part('name="f"; filename="a"', "") + "--cut--\r\n"), { name: "a", text: "" });
});

Deno.test("a body without a file, a boundary or an end is refused", async () => {
  await rejectsWith("invalid_request", read(part('name="f"', "x") + "--cut--\r\n"));
  await rejectsWith("invalid_request", read("nothing of the kind"));
  await rejectsWith("invalid_request", read(""));
  await rejectsWith("invalid_request", read(part('name="f"; filename="a"', "x"), "multipart/form-data"));
  await rejectsWith("invalid_request", read("a=b", "application/x-www-form-urlencoded"));
  await rejectsWith("invalid_request", read(part('name="f"; filename="a"', "x".repeat(100_000))));
});

Deno.test("a body that breaks off is a failed transfer, not a malformed form", async () => {
  const head = bytes(part('name="f"; filename="a"', "x".repeat(1000)));
  let count = 0;
  const broken = new ReadableStream<Uint8Array<ArrayBuffer>>({
    pull(controller) {
      if (count++ === 0) controller.enqueue(head);
      else controller.error(new Error("connection reset"));
    },
  });
  const { body } = await fileFromMultipart(TYPE, broken);
  await rejectsWith("transfer_failed", new Response(body as ReadableStream<Uint8Array<ArrayBuffer>>).text());
});

Deno.test("the digest of the form is checked when all of it was read", async () => {
  const form = part('name="f"; filename="a"', "content") + "--cut--\r\n";
  const digest = (text: string) => [{
    algorithm: "sha-256" as const,
    value: Uint8Array.from(createHash("sha256").update(text).digest()),
  }];
  const text = async (digests: ReturnType<typeof digest>) => {
    const { body } = await fileFromMultipart(TYPE, pieces(form), digests);
    return await new Response(body as ReadableStream<Uint8Array<ArrayBuffer>>).text();
  };
  assert.equal(await text(digest(form)), "content");
  await rejectsWith("digest_mismatch", text(digest("other")));
});

Deno.test("a form is read no further than its file is", async () => {
  let pulled = 0;
  const endless = new ReadableStream<Uint8Array<ArrayBuffer>>({
    pull(controller) {
      controller.enqueue(
        pulled++ === 0 ? bytes(part('name="f"; filename="a"', "").trimEnd() + "\r\n\r\n") : new Uint8Array(65_536),
      );
    },
  }, { highWaterMark: 0 });
  const { body } = await fileFromMultipart(TYPE, endless);
  const reader = body.getReader();
  await reader.read();
  let last = -1;
  while (last !== pulled) {
    last = pulled;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  assert.ok(pulled < 20, `${pulled} pieces were read`);
  await reader.cancel();
});
