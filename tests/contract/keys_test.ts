import assert from "node:assert/strict";
import { KeySchema, putKeyQuery } from "../../openapi/keys.ts";
import { testApp } from "../helpers/app.ts";

/** A sequence that is the same in every run. */
function random(seed: number): () => number {
  return () => {
    seed = (seed * 1103515245 + 12345) % 2 ** 31;
    return seed / 2 ** 31;
  };
}

const ALPHABET = [..."azAZ09", "aa", "_", "-", ".", "~", "é", "Я", "😀", "%", " ", "\0", "\n", "+", "&", "=", ":", "@"];

Deno.test("the keys that are taken are exactly those of the contract", async () => {
  await using service = await testApp();
  const next = random(42);
  const keys = ["a".repeat(255), "a".repeat(256), "0", "api", "newjob", "постоянно", "a%b", "a?b", "a#b"];
  for (let i = 0; i < 400; i++) {
    const length = 1 + Math.floor(next() * 6);
    // Half of them only of what is allowed, or hardly any would be.
    const letters = i % 2 ? ALPHABET.length : 7;
    keys.push(Array.from({ length }, () => ALPHABET[Math.floor(next() * letters)]).join(""));
  }
  let taken = 0;
  for (const key of keys) {
    if (key === "." || key === "..") continue; // These never leave a client.
    const { status, json } = await service.ask("GET", `/${encodeURIComponent(key)}`);
    const valid = KeySchema.safeParse(key).success;
    assert.equal(status, valid ? 404 : 400, JSON.stringify(key));
    assert.equal(json.code, valid ? "not_found" : "invalid_key", JSON.stringify(key));
    if (valid) taken++;
  }
  assert.ok(taken > 100 && taken < keys.length - 100, String(taken));
});

Deno.test("the query of PUT is checked as the contract has it", async () => {
  await using service = await testApp();
  for (const ttl of ["1", "0.5", "0", "-1", "", "x", "1e3", "10000000000", "10000000001", " 1", "0x10", "Infinity"]) {
    const { status } = await service.ask("PUT", `/foo?ttl=${encodeURIComponent(ttl)}`, { body: "x" });
    assert.equal(status < 300, putKeyQuery.safeParse({ ttl }).success, ttl);
  }
  assert.equal((await service.ask("PUT", "/foo?ttl=1&ttl=2", { body: "x" })).status, 400);
  assert.equal((await service.ask("PUT", "/foo?TTL=1", { body: "x" })).status, 400);
});

Deno.test("a percent-encoded letter of a key is that letter", async () => {
  await using service = await testApp();
  assert.equal((await service.ask("PUT", "/f%6Fo", { body: "x" })).status, 201);
  assert.equal((await service.ask("GET", "/foo")).text, "x");
  assert.equal((await service.ask("GET", "/%2566oo")).status, 400);
});

Deno.test("a value is valid UTF-8 of at most 1024 bytes, whatever its Content-Type", async () => {
  await using service = await testApp();
  const put = (body: BodyInit, headers = {}) => service.ask("PUT", "/foo", { body, headers });
  assert.equal((await put("é".repeat(512))).status, 201);
  assert.equal((await put("é".repeat(512) + "x")).status, 413);
  assert.equal((await put("")).status, 204);
  assert.equal((await service.ask("GET", "/foo")).headers.get("content-length"), "0");
  assert.equal((await put(new Uint8Array([0xc3]))).json.code, "invalid_encoding");
  assert.equal((await put("\uFEFFx", { "content-type": "application/x-www-form-urlencoded" })).status, 204);
  assert.equal(
    (await service.app.request("/nothing", undefined, {
      remoteAddr: { transport: "tcp", hostname: "127.0.0.1", port: 1 },
    }))
      .status,
    400,
    "no Host",
  );
  const { keys } = (await service.ask("GET", "/api/keys")).json;
  assert.equal(keys[0].value, "\uFEFFx");
});

Deno.test("deleting what is not there is 404, whatever the conditions", async () => {
  await using service = await testApp();
  const conditions: Record<string, string>[] = [{}, { "if-match": "*" }, { "if-match": '"1"' }, {
    "if-none-match": "*",
  }];
  for (const headers of conditions) {
    assert.equal((await service.ask("DELETE", "/gone", { headers })).status, 404);
  }
});

Deno.test("malformed conditions are 400 and change nothing", async () => {
  await using service = await testApp();
  for (const field of ["abc", '"a" "b"', '"1', "*, *"]) {
    assert.equal((await service.ask("PUT", "/foo", { body: "x", headers: { "if-match": field } })).status, 400, field);
  }
  assert.equal((await service.ask("GET", "/foo")).status, 404);
});
