/** Lists that come in pages. */

import type { Client } from "./client.ts";

/** The most that the server gives at once. */
const PAGE = 1000;

/** The entries of a list, page after page, at most `limit`. `member`: the member of the answer that holds them. */
export async function* entries<T>(
  client: Client,
  path: string,
  { member, query = new URLSearchParams(), limit = Infinity }: {
    member: string;
    query?: URLSearchParams;
    limit?: number;
  },
): AsyncGenerator<T> {
  let left = limit;
  let cursor: string | null = null;
  while (left > 0) {
    const asked = new URLSearchParams(query);
    asked.set("limit", String(Math.min(left, PAGE)));
    if (cursor !== null) asked.set("cursor", cursor);
    const response = await client.request("GET", path, { query: asked });
    const list = (await client.read<Record<string, T[]>>(response))[member] ?? [];
    yield* list;
    left -= list.length;
    cursor = nextCursor(response.headers.get("link"));
    if (cursor === null) return;
  }
}

/** The cursor of the next page, out of a `Link` field (RFC 8288); null on the last one. */
export function nextCursor(link: string | null): string | null {
  const target = /<([^>]*)>\s*;[^,]*\brel="?next"?/.exec(link ?? "")?.[1];
  return target === undefined ? null : new URL(target, "http://localhost").searchParams.get("cursor");
}

/** All of them at once. */
export async function all<T>(list: AsyncIterable<T>): Promise<T[]> {
  const found: T[] = [];
  for await (const each of list) found.push(each);
  return found;
}
