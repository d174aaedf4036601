/** Worker slots (document 002): reserve, look, control. */

import type { MiddlewareHandler } from "hono";
import { Problem } from "../lib/domain/errors.ts";
import type { WorkerWish } from "../lib/services/workers/modify.ts";
import { listWorkers, modifyWorker, newJob, type WORKER_WISHES, workerStatus } from "../openapi/workers.ts";
import { callerIdOf } from "./caller.ts";
import type { App, RouteDeps } from "./deps.ts";
import type { Env } from "./env.ts";
import { assertWorkerSeen, workersSeen } from "./job_access.ts";
import { shortened } from "./middleware/audit.ts";
import { problemResponse } from "./middleware/errors.ts";
import { showWorker } from "./show_worker.ts";
import { timeText } from "./views/common.ts";

const WISHES: Record<typeof WORKER_WISHES[number], WorkerWish> = {
  running: "running",
  resume: "running",
  paused: "paused",
  pause: "paused",
  terminated: "terminated",
  terminate: "terminated",
};

const FRESH = { "cache-control": "no-store" };

/** Document 002: "400 if the job status is not correct"; elsewhere a change that the state forbids is 409. */
const forbiddenIs400: MiddlewareHandler<Env> = async (c, next) => {
  await next();
  if (c.error instanceof Problem && c.error.code === "invalid_transition") c.res = problemResponse(c, c.error, 400);
};

export function workerRoutes(app: App, deps: RouteDeps): void {
  const { workers, maxReservations: most } = deps;

  app.openapi(listWorkers, async (c) => {
    const active = await workersSeen(c, deps.jobs, await workers.active());
    const { limit, used } = workers.slots;
    return c.json(
      {
        slots: { limit, used },
        workers: await Promise.all(active.map((worker) => showWorker(deps, worker))),
      },
      200,
      FRESH,
    );
  });

  app.openapi(newJob, async (c) => {
    const { workerId, expires, expiresIn } = await workers.reserve({ owner: callerIdOf(c), most });
    c.set("object", shortened(workerId));
    return c.json(
      {
        "worker-id": workerId,
        status: "reserved" as const,
        expires: timeText(expires!),
        expires_in: expiresIn!,
      },
      200,
      FRESH,
    );
  });

  app.openapi(workerStatus, async (c) => {
    const id = c.req.valid("param")["worker-id"];
    await assertWorkerSeen(c, deps, id);
    const status = await workers.status(id);
    return c.json(await showWorker(deps, status), 200, FRESH);
  });

  app.openapi({ ...modifyWorker, middleware: forbiddenIs400 }, async (c) => {
    const { "worker-id": id, new_job_status } = c.req.valid("param");
    await assertWorkerSeen(c, deps, id, { touch: true });
    const { workerId, status } = await workers.modify(id, WISHES[new_job_status]);
    return c.json({ "worker-id": workerId, status }, 200);
  });
}
