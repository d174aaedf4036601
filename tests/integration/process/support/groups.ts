/** Whether jobs can be put into control groups here. */

import { withProcesses } from "./bench.ts";

export async function controlGroupsWork(): Promise<boolean> {
  let found = false;
  await withProcesses(async ({ run, directory }) => {
    const { jobId } = await run({ command: "true" });
    found = / \S+\/stint-\S+$/m.test(await Deno.readTextFile(`${directory}/0/${jobId}.run`));
  });
  return found;
}
