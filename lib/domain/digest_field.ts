/** `Content-Digest` and `Repr-Digest` (RFC 9530): dictionaries of byte sequences (RFC 8941, section 3.2). */

import { Problem } from "./errors.ts";

export type DigestAlgorithm = "sha-256" | "sha-512";

export interface Digest {
  algorithm: DigestAlgorithm;
  value: Uint8Array<ArrayBuffer>;
}

/** Length of each in bytes. Other algorithms are broken or unknown, and RFC 9530 has receivers ignore them. */
const LENGTHS: Record<DigestAlgorithm, number> = { "sha-256": 32, "sha-512": 64 };

const MEMBER = /^[ \t]*([a-z*][a-z0-9_.*-]*)=:([A-Za-z0-9+/]*={0,2}):(?:;[^,"]*)?[ \t]*$/;

/**
 * The digests in a field that can be checked; of one that is named twice the later counts.
 * @throws {Problem} `invalid_request` when the field is malformed: a check that was asked for is never left out silently.
 */
export function parseDigestField(field: string): Digest[] {
  const found = new Map<DigestAlgorithm, Digest>();
  for (const member of field.split(",")) {
    const [, algorithm = "", encoded = ""] = MEMBER.exec(member) ?? malformed(field);
    if (!isKnown(algorithm)) continue;
    const value = decode(encoded) ?? malformed(field);
    if (value.length !== LENGTHS[algorithm]) malformed(field);
    found.set(algorithm, { algorithm, value });
  }
  return [...found.values()];
}

/** A field with one digest, from its bytes or its hexadecimal form. */
export function formatDigestField(algorithm: DigestAlgorithm, value: Uint8Array | string): string {
  const bytes = typeof value === "string" ? fromHex(value) : value;
  return `${algorithm}=:${btoa(String.fromCharCode(...bytes))}:`;
}

function isKnown(algorithm: string): algorithm is DigestAlgorithm {
  return Object.hasOwn(LENGTHS, algorithm);
}

function decode(encoded: string): Uint8Array<ArrayBuffer> | undefined {
  try {
    return Uint8Array.from(atob(encoded), (char) => char.charCodeAt(0));
  } catch {
    return undefined; // Not base64: the caller says so with the whole field.
  }
}

function fromHex(hex: string): Uint8Array {
  return Uint8Array.from(hex.match(/../g) ?? [], (pair) => parseInt(pair, 16));
}

function malformed(field: string): never {
  throw new Problem(
    "invalid_request",
    `The digest field ${JSON.stringify(field)} is malformed. Send, for example, sha-256=:<base64 of the digest>:`,
  );
}
