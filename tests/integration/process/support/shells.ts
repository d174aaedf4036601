/** The shells that `/bin/sh` is on common systems. */

import { existsSync } from "node:fs";

/** A directory in which bash goes by the name of `sh`, which makes it behave as that. */
function bashAsSh(): string {
  const link = `${Deno.makeTempDirSync()}/sh`;
  Deno.symlinkSync("/bin/bash", link);
  addEventListener("unload", () => Deno.removeSync(link.slice(0, -"/sh".length), { recursive: true }));
  return link;
}

export const SHELLS: { name: string; path: string }[] = [
  { name: "the system's sh", path: "/bin/sh" },
  ...(existsSync("/bin/dash") ? [{ name: "dash", path: "/bin/dash" }] : []),
  ...(existsSync("/bin/bash") ? [{ name: "bash as sh", path: bashAsSh() }] : []),
];
