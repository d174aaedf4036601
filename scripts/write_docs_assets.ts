/**
 * Takes the files of the docs page from the package that they come in: `deno task assets`. They are committed, so that a
 * fresh clone and the executable have them without asking anybody, and without the package's other 10 MB.
 */

const VERSION = "5.35.0";
const ASSETS = new URL("../routes/assets/", import.meta.url);
const FILES = {
  "swagger-ui.css": "swagger-ui.css",
  "swagger-ui-bundle.js": "swagger-ui-bundle.js",
  "swagger-ui-bundle.js.LICENSE.txt": "swagger-ui-bundle.js.LICENSE.txt",
  "LICENSE": "LICENSE.swagger-ui",
};

async function run(command: string, args: string[], cwd: string): Promise<void> {
  const { success } = await new Deno.Command(command, { args, cwd, stdout: "null" }).output();
  if (!success) throw new Error(`${command} ${args.join(" ")} failed`);
}

const directory = await Deno.makeTempDir({ prefix: "stint-assets-" });
try {
  await run("npm", ["pack", `swagger-ui-dist@${VERSION}`], directory);
  await run("tar", ["xzf", `swagger-ui-dist-${VERSION}.tgz`], directory);
  for (const [from, to] of Object.entries(FILES)) {
    const text = await Deno.readTextFile(`${directory}/package/${from}`);
    // The source maps stay behind, so nobody is to look for them.
    await Deno.writeTextFile(new URL(to, ASSETS), text.replace(/\n\/[/*]# sourceMappingURL=.*\n?$/, "\n"));
  }
} finally {
  await Deno.remove(directory, { recursive: true });
}
