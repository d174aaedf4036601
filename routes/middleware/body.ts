/** Request bodies: read with a limit, decoded by their charset. */

import type { MiddlewareHandler } from "hono";
import { Problem } from "../../lib/domain/errors.ts";
import type { BodyDeadline } from "../../lib/body_deadline.ts";
import type { Env } from "../env.ts";
import { parseStrictJson } from "../strict_json.ts";

export interface BodyRules {
  /** In bytes. */
  limit: number;
  deadline: BodyDeadline;
}

const JSON_TYPE = /^application\/([\w.-]+\+)?json$/;

/**
 * For routes that take JSON: checks the type, reads and decodes the body, and leaves the value where Hono's validators
 * ask for it.
 * @throws {Problem} `unsupported_media_type`, `too_large`, `invalid_encoding` or `malformed_json`
 */
export function jsonBody({ limit, deadline }: BodyRules): MiddlewareHandler<Env> {
  return async (c, next) => {
    assertJson(c.req.header("content-type"));
    const text = await readText(c.req.raw, { limit, deadline });
    const value = parseJson(text);
    c.req.text = () => Promise.resolve(text);
    c.req.json = <T>() => Promise.resolve(value as T);
    return next();
  };
}

/** @throws {Problem} `unsupported_media_type` for a `Content-Type` that is not that of JSON, or none. */
export function assertJson(type: string | undefined): void {
  const media = type?.replace(/;.*$/s, "").trim().toLowerCase();
  if (media !== undefined && JSON_TYPE.test(media)) return;
  const sent = media ? `not ${JSON.stringify(media.slice(0, 100))}` : "and the request names no type";
  throw new Problem("unsupported_media_type", `The body has to be declared as application/json, ${sent}.`);
}

/**
 * The body as text, decoded by the charset of its `Content-Type` (default UTF-8).
 * @throws {Problem} `unsupported_media_type` for a charset or content coding that is not known, `too_large`,
 * `invalid_encoding`, or `invalid_request` when the body broke off.
 */
export async function readText(request: Request, rules: BodyRules): Promise<string> {
  refuseCoding(request.headers);
  const decoder = decoderFor(request.headers.get("content-type") ?? "");
  const bytes = await readBytes(request, rules);
  try {
    return decoder.decode(bytes);
  } catch (cause) {
    throw new Problem(
      "invalid_encoding",
      `The body is not text in ${decoder.encoding}. Name its charset in Content-Type.`,
      { cause },
    );
  }
}

/**
 * What was compressed would be taken for what it is the compressed form of.
 * @throws {Problem} `unsupported_media_type` for a body with a content coding (RFC 9110, section 8.4).
 */
export function refuseCoding(headers: Headers): void {
  const coding = headers.get("content-encoding")?.trim().toLowerCase();
  if (!coding || coding === "identity") return;
  throw new Problem(
    "unsupported_media_type",
    `Content-Encoding ${coding.slice(0, 100)} is not supported; send the body as it is.`,
  );
}

/**
 * The whole body, never holding more than `limit` bytes of it.
 * @throws {Problem} `too_large`, `body_stalled`, or `invalid_request` when the body broke off.
 */
export async function readBytes(
  request: Request,
  { limit, deadline }: BodyRules,
): Promise<Uint8Array<ArrayBuffer>> {
  if (!request.body) return new Uint8Array();
  const length = request.headers.get("content-length");
  if (Number(length ?? 0) > limit) throw tooLarge(limit);
  const chunks: Uint8Array<ArrayBuffer>[] = [];
  let size = 0;
  const reader = request.body.getReader();
  try {
    // To its end, though its length may be known: until somebody asked for that the runtime holds the connection.
    for (;;) {
      const { done, value } = await deadline.within(reader.read());
      if (done) break;
      size += value.length;
      if (size > limit) throw tooLarge(limit);
      chunks.push(value);
    }
  } catch (cause) {
    // Nobody waits for what is still to come.
    reader.cancel().catch(() => {/* It broke off; that is the error which counts. */});
    if (cause instanceof Problem) throw cause;
    throw new Problem("invalid_request", "The body broke off before it was complete.", { cause });
  }
  return chunks.length === 1 ? chunks[0]! : joined(chunks, size);
}

function joined(chunks: Uint8Array[], size: number): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(size);
  let at = 0;
  for (const chunk of chunks) {
    whole.set(chunk, at);
    at += chunk.length;
  }
  return whole;
}

function tooLarge(limit: number): Problem {
  return new Problem("too_large", `The body is larger than ${limit} bytes, the most that is taken here.`);
}

function decoderFor(contentType: string): TextDecoder {
  const charset = /;\s*charset\s*=\s*(?:"([^"]*)"|([^\s;]*))/i.exec(contentType);
  const label = charset ? charset[1] ?? charset[2] ?? "" : "utf-8";
  try {
    return new TextDecoder(label, { fatal: true });
  } catch (cause) {
    throw new Problem(
      "unsupported_media_type",
      `The charset ${JSON.stringify(label.slice(0, 100))} is not known; UTF-8 always is.`,
      { cause },
    );
  }
}

function parseJson(text: string) {
  if (text.trim() === "") throw new Problem("malformed_json", "The body is empty; a JSON object is expected.");
  try {
    return parseStrictJson(text);
  } catch (cause) {
    if (cause instanceof Problem) throw cause;
    throw new Problem("malformed_json", `The body is not valid JSON: ${(cause as Error).message}`, { cause });
  }
}
