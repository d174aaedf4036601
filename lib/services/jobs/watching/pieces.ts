/** Pieces of outputs that many viewers share: each is made once, and kept for a while for whoever comes for it next. */

export interface Made {
  bytes: Uint8Array<ArrayBuffer>;
  /** Where the next piece begins, in bytes of the output. */
  end: number;
}

/** A piece that one viewer has. Its memory may be given back when nobody has it. */
export interface Piece extends Made {
  /** To be called once. */
  release(): void;
}

interface Entry {
  key: string;
  made: Promise<Made | undefined>;
  holders: number;
  /** Known once it is made. */
  size: number;
}

export class Pieces {
  readonly #entries = new Map<string, Entry>();
  /** Those that nobody has, the one that was let go first at the front. */
  readonly #idle = new Set<Entry>();
  #idleBytes = 0;

  /** `keep`: how many bytes of pieces that nobody has are kept. */
  constructor(readonly keep: number) {}

  /** How many pieces there are, and how many bytes are kept in those that nobody has. */
  get figures(): { pieces: number; idleBytes: number } {
    return { pieces: this.#entries.size, idleBytes: this.#idleBytes };
  }

  /** The piece of that name; `make` makes it if it is not there. What comes to nothing is not kept. */
  async take(key: string, make: () => Promise<Made | undefined>): Promise<Piece | undefined> {
    const entry = this.#entries.get(key) ?? this.#add(key, make);
    if (entry.holders++ === 0 && this.#idle.delete(entry)) this.#idleBytes -= entry.size;
    let made: Made | undefined;
    try {
      made = await entry.made;
    } catch (error) {
      this.#forget(entry);
      throw error;
    }
    if (!made) {
      this.#forget(entry);
      return undefined;
    }
    entry.size = made.bytes.byteLength;
    return { ...made, release: () => this.#release(entry, made) };
  }

  #add(key: string, make: () => Promise<Made | undefined>): Entry {
    const entry: Entry = { key, made: make(), holders: 0, size: 0 };
    this.#entries.set(key, entry);
    return entry;
  }

  #forget(entry: Entry): void {
    if (this.#entries.get(entry.key) === entry) this.#entries.delete(entry.key);
  }

  #release(entry: Entry, made: Made): void {
    if (--entry.holders > 0) return;
    this.#idle.add(entry);
    this.#idleBytes += made.bytes.byteLength;
    for (const oldest of this.#idle) {
      if (this.#idleBytes <= this.keep) break;
      this.#idle.delete(oldest);
      this.#entries.delete(oldest.key);
      this.#idleBytes -= oldest.size;
      // Left to the garbage collector, which does not see what they weigh, pieces outgrow the memory. What the network
      // still sends it has its own hold of.
      oldest.made.then((made) => made?.bytes.buffer.transfer(0));
    }
  }
}
