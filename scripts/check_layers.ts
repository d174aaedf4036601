/**
 * Checks that imports go one way: each folder may import only what its row of the table names, and no files import each
 * other in a circle. Exits 1 with one line for each import that does not fit.
 *
 *     deno run --allow-read=. scripts/check_layers.ts [DIRECTORY]
 */

import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, normalize, relative } from "node:path";

/**
 * What each folder may import, besides itself. The most specific row counts. `deno.json` is data.
 * A folder without a row may not hold sources, so that nobody forgets it here.
 */
export const LAYERS: Record<string, readonly string[]> = {
  "main.ts": ["cli"],
  "cli": ["lib", "lib/log", "lib/tokens", "routes", "openapi", "openapi/types.ts", "deno.json"],
  "routes": [
    "openapi",
    "lib/services",
    "lib/services/ports",
    "lib/domain",
    "lib/log",
    "lib/tokens",
    "lib",
    "deno.json",
  ],
  "openapi": ["lib/domain", "lib/config", "deno.json"],
  // Made from the contract, and nothing but types: whoever uses the service from outside may know it.
  "openapi/types.ts": [],
  "lib": ["lib/domain", "lib/config", "lib/log"],
  "lib/config": ["lib/domain"],
  "lib/tokens": ["lib", "lib/domain"],
  "lib/log": [],
  "lib/server": ["lib"],
  "lib/services": ["lib/services/ports", "lib/domain", "lib"],
  "lib/store": ["lib/services/ports", "lib/domain", "lib"],
  "lib/process": ["lib/services/ports", "lib/domain", "lib"],
  "lib/domain": [],
  "lib/services/ports": ["lib/domain"],
  "scripts": [
    "cli",
    "routes",
    "openapi",
    "openapi/types.ts",
    "lib",
    "ui",
    "docs/screenshots",
    "tests/helpers",
    "deno.json",
    "deno.lock",
    "README.md",
    "docs/cli.md",
  ],
  "bench": ["cli", "routes", "openapi", "lib", "tests/helpers", "deno.json"],
  "ui": ["openapi/types.ts"],
};

/** What a file imports, as paths from the root. */
export type Imports = Map<string, string[]>;

/** One line for each import that the table does not allow, and one for each circle. */
export function findFaults(imports: Imports): string[] {
  const faults: string[] = [];
  for (const [file, targets] of imports) {
    const layer = layerOf(file);
    if (layer === undefined) faults.push(`${file}: its folder has no row in the table of layers`);
    else faults.push(...targets.filter((to) => !mayImport(layer, to)).map((to) => `${file} may not import ${to}`));
  }
  return [...faults, ...findCircles(imports).map((circle) => `circle: ${circle.join(" -> ")}`)];
}

/** Files as they lie under `root`, tests apart: they may import anything. */
export function readImports(root: string): Imports {
  const imports: Imports = new Map();
  const visit = (folder: string) => {
    for (const entry of readdirSync(join(root, folder), { withFileTypes: true })) {
      const path = join(folder, entry.name);
      if (entry.isDirectory()) {
        if (!/^(\.|node_modules$|tests$|dist$|coverage$)/.test(entry.name)) visit(path);
      } else if (/\.tsx?$/.test(entry.name)) {
        imports.set(path, importsOf(path, readFileSync(join(root, path), "utf8")));
      }
    }
  };
  visit("");
  return imports;
}

/** The files that `source`, which lies at `path`, names: static, dynamic and type imports, exports from, and workers. */
export function importsOf(path: string, source: string): string[] {
  const code = source.replaceAll(/\/\*[\s\S]*?\*\//g, "").replaceAll(/^\s*\/\/.*$/gm, "");
  const named = /(?:\bfrom\s*|\bimport\s*\(?\s*|new URL\(\s*)(["'])(\.{1,2}\/[^"'\n]+)\1/g;
  return [...new Set([...code.matchAll(named)].map((match) => normalize(join(dirname(path), match[2]!))))];
}

function layerOf(path: string): string | undefined {
  return Object.keys(LAYERS).filter((layer) => isWithin(path, layer)).sort((a, b) => b.length - a.length)[0];
}

function isWithin(path: string, layer: string): boolean {
  return path === layer || path.startsWith(`${layer}/`);
}

/** `lib` as a permission stands for the files right in it and the folders without a row of their own. */
function mayImport(layer: string, target: string): boolean {
  const other = layerOf(target) ?? target;
  if (other === layer || LAYERS[layer]!.includes(other)) return true;
  // Those on top put everything together.
  if (LAYERS[layer]!.some((allowed) => allowed.includes("/") && isWithin(target, allowed))) return true;
  return LAYERS[layer]!.includes("lib") && ["cli", "scripts", "bench"].includes(layer) && isWithin(target, "lib");
}

function findCircles(imports: Imports): string[][] {
  const circles: string[][] = [];
  const done = new Set<string>();
  const visit = (file: string, trail: string[]) => {
    const at = trail.indexOf(file);
    if (at !== -1) circles.push([...trail.slice(at), file]);
    if (at !== -1 || done.has(file)) return;
    for (const next of imports.get(file) ?? []) visit(next, [...trail, file]);
    done.add(file);
  };
  for (const file of imports.keys()) visit(file, []);
  return circles;
}

if (import.meta.main) {
  const root = Deno.args[0] ?? relative(Deno.cwd(), join(import.meta.dirname!, "..")) ?? ".";
  const faults = findFaults(readImports(root || "."));
  for (const fault of faults) console.error(fault);
  if (faults.length > 0) Deno.exit(1);
}
