/**
 * The changes of the whole service for any number of viewers: those at the head share one follower of the store's feed,
 * those behind it read on their own until they have caught up. A viewer's memory is the entry that it has been given; one
 * that is behind has besides a page of the feed (256 entries or about 1 MiB), which those at the same place share.
 */

import { Bell } from "../bell.ts";
import type { HoldChange } from "../requests/held_requests.ts";
import { queueOf } from "../../domain/job.ts";
import type { FeedEntry, Store, Version } from "../ports/store.ts";

/** What came lately, kept for viewers that are a little slower: so many entries, or bytes. */
const KEEP = { entries: 1024, bytes: 1024 * 1024 };
/** The same for held requests, which no feed keeps. */
const KEEP_HOLDS = 1024;

/** How changes look to viewers; each is made once. */
export interface Shape {
  change(entry: FeedEntry): Uint8Array;
  hold(change: HoldChange): Uint8Array;
  /** All requests that are held now. */
  holds(): Uint8Array;
}

export interface ChangeView {
  /** Everything later is given. */
  after: Version;
  /** Which entries are wanted. */
  wants(entry: EntryFacts): boolean;
  /** Whether held requests are: first all of them, then each that begins or ends. */
  holds: boolean;
  /** Hears of every place that the viewer has come to, also of entries that it does not want. */
  onPlace(version: Version): void;
  signal: AbortSignal;
}

/** What is kept of an entry besides how it looks, to tell who may see it. */
export interface EntryFacts {
  kind: FeedEntry["kind"];
  id: FeedEntry["id"];
  /** Of a job; not there when it was removed. */
  job?: { queue: string | null; labels?: Record<string, string> };
  /** Of a worker that runs, or ran, a job. */
  worksFor?: number;
}

function factsOf(entry: FeedEntry): EntryFacts {
  const { kind, id, value } = entry;
  if (kind === "job" && value) return { kind, id, job: { queue: queueOf(value), labels: value.spec.labels } };
  if (kind === "worker" && value?.jobId != null) return { kind, id, worksFor: value.jobId };
  return { kind, id };
}

interface Kept extends EntryFacts {
  version: Version;
  bytes: Uint8Array;
}

export class ChangeHub {
  readonly #bell: Bell;
  #kept: Kept[] = [];
  #keptBytes = 0;
  #head: Version = 0;
  #viewers = 0;
  #following: AbortController | undefined;
  #failure: { error: unknown } | undefined;
  /** The latest changes of held requests, and the number of the first of them since the start. */
  #holds: Uint8Array[] = [];
  #firstHold = 0;

  constructor(
    private readonly store: Pick<Store, "follow" | "version">,
    private readonly shape: Shape,
    turn: () => Promise<void>,
  ) {
    this.#bell = new Bell(turn);
  }

  get figures(): { viewers: number; following: boolean; kept: number } {
    return { viewers: this.#viewers, following: this.#following !== undefined, kept: this.#kept.length };
  }

  /** To be told of every change of a held request. */
  held(change: HoldChange): void {
    if (this.#viewers === 0) return;
    this.#holds.push(this.shape.hold(change));
    if (this.#holds.length > KEEP_HOLDS) {
      this.#holds.shift();
      this.#firstHold++;
    }
    this.#bell.ring();
  }

  /**
   * The changes as bytes, until the signal aborts.
   * @throws {Problem} `changes_gone` when the viewer was slower than the feed is kept.
   */
  async *view({ after, wants, holds, onPlace, signal }: ChangeView): AsyncGenerator<Uint8Array> {
    this.#enter();
    try {
      let at = after;
      let hold = -1;
      while (!signal.aborted) {
        const { revision } = this.#bell;
        if (holds && hold < this.#firstHold) {
          hold = this.#firstHold + this.#holds.length;
          yield this.shape.holds();
        }
        for (; holds && hold >= this.#firstHold && hold < this.#firstHold + this.#holds.length;) {
          yield this.#holds[hold++ - this.#firstHold]!;
        }
        if (this.#failure) throw this.#failure.error;
        if (at < this.#oldest - 1) {
          for await (const bytes of this.#catchUp(at, wants, (version) => onPlace(at = version), signal)) yield bytes;
          continue;
        }
        for (let next; (next = this.#kept[at + 1 - this.#oldest]) && !signal.aborted;) {
          onPlace(at = next.version);
          if (wants(next)) yield next.bytes;
        }
        if (at >= this.#head) await this.#bell.news(revision, signal);
      }
    } finally {
      this.#leave();
    }
  }

  /** The version of the first entry that is kept, or of the next one to come. */
  get #oldest(): Version {
    return this.#kept[0]?.version ?? this.#head + 1;
  }

  async *#catchUp(
    after: Version,
    wants: ChangeView["wants"],
    onPlace: ChangeView["onPlace"],
    signal: AbortSignal,
  ): AsyncGenerator<Uint8Array> {
    for await (const entry of this.store.follow({ after, signal })) {
      onPlace(entry.version);
      if (wants(factsOf(entry))) yield this.shape.change(entry);
      if (entry.version >= this.#oldest - 1) return;
    }
  }

  #enter(): void {
    if (this.#viewers++ > 0) return;
    this.#head = this.store.version();
    this.#failure = undefined;
    this.#following = new AbortController();
    this.#follow(this.#following.signal);
  }

  #leave(): void {
    if (--this.#viewers > 0) return;
    this.#following?.abort();
    this.#following = undefined;
    this.#kept = [];
    this.#keptBytes = 0;
    this.#firstHold += this.#holds.length;
    this.#holds = [];
  }

  async #follow(signal: AbortSignal): Promise<void> {
    try {
      for await (const entry of this.store.follow({ after: this.#head, signal })) {
        if (signal.aborted) return;
        this.#keep(entry);
        this.#bell.ring();
      }
    } catch (error) {
      this.#failure = { error };
      this.#bell.ring();
    }
  }

  #keep(entry: FeedEntry): void {
    const bytes = this.shape.change(entry);
    this.#head = entry.version;
    this.#kept.push({ ...factsOf(entry), version: entry.version, bytes });
    this.#keptBytes += bytes.length;
    while (this.#kept.length > 1 && (this.#kept.length > KEEP.entries || this.#keptBytes > KEEP.bytes)) {
      this.#keptBytes -= this.#kept.shift()!.bytes.length;
    }
  }
}
