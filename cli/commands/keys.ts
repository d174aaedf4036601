/** `stint keys`: lists keys. */

import type { components } from "../../openapi/types.ts";
import { all, entries } from "../api/pages.ts";
import type { Call, Command } from "../command.ts";
import { limitOf } from "../jobs/filters.ts";
import { spell } from "../jobs/times.ts";

type KeyEntry = components["schemas"]["KeyEntry"];

interface Options {
  limit?: string;
  quiet?: boolean;
}

export const command: Command = {
  description: "Lists keys with their values, in byte order.",
  arguments: [{ name: "prefix", help: "only keys that begin with it", optional: true, values: "keys" }],
  options: [
    { flags: "-n, --limit <number>", help: "at most so many (all)" },
    { flags: "-q, --quiet", help: "print only their names" },
  ],
  examples: [
    { line: "stint keys", does: "all of them" },
    { line: "stint keys -q tmp | xargs -r stint del", does: "delete all that begin with tmp" },
  ],
  async run({ args: [prefix], options, session }: Call<Options>) {
    const { api, out } = session;
    const query = new URLSearchParams(prefix === undefined ? {} : { prefix });
    const limit = limitOf(options.limit, Infinity);
    const keys = await all(entries<KeyEntry>(api, "/api/keys", { member: "keys", query, limit }));
    if (session.json) return out.json({ keys });
    if (options.quiet) return keys.forEach(({ key }) => out.print(key));
    const now = Date.now();
    const rows = keys.map(({ key, version, expires, value }) => [
      key,
      String(version),
      expires === null ? "never" : `in ${spell(Math.max(0, (Date.parse(expires) - now) / 1000))}`,
      value,
    ]);
    out.table(["KEY", "VERSION", "EXPIRES", "VALUE"], rows, { optional: [2, 1] });
  },
};
