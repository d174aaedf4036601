/** What the server knows of a stored file. */

import type { Client } from "../api/client.ts";
import { Refusal } from "../api/problem.ts";
import { sha256In } from "./digest.ts";

export interface Stored {
  bytes: number;
  etag: string;
  sha256: string | undefined;
}

export function filePath(name: string): string {
  return `/api/files/${encodeURIComponent(name)}`;
}

/** Nothing when there is no such file. @throws {Refusal} */
export async function stored(api: Client, name: string): Promise<Stored | undefined> {
  const { status, headers } = await api.request("HEAD", filePath(name), { allow: [404] });
  if (status === 404) return undefined;
  return {
    bytes: Number(headers.get("content-length")),
    etag: headers.get("etag") ?? "",
    sha256: sha256In(headers.get("repr-digest")),
  };
}

/** The same for a token that may write files and not read them: nothing then. */
export async function storedIfReadable(api: Client, name: string): Promise<Stored | undefined> {
  try {
    return await stored(api, name);
  } catch (error) {
    if (error instanceof Refusal && error.status === 403) return undefined;
    throw error;
  }
}
