/**
 * The directory in which uploaded files lie under their own names, beside one for what is unfinished. Nothing gets a
 * name here before it is whole and on disk.
 */

import { join } from "node:path";
import { PARTIAL_DIRECTORY } from "../../domain/file_name.ts";
import { KeyedLock } from "../keyed_lock.ts";
import { UploadHolds } from "./upload_holds.ts";

/** How the names begin under which replaced files wait for that to be settled; no id begins so. */
const ASIDE = ".aside-";

/** A file that was put in its place, until that is settled. */
export interface Placed {
  /** Keeps it, and lets go of the one that was there before. */
  keep(): Promise<void>;
  /** Puts back what was there before. */
  undo(): Promise<void>;
}

export class FileArea {
  /** One thing at a time with each name. */
  readonly lock = new KeyedLock<string>();
  /** Names that somebody is going to make and nobody else may. */
  readonly claimed = new Set<string>();
  readonly holds = new UploadHolds();
  #aside = 0;

  /** `directory`: `files` in the data directory. */
  constructor(readonly directory: string) {}

  /**
   * Makes the directories and removes what earlier servers left unfinished, but for uploads with one of these ids. To be
   * called before anything else.
   */
  async open(keep: ReadonlySet<string> | "all"): Promise<void> {
    const partial = join(this.directory, PARTIAL_DIRECTORY);
    await Deno.mkdir(partial, { recursive: true, mode: 0o700 });
    for await (const { name } of Deno.readDir(partial)) {
      const stays = keep === "all" ? !name.startsWith(ASIDE) : keep.has(name);
      if (!stays) await remove(join(partial, name), { recursive: true });
    }
  }

  path(name: string): string {
    return join(this.directory, name);
  }

  /** Where an unfinished file lies. */
  partial(id: string): string {
    return join(this.directory, PARTIAL_DIRECTORY, id);
  }

  /** What lies under a name, links not followed; undefined when nothing does. */
  async stat(name: string): Promise<Deno.FileInfo | undefined> {
    try {
      return await Deno.lstat(this.path(name));
    } catch (error) {
      if (error instanceof Deno.errors.NotFound) return undefined;
      throw error;
    }
  }

  /** How much of an unfinished file there is; undefined when there is none. */
  async partialSize(id: string): Promise<number | undefined> {
    try {
      return (await Deno.stat(this.partial(id))).size;
    } catch (error) {
      if (error instanceof Deno.errors.NotFound) return undefined;
      throw error;
    }
  }

  /** The same, when all of that is on disk. What comes meanwhile is not counted. */
  async syncedSize(id: string): Promise<number> {
    const size = await this.partialSize(id);
    if (!size) return 0;
    using file = await Deno.open(this.partial(id));
    await file.sync();
    // It was made there, and a name is on disk when its directory is.
    using directory = await Deno.open(join(this.directory, PARTIAL_DIRECTORY));
    await directory.sync();
    return size;
  }

  /** Moves an unfinished file to its name, or back. Whoever looks sees the old one or the new one, whole. */
  async place(partial: string, name: string): Promise<Placed> {
    const path = this.path(name);
    const aside = this.#asidePath();
    const replaces = await linkIfThere(path, aside);
    await Deno.rename(partial, path);
    await this.#sync();
    return {
      keep: () => remove(aside),
      undo: async () => {
        if (!replaces) {
          await Deno.rename(path, partial);
        } else {
          await Deno.link(path, partial);
          await Deno.rename(aside, path);
        }
        await this.#sync();
      },
    };
  }

  /** Takes a file away from its name; `undo` brings it back. */
  async take(name: string): Promise<Placed> {
    const path = this.path(name);
    const aside = this.#asidePath();
    await Deno.rename(path, aside);
    await this.#sync();
    return {
      keep: () => remove(aside),
      undo: async () => {
        await Deno.rename(aside, path);
        await this.#sync();
      },
    };
  }

  /** Names are on disk when their directory is. */
  async #sync(): Promise<void> {
    using directory = await Deno.open(this.directory);
    await directory.sync();
  }

  #asidePath(): string {
    return this.partial(`${ASIDE}${++this.#aside}`);
  }
}

/** Removes what may not be there any more. */
export async function remove(path: string, options?: Deno.RemoveOptions): Promise<void> {
  try {
    await Deno.remove(path, options);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
}

async function linkIfThere(from: string, to: string): Promise<boolean> {
  try {
    await Deno.link(from, to);
    return true;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}
