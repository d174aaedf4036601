/** Asks for another state of jobs, or of what goes on in worker slots. */

import type { components } from "../../openapi/types.ts";
import type { Call } from "../command.ts";
import { each } from "./each.ts";
import { jobId, workerId } from "./resolve.ts";
import type { Job } from "./types.ts";

export type Wish = "paused" | "running" | "terminated";
type WorkerChange = components["schemas"]["WorkerChange"];

/** What is said of a job that takes a state. */
const SAID: Record<Wish, string> = { paused: "is paused", running: "goes on", terminated: "is being ended" };

/** Resolves with the exit code. */
export async function control({ args, session }: Pick<Call, "args" | "session">, wish: Wish): Promise<number> {
  const { api, out } = session;
  return await each(out, args, async (word) => {
    const worker = await workerId(api, word);
    if (worker !== undefined) {
      const change = await api.json<WorkerChange>("POST", `/modify/${worker}/${wish}`);
      return session.json ? out.json(change) : out.print(`Worker ${worker} is ${change.status}.`);
    }
    const id = await jobId(api, word, "change");
    const job = await api.json<Job>("PATCH", `/api/jobs/${id}`, { json: { state: wish } });
    if (session.json) return out.json(job);
    const said = wish === "terminated" && job.done
      ? "is terminated"
      : wish === "running" && job.state !== "running"
      ? `is ${job.state}`
      : SAID[wish];
    out.print(`Job ${id} ${said}.`);
  });
}
