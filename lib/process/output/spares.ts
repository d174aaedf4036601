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
import { isThere, removeIfThere } from "./files.ts";

/** Milliseconds after which an empty file that an earlier server kept is removed. */
const UNTOUCHED = 7 * 86_400_000;

/** The two files that a run writes to. */
export interface Lent {
  stdout: string;
  stderr: string;
  /** What its record calls them: two words. */
  names: string;
  /** To be called when the command has them open: only then may they be moved, and only then is there anything to read. */
  opened(): void;
  /** Nobody has written to them: removes them. */
  discard(): Promise<void>;
  /** Puts them in their own places. */
  settle(): Promise<void>;
  /** Knows of them no more. Where the run began all the same, whoever reads its record does what there is to do. */
  forget(): void;
}

interface Loan {
  path: string;
  opened: boolean;
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
    const loans: Loan[] = [{ path: first, opened: false }, { path: second, opened: false }];
    this.#loans.set(stdout, loans[0]!);
    this.#loans.set(stderr, loans[1]!);
    const places = [stdout, stderr];
    return {
      stdout: first,
      stderr: second,
      names: `${basename(first)} ${basename(second)}`,
      opened: () => loans.forEach((loan) => loan.opened = true),
      discard: () => this.#discard(places),
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
    return loan?.opened && !loan.moving ? loan.path : place;
  }

  /** Puts an output in its own place, if it is not there. */
  async settle(place: string): Promise<void> {
    const loan = this.#loans.get(place);
    // Nobody has written to what is not open yet.
    if (!loan?.opened) return;
    loan.moving ??= this.#move(loan, place);
    try {
      await loan.moving;
    } catch (error) {
      delete loan.moving;
      throw error;
    }
  }

  async #move(loan: Loan, place: string): Promise<void> {
    try {
      await Deno.rename(loan.path, place);
    } catch (error) {
      // Somebody has tidied up; the command goes on writing to a file without a name.
      if (!(error instanceof Deno.errors.NotFound)) throw error;
    }
    this.#loans.delete(place);
  }

  /**
   * Puts files that an earlier server lent in their own places. `names`: as the record of the run has them. Where that
   * cannot be done now, they are taken for lent, and whoever reads them tries again.
   */
  async reclaim(names: readonly (string | undefined)[], places: readonly string[]): Promise<void> {
    await Promise.all(names.map((name, i) => name && this.#reclaim(`${this.directory}/${basename(name)}`, places[i]!)));
  }

  async #reclaim(path: string, place: string): Promise<void> {
    try {
      // Where its server is this one.
      await this.settle(place);
      if (!await isThere(path)) return;
      if (await isThere(place)) return this.log.warn("An output is in two places; both are left.", { path, place });
      await Deno.rename(path, place);
    } catch (error) {
      this.log.warn("An output is not in its place yet.", { path, place, error: String(error) });
      if (!this.#loans.has(place)) this.#loans.set(place, { path, opened: true });
    }
  }

  /** Removes files that an earlier server lent to a run of which nothing is to be left. */
  async removeLent(names: readonly (string | undefined)[]): Promise<void> {
    for (const name of names) if (name) await removeIfThere(`${this.directory}/${basename(name)}`);
  }

  async #discard(places: string[]): Promise<void> {
    try {
      for (const place of places) await this.drop(place);
    } catch (error) {
      this.log.warn("A file for an output can be neither used nor removed.", { error: String(error) });
    }
  }

  /** The output that belongs at `place` is of no use to anybody any more. */
  async drop(place: string): Promise<void> {
    const loan = this.#loans.get(place);
    if (!loan || loan.moving) return;
    this.#loans.delete(place);
    await removeIfThere(loan.path);
  }

  /**
   * Removes what earlier servers kept and did not come to remove. Only what is empty and has not been touched for days: a
   * job that runs may have it open without being known, where the database was put back to an earlier time.
   */
  async tidy(now = Date.now()): Promise<void> {
    const lent = new Set([...this.#loans.values()].map(({ path }) => path));
    try {
      for await (const { name } of Deno.readDir(this.directory)) {
        const path = `${this.directory}/${name}`;
        if (!name.startsWith(this.#mark) && !lent.has(path)) await this.#tidy(path, now);
      }
    } catch (error) {
      // They are in nobody's way.
      this.log.warn("What earlier servers kept could not be looked through.", { error: String(error) });
    }
  }

  async #tidy(path: string, now: number): Promise<void> {
    try {
      const { size, mtime } = await Deno.stat(path);
      if (size > 0) this.log.warn("An output belongs to no job that is known; it is left.", { path });
      else if (now - (mtime?.getTime() ?? now) > UNTOUCHED) await removeIfThere(path);
    } catch (error) {
      this.log.warn("A file that an earlier server kept could not be removed.", { path, error: String(error) });
    }
  }

  /** Waits for what is on its way, and removes what nobody was lent. */
  async close(): Promise<void> {
    await Promise.allSettled([...this.#loans.values()].map(({ moving }) => moving));
    await Promise.allSettled(this.#free.splice(0).map(removeIfThere));
  }
}
