/** Builds the dashboard in memory. The same sources and packages give the same bytes wherever they lie. */

import * as esbuild from "esbuild";
import { createHash } from "node:crypto";
import { layOutPackages } from "./packages.ts";

/** What the server has to know of a build. */
export interface Built {
  main: string;
  theme: string;
  style: string;
  icon: string;
  /** What `main` imports at once: loaded along with it instead of after it. */
  first: string[];
  files: string[];
}

export interface Build {
  built: Built;
  /** By name. */
  files: Map<string, Uint8Array>;
}

const UI = new URL("../../ui/", import.meta.url).pathname;
const PACKAGES = [
  "preact",
  "@preact/signals",
  "@xterm/xterm",
  "@xterm/addon-search",
  "@xterm/addon-unicode11",
  "uplot",
];

export async function buildUi(): Promise<Build> {
  // By links in a place of their own, so that no path of this machine gets into the names.
  const directory = await Deno.makeTempDir({ prefix: "stint-ui-" });
  try {
    await layOutPackages(`${directory}/node_modules`, PACKAGES);
    await Deno.symlink(UI.replace(/\/$/, ""), `${directory}/ui`);
    const files = new Map<string, Uint8Array>();
    const { outputs } = await run(directory, files);
    const icon = await Deno.readFile(`${UI}/icon.svg`);
    const iconName = `icon-${createHash("sha256").update(icon).digest("hex").slice(0, 8).toUpperCase()}.svg`;
    files.set(iconName, icon);
    const nameOf = (source: string) =>
      Object.entries(outputs).find(([, { entryPoint }]) => entryPoint === source)![0].replace(/^out\//, "");
    const main = nameOf("ui/main.tsx");
    return {
      files,
      built: {
        main,
        theme: nameOf("ui/theme_first.ts"),
        style: nameOf("ui/styles/all.css"),
        icon: iconName,
        first: importedBy(outputs, `out/${main}`).map((path) => path.replace(/^out\//, "")).sort(),
        files: [...files.keys()].sort(),
      },
    };
  } finally {
    await esbuild.stop();
    await Deno.remove(directory, { recursive: true });
  }
}

async function run(directory: string, files: Map<string, Uint8Array>): Promise<esbuild.Metafile> {
  const common = {
    absWorkingDir: directory,
    outdir: "out",
    entryNames: "[name]-[hash]",
    bundle: true,
    minify: true,
    target: ["es2022", "chrome111", "firefox115", "safari16.4"],
    preserveSymlinks: true,
    nodePaths: [`${directory}/node_modules`],
    // Else it would find the settings of whatever directory it was started in.
    tsconfigRaw: { compilerOptions: { jsx: "react-jsx" as const, jsxImportSource: "preact" } },
    legalComments: "none" as const,
    write: false as const,
    metafile: true as const,
    logLevel: "silent" as const,
    charset: "utf8" as const,
  };
  const results = [
    await esbuild.build({
      ...common,
      entryPoints: ["ui/main.tsx", "ui/styles/all.css"],
      chunkNames: "[name]-[hash]",
      format: "esm",
      splitting: true,
    }),
    // Runs before anything is painted, so it is no module.
    await esbuild.build({ ...common, entryPoints: ["ui/theme_first.ts"], format: "iife" }),
  ];
  for (const { outputFiles } of results) {
    for (const { path, contents } of outputFiles) files.set(path.slice(path.lastIndexOf("/") + 1), contents);
  }
  return {
    inputs: {},
    outputs: Object.assign({}, ...results.map(({ metafile }) => metafile.outputs)),
  };
}

/** The files that it imports at once, and those that they do. */
function importedBy(outputs: esbuild.Metafile["outputs"], path: string, found = new Set<string>()): string[] {
  for (const { path: other, kind } of outputs[path]!.imports) {
    if (kind !== "import-statement" || found.has(other)) continue;
    found.add(other);
    importedBy(outputs, other, found);
  }
  return [...found];
}
