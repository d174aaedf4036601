/** Opens the services over one data directory, each with what it needs of the others. */

import { join } from "node:path";
import type { BodyDeadline } from "../lib/body_deadline.ts";
import type { Clock } from "../lib/clock.ts";
import type { Config } from "../lib/config.ts";
import { diskSpace } from "../lib/disk_space.ts";
import { isEnded } from "../lib/domain/job.ts";
import { logOf } from "../lib/log.ts";
import { Metrics } from "../lib/metrics.ts";
import { openProcesses } from "../lib/process/processes.ts";
import { Jobs } from "../lib/services/jobs/jobs.ts";
import { sweepExpiredKeys } from "../lib/services/keys/expiry.ts";
import { Keys } from "../lib/services/keys/keys.ts";
import { observed } from "../lib/services/observed_store.ts";
import { type Faults, noFaults } from "../lib/services/ports/faults.ts";
import { HeldRequests } from "../lib/services/requests/held_requests.ts";
import { Slots } from "../lib/services/slots.ts";
import { Downloads } from "../lib/services/transfers/downloads.ts";
import { FileArea } from "../lib/services/transfers/file_area.ts";
import { Files } from "../lib/services/transfers/files.ts";
import { Partials } from "../lib/services/transfers/partials.ts";
import { sweepPartials } from "../lib/services/transfers/partials_upkeep.ts";
import { Uploads } from "../lib/services/transfers/uploads.ts";
import { Workers } from "../lib/services/workers/workers.ts";
import { SecretFiles } from "../lib/store/secret_files.ts";
import { openConfinement } from "./confinement.ts";
import { openStore } from "../lib/store/open.ts";
import type { Services } from "../routes/deps.ts";

const DAY_MS = 86_400_000;

export interface OpenServices extends Services {
  metrics: Metrics;
  /** Resolves when the store can no longer be trusted: the process has to end. */
  failed: Promise<Error>;
  /** Takes no new work and ends what waits; resolves when transfers are over, at the latest after `config.drain`. */
  drain(): Promise<void>;
}

/**
 * `later` is handed what has to be closed, in the order of opening; it is to be closed in the opposite order, also when
 * this throws.
 * @throws {DirectoryInUse}
 * @throws {DatabaseTooNew}
 * @throws {DatabaseDamaged}
 * @throws {DataLost}
 */
export async function openServices(
  config: Config & { bodyDeadline: BodyDeadline },
  clock: Clock,
  later: (close: () => void | Promise<void>) => void,
  faults: Faults = noFaults,
): Promise<OpenServices> {
  const slots = new Slots(config.slots);
  const requests = new HeldRequests(clock);
  const bare = await openStore({
    directory: config.data,
    keepChanges: config.keepChanges,
    acceptDataLoss: config.acceptDataLoss,
    warn: (message) => logOf("store").warn(message),
    alarm: (message) => logOf("store").error(message),
  });
  later(() => bare.close());
  const processes = await openProcesses({
    directory: join(config.data, "jobs"),
    umask: config.jobUmask,
    confinement: await openConfinement(config),
    log: logOf("process"),
    faults,
  });
  later(() => processes.close());

  const metrics = new Metrics({
    jobs: () => bare.jobs.counts(),
    slots: () => slots,
    queueLength: () => jobs.waiting,
    heldRequests: () => requests.size,
    keys: () => bare.keys.count(),
    outputBytes: () => bare.jobs.outputBytes(),
    disk: () => diskSpace(config.data),
  });
  const store = observed(bare, (commit, outcome, seconds) => {
    metrics.committed(outcome, seconds);
    if (outcome !== "committed") return;
    for (const change of commit.changes) {
      if (change.kind === "key" && (change.value !== undefined || change.add)) metrics.keyWritten();
    }
  });

  const workers: Workers = new Workers({
    store,
    slots,
    clock,
    ttlMs: config.workerTtl * 1000,
    queueIsWaiting: () => jobs.needsAllSlots,
    onError: reporter("workers"),
  });
  const jobs: Jobs = new Jobs({
    store,
    processes,
    slots,
    clock,
    inlineOutput: config.inlineOutput,
    maxOutput: config.maxOutput,
    secrets: new SecretFiles(join(config.data, "secrets")),
    companion: workers.jobs,
    faults,
    onError: reporter("jobs"),
  }, {
    limits: { days: config.keepDays, jobs: config.keepJobs, bytes: config.keepBytes },
    onRemoved: (reason, bytes) => metrics.jobForgotten(reason, bytes),
  });
  countJobs(jobs, metrics);
  workers.jobs.connect({
    control: (id, wish) => jobs.control(id, wish),
    outputBytes: async (id) => await processes.outputSize(id, "stdout") + await processes.outputSize(id, "stderr"),
  });

  const transfers = {
    store,
    clock,
    deadline: config.bodyDeadline,
    area: new FileArea(join(config.data, "files")),
    keepPartialMs: config.keepPartial * DAY_MS,
    onError: reporter("files"),
  };
  const files = new Files(transfers);
  await files.open();
  await workers.open();
  later(() => workers.close());
  await files.reconcile();
  later(sweepPartials(transfers));
  await jobs.open();
  later(() => jobs.close());
  later(sweepExpiredKeys(store, clock, (error) => reporter("keys")("Expired keys could not be removed", error)));

  return {
    requests,
    workers,
    uploads: new Uploads(transfers, workers),
    downloads: new Downloads(transfers, workers),
    partials: new Partials(transfers),
    files,
    jobs,
    keys: new Keys(store, clock),
    changes: store,
    metrics,
    failed: bare.failed,
    async drain() {
      requests.close();
      jobs.drain();
      await workers.drain(config.drain * 1000);
    },
  };
}

function reporter(part: string): (message: string, error: unknown) => void {
  return (message, error) => logOf(part).error(message, { error });
}

function countJobs(jobs: Jobs, metrics: Metrics): void {
  jobs.onChange((job, before) => {
    if (job.state === "running" && (before === "queued" || before === null)) metrics.jobStarted();
    if (isEnded(job)) metrics.jobFinished(job.state);
  });
}
