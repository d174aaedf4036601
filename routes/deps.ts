/** What the routes are given to work with. */

import type { OpenAPIHono } from "@hono/zod-openapi";
import type { BodyDeadline } from "../lib/body_deadline.ts";
import type { Clock } from "../lib/clock.ts";
import type { Shares } from "../lib/shares.ts";
import type { Jobs } from "../lib/services/jobs/jobs.ts";
import type { Keys } from "../lib/services/keys/keys.ts";
import type { Store } from "../lib/services/ports/store.ts";
import type { HeldRequests } from "../lib/services/requests/held_requests.ts";
import type { Downloads } from "../lib/services/transfers/downloads.ts";
import type { Files } from "../lib/services/transfers/files.ts";
import type { Partials } from "../lib/services/transfers/partials.ts";
import type { Uploads } from "../lib/services/transfers/uploads.ts";
import type { Workers } from "../lib/services/workers/workers.ts";
import type { Env } from "./env.ts";

export type App = OpenAPIHono<Env>;

export interface Services {
  requests: HeldRequests;
  workers: Workers;
  uploads: Uploads;
  downloads: Downloads;
  partials: Partials;
  files: Files;
  jobs: Jobs;
  keys: Keys;
  /** The feed of all changes. */
  changes: Pick<Store, "follow" | "version">;
}

export interface RouteDeps extends Services {
  clock: Clock;
  /** Prometheus' view of the service. */
  metrics: { readonly contentType: string; scrape(): Promise<string> };
  /** The longest time, in seconds, that a request may be held or may wait. */
  maxHold: number;
  /** The most bytes that a body which is no file may have. */
  maxBody: number;
  /** How long the next piece of any body may be waited for. */
  bodyDeadline: BodyDeadline;
  /** What each caller has open at once. */
  shares: { holds: Shares; streams: Shares };
  /** Reservations that one caller may have at once; `Infinity` is no limit. */
  maxReservations: number;
  /** Aborts when the server begins to stop: who waits is answered then, and streams that follow something end. */
  stopping: AbortSignal;
}
