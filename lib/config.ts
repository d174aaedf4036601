/**
 * The configuration of `serve`. What the command line says goes before `STINT_…` variables, these go before the
 * configuration file, and that goes before the defaults.
 */

import { resolve } from "node:path";
import type { Limits } from "./domain/confinement.ts";
import { isLoopback } from "./addresses.ts";
import type { Rate } from "./domain/rate.ts";
import {
  type Given,
  type LogFormat,
  type LogLevel,
  type Option,
  type OptionName,
  OPTIONS,
  variableOf,
} from "./config/options.ts";

/** Durations are seconds, sizes are bytes. */
export interface Config {
  host: string;
  port: number;
  /** Directory that holds everything. */
  data: string;
  slots: number;
  workerTtl: number;
  maxHold: number;
  inlineOutput: number;
  /** How much of the history is kept: days, jobs, bytes of output; `Infinity` is no limit. */
  keepDays: number;
  keepJobs: number;
  keepBytes: number;
  /** How long what has arrived of an upload is kept: days. */
  keepPartial: number;
  maxOutput: number;
  maxBody: number;
  /** `Infinity` is no limit, here and for those below. */
  bodyTimeout: number;
  /** Not there: no limit. */
  rateLimit?: Rate;
  maxConnections: number;
  /** Of each token; where none is asked for, of each address. */
  maxHolds: number;
  maxStreams: number;
  maxReservations: number;
  /** Name of the user that jobs run as. */
  runAs?: string;
  /** In octal. */
  jobUmask: string;
  jobLimits: Limits;
  sandbox: boolean;
  /** How many of the latest changes may be followed from. */
  keepChanges: number;
  /** What callers may show to be let in; empty when nothing is asked for. */
  tokens: string[];
  /** Path of the file that some of them came from. */
  tokenFile?: string;
  /** Paths of PEM files, or a certificate of our own making. */
  tls?: { cert: string; key: string } | "self-signed";
  /** Port that sends everybody on to HTTPS. */
  redirectHttp?: number;
  /** Seconds for which browsers are told to come by HTTPS only; 0: they are not. */
  hsts: number;
  insecureNoAuth: boolean;
  acceptDataLoss: boolean;
  allowHosts: string[];
  drain: number;
  logLevel: LogLevel;
  logFormat: LogFormat;
}

/** Where configuration comes from. */
export interface Sources {
  /** Options of the command line, by name. */
  flags: Partial<Record<OptionName | "config", unknown>>;
  env: (name: string) => string | undefined;
  /** Reads a text file; throws when it cannot. */
  readFile: (path: string) => string;
  /** Processors of this machine. */
  processors: number;
}

/** The caller's mistake, in one line: the option, the value and what is accepted. */
export class ConfigError extends Error {
  override readonly name = "ConfigError";
}

const NAMES = Object.keys(OPTIONS) as OptionName[];

/** @throws {ConfigError} for a value that is not accepted, a file that cannot be read, or options that exclude each other. */
export function readConfig(sources: Sources): Config {
  const file = sources.flags.config ?? sources.env("STINT_CONFIG");
  const given: Given = {
    ...(typeof file === "string" && file !== "" ? fromFile(file, sources.readFile) : {}),
    ...fromVariables(sources.env),
    ...fromFlags(sources.flags),
  };
  const host = given.host ?? "127.0.0.1";
  return {
    host: host.replace(/^\[(.*)\]$/, "$1"),
    port: given.port ?? 8080,
    data: resolve(given.data ?? defaultData(sources.env)),
    slots: given.slots ?? Math.max(4, sources.processors),
    workerTtl: given.workerTtl ?? 300,
    maxHold: given.maxHold ?? 86_400,
    inlineOutput: given.inlineOutput ?? 1_048_576,
    keepDays: given.keepDays ?? 400,
    keepJobs: given.keepJobs ?? 1_000_000,
    keepBytes: given.keepBytes ?? 10 * 1024 ** 3,
    keepPartial: given.keepPartial ?? 1,
    maxOutput: given.maxOutput ?? 1_073_741_824,
    maxBody: given.maxBody ?? 1_048_576,
    bodyTimeout: given.bodyTimeout ?? 30,
    ...(given.rateLimit && { rateLimit: given.rateLimit }),
    maxConnections: given.maxConnections ?? 20_000,
    maxHolds: given.maxHolds ?? 10_000,
    maxStreams: given.maxStreams ?? 10_000,
    maxReservations: given.maxReservations ?? Infinity,
    runAs: given.runAs,
    jobUmask: given.jobUmask ?? "022",
    jobLimits: jobLimits(given),
    sandbox: given.sandbox ?? false,
    keepChanges: given.keepChanges ?? 100_000,
    tokens: tokens(given, sources.readFile),
    ...(given.tokenFile !== undefined && { tokenFile: given.tokenFile }),
    tls: tls(given),
    redirectHttp: redirectHttp(given),
    hsts: given.tlsSelfSigned ? 0 : given.hsts ?? 31_536_000,
    insecureNoAuth: given.insecureNoAuth ?? false,
    acceptDataLoss: given.acceptDataLoss ?? false,
    allowHosts: given.allowHosts ?? [],
    drain: given.drain ?? 10,
    logLevel: given.logLevel ?? "info",
    logFormat: given.logFormat ?? "text",
  };
}

/**
 * Whether the service may listen where it is told to: without a token only this machine may call.
 * @returns what is wrong and the way out, or undefined when all is well.
 */
export function listenRule(
  config: Pick<Config, "host" | "tokens" | "insecureNoAuth"> & { keptTokens?: boolean },
): string | undefined {
  if (config.tokens.length > 0 || config.keptTokens || config.insecureNoAuth || isLoopback(config.host)) {
    return undefined;
  }
  return `--host ${config.host} would let other machines run commands here without a token: ` +
    "make one with `stint token create`, or set one with --token-file FILE (or --token, STINT_TOKEN), listen on 127.0.0.1, " +
    "or say --insecure-no-auth if that is what you want";
}

/**
 * Whether a data directory is its owner's alone. What is in it says what commands run, and tokens and keys lie there.
 * @returns what is wrong and the way out. Null stands for what the system does not tell.
 */
export function privacyRule(
  path: string,
  { mode, uid, self }: { mode: number | null; uid: number | null; self: number | null },
): string | undefined {
  if (uid !== null && self !== null && uid !== self) {
    return `--data ${path}: belongs to user ${uid}, and this is user ${self}; run Stint as its owner, or hand it over: ` +
      `chown -R ${self} ${path}`;
  }
  if (mode === null || (mode & 0o077) === 0) return undefined;
  return `--data ${path}: is open to other users (mode ${(mode & 0o777).toString(8)}); close it: chmod 700 ${path}`;
}

function fromFlags(flags: Sources["flags"]): Given {
  return collect(NAMES, (name) => flags[name], (name) => `--${OPTIONS[name].flag}`);
}

function fromVariables(env: Sources["env"]): Given {
  return collect(NAMES, (name) => {
    const option: Option = OPTIONS[name];
    const raw = env(variableOf(option));
    // An empty variable is how shells and unit files unset one.
    if (raw === undefined || raw === "") return undefined;
    return option.repeatable && name !== "tokens" ? raw.split(",").map((each) => each.trim()) : raw;
  }, (name) => variableOf(OPTIONS[name]));
}

function fromFile(path: string, readFile: Sources["readFile"]): Given {
  let content: unknown;
  try {
    content = JSON.parse(readText(path, "--config", readFile));
  } catch (error) {
    if (error instanceof ConfigError) throw error;
    throw new ConfigError(`--config ${path}: not valid JSON: ${(error as Error).message}`);
  }
  if (typeof content !== "object" || content === null || Array.isArray(content)) {
    throw new ConfigError(`--config ${path}: expected a JSON object with options as its keys`);
  }
  const entries = new Map(Object.entries(content).map(([key, value]) => [nameOf(key) ?? unknownKey(path, key), value]));
  return collect([...entries.keys()], (name) => entries.get(name), (name) => `${path}: ${OPTIONS[name].flag}`);
}

/** Both the flag's spelling (`worker-ttl`) and the option's own (`workerTtl`) name it in the file. */
function nameOf(key: string): OptionName | undefined {
  return NAMES.find((name) => name === key || OPTIONS[name].flag === key);
}

function unknownKey(path: string, key: string): never {
  const known = NAMES.map((name) => OPTIONS[name].flag).join(", ");
  throw new ConfigError(`--config ${path}: unknown option ${JSON.stringify(key)}; expected one of ${known}`);
}

function collect(
  names: OptionName[],
  rawOf: (name: OptionName) => unknown,
  label: (name: OptionName) => string,
): Given {
  const given: Record<string, unknown> = {};
  for (const name of names) {
    const raw = rawOf(name);
    if (raw === undefined) continue;
    const value = OPTIONS[name].read.parse(raw);
    if (value === undefined) throw badValue(label(name), name, raw);
    given[name] = value;
  }
  return given as Given;
}

function badValue(label: string, name: OptionName, raw: unknown): ConfigError {
  const shown = name === "tokens" ? "that value" : JSON.stringify(raw);
  return new ConfigError(`${label}: ${shown} is not accepted; expected ${OPTIONS[name].read.accepts}`);
}

/** Where the data lie, for commands that need nothing else. @throws {ConfigError} */
export function dataDirectory(given: string | undefined, env: Sources["env"]): string {
  return resolve(given || env("STINT_DATA") || defaultData(env));
}

function defaultData(env: Sources["env"]): string {
  const state = env("XDG_STATE_HOME");
  // The base directory specification has relative paths ignored.
  if (state?.startsWith("/")) return `${state}/stint`;
  const home = env("HOME");
  if (home?.startsWith("/")) return `${home}/.local/state/stint`;
  throw new ConfigError("--data: no home directory is known (HOME is not set); say where to keep the data");
}

function tokens(given: Given, readFile: Sources["readFile"]): string[] {
  const fromFile = given.tokenFile === undefined
    ? []
    : readText(given.tokenFile, "--token-file", readFile).split("\n").map((line) => line.trim()).filter(Boolean);
  if (given.tokenFile !== undefined && fromFile.length === 0) {
    throw new ConfigError(`--token-file ${given.tokenFile}: there is no token in it; expected one a line`);
  }
  const all = [...given.tokens ?? [], ...fromFile];
  // What RFC 6750 lets stand after "Bearer ": anything else could never be shown.
  if (!all.every((token) => /^[A-Za-z0-9\-._~+/]+=*$/.test(token))) {
    throw new ConfigError("--token: that value is not accepted; expected letters, digits and -._~+/ only");
  }
  return [...new Set(all)];
}

function tls(given: Given): Config["tls"] {
  const { tlsCert, tlsKey, tlsSelfSigned } = given;
  if (tlsSelfSigned && (tlsCert ?? tlsKey) !== undefined) {
    throw new ConfigError(
      "--tls-self-signed: it takes the place of --tls-cert and --tls-key; expected one or the others",
    );
  }
  if (tlsSelfSigned) return "self-signed";
  if (tlsCert === undefined && tlsKey === undefined) return undefined;
  if (tlsCert === undefined) throw new ConfigError(`--tls-key ${tlsKey}: expected --tls-cert with it`);
  if (tlsKey === undefined) throw new ConfigError(`--tls-cert ${tlsCert}: expected --tls-key with it`);
  return { cert: tlsCert, key: tlsKey };
}

/** Only what is said: what is not is no limit. */
function jobLimits({ jobMemory, jobCpu, jobFiles, jobProcesses }: Given): Limits {
  const all = { memory: jobMemory, cpu: jobCpu, files: jobFiles, processes: jobProcesses };
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined));
}

function redirectHttp(given: Given): number | undefined {
  const { redirectHttp: port } = given;
  if (port === undefined) return undefined;
  if (!tls(given)) throw new ConfigError(`--redirect-http ${port}: expected --tls-cert or --tls-self-signed with it`);
  if (port !== 0 && port === (given.port ?? 8080)) {
    throw new ConfigError(`--redirect-http ${port}: HTTPS is served there; expected another port than --port`);
  }
  return port;
}

function readText(path: string, option: string, readFile: Sources["readFile"]): string {
  try {
    return readFile(path);
  } catch (error) {
    throw new ConfigError(`${option} ${path}: cannot be read: ${(error as Error).message}`);
  }
}
