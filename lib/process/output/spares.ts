/**
 * Files that runs write to until somebody wants to read them. Most commands print nothing on at least one of their
 * outputs, and making a file is the dearest thing about starting a command where a file system has to look for a free
 * inode. So a run is lent two files of a directory of their own; its record says which. An output moves to its own place
 * as soon as anybody wants to read it, and before the end of a job that printed something is written down. What stayed
 * empty is lent to the next run without having moved at all, and the job has no such file: an output that is not there is
 * an empty one.
 *
 * A file is lent again only when nobody can write to it any more (see `Run.giveUp`). Nobody reads it before it has moved.
 */

import { basename } from "node:path";
import type { Log } from "../log.ts";
import { removeIfThere } from "./files.ts";

/** The two files that a run writes to. */
export interface Lent {
  stdout: string;
  stderr: string;
  /** What its record calls them: two words. */
  names: string;
  /** To be called when the command has them open, or never will: only then may they be moved. */
  opened(): void;
  /** They are empty, and nobody will write to them. */
  giveBack(): void;
  /** Puts them in their own places. */
  settle(): Promise<void>;
  /** Knows of them no more: whoever reads the record does what there is to do. */
  forget(): void;
}

interface Loan {
  path: string;
  opened: Promise<void>;
  moving?: Promise<void>;
}

export class Spares {
  /** Nobody else's files begin with this: those of another server are not lent by this one. */
  readonly #mark = crypto.randomUUID().slice(0, 8);
  #made = 0;
  readonly #free: string[] = [];
  /** What is lent, by the place of the output. */
  readonly #loans = new Map<string, Loan>();

  private constructor(readonly directory: string, readonly log: Log) {}

  /** Spares in `directory`, which is created if it is not there. */
  static async open(directory: string, log: Log): Promise<Spares> {
    await Deno.mkdir(directory, { recursive: true, mode: 0o700 });
    return new Spares(directory, log);
  }

  /**
   * Two files, which may have to be made yet, for a run whose outputs belong at `stdout` and `stderr`. Undefined when
   * these are lent: then it runs already.
   */
  lend(stdout: string, stderr: string): Lent | undefined {
    if (this.#loans.has(stdout) || this.#loans.has(stderr)) return undefined;
    const [first, second] = [this.#take(), this.#take()];
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#loans.set(stdout, { path: first, opened: promise });
    this.#loans.set(stderr, { path: second, opened: promise });
    const places = [stdout, stderr];
    return {
      stdout: first,
      stderr: second,
      names: `${basename(first)} ${basename(second)}`,
      opened: resolve,
      giveBack: () => places.forEach((place) => this.giveBack(place)),
      settle: async () => void await Promise.all(places.map((place) => this.settle(place))),
      forget: () => places.forEach((place) => this.#loans.delete(place)),
    };
  }

  #take(): string {
    return this.#free.pop() ?? `${this.directory}/${this.#mark}-${++this.#made}`;
  }

  /** Takes back what was lent for the output at `place`, if it is still there: it is empty, and nobody will write to it. */
  giveBack(place: string): void {
    const loan = this.#loans.get(place);
    if (!loan || loan.moving) return;
    this.#loans.delete(place);
    this.#free.push(loan.path);
  }

  /** Where the output that belongs at `place` lies now, as far as that is known without waiting. */
  where(place: string): string {
    const loan = this.#loans.get(place);
    return loan && !loan.moving ? loan.path : place;
  }

  /** Puts an output in its own place, if it is not there. */
  async settle(place: string): Promise<void> {
    const loan = this.#loans.get(place);
    if (!loan) return;
    loan.moving ??= this.#move(loan, place);
    try {
      await loan.moving;
    } catch (error) {
      delete loan.moving;
      throw error;
    }
  }

  async #move(loan: Loan, place: string): Promise<void> {
    await loan.opened;
    try {
      await Deno.rename(loan.path, place);
    } catch (error) {
      // It was never opened; or somebody has tidied up, and the command goes on writing to a file without a name.
      if (!(error instanceof Deno.errors.NotFound)) throw error;
    }
    this.#loans.delete(place);
  }

  /** Puts files that an earlier server lent in their own places. `names`: as the record of the run has them. */
  async reclaim(names: readonly string[], places: readonly string[]): Promise<void> {
    await Promise.all(names.map((name, i) => this.#reclaim(`${this.directory}/${basename(name)}`, places[i]!)));
  }

  async #reclaim(path: string, place: string): Promise<void> {
    // Its server is this one.
    await this.settle(place);
    try {
      await Deno.link(path, place);
    } catch (error) {
      // It was put there in time.
      if (error instanceof Deno.errors.NotFound) return;
      if (!(error instanceof Deno.errors.AlreadyExists)) throw error;
      // A server that did this died before the next line.
      const [lent, there] = await Promise.all([Deno.stat(path), Deno.stat(place)]);
      if (lent.ino !== there.ino) return this.log.warn("An output is in two places; both are left.", { path, place });
    }
    await removeIfThere(path);
  }

  /** Removes what earlier servers kept. To be called when {@link reclaim} has been for all that they lent. */
  async tidy(): Promise<void> {
    try {
      for await (const { name } of Deno.readDir(this.directory)) {
        if (!name.startsWith(this.#mark)) await this.#tidy(`${this.directory}/${name}`);
      }
    } catch (error) {
      // They are in nobody's way.
      this.log.warn("Files that an earlier server kept could not be removed.", { error: String(error) });
    }
  }

  /** Never removes what somebody has written to. */
  async #tidy(path: string): Promise<void> {
    if ((await Deno.stat(path)).size === 0) await removeIfThere(path);
    else this.log.warn("An output belongs to no job that is known; it is left.", { path });
  }

  /** Waits for what is on its way. */
  async close(): Promise<void> {
    await Promise.allSettled([...this.#loans.values()].map(({ moving }) => moving));
  }
}
