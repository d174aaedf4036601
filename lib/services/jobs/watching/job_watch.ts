/** All that the viewers of one job share: two open files, one look at their sizes, the pieces, the news of the end. */

import type { Clock } from "../../../clock.ts";
import { type EndedJob, isEnded, type Job } from "../../../domain/job.ts";
import { Bell } from "../../bell.ts";
import type { OpenOutput, OutputName } from "../../ports/processes.ts";
import { wholeCharacters } from "./characters.ts";
import type { Turns } from "../../turns.ts";
import type { Piece, Pieces } from "./pieces.ts";

/** How a viewer wants the pieces. */
export interface Form {
  /** Tells it from others. */
  readonly name: string;
  /** Whether no character may be cut in two. */
  readonly text: boolean;
  /** What a viewer gets for the bytes that begin at `start`. Called once for all viewers. */
  make(output: OutputName, start: number, bytes: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer>;
}

export interface WatchContext {
  clock: Clock;
  pieces: Pieces;
  openOutput(name: OutputName): OpenOutput;
  /** Resolves with the job once it has ended, or as it is when the signal aborts; rejects when it is gone. */
  waitEnd(signal: AbortSignal): Promise<Job>;
  /** Milliseconds between two looks at the files. */
  pause(): number;
  /** Tells the loop that others may have a turn. */
  turn(): Promise<void>;
  /** Where all viewers take turns. */
  turns: Turns;
  /** The last viewer has left. */
  closed(): void;
}

/** Bytes of an output in one piece. Pieces end at multiples of it, so that viewers who began at odd places meet. */
export const PIECE = 32 * 1024;

export class JobWatch {
  readonly #outputs: Record<OutputName, OpenOutput>;
  readonly #sizes: Record<OutputName, number>;
  readonly #left = new AbortController();
  readonly #bell: Bell;
  #viewers = 0;
  #over = false;
  #ended: EndedJob | undefined;
  #cancelLook = () => {};

  constructor(readonly jobId: number, private readonly context: WatchContext) {
    this.#bell = new Bell(context.turn);
    this.#outputs = { stdout: context.openOutput("stdout"), stderr: context.openOutput("stderr") };
    this.#sizes = { stdout: this.#outputs.stdout.size(), stderr: this.#outputs.stderr.size() };
    context.waitEnd(this.#left.signal).then((job) => this.#end(job), () => this.#end(undefined));
  }

  /** Rises with everything that is new. */
  get revision(): number {
    return this.#bell.revision;
  }

  /** Whether nothing more will come. */
  get over(): boolean {
    return this.#over;
  }

  /** The job's final view, when it is over and the job was not removed. */
  get ended(): EndedJob | undefined {
    return this.#ended;
  }

  get viewers(): number {
    return this.#viewers;
  }

  /** A further viewer; each has to {@link leave}. */
  enter(): this {
    if (this.#viewers++ === 0) this.#look();
    return this;
  }

  leave(): void {
    if (--this.#viewers > 0) return;
    this.#left.abort();
    this.#cancelLook();
    this.#outputs.stdout.close();
    this.#outputs.stderr.close();
    this.context.closed();
  }

  /** What there is at `start`, in that form; nothing when there is nothing yet. */
  async piece(output: OutputName, start: number, form: Form): Promise<Piece | undefined> {
    if (start >= this.#sizes[output]) return undefined;
    await this.context.turns.next();
    const size = this.#sizes[output];
    // A boundary within the next character would make no progress.
    const boundary = (Math.floor((start + 4) / PIECE) + 1) * PIECE;
    const final = this.#over && boundary >= size;
    return await this.context.pieces.take(`${this.jobId} ${form.name} ${output} ${start} ${final}`, async () => {
      const bytes = await this.#outputs[output].read(start, Math.min(boundary, size) - start);
      const count = form.text && !final ? wholeCharacters(bytes) : bytes.length;
      if (count === 0) return undefined;
      return { bytes: form.make(output, start, bytes.subarray(0, count)), end: start + count };
    });
  }

  /** Resolves when there is something new since `revision`, or the signal aborts. */
  news(revision: number, signal: AbortSignal): Promise<void> {
    return this.#bell.news(revision, signal);
  }

  #look(): void {
    if (this.#over || this.#viewers === 0) return;
    if (this.#measure()) this.#bell.ring();
    this.#cancelLook = this.context.clock.after(this.context.pause(), () => this.#look());
  }

  /** Whether an output has grown. */
  #measure(): boolean {
    let grown = false;
    for (const name of ["stdout", "stderr"] as const) {
      const size = this.#outputs[name].size();
      grown ||= size > this.#sizes[name];
      this.#sizes[name] = Math.max(size, this.#sizes[name]);
    }
    return grown;
  }

  #end(job: Job | undefined): void {
    if (this.#left.signal.aborted) return;
    this.#cancelLook();
    this.#measure();
    this.#over = true;
    if (job && isEnded(job)) this.#ended = job;
    this.#bell.ring();
  }
}
