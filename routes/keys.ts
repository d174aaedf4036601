/**
 * Keys (document 004), the busiest of all endpoints: bare handlers that check by hand what the contract says, because a
 * validated route costs half the throughput. A test holds the two equal.
 */

import type { Context } from "hono";
import { Problem } from "../lib/domain/errors.ts";
import { KEY_PATTERN, MAX_VALUE_BYTES } from "../lib/domain/key.ts";
import { putKeyQuery } from "../openapi/keys.ts";
import { type Conditions, etagOfVersion, expectation, judge, readConditions } from "./conditions.ts";
import type { App, RouteDeps } from "./deps.ts";
import type { Env } from "./env.ts";
import { readBytes } from "./middleware/body.ts";
import { problemOfZod } from "./middleware/validation.ts";

const utf8 = new TextDecoder("utf-8", { fatal: true });

export function keyRoutes(app: App, { keys }: RouteDeps): void {
  app.get("/:key", async (c) => {
    const key = checkedKey(c);
    refuseQuery(c);
    const found = await keys.get(key);
    if (!found) throw noSuchKey(key);
    const etag = etagOfVersion(found.version);
    const verdict = judge(readConditions(c), etag);
    if (verdict === "failed") {
      throw new Problem("precondition_failed", `Key ${key} is at version ${found.version}, whose ETag is ${etag}.`);
    }
    if (verdict === "not modified") return c.body(null, 304, { etag });
    const value = found.value.value;
    return new Response(value as Uint8Array<ArrayBuffer>, {
      headers: {
        "content-type": "application/octet-stream",
        "content-length": String(value.byteLength),
        etag,
        "cache-control": "no-cache",
      },
    });
  });

  app.put("/:key", async (c) => {
    const key = checkedKey(c);
    const ttl = readTtl(c);
    const expect = expectation(readConditions(c));
    const value = await readBytes(c.req.raw, MAX_VALUE_BYTES);
    refuseOtherThanUtf8(value);
    const { version, created } = await keys.put(key, value, { ttl, expect });
    return c.body(null, created ? 201 : 204, { etag: etagOfVersion(version) });
  });

  app.delete("/:key", async (c) => {
    const key = checkedKey(c);
    refuseQuery(c);
    if (!await remove(keys, key, readConditions(c))) throw noSuchKey(key);
    return c.body(null, 204);
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

/** @throws {Problem} `invalid_key`. */
function checkedKey(c: Context<Env>): string {
  const key = c.req.param("key") ?? "";
  if (KEY_PATTERN.test(key)) return key;
  throw new Problem("invalid_key", "A key is 1 to 255 of the characters A–Z, a–z and 0–9.", {
    errors: [{ pointer: "path/key", detail: "Send 1 to 255 of A–Z, a–z and 0–9." }],
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
    detail: "There is no such parameter.",
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

function refuseOtherThanUtf8(value: Uint8Array): void {
  try {
    utf8.decode(value);
  } catch {
    throw new Problem("invalid_encoding", "The value is not valid UTF-8.");
  }
}

function noSuchKey(key: string): Problem {
  return new Problem("not_found", `There is no key ${key}.`);
}
