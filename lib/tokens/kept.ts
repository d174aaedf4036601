/** The tokens that are kept in the data directory, as a running server knows them. */

import { Buffer } from "node:buffer";
import { timingSafeEqual } from "node:crypto";
import type { Clock } from "../clock.ts";
import { isValid, type TokenRecord } from "./record.ts";
import { digestOf, idOf } from "./secret.ts";
import type { LastUses } from "./last_uses.ts";
import type { TokenFile } from "./token_file.ts";
import type { TokenOwner, Tokens } from "./tokens.ts";

/** How often the file is looked at, in milliseconds: a revoked token ends, with what it holds open, within that time. */
const LOOK_MS = 500;

interface Known {
  record: TokenRecord;
  ended: AbortController;
}

export class KeptTokens implements Tokens {
  #known = new Map<string, Known>();
  #stamp: string | undefined;
  #cancel: (() => void) | undefined;

  /** @throws {TokenFileError} when there is a file that cannot be read. */
  constructor(
    private readonly file: TokenFile,
    private readonly uses: LastUses,
    private readonly clock: Clock,
    private readonly onError: (message: string, error: unknown) => void,
  ) {
    this.#load();
    this.#look();
  }

  /** From the first token on, and also when all of them are revoked: a server is never opened by taking tokens away. */
  get required(): boolean {
    return this.#stamp !== undefined;
  }

  find(token: string): TokenOwner | undefined {
    const id = idOf(token);
    if (id === undefined) return undefined;
    const known = this.#known.get(id) ?? this.#justMade(id);
    const expected = known ? Buffer.from(known.record.hash, "hex") : new Uint8Array(32);
    const right = timingSafeEqual(expected, digestOf(token));
    return right ? this.#ownerOf(known) : undefined;
  }

  byId(id: string): TokenOwner | undefined {
    return this.#ownerOf(this.#known.get(id));
  }

  close(): void {
    this.#cancel?.();
    this.uses.save();
  }

  #ownerOf(known: Known | undefined): TokenOwner | undefined {
    const now = this.clock.now();
    if (!known || !isValid(known.record, now)) return undefined;
    const { id, name, scopes, bounds, rate } = known.record;
    this.uses.note(id, now);
    return { id, name, scopes, ...(bounds && { bounds }), ...(rate && { rate }), revoked: known.ended.signal };
  }

  /** Somebody may use a token in the moment in which it was made. */
  #justMade(id: string): Known | undefined {
    this.#refresh();
    return this.#known.get(id);
  }

  #look(): void {
    this.#cancel = this.clock.after(LOOK_MS, () => {
      this.#refresh();
      this.uses.saveNowAndThen(this.clock.now());
      this.#look();
    });
  }

  /** A file that cannot be read leaves what is known as it is: tokens that are good stay good. */
  #refresh(): void {
    try {
      if (this.file.stamp() !== this.#stamp) this.#load();
    } catch (error) {
      this.onError("The tokens could not be read again; those known before still count", error);
    }
    for (const { record, ended } of this.#known.values()) {
      if (!ended.signal.aborted && !isValid(record, this.clock.now())) ended.abort();
    }
  }

  #load(): void {
    const stamp = this.file.stamp();
    // Gone while the server runs: nobody is let in by that, and whoever was is not any more.
    const records = stamp === undefined ? [] : this.file.read();
    this.#stamp = stamp ?? this.#stamp;
    const before = this.#known;
    this.#known = new Map();
    for (const record of records) {
      this.#known.set(record.id, { record, ended: before.get(record.id)?.ended ?? new AbortController() });
      before.delete(record.id);
    }
    for (const { ended } of before.values()) ended.abort();
  }
}
