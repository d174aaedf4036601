/**
 * Lays out the packages that the dashboard is made of where esbuild looks for them. They lie in Deno's cache, each once,
 * and the versions are those of `deno.lock`; a link to each makes the `node_modules` that there is otherwise none of.
 */

import { dirname, join } from "node:path";

interface Lock {
  specifiers: Record<string, string>;
  npm: Record<string, { dependencies?: string[] }>;
}

/** Fills `directory` with links to these packages and all that they need. */
export async function layOutPackages(directory: string, names: readonly string[]): Promise<void> {
  const lock: Lock = JSON.parse(await Deno.readTextFile(new URL("../../deno.lock", import.meta.url)));
  const roots = await cacheRoots();
  const done = new Set<string>();
  const visit = async (name: string) => {
    if (done.has(name)) return;
    done.add(name);
    const id = idOf(lock, name);
    const version = id.slice(name.length + 1).replace(/_.*$/, "");
    const link = join(directory, name);
    await Deno.mkdir(dirname(link), { recursive: true });
    await Deno.symlink(await find(roots, name, version), link);
    for (const each of lock.npm[id]!.dependencies ?? []) await visit(each.replace(/(?<=.)@.*$/, ""));
  };
  for (const name of names) await visit(name);
}

/** `name@version`, with what Deno adds to it where there are peers. */
function idOf(lock: Lock, name: string): string {
  const found = Object.keys(lock.npm).filter((id) => id.startsWith(`${name}@`));
  if (found.length !== 1) throw new Error(`deno.lock has ${found.length} versions of ${name}; one is expected`);
  return found[0]!;
}

/** One folder for each registry that packages were taken from. */
async function cacheRoots(): Promise<string[]> {
  const { stdout } = await new Deno.Command(Deno.execPath(), { args: ["info", "--json"], stderr: "inherit" }).output();
  const { npmCache }: { npmCache: string } = JSON.parse(new TextDecoder().decode(stdout));
  return [...Deno.readDirSync(npmCache)].filter(({ isDirectory }) => isDirectory).map(({ name }) =>
    join(npmCache, name)
  );
}

async function find(roots: string[], name: string, version: string): Promise<string> {
  for (const root of roots) {
    const path = join(root, name, version);
    if (await Deno.stat(path).then(() => true, () => false)) return path;
  }
  throw new Error(`${name}@${version} is not in the cache: run deno install`);
}
