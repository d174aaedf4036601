import { deepEqual, equal } from "node:assert/strict";
import type { Commit } from "../../../lib/services/ports/store.ts";
import type { Answer } from "../../../lib/store/messages.ts";
import { pack, packAnswers, unpack, unpackAnswers } from "../../../lib/store/packing.ts";

const bytes = (text: string) => new TextEncoder().encode(text);

Deno.test("commits of one key each come out as they went in", () => {
  const commits: Commit[] = [
    {
      id: "1",
      at: 5,
      changes: [{
        kind: "key",
        id: "a",
        expect: { is: "any" },
        value: { key: "a", value: bytes("привет"), expires: 7 },
      }],
    },
    { id: "2", at: 6, changes: [{ kind: "key", id: "b", expect: { is: "present" }, value: null }] },
    {
      id: "3",
      at: 7,
      changes: [{
        kind: "key",
        id: "c",
        expect: { is: "version", oneOf: [3, 4] },
        value: { key: "c", value: bytes(""), expires: null },
      }],
    },
    {
      id: "4",
      at: 8,
      changes: [{
        kind: "key",
        id: "d",
        expect: { is: "absent" },
        value: { key: "d", value: bytes("x"), expires: null },
      }],
    },
  ];
  deepEqual(unpack(structuredClone(pack(commits)!)), commits);
});

Deno.test("whatever else is in a group keeps it from being packed", () => {
  const expect = { is: "any" } as const;
  const others: Commit["changes"][] = [
    [{ kind: "key", id: "a", expect }],
    [{ kind: "key", id: "a", expect, add: { amount: 1 } }],
    [{ kind: "worker", id: "a", expect, value: null }],
    [{ kind: "key", id: "a", expect, value: null }, { kind: "key", id: "b", expect, value: null }],
  ];
  const plain: Commit = { id: "1", at: 0, changes: [{ kind: "key", id: "a", expect, value: null }] };
  for (const changes of others) equal(pack([plain, { id: "2", at: 0, changes }]), undefined);
});

Deno.test("answers that all say committed come out as they went in, and no others are packed", () => {
  const committed: Answer[] = [
    { outcome: "committed", applied: [{ version: 4, existed: true }] },
    { outcome: "committed", applied: [{ version: 5, existed: false }] },
  ];
  deepEqual(unpackAnswers(packAnswers(committed)!), committed);
  const others: Answer[] = [
    { outcome: "conflict", conflicts: [] },
    { outcome: "unknown", reason: "x" },
    { outcome: "refused", code: "storage_full", message: "x" },
    { outcome: "committed", applied: [] },
    { outcome: "committed", applied: [{ version: 0, existed: false }] },
    { outcome: "committed", applied: [{ version: 6, existed: true, sum: 1 }] },
  ];
  for (const other of others) equal(packAnswers([...committed, other]), undefined);
});
