/** One key: read, written only over the version that was seen, removed. */

import { ApiError, problemOf, send } from "../api/client.ts";

export interface KeyValue {
  value: string;
  /** As in `ETag`; null: there is no such key. */
  tag: string | null;
}

const pathOf = (key: string) => `/api/keys/${encodeURIComponent(key)}`;

/** @throws {ApiError} */
export async function readKey(key: string): Promise<KeyValue> {
  const response = await send("GET", pathOf(key));
  if (response.status === 404) return { value: "", tag: null };
  if (!response.ok) throw await problemOf(response, pathOf(key));
  return { value: await response.text(), tag: response.headers.get("etag") };
}

/**
 * Writes the value if the key still has the version `seen`. The answer: its new version, or what stands there instead.
 * @throws {ApiError}
 */
export async function writeKey(
  key: string,
  value: string,
  seen: string | null,
  ttl: string,
): Promise<{ tag: string | null } | { conflict: KeyValue }> {
  const query = new URLSearchParams(ttl ? { ttl } : {});
  const response = await send("PUT", pathOf(key), { query, body: value, headers: condition(seen) });
  if (response.status === 412) return { conflict: await readKey(key) };
  if (!response.ok) throw await problemOf(response, pathOf(key));
  return { tag: response.headers.get("etag") };
}

/** @throws {ApiError} 412 where it was changed meanwhile. */
export async function removeKey(key: string, seen: string): Promise<void> {
  const response = await send("DELETE", pathOf(key), { headers: condition(seen) });
  if (response.status === 412) throw new ApiError(412, "changed", `${key} was changed meanwhile. Look at it again.`);
  if (!response.ok) throw await problemOf(response, pathOf(key));
}

function condition(seen: string | null): Record<string, string> {
  return seen === null ? { "if-none-match": "*" } : { "if-match": seen };
}
