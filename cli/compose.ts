/** Puts the service together from its parts and starts it: the one place that knows them all. */

import { BodyDeadline } from "../lib/body_deadline.ts";
import { type Clock, systemClock } from "../lib/clock.ts";
import { type Config, ConfigError, privacyRule } from "../lib/config.ts";
import { AuditLog } from "../lib/log/audit_log.ts";
import { ErrorLog, logOf } from "../lib/log.ts";
import { drain } from "../lib/server/drain.ts";
import { Gate } from "../lib/server/gate.ts";
import { withHsts } from "../lib/server/hsts.ts";
import { listen } from "../lib/server/listen.ts";
import { type Faults, noFaults } from "../lib/services/ports/faults.ts";
import { RateLimits } from "../lib/rate_limits.ts";
import { Shares } from "../lib/shares.ts";
import { Throttle } from "../lib/throttle.ts";
import { configuredTokens } from "../lib/tokens/configured.ts";
import { KeptTokens } from "../lib/tokens/kept.ts";
import { LastUses } from "../lib/tokens/last_uses.ts";
import { Sessions } from "../lib/tokens/sessions.ts";
import { TokenFile } from "../lib/tokens/token_file.ts";
import { anyOf } from "../lib/tokens/tokens.ts";
import { createApp } from "../routes/app.ts";
import { notTooMany } from "../routes/crowd.ts";
import { fastKeys } from "../routes/fast_keys.ts";
import { ownHosts } from "../routes/middleware/host.ts";
import { openServices } from "./services.ts";
import { openTls } from "./tls.ts";

export interface RunningService {
  /** `http://127.0.0.1:8080/` */
  readonly address: string;
  /** What else is to be said at the start, a line each. */
  readonly notes: string[];
  /** Resolves, with the reason, when the store can no longer be trusted: the process has to end at once. */
  readonly failed: Promise<Error>;
  /** Drains and lets go of everything. Calling it again waits for the same end. */
  stop(): Promise<void>;
}

/** Wrong tokens an address may show within a minute. */
const WRONG_TOKENS = 20;

/**
 * Starts a service. `faults` is for tests that end it between two steps.
 * @throws {ConfigError} when the data directory or a certificate cannot be used.
 * @throws {ListenError} when it cannot listen.
 * @throws {DirectoryInUse}
 * @throws {DatabaseTooNew}
 * @throws {DatabaseDamaged}
 * @throws {DataLost}
 */
export async function startService(config: Config, faults: Faults = noFaults): Promise<RunningService> {
  makeDirectory(config.data);
  const tls = await openTls(config);
  const errorLog = openLog(config.data, () => ErrorLog.open(config.data));
  // What has been opened so far, to be let go in the opposite order.
  const opened: (() => void | Promise<void>)[] = [() => errorLog.close()];
  const close = async () => {
    for (let part = opened.pop(); part; part = opened.pop()) await part();
  };
  try {
    const gate = new Gate();
    const clock = systemClock();
    const stopping = new AbortController();
    const auditLog = openLog(
      config.data,
      () => new AuditLog(config.data, (message, error) => logOf("audit").error(message, { error })),
    );
    opened.push(() => auditLog.close());
    const kept = keptTokens(config.data, clock);
    opened.push(() => kept.close());
    const tokens = anyOf(configuredTokens(config.tokens), kept);
    const bodyDeadline = new BodyDeadline(config.bodyTimeout);
    opened.push(() => bodyDeadline.close());
    const shares = sharesOf(config);
    const services = await openServices({ ...config, bodyDeadline }, clock, (part) => opened.push(part), faults);
    const throttle = new Throttle(WRONG_TOKENS, 60_000, clock);
    const host = { bound: config.host, allowed: config.allowHosts };
    const app = createApp({
      ...services,
      clock,
      maxHold: config.maxHold,
      maxBody: config.maxBody,
      bodyDeadline,
      shares,
      maxReservations: config.maxReservations,
      stopping: stopping.signal,
      middleware: {
        metrics: services.metrics,
        errorLog,
        auditLog,
        tokens,
        sessions: new Sessions(config.data, tokens, clock, reportTokens),
        throttle,
        rates: { limits: new RateLimits(clock), rate: config.rateLimit },
        host,
        isDraining: () => gate.closing,
      },
    });
    const log = logOf("http");
    const open = () => gate.inside - 1 + shares.streams.total;
    const crowd = { most: config.maxConnections, open, metrics: services.metrics };
    const handler = gate.around(notTooMany(
      crowd,
      fastKeys(
        {
          keys: services.keys,
          metrics: services.metrics,
          auditLog,
          isOwnHost: ownHosts(host),
          tokens,
          throttle,
          bodyDeadline,
          rate: config.rateLimit,
          avoid: () => gate.closing || log.enabled("debug"),
        },
        (request, from) => app.fetch(request, from),
      ),
    ));
    const told = tls && config.hsts > 0 ? withHsts(handler, config.hsts) : handler;
    const listener = listen({ host: config.host, port: config.port, tls: tls?.certificate }, told);
    const front = tls?.follow(listener, ownHosts(host));
    const onDrain = () => {
      stopping.abort();
      void front?.stop();
      return services.drain();
    };
    let stopped: Promise<void> | undefined;
    return {
      address: listener.url,
      notes: [...tls?.notes ?? [], ...front?.notes ?? []],
      failed: services.failed,
      stop: () => stopped ??= drain(gate, listener, config.drain, { onDrain, close }),
    };
  } catch (error) {
    await close();
    throw error;
  }
}

function sharesOf({ maxHolds, maxStreams }: Config) {
  return {
    holds: new Shares({ most: maxHolds, what: "requests are being held", option: "--max-holds" }),
    streams: new Shares({ most: maxStreams, what: "streams are open", option: "--max-streams" }),
  };
}

function reportTokens(message: string, error: unknown): void {
  logOf("tokens").error(message, { error });
}

function keptTokens(directory: string, clock: Clock): KeptTokens {
  try {
    return new KeptTokens(new TokenFile(directory), new LastUses(directory, reportTokens), clock, reportTokens);
  } catch (error) {
    throw new ConfigError((error as Error).message);
  }
}

/** Makes the data directory, or makes sure that nobody else can look into the one that is there. */
function makeDirectory(path: string): void {
  try {
    Deno.mkdirSync(path, { recursive: true, mode: 0o700 });
  } catch (error) {
    throw new ConfigError(`--data ${path}: cannot be created: ${(error as Error).message}`);
  }
  const { mode, uid } = Deno.statSync(path);
  const objection = privacyRule(path, { mode, uid, self: Deno.uid() });
  if (objection) throw new ConfigError(objection);
}

function openLog<T>(directory: string, open: () => T): T {
  try {
    return open();
  } catch (error) {
    throw new ConfigError(`--data ${directory}: cannot be written: ${(error as Error).message}`);
  }
}
