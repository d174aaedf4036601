/** `stint uploads`: uploads that broke off and may be gone on with. */

import type { components } from "../../openapi/types.ts";
import { all, entries } from "../api/pages.ts";
import type { Call, CommandFamily } from "../command.ts";
import { each } from "../jobs/each.ts";
import { age, size, spell } from "../jobs/times.ts";

type Upload = components["schemas"]["PartialUpload"];

export const command: CommandFamily = {
  description:
    "What has arrived of uploads that are not complete. `stint put` with the same file goes on with it; what " +
    "nobody goes on with is forgotten after a day (the server's --keep-partial).",
  fallback: "list",
  examples: [
    { line: "stint uploads", does: "list them" },
    { line: "stint uploads rm 3q2-7wABCDEFghijKLMNopqr", does: "forget one, and free its room on the disk" },
  ],
  commands: {
    list: {
      summary: "list unfinished uploads",
      description:
        "Lists what has arrived of which file, the newest first, and when it is forgotten; `under way` is one " +
        "that somebody sends more of.",
      options: [{ flags: "--name <name>", help: "only those of a file of that name" }],
      examples: [
        { line: "stint uploads list", does: "all of them" },
        { line: "stint uploads list --name backup.tar", does: "those of one file" },
      ],
      async run({ options: { name }, session: { api, out, json } }: Call<{ name?: string }>) {
        const query = new URLSearchParams(name === undefined ? {} : { name });
        const uploads = await all(entries<Upload>(api, "/api/uploads", { member: "uploads", query }));
        if (json) return out.json({ uploads });
        const now = Date.now();
        out.table(["ID", "ARRIVED", "OF", "AGE", "FORGOTTEN", "NAME"], uploads.map((upload) => row(upload, now)), {
          optional: [3],
        });
      },
    },
    rm: {
      summary: "forget unfinished uploads",
      description:
        "Removes what has arrived. One that somebody sends more of is left alone: `stint kill` ends its worker.",
      arguments: [{ name: "id", help: "uploads, as `stint uploads` lists them", variadic: true, values: "uploads" }],
      examples: [
        { line: "stint uploads rm 3q2-7wABCDEFghijKLMNopqr", does: "forget it" },
        {
          line: "stint uploads list --json | jq -r '.uploads[].upload_id' | xargs -r stint uploads rm",
          does: "forget all",
        },
      ],
      async run({ args, session: { api, out, json } }: Call) {
        return await each(out, args, async (id) => {
          await api.request("DELETE", `/api/uploads/${encodeURIComponent(id)}`);
          if (json) out.json({ upload_id: id });
          else out.print(`Upload ${id} is forgotten.`);
        });
      },
    },
  },
};

function row({ upload_id, bytes, total, created, expires, "worker-id": worker, name }: Upload, now: number): string[] {
  const left = expires === null ? "never" : `in ${spell(Math.max(0, (Date.parse(expires) - now) / 1000))}`;
  return [
    upload_id,
    size(bytes),
    total === null ? "unknown" : size(total),
    age(created, now),
    worker === null ? left : "under way",
    name,
  ];
}
