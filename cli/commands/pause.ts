/** `stint pause`. */

import type { Call, Command } from "../command.ts";
import { control } from "../jobs/control.ts";

export const command: Command = {
  description:
    "Stops all processes of jobs where they stand (SIGSTOP); time that a job is paused does not count towards its --timeout. One that has not begun stays where it is in its queue. A worker-id pauses an upload or a download.",
  arguments: [{ name: "job", help: "ids or names of jobs, or worker-ids", variadic: true, values: "active-jobs" }],
  examples: [
    { line: "stint pause 45", does: "one job" },
    { line: "stint pause 45 46 nightly", does: "several" },
  ],
  run: (call: Call) => control(call, "paused"),
};
