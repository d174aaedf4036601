/**
 * Commits and answers as they go between the threads. Copying nested objects costs more than writing them to the
 * database does, so the most frequent kind, one change of one key each, travels as a few flat arrays.
 */

import type { Commit, CommitResult, Expect } from "../services/ports/store.ts";
import type { Answer, PackedAnswers, PackedCommits } from "./messages.ts";

const ANY: Expect = { is: "any" };

/** Undefined when one of them is of another kind. */
export function pack(commits: Commit[]): PackedCommits | undefined {
  const packed: PackedCommits = { ids: [], at: [], keys: [], expects: [], expires: [], lengths: [], values: NOTHING };
  let size = 0;
  for (const { id, at, changes } of commits) {
    const change = changes[0]!;
    if (changes.length !== 1 || change.kind !== "key" || change.value === undefined) return undefined;
    const length = change.value === null ? -1 : change.value.value.length;
    packed.ids.push(id);
    packed.at.push(at);
    packed.keys.push(change.id);
    packed.expects.push(change.expect.is === "any" ? 0 : change.expect);
    packed.expires.push(change.value === null ? null : change.value.expires);
    packed.lengths.push(length);
    if (length > 0) size += length;
  }
  packed.values = new Uint8Array(size);
  let offset = 0;
  for (const { changes } of commits) {
    const { value } = changes[0] as { value: { value: Uint8Array } | null };
    if (value === null) continue;
    packed.values.set(value.value, offset);
    offset += value.value.length;
  }
  return packed;
}
const NOTHING = new Uint8Array();

export function unpack({ ids, at, keys, expects, expires, lengths, values }: PackedCommits): Commit[] {
  let offset = 0;
  return ids.map((id, i) => {
    const key = keys[i]!;
    const length = lengths[i]!;
    const expect = expects[i] || ANY;
    if (length < 0) return { id, at: at[i]!, changes: [{ kind: "key", id: key, expect, value: null }] };
    const value = values.subarray(offset, offset += length);
    return { id, at: at[i]!, changes: [{ kind: "key", id: key, expect, value: { key, value, expires: expires[i]! } }] };
  });
}

/** Undefined when one of them says something else. */
export function packAnswers(answers: Answer[]): PackedAnswers | undefined {
  const packed: PackedAnswers = [];
  for (const answer of answers) {
    if (answer.outcome !== "committed" || answer.applied.length !== 1) return undefined;
    const { version, existed, sum } = answer.applied[0]!;
    // What changed nothing has version 0, of which there is no negative one.
    if (sum !== undefined || version === 0) return undefined;
    packed.push(existed ? version : -version);
  }
  return packed;
}

export function unpackAnswers(packed: PackedAnswers): CommitResult[] {
  return packed.map((version) => ({
    outcome: "committed",
    applied: [{ version: Math.abs(version), existed: version > 0 }],
  }));
}
