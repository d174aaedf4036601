/**
 * Writes `dist/deno.json` and `dist/deno.lock`: this project's own with only those packages that the program imports.
 * `deno compile` puts every package of its configuration into the executable, and the tools that build and test the
 * dashboard are nearly as large as all the rest.
 */

interface Lock {
  specifiers: Record<string, string>;
  npm: Record<string, unknown>;
  workspace?: unknown;
  [part: string]: unknown;
}

interface Graph {
  modules: { npmPackage?: string }[];
  npmPackages: Record<string, { dependencies: string[] }>;
}

interface Config {
  version: string;
  unstable: string[];
  nodeModulesDir: string;
  imports: Record<string, string>;
}

const root = new URL("../", import.meta.url);
const lock = new URL("dist/deno.lock", root);
await Deno.mkdir(new URL("dist/", root), { recursive: true });
// An older release would write into the project's own what it misses there.
await Deno.copyFile(new URL("deno.lock", root), lock);
const { stdout, success } = await new Deno.Command(Deno.execPath(), {
  args: ["info", "--json", "--lock", lock.pathname, new URL("main.ts", root).pathname],
  cwd: root,
  stderr: "inherit",
}).output();
if (!success) Deno.exit(1);
const { modules, npmPackages }: Graph = JSON.parse(new TextDecoder().decode(stdout));
const { specifiers, npm, workspace: _workspace, ...rest }: Lock = JSON.parse(
  await Deno.readTextFile(new URL("deno.lock", root)),
);
/** Packages that modules import, and all that those need. */
const ids = new Set<string>();
const visit = (id: string) => {
  if (ids.has(id)) return;
  ids.add(id);
  npmPackages[id]!.dependencies.forEach(visit);
};
for (const { npmPackage } of modules) if (npmPackage) visit(npmPackage);
/** `name@version`, without the peers that it was resolved with. */
const plain = new Set([...ids].map((id) => id.replace(/(@[^@_]+)_.*$/, "$1")));
const missing = [...ids].filter((id) => !(id in npm));
if (missing.length > 0) throw new Error(`deno.lock lacks ${missing.join(", ")}`);
/** `npm:hono@4.13.19` → `4.13.19` stands for the package `hono@4.13.19`. */
const isWanted = ([asked, version]: [string, string]) => ids.has(`${/^npm:(@?[^@]+)@/.exec(asked)?.[1]}@${version}`);
const kept = {
  ...rest,
  specifiers: Object.fromEntries(Object.entries(specifiers).filter(isWanted)),
  npm: Object.fromEntries(Object.entries(npm).filter(([id]) => ids.has(id))),
};
const { imports, unstable, nodeModulesDir, version }: Config = JSON.parse(
  await Deno.readTextFile(new URL("deno.json", root)),
);
const config = {
  version,
  unstable,
  nodeModulesDir,
  imports: Object.fromEntries(Object.entries(imports).filter(([, target]) => plain.has(target.replace(/^npm:/, "")))),
};
await Deno.writeTextFile(lock, JSON.stringify(kept, null, 2) + "\n");
await Deno.writeTextFile(new URL("dist/deno.json", root), JSON.stringify(config, null, 2) + "\n");
