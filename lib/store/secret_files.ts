/** {@link Secrets} as files, one for each job, that only the server's user reads. */

import { join } from "node:path";
import { Problem } from "../domain/errors.ts";
import type { Secrets } from "../services/ports/secrets.ts";

export class SecretFiles implements Secrets {
  /** `directory` is made when it is first needed. */
  constructor(private readonly directory: string) {}

  async put(jobId: number, values: Record<string, string>): Promise<void> {
    try {
      await Deno.mkdir(this.directory, { recursive: true, mode: 0o700 });
      const next = `${this.#path(jobId)}.new`;
      {
        using file = await Deno.open(next, { write: true, create: true, truncate: true, mode: 0o600 });
        const bytes = new TextEncoder().encode(JSON.stringify(values));
        for (let written = 0; written < bytes.length;) written += await file.write(bytes.subarray(written));
        await file.sync();
      }
      await Deno.rename(next, this.#path(jobId));
      using directory = await Deno.open(this.directory);
      await directory.sync();
    } catch (cause) {
      await this.remove(jobId).catch(() => {/* What went wrong first is what counts; the next start tries again. */});
      const full = cause instanceof Error && /\(os error (28|122)\)/.test(cause.message);
      throw full
        ? new Problem("storage_full", "The disk is full: secret_env cannot be kept until the job starts.", { cause })
        : new Problem("storage_failed", "secret_env cannot be kept until the job starts.", { cause });
    }
  }

  async get(jobId: number): Promise<Record<string, string> | undefined> {
    try {
      return JSON.parse(await Deno.readTextFile(this.#path(jobId)));
    } catch (error) {
      if (error instanceof Deno.errors.NotFound) return undefined;
      throw error;
    }
  }

  async remove(jobId: number): Promise<void> {
    for (const path of [this.#path(jobId), `${this.#path(jobId)}.new`]) {
      await Deno.remove(path).catch((error) => {
        if (!(error instanceof Deno.errors.NotFound)) throw error;
      });
    }
  }

  async ids(): Promise<number[]> {
    const ids = new Set<number>();
    try {
      for await (const { name } of Deno.readDir(this.directory)) ids.add(Number.parseInt(name));
    } catch (error) {
      if (!(error instanceof Deno.errors.NotFound)) throw error;
    }
    return [...ids].filter(Number.isInteger);
  }

  #path(jobId: number): string {
    return join(this.directory, String(jobId));
  }
}
