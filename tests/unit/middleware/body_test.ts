import assert from "node:assert/strict";
import { BodyDeadline } from "../../../lib/body_deadline.ts";
import { jsonBody } from "../../../routes/middleware/body.ts";
import { appWith, ask, codeOf } from "../../helpers/stack_app.ts";

const app = appWith(jsonBody({ limit: 100, deadline: new BodyDeadline(Infinity) }));
app.post("/x", async (c) => c.json(await c.req.json()));

function send(body: BodyInit | null, type: string | null = "application/json", more: Record<string, string> = {}) {
  return ask(app, "/x", { method: "POST", body, headers: { ...(type !== null && { "content-type": type }), ...more } });
}

async function refused(response: Response, status: number, code: string): Promise<void> {
  assert.equal(response.status, status);
  assert.equal(await codeOf(response), code);
}

/** `{"a":"<bytes>"}` */
function withText(...bytes: number[]): Uint8Array<ArrayBuffer> {
  const ascii = (text: string) => [...text].map((letter) => letter.charCodeAt(0));
  return new Uint8Array([...ascii('{"a":"'), ...bytes, ...ascii('"}')]);
}

Deno.test("JSON is taken in UTF-8, with or without a byte order mark", async () => {
  assert.deepEqual(await (await send('{"a":"Привет 🙂"}')).json(), { a: "Привет 🙂" });
  assert.deepEqual(await (await send(new Uint8Array([0xef, 0xbb, 0xbf, 0x7b, 0x7d]))).json(), {});
});

for (
  const [charset, bytes] of [
    ["windows-1251", [0xc4, 0xe0]],
    ["KOI8-R", [0xe4, 0xc1]],
    ['"utf-8"', [0xd0, 0x94, 0xd0, 0xb0]],
  ] as const
) {
  Deno.test(`JSON declared as ${charset} is decoded`, async () => {
    const response = await send(withText(...bytes), `Application/JSON ; charset=${charset}`);
    assert.deepEqual(await response.json(), { a: "Да" });
  });
}

Deno.test("JSON in UTF-16 is decoded when it says so", async () => {
  const bytes = new Uint8Array(new Uint16Array([...'{"a":1}'].map((letter) => letter.charCodeAt(0))).buffer);
  assert.deepEqual(await (await send(bytes, "application/json; charset=utf-16le")).json(), { a: 1 });
});

Deno.test("a body that is not declared as JSON is 415", async () => {
  const forms = [
    "application/x-www-form-urlencoded",
    "text/plain",
    "multipart/form-data; boundary=x",
    "application/jsonx",
  ];
  for (const type of forms) await refused(await send("{}", type), 415, "unsupported_media_type");
  await refused(await send(new TextEncoder().encode("{}"), null), 415, "unsupported_media_type");
});

Deno.test("an unknown charset or a content coding is 415", async () => {
  await refused(await send("{}", "application/json; charset=klingon"), 415, "unsupported_media_type");
  await refused(await send("{}", "application/json; charset="), 415, "unsupported_media_type");
  await refused(await send("{}", undefined, { "content-encoding": "gzip" }), 415, "unsupported_media_type");
});

Deno.test("bytes that are not text in the charset are 400 invalid_encoding", async () => {
  await refused(await send(withText(0xff)), 400, "invalid_encoding");
});

Deno.test("a body that is not JSON, or empty, is 400 malformed_json", async () => {
  for (const body of ["{", "", " ", "{connId=12}", '{"a":1}x', "[".repeat(90)]) {
    await refused(await send(body), 400, "malformed_json");
  }
});

Deno.test("a body over the limit is 413, also when its size was not said", async () => {
  await refused(await send(`"${"x".repeat(99)}"`), 413, "too_large");
  assert.equal((await send(`"${"x".repeat(98)}"`)).status, 200);
  let pulled = 0;
  const endless = new ReadableStream({
    pull(controller) {
      pulled++;
      controller.enqueue(new Uint8Array(60));
    },
  });
  await refused(await send(endless), 413, "too_large");
  assert(pulled < 10, "it reads no further than it has to");
});

Deno.test("a body that is said to be too large is 413 before any of it is read", async () => {
  const never = new ReadableStream<Uint8Array<ArrayBuffer>>({ pull: () => new Promise(() => {}) });
  await refused(await send(never, undefined, { "content-length": "100000000" }), 413, "too_large");
});

Deno.test("a body that breaks off is 400, not an internal error", async () => {
  const broken = new ReadableStream({ pull: (controller) => controller.error(new TypeError("connection lost")) });
  await refused(await send(broken), 400, "invalid_request");
});
