/** `audit.log` in the data directory: who asked for what, and how it ended. One JSON object a line. */

import { recentLines } from "./recent_lines.ts";
import { RotatingFile } from "./rotating_file.ts";

const MAX_BYTES = 10 * 1024 * 1024;
const FILES = 10;

/** Never a secret and never a body. */
export interface AuditEntry {
  /** RFC 3339. */
  time: string;
  request_id: string;
  /** Name of the token; null for somebody who showed none that is known. */
  token: string | null;
  token_id: string | null;
  /** Where the request came from. */
  address: string;
  /** The operation's name in the contract; the method where there is no such operation. */
  action: string;
  /** What it was done to: an id, a name or a key; null where the path names nothing. */
  object: string | null;
  /** The HTTP status of the answer. */
  status: number;
}

/** Milliseconds that a line may wait for others to be written with, and how many do not wait any longer. */
const GATHER = 20;
const MANY = 256;

export class AuditLog {
  readonly #file: RotatingFile;
  readonly #path: string;
  #lines: string[] = [];
  #flush: ReturnType<typeof setTimeout> | undefined;

  /** @throws {Error} of the file system. */
  constructor(directory: string, private readonly onError: (message: string, error: unknown) => void) {
    this.#path = `${directory}/audit.log`;
    this.#file = new RotatingFile(this.#path, { maxBytes: MAX_BYTES, files: FILES });
  }

  /** Goes out with what else comes at about the same time: one write for all of them. */
  write(entry: AuditEntry): void {
    this.#lines.push(lineOf(entry));
    if (this.#lines.length >= MANY) this.flush();
    else this.#flush ??= setTimeout(() => this.flush(), GATHER);
  }

  flush(): void {
    clearTimeout(this.#flush);
    this.#flush = undefined;
    const lines = this.#lines;
    if (lines.length === 0) return;
    this.#lines = [];
    try {
      this.#file.writeLine(lines.join("\n"));
    } catch (error) {
      this.onError(`${lines.length} lines of audit.log could not be written`, error);
    }
  }

  /** The newest entries, newest first, at most `limit`; only those older than the entry of request `before`. */
  recent(limit: number, before?: string): AuditEntry[] {
    this.flush();
    const found: AuditEntry[] = [];
    let skipping = before !== undefined;
    for (const entry of recentLines<AuditEntry>(this.#path, FILES)) {
      if (found.length >= limit) break;
      if (!skipping) found.push(entry);
      else if (entry.request_id === before) skipping = false;
    }
    return found;
  }

  close(): void {
    this.flush();
    this.#file.close();
  }
}

/** What stands in JSON as it is. */
const PLAIN = /^[\w .:/{}@+-]*$/;

/** The entry as JSON, by hand: every change of a key comes by here, and most of what it says needs no escaping. */
function lineOf({ time, request_id, token, token_id, address, action, object, status }: AuditEntry): string {
  return `{"time":"${time}","request_id":"${request_id}","token":${quoted(token)},` +
    `"token_id":${quoted(token_id)},"address":${quoted(address)},"action":${quoted(action)},` +
    `"object":${quoted(object)},"status":${status}}`;
}

function quoted(text: string | null): string {
  if (text === null) return "null";
  return PLAIN.test(text) ? `"${text}"` : JSON.stringify(text);
}
