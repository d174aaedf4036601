/** What a token looks like: `stint_` ID `_` SECRET, 12 hexadecimal digits and 32 random bytes in base64url. */

import { Buffer } from "node:buffer";
import { createHash, randomBytes } from "node:crypto";

const SHAPE = /^stint_([0-9a-f]{12})_[A-Za-z0-9_-]{43}$/;
const ANYWHERE = /(stint_[0-9a-f]{12}_)[A-Za-z0-9_-]{43}/g;

export interface NewToken {
  id: string;
  /** The whole token. Shown once, kept by nobody here. */
  token: string;
  /** SHA-256 of the token, in hexadecimal. Random bytes need no slow hash: there is nothing to guess. */
  hash: string;
}

export function newToken(): NewToken {
  const id = randomBytes(6).toString("hex");
  const token = `stint_${id}_${randomBytes(32).toString("base64url")}`;
  return { id, token, hash: Buffer.from(digestOf(token)).toString("hex") };
}

/** The id in a token; undefined when it is not of this shape. */
export function idOf(token: string): string | undefined {
  return SHAPE.exec(token)?.[1];
}

/** For logs: somebody may have put a token where it does not belong, in a path for instance. Its id is no secret. */
export function withoutTokens(text: string): string {
  return text.replaceAll(ANYWHERE, "$1…");
}

export function digestOf(token: string): Uint8Array {
  return createHash("sha256").update(token).digest();
}
