/** A run that was begun, as the services hold it. */

import type { Signal } from "../domain/signal.ts";
import type { Usage } from "../domain/usage.ts";
import type { OutputName, RunEnd, RunHandle, RunRequest, SignalTarget } from "../services/ports/processes.ts";
import { type FoundRecord, readRecord } from "./claim.ts";
import { endOf, type Identity } from "./record.ts";
import { type ProcessTree, processTree } from "./tree.ts";

export class Run implements RunHandle {
  readonly jobId: number;
  readonly ended: Promise<RunEnd>;
  usage: Usage | null = null;
  readonly #settle: (end: RunEnd) => void;
  readonly #tree: ProcessTree;
  #settled = false;
  #spare: ((output: OutputName) => void) | undefined;
  #touched = false;

  constructor(
    readonly request: RunRequest,
    readonly recordPath: string,
    readonly identity: Identity,
    readonly started: number,
  ) {
    this.jobId = request.jobId;
    const { promise, resolve } = Promise.withResolvers<RunEnd>();
    this.ended = promise;
    this.#settle = resolve;
    this.#tree = processTree(identity, request.cookie);
  }

  get pid(): number {
    return this.identity.pid;
  }

  get settled(): boolean {
    return this.#settled;
  }

  /** Whether anything was done to its processes. */
  get touched(): boolean {
    return this.#touched;
  }

  /** Its control group is about to be another job's. */
  leaveGroup(): void {
    delete this.identity.group;
  }

  /** Nobody is left of it: `spare` takes a file that it has no use for any more. */
  leaveFiles(spare: (output: OutputName) => void): void {
    this.#spare = spare;
  }

  giveUp(outputs: OutputName[]): void {
    const spare = this.#spare;
    // Once only: the file is another's afterwards.
    this.#spare = undefined;
    if (spare) outputs.forEach(spare);
  }

  settle(end: RunEnd): void {
    this.#settled = true;
    this.#settle(end);
  }

  /** Takes in the end if it is written down. */
  async readEnd(found?: FoundRecord): Promise<boolean> {
    if (this.#settled) return true;
    const { record, changed } = found ?? await readRecord(this.recordPath);
    // File times come from a clock that lags by some milliseconds.
    const end = endOf(record, this.request.spec, Math.max(changed, this.started));
    if (end?.how === "exited" && !record.identity?.group) this.leaveGroup();
    if (end) this.settle(end);
    return end !== undefined;
  }

  pause(): Promise<void> {
    return this.#touch().pause();
  }

  resume(): Promise<void> {
    return this.#touch().resume();
  }

  signal(signal: Signal, to: SignalTarget): Promise<void> {
    return this.#touch().signal(signal, to);
  }

  members(): Promise<number[]> {
    return this.#touch().members();
  }

  terminate(graceMs: number): Promise<number[]> {
    return this.#touch().terminate(graceMs);
  }

  #touch(): ProcessTree {
    this.#touched = true;
    return this.#tree;
  }
}

/** A run without a process: it never had one, or nobody knows which. */
export function processless(request: RunRequest, end: RunEnd, started = Date.now()): RunHandle {
  const nothing = () => Promise.resolve();
  // Whoever carries the cookie is still found.
  const tree = processTree({ boot: "-", pid: 0, start: "-" }, request.cookie);
  return {
    jobId: request.jobId,
    pid: 0,
    started,
    ended: Promise.resolve(end),
    usage: null,
    pause: nothing,
    resume: nothing,
    signal: nothing,
    members: () => tree.members(),
    terminate: (graceMs) => tree.terminate(graceMs),
    giveUp: () => {},
  };
}
