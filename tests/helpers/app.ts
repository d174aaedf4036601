/** The whole app without a socket: real routes, services, store and processes, in a temporary directory. */

import { BodyDeadline } from "../../lib/body_deadline.ts";
import { systemClock } from "../../lib/clock.ts";
import { Metrics } from "../../lib/metrics.ts";
import { openProcesses } from "../../lib/process/processes.ts";
import { Jobs } from "../../lib/services/jobs/jobs.ts";
import { Keys } from "../../lib/services/keys/keys.ts";
import { HeldRequests } from "../../lib/services/requests/held_requests.ts";
import { Slots } from "../../lib/services/slots.ts";
import { Downloads } from "../../lib/services/transfers/downloads.ts";
import { FileArea } from "../../lib/services/transfers/file_area.ts";
import { Files } from "../../lib/services/transfers/files.ts";
import { Partials } from "../../lib/services/transfers/partials.ts";
import { Uploads } from "../../lib/services/transfers/uploads.ts";
import { Workers } from "../../lib/services/workers/workers.ts";
import { SecretFiles } from "../../lib/store/secret_files.ts";
import { openStore } from "../../lib/store/open.ts";
import type { Rate } from "../../lib/domain/rate.ts";
import { RateLimits } from "../../lib/rate_limits.ts";
import { Shares } from "../../lib/shares.ts";
import { Throttle } from "../../lib/throttle.ts";
import type { Handler } from "../../lib/handler.ts";
import { configuredTokens } from "../../lib/tokens/configured.ts";
import { Sessions } from "../../lib/tokens/sessions.ts";
import { AuditLog } from "../../lib/log/audit_log.ts";
import { ErrorLog } from "../../lib/log/error_log.ts";
import type { Tokens } from "../../lib/tokens/tokens.ts";
import { createApp } from "../../routes/app.ts";
import { fastKeys } from "../../routes/fast_keys.ts";
import { ownHosts } from "../../routes/middleware/host.ts";
import type { App } from "../../routes/deps.ts";
import { assertFits } from "./contract.ts";
import { tempDir } from "./temp_dir.ts";

export interface AskOptions {
  headers?: Record<string, string>;
  body?: BodyInit;
  /** Sent as JSON, in the place of `body`. */
  json?: unknown;
  signal?: AbortSignal;
}

export interface Reply {
  status: number;
  headers: Headers;
  text: string;
  // deno-lint-ignore no-explicit-any -- each test knows what it asks for, and the contract was checked
  json: any;
}

export interface TestApp extends AsyncDisposable {
  app: App;
  /** The same as a server's handler; what `fast` hands on goes there, so a test may put another in its place. */
  handlers: { slow: Handler };
  auditLog: AuditLog;
  errorLog: ErrorLog;
  /** With the short way of keys before it. */
  fast: Handler;
  /** Asks, and holds the answer to the contract. */
  ask(method: string, path: string, options?: AskOptions): Promise<Reply>;
  /** Submits a job and waits for its end; gives its id. */
  finished(job: Record<string, unknown>): Promise<number>;
  /** Ends and removes a job that a test leaves running on purpose, also after {@link stop}. */
  forget(id: number): Promise<void>;
  /** As a server does that begins to stop. */
  stop(): void;
}

export async function testApp(
  {
    slots: limit = 4,
    tokens = [] as string[] | Tokens,
    wrongTokens = 20,
    rate = undefined as Rate | undefined,
    bodyTimeout = 30,
    most = { holds: 1000, streams: 1000, reservations: Infinity },
  } = {},
): Promise<TestApp> {
  const known = Array.isArray(tokens) ? configuredTokens(tokens) : tokens;
  const directory = await tempDir();
  const auditLog = new AuditLog(directory.path, console.error);
  const errorLog = ErrorLog.open(directory.path);
  const store = await openStore({ directory: directory.path });
  const processes = await openProcesses({ directory: `${directory.path}/jobs` });
  const clock = systemClock();
  const slots = new Slots(limit);
  const workers = new Workers({ store, slots, clock, ttlMs: 300_000, queueIsWaiting: () => jobs.needsAllSlots });
  const jobs: Jobs = new Jobs({
    store,
    processes,
    slots,
    clock,
    inlineOutput: 1 << 16,
    secrets: new SecretFiles(`${directory.path}/secrets`),
    companion: workers.jobs,
    onError: (message, error) => console.error(message, error),
  });
  workers.jobs.connect({
    control: (id, wish) => jobs.control(id, wish),
    outputBytes: async (id) => await jobs.results.size(id, "stdout") + await jobs.results.size(id, "stderr"),
  });
  const bodyDeadline = new BodyDeadline(bodyTimeout);
  const context = {
    store,
    clock,
    deadline: bodyDeadline,
    area: new FileArea(`${directory.path}/files`),
    keepPartialMs: 86_400_000,
  };
  const files = new Files(context);
  await files.open();
  await workers.open();
  await jobs.open();
  const requests = new HeldRequests(clock);
  const stopping = new AbortController();
  const metrics = new Metrics();
  const keys = new Keys(store, clock);
  const throttle = new Throttle(wrongTokens, 60_000, clock);
  const host = { bound: "127.0.0.1", allowed: [] };
  const isDraining = () => stopping.signal.aborted;
  const app = createApp({
    requests,
    workers,
    uploads: new Uploads(context, workers),
    downloads: new Downloads(context, workers),
    partials: new Partials(context),
    files,
    jobs,
    keys,
    changes: store,
    clock,
    metrics,
    maxHold: 3600,
    maxBody: 1 << 20,
    bodyDeadline,
    shares: {
      holds: new Shares({ most: most.holds, what: "requests are being held", option: "--max-holds" }),
      streams: new Shares({ most: most.streams, what: "streams are open", option: "--max-streams" }),
    },
    maxReservations: most.reservations,
    stopping: stopping.signal,
    middleware: {
      metrics,
      errorLog,
      auditLog,
      tokens: known,
      sessions: new Sessions(directory.path, known, clock, console.error),
      throttle,
      rates: { limits: new RateLimits(clock), rate },
      host,
      isDraining,
    },
  });
  const remoteAddr: Deno.NetAddr = { transport: "tcp", hostname: "127.0.0.1", port: 1 };

  async function ask(method: string, path: string, { headers = {}, body, json, signal }: AskOptions = {}) {
    const request = new Request(`http://localhost${path}`, {
      method,
      headers: { host: "localhost", ...(json !== undefined && { "content-type": "application/json" }), ...headers },
      body: json === undefined ? body : JSON.stringify(json),
      signal,
    });
    const response = await app.fetch(request, { remoteAddr });
    const text = await textOf(response);
    assertFits(method, path, response, text);
    const isJson = /\bjson\b/.test(response.headers.get("content-type") ?? "") && text !== "";
    return { status: response.status, headers: response.headers, text, json: isJson ? JSON.parse(text) : undefined };
  }

  const slow: Handler = (request, from) => app.fetch(request, from);
  const fast = fastKeys(
    {
      keys,
      metrics,
      auditLog,
      isOwnHost: ownHosts(host),
      tokens: known,
      throttle,
      bodyDeadline,
      rate,
      avoid: isDraining,
    },
    (request, from) => handlers.slow(request, from),
  );
  const handlers = { slow };

  return {
    app,
    handlers,
    fast,
    auditLog,
    errorLog,
    ask,
    async finished(job) {
      const { json } = await ask("POST", "/api/jobs", { json: job });
      await jobs.waitEnd(json.job_id, new AbortController().signal);
      return json.job_id;
    },
    forget: (id) => jobs.remove(id, { terminate: true }),
    stop() {
      stopping.abort();
      requests.close();
    },
    async [Symbol.asyncDispose]() {
      requests.close();
      bodyDeadline.close();
      jobs.close();
      workers.close();
      await processes.close();
      await store.close();
      auditLog.close();
      errorLog.close();
      await directory[Symbol.asyncDispose]();
    },
  };
}

/** Reads it as a network does, piece by piece: a piece of a long answer is gone when the next one is asked for. */
async function textOf(response: Response): Promise<string> {
  const decoder = new TextDecoder();
  let text = "";
  for await (const piece of response.body ?? []) text += decoder.decode(piece, { stream: true });
  return text + decoder.decode();
}
