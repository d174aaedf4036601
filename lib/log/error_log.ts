/** `error.log` in the data directory: every answer of 5xx and every internal error, one JSON object a line. */

import type { LogRecord } from "@logtape/logtape";
import { jsonLine } from "./format.ts";
import { recentLines } from "./recent_lines.ts";
import { RotatingFile } from "./rotating_file.ts";

const MAX_BYTES = 10 * 1024 * 1024;
const FILES = 5;

/** Those that are open: a process may serve several data directories, as tests do. */
const open = new Set<ErrorLog>();

/** A line of the log: these, and what else is known. */
export interface ErrorEntry {
  /** RFC 3339. */
  time: string;
  message: string;
  /** Of the request that brought it about. */
  request_id?: string;
  [fact: string]: unknown;
}

export class ErrorLog {
  readonly #path: string;
  readonly #file: RotatingFile;

  private constructor(directory: string) {
    this.#path = `${directory}/error.log`;
    this.#file = new RotatingFile(this.#path, { maxBytes: MAX_BYTES, files: FILES });
  }

  /**
   * Opens the log, creating it if need be. Until it is closed it also takes what is logged as an error anywhere.
   * @throws {Error} of the file system.
   */
  static open(directory: string): ErrorLog {
    const log = new ErrorLog(directory);
    open.add(log);
    return log;
  }

  /** Never throws: where it cannot be written (a full disk), the line goes to standard error. */
  write(facts: Record<string, unknown>): void {
    this.#line(JSON.stringify({ time: new Date().toISOString(), ...facts }));
  }

  /** The newest entries, newest first, at most `limit`. */
  recent(limit: number): ErrorEntry[] {
    const found: ErrorEntry[] = [];
    if (limit <= 0) return found;
    for (const entry of recentLines<ErrorEntry>(this.#path, FILES)) if (found.push(entry) >= limit) break;
    return found;
  }

  close(): void {
    if (open.delete(this)) this.#file.close();
  }

  /** Takes a record of an error into every log that is open. */
  static take(record: LogRecord): void {
    for (const log of open) log.#line(jsonLine(record));
  }

  #line(line: string): void {
    try {
      this.#file.writeLine(line);
    } catch (error) {
      console.error(`error.log cannot be written (${(error as Error).message}): ${line}`);
    }
  }
}
