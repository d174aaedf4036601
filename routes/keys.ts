/**
 * Keys (document 004), the busiest of all endpoints: bare handlers that check by hand what the contract says, because a
 * validated route costs half the throughput. A test holds the two equal.
 */

import type { Context } from "hono";
import { Problem } from "../lib/domain/errors.ts";
import { KEY_PATTERN, MAX_VALUE_BYTES } from "../lib/domain/key.ts";
import { CONTRACT } from "../openapi/document.ts";
import { putKeyQuery } from "../openapi/keys.ts";
import { type Conditions, etagOfVersion, expectation, judge, readConditions } from "./conditions.ts";
import type { App, RouteDeps } from "./deps.ts";
import type { Env } from "./env.ts";
import { isUtf8, noSuchKey } from "./key_values.ts";
import { readBytes } from "./middleware/body.ts";
import { USER_CONTENT } from "./middleware/security_headers.ts";
import { problemOfZod } from "./middleware/validation.ts";

/** The contract's pattern, without its ends. */
const PATH = `/:key{${KEY_PATTERN.source.slice(1, -1)}}` as "/:key";

/** The contract's long form, which leaves room for paths below it. */
const LONG_PATH = `/api/keys/:key{(?!(?:batch|events)$)${KEY_PATTERN.source.slice(1, -1)}}` as "/:key";

export function keyRoutes(app: App, { keys, bodyDeadline }: RouteDeps): void {
  for (const path of [LONG_PATH, PATH]) {
    app.get(path, async (c) => {
      const key = c.req.param("key");
      refuseQuery(c);
      const found = await keys.get(key);
      if (!found) throw noSuchKey(key);
      const etag = etagOfVersion(found.version);
      const verdict = judge(readConditions(c.req.raw), etag);
      if (verdict === "failed") {
        throw new Problem("precondition_failed", `Key ${key} is at version ${found.version}, whose ETag is ${etag}.`);
      }
      // Browsers alone have a use for what keeps them from showing it; they say so, and never come by the short way.
      const browser = c.req.header("sec-fetch-site") !== undefined || c.req.header("origin") !== undefined;
      c.set("bare", !browser);
      if (verdict === "not modified") return c.body(null, 304, { etag });
      return valueAnswer(found.value.value, etag, browser ? USER_CONTENT : {});
    });

    app.put(path, async (c) => {
      const key = c.req.param("key");
      const ttl = readTtl(c);
      const expect = expectation(readConditions(c.req.raw));
      const value = await readBytes(c.req.raw, { limit: MAX_VALUE_BYTES, deadline: bodyDeadline });
      if (!isUtf8(value)) throw new Problem("invalid_encoding", "The value is not valid UTF-8.");
      const { version, created } = await keys.put(key, value, { ttl, expect });
      c.set("bare", true);
      return c.body(null, created ? 201 : 204, { etag: etagOfVersion(version) });
    });

    app.delete(path, async (c) => {
      const key = c.req.param("key");
      refuseQuery(c);
      if (!await remove(keys, key, readConditions(c.req.raw))) throw noSuchKey(key);
      c.set("bare", true);
      return c.body(null, 204);
    });
  }

  app.all("/:key", refuse);
  app.all("/api/keys/:key", refuse);
}

function valueAnswer(value: Uint8Array, etag: string, more: Readonly<Record<string, string>>): Response {
  return new Response(value as Uint8Array<ArrayBuffer>, {
    headers: {
      "content-type": "application/octet-stream",
      "content-length": String(value.byteLength),
      etag,
      "cache-control": "no-cache",
      "x-content-type-options": "nosniff",
      ...more,
    },
  });
}

/** False when there was no such key; conditions do not matter then (RFC 9110, section 13.2.1). */
async function remove(keys: RouteDeps["keys"], key: string, conditions: Conditions): Promise<boolean> {
  try {
    return await keys.remove(key, expectation(conditions));
  } catch (error) {
    const absent = error instanceof Problem && error.code === "precondition_failed" &&
      error.extras.members?.version === null;
    if (absent) return false;
    throw error;
  }
}

/** Paths of one segment that are the service's own. */
const OWN_PATHS = new Set(CONTRACT.map(({ path }) => path).filter((path) => /^\/[^/{]+$/.test(path)));

/** What none of the methods above takes: a key with another method, one of our own paths with another, or no key at all. */
function refuse(c: Context<Env>): Response | Promise<Response> {
  const { pathname } = new URL(c.req.url);
  const own = OWN_PATHS.has(pathname.replace(/\/$/, "")) || pathname === "/-/";
  if (own || KEY_PATTERN.test(c.req.param("key") ?? "")) return c.notFound();
  throw new Problem("invalid_key", "A key is 1 to 255 of the characters A–Z, a–z and 0–9.", {
    errors: [{ pointer: "path/key", detail: "Send 1 to 255 of A–Z, a–z and 0–9" }],
  });
}

function hasQuery(c: Context<Env>): boolean {
  const { url } = c.req;
  const mark = url.indexOf("?");
  return mark >= 0 && mark < url.length - 1;
}

function refuseQuery(c: Context<Env>): void {
  if (!hasQuery(c)) return;
  const errors = Object.keys(c.req.queries()).map((name) => ({
    pointer: `query/${name}`,
    detail: "There is no such parameter",
  }));
  if (errors.length > 0) throw new Problem("invalid_request", "No query parameters are taken here.", { errors });
}

/** Seconds; undefined when the key is to stay. Rare enough to be left to the contract. */
function readTtl(c: Context<Env>): number | undefined {
  if (!hasQuery(c)) return undefined;
  const given = Object.entries(c.req.queries()).map((
    [name, values],
  ) => [name, values.length === 1 ? values[0] : values]);
  const result = putKeyQuery.safeParse(Object.fromEntries(given));
  if (!result.success) throw problemOfZod(result.error, "query");
  return result.data.ttl;
}
