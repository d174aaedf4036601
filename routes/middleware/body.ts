/** Request bodies: read with a limit, decoded by their charset. */

import type { MiddlewareHandler } from "hono";
import { Problem } from "../../lib/domain/errors.ts";
import type { Env } from "../env.ts";
import { parseStrictJson } from "../strict_json.ts";

const JSON_TYPE = /^application\/([\w.-]+\+)?json$/;

/**
 * For routes that take JSON: checks the type, reads and decodes the body, and leaves the value where Hono's validators
 * ask for it. `limit` is in bytes.
 * @throws {Problem} `unsupported_media_type`, `too_large`, `invalid_encoding` or `malformed_json`
 */
export function jsonBody({ limit }: { limit: number }): MiddlewareHandler<Env> {
  return async (c, next) => {
    const type = c.req.header("content-type");
    const media = type?.replace(/;.*$/s, "").trim().toLowerCase();
    if (media === undefined || !JSON_TYPE.test(media)) {
      const sent = media ? `not ${JSON.stringify(media.slice(0, 100))}` : "and the request names no type";
      throw new Problem("unsupported_media_type", `The body has to be declared as application/json, ${sent}.`);
    }
    const text = await readText(c.req.raw, limit);
    const value = parseJson(text);
    c.req.text = () => Promise.resolve(text);
    c.req.json = <T>() => Promise.resolve(value as T);
    return next();
  };
}

/**
 * The body as text, decoded by the charset of its `Content-Type` (default UTF-8). `limit` is in bytes.
 * @throws {Problem} `unsupported_media_type` for a charset or content coding that is not known, `too_large`,
 * `invalid_encoding`, or `invalid_request` when the body broke off.
 */
export async function readText(request: Request, limit: number): Promise<string> {
  refuseCoding(request.headers);
  const decoder = decoderFor(request.headers.get("content-type") ?? "");
  const bytes = await readBytes(request, limit);
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
 * @throws {Problem} `too_large`, or `invalid_request` when the body broke off.
 */
export async function readBytes(request: Request, limit: number): Promise<Uint8Array<ArrayBuffer>> {
  if (!request.body) return new Uint8Array();
  if (Number(request.headers.get("content-length") ?? 0) > limit) throw tooLarge(limit);
  const chunks: Uint8Array[] = [];
  let size = 0;
  try {
    // Leaving the loop cancels the rest.
    for await (const chunk of request.body) {
      size += chunk.length;
      if (size > limit) throw tooLarge(limit);
      chunks.push(chunk);
    }
  } catch (cause) {
    if (cause instanceof Problem) throw cause;
    throw new Problem("invalid_request", "The body broke off before it was complete.", { cause });
  }
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
