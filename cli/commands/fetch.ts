/** `stint fetch`: downloads files. */

import type { Call, Command } from "../command.ts";
import { usage } from "../errors.ts";
import { each } from "../jobs/each.ts";
import { size } from "../jobs/times.ts";
import { download } from "../transfers/download.ts";

interface Options {
  output?: string;
  replace?: boolean;
}

export const command: Command = {
  description:
    "Downloads stored files and compares them by SHA-256. What was cut off is left as FILE.VERSION.part, and the " +
    "same command goes on there; a connection that breaks is made again.",
  arguments: [{ name: "name", help: "files on the server", variadic: true, values: "stored-files" }],
  options: [
    {
      flags: "-o, --output <path>",
      help: "where to put it: a file, a directory, or - for standard output (here)",
      values: "local-files",
    },
    { flags: "--replace", help: "overwrite another file that is there" },
  ],
  examples: [
    { line: "stint fetch report.pdf", does: "into this directory" },
    { line: "stint fetch -o - backup.tar | tar x", does: "into a pipe" },
    { line: "stint fetch -o downloads a.bin b.bin", does: "several into a directory" },
  ],
  async run({ args, options, session: { api, out, json } }: Call<Options>) {
    const { output, replace = false } = options;
    const toDirectory = output !== undefined && output !== "-" && await isDirectory(output);
    if (output !== undefined && !toDirectory && args.length > 1) {
      throw usage(`--output ${output}: several files need a directory`);
    }
    return await each(out, args, async (name) => {
      const path = output === "-" ? undefined : toDirectory ? `${output}/${name}` : output ?? name;
      const fetched = await download(api, out, { name, path, replace });
      if (path === undefined) return;
      if (json) out.json(fetched);
      else {out.print(
          fetched.resumed === fetched.bytes ? `${path}: already there.` : `${path}: ${size(fetched.bytes)}.`,
        );}
    });
  },
};

async function isDirectory(path: string): Promise<boolean> {
  try {
    return (await Deno.stat(path)).isDirectory;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}
