import { deepEqual, equal, rejects } from "node:assert/strict";
import { Problem } from "../../../lib/domain/errors.ts";
import { commit } from "../../../lib/services/commit.ts";
import type { Change, Commit, CommitResult } from "../../../lib/services/ports/store.ts";
import { FakeClock } from "../../helpers/fake_clock.ts";
import { MemoryStore } from "../../helpers/memory_store.ts";

const CHANGE: Change = {
  kind: "key",
  id: "a",
  expect: { is: "absent" },
  value: { key: "a", value: new Uint8Array(), expires: null },
};

/** A store that commits, but keeps its first answers to itself; or dies, when it does not `survive` that. */
class Doubtful extends MemoryStore {
  readonly ids: string[] = [];

  constructor(public silent: number, readonly survives = true) {
    super();
  }

  override async commit(commit: Commit): Promise<CommitResult> {
    if (this.ids.length > 0 && !this.survives) throw new Problem("storage_failed", "It is dead.");
    this.ids.push(commit.id);
    const result = await super.commit(commit);
    return this.silent-- > 0 ? { outcome: "unknown", reason: "the line went dead" } : result;
  }
}

Deno.test("a commit whose answer was lost is repeated by the same id, and happens once", async () => {
  const store = new Doubtful(2);
  const outcome = await commit(store, new FakeClock(), [CHANGE]);
  deepEqual(outcome, { applied: [{ version: 1, existed: false }] });
  equal(store.ids.length, 3);
  equal(new Set(store.ids).size, 1);
});

Deno.test("a commit that gets no answer at all is a storage failure that says that nobody knows", async () => {
  const unknown = {
    code: "storage_failed",
    message: /^Nobody knows whether the change was made: the line went dead\./,
  };
  await rejects(commit(new Doubtful(3), new FakeClock(), [CHANGE]), unknown);
  await rejects(commit(new Doubtful(1, false), new FakeClock(), [CHANGE]), unknown);
});

Deno.test("commits have ids of their own", async () => {
  const store = new Doubtful(0);
  for (let i = 0; i < 3; i++) await commit(store, new FakeClock(), [{ ...CHANGE, expect: { is: "any" } }]);
  equal(new Set(store.ids).size, 3);
});
