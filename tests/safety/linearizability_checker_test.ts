import { equal, match, notEqual } from "node:assert/strict";
import { type Answer, type Operation, whyNot } from "./support/linearizability.ts";
import { seeded } from "./support/power_cut.ts";

/** `[called, answered]`, or `[called]` for what was never answered. */
type When = [number, number] | [number];
const op = ([called, answered]: When, call: Operation["call"], answer?: Answer): Operation => ({
  called,
  ...(answered !== undefined && { answered }),
  call,
  ...(answer && { answer }),
});
const put = (when: When, value: string, version?: number, created = false, expect?: "absent" | number) =>
  op(
    when,
    { kind: "put", value, ...(expect !== undefined && { expect }) },
    version === undefined ? undefined : { outcome: "put", version, created },
  );
const refused = (when: When, value: string, expect: "absent" | number) =>
  op(when, { kind: "put", value, expect }, { outcome: "refused" });
const get = (when: When, value: string, version: number) =>
  op(when, { kind: "get" }, { outcome: "found", value, version });
const nothing = (when: When) => op(when, { kind: "get" }, { outcome: "missing" });
const deleted = (when: When) => op(when, { kind: "delete" }, { outcome: "deleted" });
const before = (operation: Operation, deadline: number): Operation => ({ ...operation, deadline });

const right: Record<string, Operation[]> = {
  "one thing after the other": [
    nothing([0, 1]),
    put([2, 3], "a", 1, true),
    get([4, 5], "a", 1),
    deleted([6, 7]),
    nothing([8, 9]),
  ],
  "a read beside a write that sees it already": [put([0, 9], "a", 1, true), get([1, 2], "a", 1)],
  "a read beside a write that does not see it yet": [put([0, 9], "a", 1, true), nothing([1, 2])],
  "two writes at once, the later called first": [put([0, 9], "a", 2), put([1, 8], "b", 1, true), get([10, 11], "a", 2)],
  "a write without an answer that happened": [put([0], "a"), get([1, 2], "a", 7)],
  "a write without an answer that happened later": [put([0], "a"), nothing([1, 2]), get([3, 4], "a", 7)],
  "a write without an answer that did not happen": [put([0], "a"), nothing([1, 2]), put([3, 4], "b", 1, true)],
  "one of two conditional writes": [put([0, 1], "a", 1, true), put([2, 9], "b", 2, false, 1), refused([3, 8], "c", 1)],
  "a delete beside a write": [
    put([0, 1], "a", 1, true),
    deleted([2, 9]),
    put([3, 8], "b", 2, true),
    get([10, 11], "b", 2),
  ],
  "a condition on a version nobody was told of": [put([0], "a"), refused([1, 2], "b", "absent"), put([3, 4], "c", 9)],
};
for (const [what, history] of Object.entries(right)) {
  Deno.test(`the checker of linearizability takes ${what}`, () => equal(whyNot(history), undefined));
}

const wrong: Record<string, Operation[]> = {
  "a read of what was replaced": [put([0, 1], "a", 1, true), put([2, 3], "b", 2), get([4, 5], "a", 1)],
  "a read of nothing after a write": [put([0, 1], "a", 1, true), nothing([2, 3])],
  "a value from nowhere": [put([0, 1], "a", 1, true), get([2, 3], "b", 2)],
  "a write that was seen and then not": [put([0, 9], "a", 1, true), get([1, 2], "a", 1), nothing([3, 4])],
  "two conditional writes on one version": [
    put([0, 1], "a", 1, true),
    put([2, 9], "b", 2, false, 1),
    put([3, 8], "c", 3, false, 1),
  ],
  "two creations": [put([0, 9], "a", 1, true, "absent"), put([1, 8], "b", 2, true, "absent")],
  "a refusal without a reason": [put([0, 1], "a", 1, true), refused([2, 3], "b", 1)],
  "a value back from the dead": [put([0, 1], "a", 1, true), deleted([2, 3]), get([4, 5], "a", 1)],
  "an acknowledged write that a restart lost": [
    put([0, 1], "a", 1, true),
    put([2, 3], "b", 2),
    before(put([4], "c"), 6),
    get([7, 8], "a", 1),
  ],
  "a write without an answer that came and went": [
    put([0, 1], "a", 1, true),
    put([2], "b"),
    get([3, 4], "b", 2),
    get([5, 6], "a", 1),
  ],
  "a write that happened after its server was dead": [before(put([0], "a"), 2), nothing([3, 4]), get([5, 6], "a", 1)],
  "a version that fell": [put([0, 1], "a", 5, true), put([2, 3], "b", 4)],
  "a version given twice": [put([0, 1], "a", 5, true), put([2, 3], "b", 5)],
  "one value at two versions": [put([0, 1], "a", 5, true), get([2, 3], "a", 6)],
  "a creation of what is there": [put([0, 1], "a", 1, true), put([2, 3], "b", 2, true)],
};
for (const [what, history] of Object.entries(wrong)) {
  Deno.test(`the checker of linearizability does not take ${what}`, () => notEqual(whyNot(history), undefined));
}

Deno.test("the checker of linearizability agrees with trying every order, on thousands of small histories", () => {
  const random = seeded(7);
  const verdicts = { right: 0, wrong: 0 };
  for (let i = 0; i < 4000; i++) {
    const history = randomHistory(random);
    const expected = permutations(history).some((order) => isInTime(order) && explains(order));
    equal(whyNot(history) === undefined, expected, JSON.stringify(history));
    verdicts[expected ? "right" : "wrong"]++;
  }
  match(JSON.stringify(verdicts), /"right":\d{3,},"wrong":\d{3,}/);
});

/** Five answered operations whose answers are often right. */
function randomHistory(random: () => number): Operation[] {
  const moments = Array.from({ length: 10 }, (_, i) => i).sort(() => random() - 0.5);
  const dice = (n: number) => Math.floor(random() * n);
  return Array.from({ length: 5 }, (_, i) => {
    const [a, b] = [moments[2 * i]!, moments[2 * i + 1]!];
    const when: When = [Math.min(a, b), Math.max(a, b)];
    const version = 1 + dice(3);
    switch (dice(5)) {
      case 0:
        return nothing(when);
      case 1:
        return get(when, `v${version}`, version);
      case 2:
        return deleted(when);
      case 3:
        return refused(when, `r${i}`, version);
      default:
        return put(when, `v${i}`, i + 1, random() < 0.5, random() < 0.3 ? version : undefined);
    }
  });
}

function permutations<T>(items: T[]): T[][] {
  if (items.length === 0) return [[]];
  return items.flatMap((item, i) => permutations(items.toSpliced(i, 1)).map((rest) => [item, ...rest]));
}

function isInTime(order: Operation[]): boolean {
  return order.every((operation, i) => order.slice(i + 1).every(({ answered }) => answered! > operation.called));
}

/** Plays the operations in this order on a key of our own; whether each would have been answered like that. */
function explains(order: Operation[]): boolean {
  let now: { value: string; version: number } | undefined;
  let highest = 0;
  const versions = new Map<string, number>();
  for (const { call, answer } of order) {
    if (answer!.outcome === "put" && call.kind === "put") versions.set(call.value, answer!.version);
  }
  for (const { call, answer } of order) {
    let said: Answer;
    const expect = call.kind === "get" ? undefined : call.expect;
    if (call.kind === "get") said = now ? { outcome: "found", ...now } : { outcome: "missing" };
    else if (expect !== undefined && (expect === "absent" ? now : now?.version !== expect)) {
      said = { outcome: "refused" };
    } else if (call.kind === "delete") {
      said = { outcome: now ? "deleted" : "missing" };
      now = undefined;
    } else {
      const version = versions.get(call.value);
      if (version === undefined || version <= highest) return false;
      said = { outcome: "put", version, created: now === undefined };
      now = { value: call.value, version: highest = version };
    }
    const same = said.outcome === answer!.outcome &&
      (said.outcome !== "found" ||
        (answer as typeof said).value === said.value && (answer as typeof said).version === said.version) &&
      (said.outcome !== "put" || (answer as typeof said).created === said.created);
    if (!same) return false;
  }
  return true;
}
