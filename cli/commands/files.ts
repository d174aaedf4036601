/** `stint files`: stored files. */

import type { components } from "../../openapi/types.ts";
import { all, entries } from "../api/pages.ts";
import type { Call, CommandFamily } from "../command.ts";
import { each } from "../jobs/each.ts";
import { age, size } from "../jobs/times.ts";
import { filePath } from "../transfers/stored.ts";

type File = components["schemas"]["File"];

export const command: CommandFamily = {
  fallback: "list",
  examples: [
    { line: "stint files", does: "list them" },
    { line: "stint files rm report.pdf", does: "remove one" },
  ],
  commands: {
    list: {
      summary: "list stored files",
      examples: [{ line: "stint files list", does: "by name" }],
      async run({ session: { api, out, json } }: Call) {
        const files = await all(entries<File>(api, "/api/files", { member: "files" }));
        if (json) return out.json({ files });
        const now = Date.now();
        const rows = files.map((
          { name, bytes, created, sha256 },
        ) => [size(bytes), age(created, now), sha256.slice(0, 12), name]);
        out.table(["SIZE", "AGE", "SHA-256", "NAME"], rows, { optional: [2, 1] });
      },
    },
    rm: {
      summary: "remove stored files",
      arguments: [{ name: "name", help: "files on the server", variadic: true, values: "stored-files" }],
      examples: [{ line: "stint files rm report.pdf", does: "remove it" }],
      async run({ args, session: { api, out, json } }: Call) {
        return await each(out, args, async (name) => {
          await api.request("DELETE", filePath(name));
          if (json) out.json({ name });
          else out.print(`${name} is gone.`);
        });
      },
    },
  },
};
