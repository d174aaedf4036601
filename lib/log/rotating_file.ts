/** A file of lines that is moved aside when it has grown too large: `error.log`, `error.log.1`, … */

import { closeSync, existsSync, fstatSync, openSync, renameSync, rmSync, writeSync } from "node:fs";

export interface RotationOptions {
  /** Size in bytes above which a new file is begun. */
  maxBytes: number;
  /** How many files there are at most, the current one included. */
  files: number;
}

/**
 * Writes are synchronous: what is written about a crash has to be there after it. Created 0600.
 * @throws {Error} of the file system when the file cannot be opened.
 */
export class RotatingFile {
  #fd: number;
  #size: number;

  constructor(readonly path: string, readonly options: RotationOptions) {
    this.#fd = openSync(path, "a", 0o600);
    this.#size = fstatSync(this.#fd).size;
  }

  /** @throws {Error} of the file system, for instance when the disk is full. */
  writeLine(line: string): void {
    const bytes = new TextEncoder().encode(`${line}\n`);
    if (this.#size > 0 && this.#size + bytes.length > this.options.maxBytes) this.#rotate();
    for (let done = 0; done < bytes.length;) done += writeSync(this.#fd, bytes, done);
    this.#size += bytes.length;
  }

  close(): void {
    closeSync(this.#fd);
  }

  #rotate(): void {
    const nth = (n: number) => n === 0 ? this.path : `${this.path}.${n}`;
    const last = this.options.files - 1;
    rmSync(nth(last), { force: true });
    for (let n = last - 1; n >= 0; n--) {
      if (existsSync(nth(n))) renameSync(nth(n), nth(n + 1));
    }
    // Opened before the old one is let go, so that a failure leaves something to write to.
    const fd = openSync(this.path, "a", 0o600);
    closeSync(this.#fd);
    this.#fd = fd;
    this.#size = fstatSync(fd).size;
  }
}
