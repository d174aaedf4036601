/** Small durable facts (document 004): a value is on disk before its writer is told so. */

import type { Clock } from "../../clock.ts";
import { Problem } from "../../domain/errors.ts";
import type { KeyRecord } from "../../domain/key.ts";
import { commit } from "../commit.ts";
import type { Change, Conflict, Expect, Page, Store, Version, Versioned } from "../ports/store.ts";

export interface PutOptions {
  /** Seconds after which the key is gone. Default: never. */
  ttl?: number;
  /** What has to be there for the write to happen. Default: anything. */
  expect?: Expect;
}

export type BatchStep =
  | { step: "compare"; key: string; expect: Expect }
  | { step: "put"; key: string; value: Uint8Array; ttl?: number; expect?: Expect }
  | { step: "delete"; key: string; expect?: Expect };

/** A change of a key; `value` is null when it was removed. */
export interface KeyChange {
  key: string;
  version: Version;
  value: KeyRecord | null;
}

/** How far a follower got while nothing came that concerns it. */
export interface KeyPlace {
  version: Version;
  key?: undefined;
}

/** After so many changes of other things a follower is told where it stands. */
const PLACE_EVERY = 1000;
const ANY: Expect = { is: "any" };

export class Keys {
  constructor(private readonly store: Store, private readonly clock: Clock) {}

  /** The key's value and version; undefined when there is none. */
  get(key: string): Promise<Versioned<KeyRecord> | undefined> {
    return this.store.keys.get(key, this.clock.now());
  }

  /** The same, at once, with the value as text. */
  peek(key: string): { version: Version; text: string } | undefined {
    return this.store.peek(key, this.clock.now());
  }

  /**
   * Stores a value. It is on disk when this resolves.
   * @throws {Problem} `precondition_failed`, `storage_full`, `storage_failed`.
   */
  async put(key: string, value: Uint8Array, options: PutOptions = {}): Promise<{ version: Version; created: boolean }> {
    const outcome = await commit(this.store, this.clock, [this.#putting(key, value, options)]);
    if ("conflicts" in outcome) throw preconditionFailed(key, outcome.conflicts[0]!.version);
    const { version, existed } = outcome.applied[0]!;
    return { version, created: !existed };
  }

  /**
   * Removes a key. False when there was none.
   * @throws {Problem} `precondition_failed` when it is there and not as expected.
   */
  async remove(key: string, expect: Expect = ANY): Promise<boolean> {
    const outcome = await commit(this.store, this.clock, [
      { kind: "key", id: key, expect: expect.is === "any" ? { is: "present" } : expect, value: null },
    ]);
    if ("applied" in outcome) return outcome.applied[0]!.existed;
    const found = outcome.conflicts[0]!.version;
    if (found === null && expect.is === "any") return false;
    throw preconditionFailed(key, found);
  }

  /**
   * Adds a whole number to the one that the key holds; a key that is not there counts as 0. Its time to live stays.
   * `once` is a name by which a repetition is known: it changes nothing and gives the first answer.
   * @throws {Problem} `precondition_failed`, `not_a_number`, `out_of_range`, `idempotency_mismatch`.
   */
  async add(
    key: string,
    amount: number,
    { expect = ANY, once }: { expect?: Expect; once?: string } = {},
  ): Promise<{ sum: number; version: Version; created: boolean }> {
    const outcome = await commit(this.store, this.clock, [{ kind: "key", id: key, expect, add: { amount, once } }]);
    if ("conflicts" in outcome) throw unfit(key, outcome.conflicts[0]!);
    const { sum, version, existed } = outcome.applied[0]!;
    return { sum: sum!, version, created: !existed };
  }

  list(query: { prefix?: string; limit: number; cursor?: string }): Promise<Page<Versioned<KeyRecord>>> {
    return this.store.keys.list({ ...query, now: this.clock.now() });
  }

  count(): Promise<number> {
    return this.store.keys.count();
  }

  /**
   * Does all the steps or none. Answers, step by step, the version that was written (put), removed or found.
   * @throws {Problem} `precondition_failed`, naming every step that did not find what it expected by its pointer.
   */
  async batch(steps: BatchStep[]): Promise<{ version: Version; existed: boolean }[]> {
    const outcome = await commit(
      this.store,
      this.clock,
      steps.map((step): Change => {
        if (step.step === "put") return this.#putting(step.key, step.value, step);
        const check: Change = { kind: "key", id: step.key, expect: step.expect ?? ANY };
        return step.step === "compare" ? check : { ...check, value: null };
      }),
    );
    if ("applied" in outcome) return outcome.applied;
    throw new Problem("precondition_failed", "A step did not find what it expects; nothing was changed.", {
      errors: outcome.conflicts.map(({ index, version }) => ({
        pointer: `/steps/${index}`,
        detail: `${describe(steps[index]!.key, version)}`,
      })),
    });
  }

  /** The versions that {@link Keys.follow} may be asked for: from `oldest` to `newest`. */
  kept(): { oldest: Version; newest: Version } {
    return { oldest: this.store.oldest(), newest: this.store.version() };
  }

  /**
   * The changes of keys after a version, then those still to come, until the signal aborts. Among them now and then a
   * place, so that a follower of few keys can come back to where it was, and not to its last change long ago.
   * @throws {Problem} `changes_gone`.
   */
  async *follow(
    options: { prefix?: string; after: Version; signal: AbortSignal },
  ): AsyncIterable<KeyChange | KeyPlace> {
    const { after, signal, prefix = "" } = options;
    let told = after;
    for await (const entry of this.store.follow({ after, signal })) {
      const { version } = entry;
      const concerns = entry.kind === "key" && entry.id.startsWith(prefix);
      if (!concerns && version - told < PLACE_EVERY) continue;
      told = version;
      yield concerns ? { key: entry.id, version, value: entry.value } : { version };
    }
  }

  #putting(key: string, value: Uint8Array, { ttl, expect = ANY }: PutOptions): Change {
    const expires = ttl === undefined ? null : this.clock.now() + ttl * 1000;
    return { kind: "key", id: key, expect, value: { key, value, expires } };
  }
}

function preconditionFailed(key: string, version: Version | null): Problem {
  return new Problem(
    "precondition_failed",
    `${describe(key, version)}. Read it again and repeat the request with its ETag.`,
    { members: { version } },
  );
}

function unfit(key: string, { version, reason }: Conflict): Problem {
  switch (reason) {
    case "not_a_number":
      return new Problem("not_a_number", `Key ${key} holds no whole number to add to. Put one there first.`);
    case "out_of_range":
      return new Problem("out_of_range", `The sum would be beyond ±${Number.MAX_SAFE_INTEGER}; nothing was changed.`);
    case "used_otherwise":
      return new Problem(
        "idempotency_mismatch",
        "That Idempotency-Key was used for another key or amount. Use a new one.",
      );
    default:
      return preconditionFailed(key, version);
  }
}

function describe(key: string, version: Version | null): string {
  return version === null ? `There is no key ${key}` : `Key ${key} is at version ${version}`;
}
