/** Prints queues. */

import type { components } from "../../openapi/types.ts";
import type { Output } from "../output.ts";

type Queue = components["schemas"]["Queue"];

/** Queues as a table. */
export function printQueues(out: Output, queues: readonly Queue[]): void {
  const rows = queues.map(({ name, slots, max_queued, paused, queued, waiting, held, running }) => [
    name,
    paused ? "paused" : "open",
    `${running}${slots === null ? "" : `/${slots}`}`,
    `${queued}${max_queued === null ? "" : `/${max_queued}`}`,
    String(waiting),
    String(held),
  ]);
  out.table(["QUEUE", "STATE", "RUNNING", "QUEUED", "WAITING", "HELD"], rows, { optional: [4] });
}
