/**
 * Whether what clients saw of one key could have come from a key that does one thing at a time, each at some moment
 * between its call and its answer (Herlihy and Wing, 1990). The search is Wing and Gong's with Lowe's memory of what
 * was tried. Histories of several keys are checked key by key: linearizability is a local property.
 */

/** A call that was answered, or never was. Moments are any numbers that rise. */
export interface Operation {
  called: number;
  /** Not there for a call that was not answered: it may have happened or not. */
  answered?: number;
  /** Of a call without an answer: it cannot have happened later than that (its server was dead). */
  deadline?: number;
  /** Values that are put are all different. */
  call:
    | { kind: "get" }
    | { kind: "put"; value: string; expect?: Expectation }
    | { kind: "delete"; expect?: Expectation };
  answer?: Answer;
}

/** `absent`: the key must not be there. A number: it has to be at that version. */
export type Expectation = "absent" | number;

export type Answer =
  /** `version`: not there when nothing is. */
  | { outcome: "found"; value: string; version: number }
  | { outcome: "missing" }
  | { outcome: "put"; version: number; created: boolean }
  | { outcome: "deleted" }
  | { outcome: "refused" };

/** The key between two operations; `highest`: the highest version that it ever had, as far as known. */
interface State {
  value: string | null;
  highest: number;
}

/** Undefined when the history is linearizable, otherwise what stands in the way, in words. */
export function whyNot(history: Operation[]): string | undefined {
  const versions = new Map<string, number>();
  for (const { call, answer } of history) {
    const seen: [string, number] | undefined = answer?.outcome === "found"
      ? [answer.value, answer.version]
      : answer?.outcome === "put" && call.kind === "put"
      ? [call.value, answer.version]
      : undefined;
    if (!seen) continue;
    const before = versions.get(seen[0]);
    if (before !== undefined && before !== seen[1]) return `${seen[0]} was seen at versions ${before} and ${seen[1]}`;
    versions.set(...seen);
  }
  return new Search(history, versions).run();
}

class Search {
  readonly #operations: Operation[];
  readonly #done: boolean[];
  readonly #tried = new Set<string>();
  /** The longest way that was found, for the message. */
  #furthest = 0;
  #stuckAt = "";

  constructor(history: Operation[], readonly versions: Map<string, number>) {
    this.#operations = history.toSorted((a, b) => a.called - b.called);
    this.#done = this.#operations.map(() => false);
  }

  run(): string | undefined {
    if (this.#from({ value: null, highest: 0 }, 0, -Infinity)) return undefined;
    return `no order explains it beyond ${this.#furthest} of ${this.#operations.length} operations: ${this.#stuckAt}`;
  }

  /** `latest`: the latest call among those that were put in order. */
  #from(state: State, count: number, latest: number): boolean {
    const limit = this.#firstAnswer();
    if (limit === Infinity) return true;
    if (!this.#isNew(state)) return false;
    for (let i = 0; i < this.#operations.length && this.#operations[i]!.called < limit; i++) {
      const operation = this.#operations[i]!;
      if (this.#done[i] || latest > (operation.deadline ?? Infinity)) continue;
      const next = step(state, operation, this.versions);
      if (!next) continue;
      this.#done[i] = true;
      if (this.#from(next, count + 1, Math.max(latest, operation.called))) return true;
      this.#done[i] = false;
    }
    if (count >= this.#furthest) {
      this.#furthest = count;
      const waiting = this.#operations.filter((operation, i) => !this.#done[i] && operation.called < limit);
      this.#stuckAt = `from ${JSON.stringify(state)} to any of ${JSON.stringify(waiting.slice(0, 5))}`;
    }
    return false;
  }

  /** What is answered first of what has not been put in order has to go before everything that was called after that. */
  #firstAnswer(): number {
    let first = Infinity;
    this.#operations.forEach(({ answered }, i) => {
      if (!this.#done[i] && answered !== undefined && answered < first) first = answered;
    });
    return first;
  }

  #isNew({ value, highest }: State): boolean {
    const begun = this.#done.indexOf(false);
    const key = `${begun} ${this.#done.slice(begun).map(Number).join("").replace(/0+$/, "")} ${value} ${highest}`;
    if (this.#tried.has(key)) return false;
    this.#tried.add(key);
    return true;
  }
}

/** The key after an operation; undefined when it would have been answered otherwise. */
function step(state: State, { call, answer }: Operation, versions: Map<string, number>): State | undefined {
  const at = state.value === null ? null : versions.get(state.value);
  if (call.kind === "get") {
    // One without an answer tells nothing.
    if (!answer || (answer.outcome === "missing" && state.value === null)) return state;
    return answer.outcome === "found" && answer.value === state.value ? state : undefined;
  }
  const met = call.expect === undefined || (call.expect === "absent" ? state.value === null : call.expect === at);
  // RFC 9110, section 13.2.1: what would be 404 without its condition is so with it.
  const missing = call.kind === "delete" && state.value === null && answer?.outcome === "missing";
  if (!met) return !answer || missing || answer.outcome === "refused" ? state : undefined;
  if (call.kind === "delete") {
    const outcome = state.value === null ? "missing" : "deleted";
    return !answer || answer.outcome === outcome ? { ...state, value: null } : undefined;
  }
  if (answer && (answer.outcome !== "put" || answer.created !== (state.value === null))) return undefined;
  // Nobody ever saw what was written without an answer: its version is not known either.
  const version = versions.get(call.value) ?? state.highest;
  if (versions.has(call.value) && version <= state.highest) return undefined;
  return { value: call.value, highest: version };
}
