/** The options of `serve`: one table from which the command line, the variables and the configuration file are read. */

import {
  count,
  days,
  flag,
  hostName,
  limit,
  list,
  octal,
  oneOf,
  port,
  rate,
  seconds,
  text,
  userName,
} from "./values.ts";
import type { Reader } from "./values.ts";

export const LOG_LEVELS = ["trace", "debug", "info", "warning", "error"] as const;
export type LogLevel = typeof LOG_LEVELS[number];
export const LOG_FORMATS = ["text", "json"] as const;
export type LogFormat = typeof LOG_FORMATS[number];

/** One option. Its name in the configuration file is its key in {@link OPTIONS}. */
export interface Option<T = unknown> {
  /** As it stands on the command line, without the dashes. */
  flag: string;
  /** What stands for the value in the help; not there for an option without one. */
  placeholder?: string;
  help: string;
  read: Reader<T>;
  /** Given again, it adds to what was given before. */
  repeatable?: boolean;
}

export const OPTIONS = {
  host: { flag: "host", placeholder: "address", help: "address to listen on (127.0.0.1)", read: text },
  port: { flag: "port", placeholder: "number", help: "port to listen on; 0 picks a free one (8080)", read: port },
  data: {
    flag: "data",
    placeholder: "directory",
    help: "where everything is kept ($XDG_STATE_HOME/stint, else ~/.local/state/stint)",
    read: text,
  },
  slots: {
    flag: "slots",
    placeholder: "number",
    help: "pieces of work that go on at once (the processors, at least 4)",
    read: count(1, 100_000),
  },
  workerTtl: {
    flag: "worker-ttl",
    placeholder: "seconds",
    help: "how long an unused reservation keeps its slot (300)",
    read: seconds(0.001, 365 * 86_400),
  },
  maxHold: {
    flag: "max-hold",
    placeholder: "seconds",
    help: "longest time for which a request may be held (86400)",
    read: seconds(0, 365 * 86_400),
  },
  inlineOutput: {
    flag: "inline-output",
    placeholder: "bytes",
    help: "how much of each output a result carries (1048576)",
    read: count(0, 256 * 1024 * 1024),
  },
  keepDays: {
    flag: "keep-days",
    placeholder: "days",
    help: "how long jobs that have ended are kept; none: as long as the other limits allow (400)",
    read: limit(days(0.00001, 100_000)),
  },
  keepJobs: {
    flag: "keep-jobs",
    placeholder: "number",
    help: "how many jobs that have ended are kept; none: no limit (1000000)",
    read: limit(count(1, 100_000_000)),
  },
  keepBytes: {
    flag: "keep-bytes",
    placeholder: "bytes",
    help: "how much output of jobs that have ended is kept; none: no limit (10737418240)",
    read: limit(count(1, Number.MAX_SAFE_INTEGER)),
  },
  keepPartial: {
    flag: "keep-partial",
    placeholder: "days",
    help: "how long what has arrived of a resumable upload is kept after it broke off; none: for good (1)",
    read: limit(days(0.00001, 100_000)),
  },
  maxOutput: {
    flag: "max-output",
    placeholder: "bytes",
    help: "how much a job may write to each output before it is ended (1073741824)",
    read: count(1, Number.MAX_SAFE_INTEGER),
  },
  runAs: {
    flag: "run-as",
    placeholder: "user",
    help: "run jobs as this user; the server has to be root for that (the server's own user)",
    read: userName,
  },
  jobUmask: {
    flag: "job-umask",
    placeholder: "octal",
    help: "umask of jobs; what the server itself makes is always its own (022)",
    read: octal,
  },
  jobMemory: {
    flag: "job-memory",
    placeholder: "bytes",
    help: "memory of a job that asks for no limit, and the most that one may ask for (no limit)",
    read: count(4_194_304, Number.MAX_SAFE_INTEGER),
  },
  jobCpu: {
    flag: "job-cpu",
    placeholder: "seconds",
    help: "the same for the processor time of each of its processes (no limit)",
    read: count(1, 1_000_000_000),
  },
  jobFiles: {
    flag: "job-files",
    placeholder: "number",
    help: "the same for the files that each of its processes may have open (the system's)",
    read: count(16, 1_048_576),
  },
  jobProcesses: {
    flag: "job-processes",
    placeholder: "number",
    help: "the same for its processes (the system's)",
    read: count(1, 4_194_304),
  },
  sandbox: {
    flag: "sandbox",
    help: "run every job in a sandbox (bubblewrap): nothing to write to and no network unless it asks for them",
    read: flag,
  },
  maxBody: {
    flag: "max-body",
    placeholder: "bytes",
    help: "largest JSON body that is taken (1048576)",
    read: count(1024, 256 * 1024 * 1024),
  },
  bodyTimeout: {
    flag: "body-timeout",
    placeholder: "seconds",
    help: "how long the next byte of a body may be waited for; none: for ever (30)",
    read: limit(seconds(0.01, 86_400)),
  },
  rateLimit: {
    flag: "rate-limit",
    placeholder: "requests/seconds",
    help: "requests that each token may make, such as 100/60; tokens may have rates of their own (no limit)",
    read: rate,
  },
  maxConnections: {
    flag: "max-connections",
    placeholder: "number",
    help: "requests and streams that are open at once; none: no limit (20000)",
    read: limit(count(1, 10_000_000)),
  },
  maxHolds: {
    flag: "max-holds",
    placeholder: "number",
    help: "requests that are held at once for each token; none: no limit (10000)",
    read: limit(count(1, 10_000_000)),
  },
  maxStreams: {
    flag: "max-streams",
    placeholder: "number",
    help: "streams of events and output that are open at once for each token; none: no limit (10000)",
    read: limit(count(1, 10_000_000)),
  },
  maxReservations: {
    flag: "max-reservations",
    placeholder: "number",
    help: "unused worker slots that each token may have reserved at once; none: no limit (none)",
    read: limit(count(1, 10_000_000)),
  },
  keepChanges: {
    flag: "keep-changes",
    placeholder: "number",
    help: "how many of the latest changes may be followed from (100000)",
    read: count(1, 100_000_000),
  },
  tokens: {
    flag: "token",
    placeholder: "token",
    help: "ask callers for this token; repeatable. Visible in process lists: prefer --token-file",
    read: list(text),
    repeatable: true,
  },
  tokenFile: {
    flag: "token-file",
    placeholder: "file",
    help: "ask callers for one of the tokens in this file, one a line",
    read: text,
  },
  tlsCert: { flag: "tls-cert", placeholder: "file", help: "serve HTTPS with this certificate chain (PEM)", read: text },
  tlsKey: { flag: "tls-key", placeholder: "file", help: "the certificate's private key (PEM)", read: text },
  tlsSelfSigned: {
    flag: "tls-self-signed",
    help: "serve HTTPS with a certificate made for trying out, kept in the data directory",
    read: flag,
  },
  redirectHttp: {
    flag: "redirect-http",
    placeholder: "port",
    help: "answer on this port too, over plain HTTP, only to send everybody on to HTTPS",
    read: port,
  },
  hsts: {
    flag: "hsts",
    placeholder: "seconds",
    help:
      "how long browsers that came by HTTPS are to come by nothing else; 0: not told; never with --tls-self-signed (31536000)",
    read: count(0, 10 * 365 * 86_400),
  },
  insecureNoAuth: {
    flag: "insecure-no-auth",
    help: "listen beyond this machine although no token is asked for",
    read: flag,
  },
  allowHosts: {
    flag: "allow-host",
    placeholder: "name",
    help: "answer requests for this host name too; repeatable",
    read: list(hostName),
    repeatable: true,
  },
  drain: {
    flag: "drain",
    placeholder: "seconds",
    help: "how long transfers may go on after a signal to stop (10)",
    read: seconds(0, 86_400),
  },
  acceptDataLoss: {
    flag: "accept-data-loss",
    help: "start although acknowledged changes are missing from the database (for one start)",
    read: flag,
  },
  logLevel: {
    flag: "log-level",
    placeholder: "level",
    help: `${LOG_LEVELS.join(", ")} (info)`,
    read: oneOf(LOG_LEVELS),
  },
  logFormat: {
    flag: "log-format",
    placeholder: "format",
    help: `${LOG_FORMATS.join(", ")} (text)`,
    read: oneOf(LOG_FORMATS),
  },
} as const satisfies Record<string, Option>;

export type OptionName = keyof typeof OPTIONS;

/** The values that were given, by option. */
export type Given = { [K in OptionName]?: ReturnType<typeof OPTIONS[K]["read"]["parse"]> };

/** The variable that sets an option: `STINT_WORKER_TTL` for `--worker-ttl`. */
export function variableOf(option: Option): string {
  return `STINT_${option.flag.replaceAll("-", "_").toUpperCase()}`;
}
