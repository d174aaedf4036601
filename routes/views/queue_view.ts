/** Queues as the contract shows them. */

import type { z } from "zod";
import type { Queue } from "../../lib/domain/queue.ts";
import type { QueueStatus } from "../../lib/services/jobs/queues.ts";
import type { QueueSchema } from "../../openapi/queues.ts";
import { queueUrl } from "./common.ts";

export function queueView({ queue, load }: QueueStatus): z.output<typeof QueueSchema> {
  return {
    ...queueSettingsView(queue),
    queued: load.ready + load.waiting,
    waiting: load.waiting,
    held: load.held,
    running: load.running,
    url: queueUrl(queue.name),
  };
}

export function queueSettingsView({ name, slots, paused, maxQueued }: Queue) {
  return { name, slots, paused, max_queued: maxQueued };
}
