/** `stint put`: uploads files. */

import type { Client } from "../api/client.ts";
import type { Call, Command } from "../command.ts";
import { usage } from "../errors.ts";
import { each } from "../jobs/each.ts";
import { size } from "../jobs/times.ts";
import { filePath, stored } from "../transfers/stored.ts";
import { type Sent, upload } from "../transfers/upload.ts";

interface Options {
  name?: string;
  replace?: boolean;
  noWait?: boolean;
  noResume?: boolean;
}

function storedText({ worker: { bytes }, resumed }: Sent): string {
  return resumed > 0 ? `${size(bytes)} stored, ${size(resumed)} of it sent earlier` : `${size(bytes)} stored`;
}

export const command: Command = {
  description:
    "Uploads files, each in a worker slot: `stint pause`, `resume` and `kill` take the worker-id. The server checks " +
    "nothing away: what it has stored is compared by SHA-256.\n\n" +
    "A file that the server has already is not sent again, so the same command may be repeated until it succeeds. A " +
    "connection that breaks is made again, and the upload goes on where it was. What was sent when the command itself is " +
    "ended stays on the server for a day (its --keep-partial), and the same command goes on there, if the file still " +
    "begins with it: by SHA-256, too; `stint uploads` lists and forgets such. `stint kill` on the worker-id ends an " +
    "upload and leaves nothing.",
  arguments: [{ name: "file", help: "what to upload", variadic: true, values: "local-files" }],
  options: [
    { flags: "-n, --name <name>", help: "its name on the server (its own)" },
    { flags: "--replace", help: "take the place of a file of that name" },
    { flags: "--no-resume", help: "send all of it anew, and leave nothing behind when it breaks off" },
    { flags: "--no-wait", help: "give up when no slot is free, instead of waiting for one" },
  ],
  examples: [
    { line: "stint put report.pdf", does: "one file" },
    { line: "stint put dist/*.tar.gz", does: "several, one after the other" },
    { line: "stint put --replace -n latest.log /var/log/app.log", does: "under another name" },
  ],
  async run({ args, options, session: { api, out, json } }: Call<Options>) {
    if (options.name !== undefined && args.length > 1) throw usage("--name is for one file");
    return await each(out, args, async (path) => {
      const name = options.name ?? path.split("/").at(-1)!;
      const { replace = false, noWait, noResume } = options;
      const sent = await upload(api, out, { path, name, replace, wait: !noWait, resume: !noResume })
        .catch((error: unknown) => {
          if (error instanceof Deno.errors.NotFound) throw usage(`There is no file ${path}`);
          throw error;
        });
      if (json) {
        out.json(sent?.worker ?? await there(api, name));
      } else {
        out.print(sent ? `${name}: ${storedText(sent)}.` : `${name}: already there.`);
      }
    });
  },
};

/** What the server says of a file that is there already; less where it was removed at this moment. */
async function there(api: Client, name: string) {
  return { name, ...await stored(api, name), url: filePath(name) };
}
