/**
 * Output files to which nothing was written, for later runs to use. Most commands print nothing on at least one of their
 * outputs. Giving a file another name costs a small part of making one: a file system looks for a free inode, and where
 * many files were removed lately that search is the dearest thing about starting a command. It also saves the inodes.
 *
 * A file is given away only when nobody can write to it any more (see `Run.giveUp`) and nobody here reads it: who has it
 * open would else be shown the output of another job.
 */

/** More are not kept: they stay where they are. */
const MOST = 64;

export class Spares {
  #paths: string[] = [];
  /** How many read each file. */
  readonly #readers = new Map<string, number>();
  /** Files that are being given away. */
  readonly #leaving = new Set<string>();

  /** Takes an empty file that nobody will write to. */
  add(path: string): void {
    if (this.#paths.length < MOST) this.#paths.push(path);
  }

  /**
   * Keeps a file from being given away until the function that is returned is called. Undefined when it is being given
   * away already: it is to be taken for one that is not there.
   */
  hold(path: string): (() => void) | undefined {
    if (this.#leaving.has(path)) return undefined;
    this.#readers.set(path, (this.#readers.get(path) ?? 0) + 1);
    return () => {
      const left = this.#readers.get(path)! - 1;
      if (left > 0) this.#readers.set(path, left);
      else this.#readers.delete(path);
    };
  }

  /** Puts a file at each of these places, as far as there are some. Nothing may be there yet. */
  async place(targets: readonly string[]): Promise<void> {
    if (this.#paths.length > 0) await Promise.all(targets.map((target) => this.#place(target)));
  }

  async #place(target: string): Promise<void> {
    let path = this.#paths.pop();
    while (path !== undefined && this.#readers.has(path)) path = this.#paths.pop();
    if (path === undefined) return;
    this.#leaving.add(path);
    try {
      await Deno.rename(path, target);
    } catch (error) {
      // Removed with its job. Whatever else is wrong will show when the file is made.
      if (!(error instanceof Error)) throw error;
    } finally {
      this.#leaving.delete(path);
    }
  }
}
