/** A directory that is gone when the test is over: `await using directory = await tempDir()`. */

import { existsSync } from "node:fs";

const MEMORY = existsSync("/dev/shm") ? "/dev/shm" : undefined;

export interface TempDir extends AsyncDisposable {
  readonly path: string;
}

/** `inMemory`: where nothing has to survive and a real disk would only be slow; on machines that have such a place. */
export async function tempDir({ inMemory = false } = {}): Promise<TempDir> {
  const path = await Deno.makeTempDir({ prefix: "stint-test-", ...(inMemory && MEMORY && { dir: MEMORY }) });
  return { path, [Symbol.asyncDispose]: () => Deno.remove(path, { recursive: true }) };
}
