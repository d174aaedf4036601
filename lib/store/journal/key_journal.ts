/**
 * Commits of one key each, done on the thread that answers requests: checked and numbered against what was there, put on
 * disk in the journal, and applied to the database afterwards.
 */

import type { Commit, CommitResult, Version } from "../../services/ports/store.ts";
import { rowDamaged } from "../errors.ts";
import { expected } from "../expected.ts";
import { HeldKey, type KeyCache } from "../key_cache.ts";
import type { Answer } from "../messages.ts";
import { GroupEncoder, identityNumber, MAX_CHANGES } from "./group.ts";
import type { Journal } from "./journal.ts";
import { Unapplied } from "./unapplied.ts";

/** A row of the database. */
export interface KeyRow {
  version: Version;
  expires: number | null;
  /** It is not as it was written. */
  damaged: boolean;
}

/** What is there of a key, `undefined` when not even a row that has expired. */
type Here = { version: Version; live: boolean; damaged: boolean } | undefined;

/** A group that has been written, and what becomes of it once it is on disk. */
export interface Written {
  answers: Answer[];
  /** The store's version after it; the same as before when it changes nothing and need not be synced. */
  version: Version;
}

export class KeyJournal {
  readonly unapplied = new Unapplied();
  readonly #encoder = new GroupEncoder();
  readonly #identity: number;
  #serial: number;
  /** The changes of the group that is being written, and the latest of each key. */
  #changes: HeldKey[] = [];
  readonly #latest = new Map<string, HeldKey>();
  /** Its answers, by the ids of the commits. */
  readonly #own = new Map<string, Answer>();
  #bytes: { group: Uint8Array; padded: Uint8Array } | undefined;

  /** `row` reads the database. */
  constructor(
    readonly journal: Journal,
    identity: string,
    serial: number,
    readonly cache: KeyCache,
    readonly row: (key: string) => KeyRow | undefined,
  ) {
    this.#identity = identityNumber(identity);
    this.#serial = serial;
  }

  /** Whether these can be done here, now: each puts or removes one key. */
  takes(commits: Commit[]): boolean {
    return commits.length <= MAX_CHANGES && this.unapplied.hasRoom && commits.every(isOfOneKey);
  }

  /**
   * Checks and numbers them, one after the other, from `version` on, and writes what they change. It has to be synced
   * then, and {@link settle}d, before anybody is answered. `known`: the answer to a commit that was done before. Throws when it could not be written or what is there could not
   * be read: nothing has changed then.
   */
  write(commits: Commit[], version: Version, known: (id: string) => CommitResult | undefined): Written {
    this.#encoder.begin();
    this.#changes = [];
    this.#latest.clear();
    this.#own.clear();
    this.#bytes = undefined;
    let next = version + 1;
    const answers: Answer[] = [];
    for (const commit of commits) {
      const answer = known(commit.id) ?? this.#own.get(commit.id) ?? this.#apply(commit, next);
      if (commits.length > 1) this.#own.set(commit.id, answer);
      next = version + 1 + this.#changes.length;
      answers.push(answer);
    }
    if (this.#changes.length === 0) return { answers, version };
    this.#bytes = this.#encoder.finish(version + 1, ++this.#serial, this.#identity);
    this.journal.write(this.#bytes.padded);
    return { answers, version: next - 1 };
  }

  /** What was written is on disk: readers see it from now on. */
  settle(): void {
    if (this.#bytes) this.unapplied.add(this.#changes, this.#bytes.group, this.#bytes.padded.length);
    this.#bytes = undefined;
  }

  /** The database has everything up to `version`. */
  applied(version: Version): void {
    this.unapplied.applied(version, (held) => this.cache.set(held));
  }

  /** One of the keys that are here or cached; undefined for one that only the database may know. */
  held(key: string): HeldKey | undefined {
    return this.unapplied.get(key) ?? this.cache.get(key);
  }

  close(): void {
    this.journal.close();
  }

  #apply(commit: Commit, version: Version): Answer {
    const { id: key, expect, value } = commit.changes[0] as OfOneKey;
    const here = this.#find(key, commit.at);
    if (here?.damaged && expect.is !== "any") {
      const { code, message } = rowDamaged("key", key);
      return { outcome: "refused", code, message };
    }
    const existed = here?.live ?? false;
    if (!expected(expect, existed ? here!.version : null)) {
      return { outcome: "conflict", conflicts: [{ index: 0, version: existed ? here!.version : null }] };
    }
    if (value === null && here === undefined) return committed(0, existed);
    const held = new HeldKey(key, version, value?.expires ?? null, value?.value ?? null);
    this.#changes.push(held);
    this.#latest.set(key, held);
    this.#encoder.add({ key, value: held.value, expires: held.expires, isNew: here === undefined });
    return committed(version, existed);
  }

  #find(key: string, at: number): Here {
    const held = this.#latest.get(key) ?? this.held(key);
    if (held !== undefined) {
      return held.value === null ? undefined : { version: held.version, live: held.isLive(at), damaged: false };
    }
    const row = this.row(key);
    if (row === undefined) return undefined;
    const { version, expires, damaged } = row;
    return { version, live: expires === null || expires > at, damaged };
  }
}

interface OfOneKey {
  id: string;
  expect: Commit["changes"][number]["expect"];
  value: { value: Uint8Array; expires: number | null } | null;
}

function isOfOneKey({ changes }: Commit): boolean {
  const change = changes[0]!;
  return changes.length === 1 && change.kind === "key" && change.value !== undefined &&
    PLAIN.test(change.id) && (change.value === null || change.value.value.length <= 1024);
}

/** The encoding has room for the keys of the contract and no others. */
const PLAIN = /^[A-Za-z0-9]{1,255}$/;

function committed(version: Version, existed: boolean): CommitResult {
  return { outcome: "committed", applied: [{ version, existed }] };
}
