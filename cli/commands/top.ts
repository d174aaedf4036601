/** `stint top`: jobs on a full screen. */

import type { Call, Command } from "../command.ts";
import { usage } from "../errors.ts";

export const command: Command = {
  description: "Shows jobs on the whole terminal as they change, and controls them:\n\n" +
    "j, k and the arrows move; g and G go to the first and the last; Enter shows what the job prints, q leaves that; p " +
    "pauses or resumes; x ends, after a question; a shows ended jobs, too; q, Escape or Ctrl-C quits. What stood on the " +
    "terminal before comes back. Of what a job prints nothing but its colours reaches the terminal.",
  examples: [{ line: "stint top", does: "this machine" }, { line: "stint top --server prod", does: "another one" }],
  async run({ session }: Call) {
    if (session.json) throw usage("top shows a screen", "`stint ps --watch --json` tells of changes.");
    const { Top } = await import("../top/top.ts");
    using top = new Top(session);
    await top.run();
  },
};
