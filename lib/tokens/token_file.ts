/**
 * The tokens of a data directory, in a file of its own: a running server reads it, and the command line writes it beside
 * that server, or without one.
 */

import { join } from "node:path";
import { parseRecords, type TokenRecord } from "./record.ts";

const NAME = "tokens.json";

export class TokenFileError extends Error {
  override readonly name = "TokenFileError";
}

export class TokenFile {
  readonly path: string;

  constructor(readonly directory: string) {
    this.path = join(directory, NAME);
  }

  /** Also false where the directory is none, or not ours: what is wrong with it is said when it is used. */
  exists(): boolean {
    try {
      return this.stamp() !== undefined;
    } catch {
      return false;
    }
  }

  /** Changes whenever the file does; undefined when there is none. */
  stamp(): string | undefined {
    try {
      const { mtime, size, ino } = Deno.statSync(this.path);
      return `${mtime?.getTime()} ${size} ${ino}`;
    } catch (error) {
      if (error instanceof Deno.errors.NotFound) return undefined;
      throw error;
    }
  }

  /** @throws {TokenFileError} when it cannot be made sense of: nobody is let in by half of a list. */
  read(): TokenRecord[] {
    try {
      return parseRecords(Deno.readTextFileSync(this.path));
    } catch (error) {
      if (error instanceof Deno.errors.NotFound) return [];
      throw new TokenFileError(`${this.path} cannot be used: ${(error as Error).message}`);
    }
  }

  /**
   * Changes the list, one writer at a time, and puts it on disk whole or not at all.
   * @throws {TokenFileError}
   */
  update<T>(change: (records: TokenRecord[]) => { records: TokenRecord[]; answer: T }): T {
    using lock = Deno.openSync(`${this.path}.lock`, { write: true, create: true, mode: 0o600 });
    lock.lockSync(true);
    const { records, answer } = change(this.read());
    const next = `${this.path}.new`;
    {
      using file = Deno.openSync(next, { write: true, create: true, truncate: true, mode: 0o600 });
      writeWhole(file, new TextEncoder().encode(`${JSON.stringify({ tokens: records }, null, 2)}\n`));
      file.syncSync();
    }
    Deno.renameSync(next, this.path);
    using directory = Deno.openSync(this.directory);
    directory.syncSync();
    return answer;
  }
}

function writeWhole(file: Deno.FsFile, bytes: Uint8Array): void {
  for (let written = 0; written < bytes.length;) written += file.writeSync(bytes.subarray(written));
}
