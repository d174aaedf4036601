/** One server per data directory: an exclusive lock on a file in it, which the system drops when the process dies. */

import { join } from "node:path";
import { DirectoryInUse } from "./errors.ts";

/** How long a runtime without `tryLock` waits before it takes the lock for held; milliseconds. */
const PATIENCE = 3000;

export interface DirectoryLock {
  release(): void;
}

/**
 * Takes the directory (made, for the owner only, when it is not there) and writes our process id into its `lock` file.
 * Both are locked: the file could be removed or replaced under us, the directory itself cannot.
 * @throws {DirectoryInUse}
 */
export async function lockDirectory(directory: string): Promise<DirectoryLock> {
  await Deno.mkdir(directory, { recursive: true, mode: 0o700 });
  const path = join(directory, "lock");
  const itself = await lockItself(directory);
  if (itself === false) throw new DirectoryInUse(directory, await readPid(path));
  const file = await Deno.open(path, { read: true, write: true, create: true, mode: 0o600 });
  if (!await tryLock(file)) {
    itself?.close();
    throw new DirectoryInUse(directory, await readPid(path));
  }
  await writePid(file);
  return {
    release() {
      file.truncateSync(0);
      file.close();
      itself?.close();
    },
  };
}

/** False when somebody else has it; undefined where the file system locks no directories. */
async function lockItself(directory: string): Promise<Deno.FsFile | false | undefined> {
  const itself = await Deno.open(directory);
  try {
    return await tryLock(itself) && itself;
  } catch {
    itself.close();
    return undefined;
  }
}

/** True when the lock is ours; otherwise the file is closed. */
async function tryLock(file: Deno.FsFile): Promise<boolean> {
  if (typeof file.tryLock === "function") {
    const taken = await file.tryLock(true);
    if (!taken) file.close();
    return taken;
  }
  // Deno before 2.5 knows only the lock that waits. Should it be granted after we gave up, it is let go of at once.
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<false>((resolve) => timer = setTimeout(() => resolve(false), PATIENCE));
  const granted = file.lock(true).then((): true => true);
  const taken = await Promise.race([granted, late]);
  clearTimeout(timer);
  if (!taken) granted.then(() => file.close(), () => file.close());
  return taken;
}

/** On a full disk it stays unwritten: only the message to a second server is poorer for it. */
async function writePid(file: Deno.FsFile): Promise<void> {
  try {
    await file.truncate(0);
    await file.write(new TextEncoder().encode(`${Deno.pid}\n`));
  } catch (error) {
    if (!(error instanceof Error) || !("code" in error) || error.code !== "ENOSPC") throw error;
  }
}

/** Null when it has not been written down, or the file was removed. */
async function readPid(path: string): Promise<number | null> {
  const text = await Deno.readTextFile(path).catch((error) => {
    if (error instanceof Deno.errors.NotFound) return "";
    throw error;
  });
  const pid = Number.parseInt(text, 10);
  return Number.isSafeInteger(pid) && pid > 0 ? pid : null;
}
