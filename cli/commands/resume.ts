/** `stint resume`. */

import type { Call, Command } from "../command.ts";
import { control } from "../jobs/control.ts";

export const command: Command = {
  description: "Lets paused jobs, uploads and downloads go on.",
  arguments: [{ name: "job", help: "ids or names of jobs, or worker-ids", variadic: true, values: "active-jobs" }],
  examples: [
    { line: "stint resume 45", does: "one job" },
    { line: "stint resume 45 46 nightly", does: "several" },
  ],
  run: (call: Call) => control(call, "running"),
};
