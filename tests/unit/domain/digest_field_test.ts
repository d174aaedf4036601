import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { formatDigestField, parseDigestField } from "../../../lib/domain/digest_field.ts";
import { Problem } from "../../../lib/domain/errors.ts";

const sha256 = createHash("sha256").update("hello").digest();
const sha512 = createHash("sha512").update("hello").digest();

Deno.test("parseDigestField reads what formatDigestField writes, from bytes and from hexadecimal", () => {
  for (const form of [new Uint8Array(sha256), sha256.toString("hex")]) {
    const [digest] = parseDigestField(formatDigestField("sha-256", form));
    assert.equal(digest?.algorithm, "sha-256");
    assert.deepEqual([...digest!.value], [...sha256]);
  }
});

Deno.test("parseDigestField reads several digests and leaves out unknown algorithms and parameters", () => {
  const field = `md5=:AAAA:, sha-512=:${sha512.toString("base64")}:;q=1 , sha-256=:${sha256.toString("base64")}:`;
  assert.deepEqual(parseDigestField(field).map((digest) => digest.algorithm), ["sha-512", "sha-256"]);
});

Deno.test("parseDigestField refuses what is malformed or of the wrong length", () => {
  for (
    const field of [
      "",
      "sha-256",
      "sha-256=abc",
      "sha-256=:AAAA:",
      "sha-256=:A:",
      "sha-256=:!!:",
      `sha-256=:${"A".repeat(43)}=:,`,
    ]
  ) {
    assert.throws(
      () => parseDigestField(field),
      (error) => error instanceof Problem && error.code === "invalid_request",
      field,
    );
  }
});
