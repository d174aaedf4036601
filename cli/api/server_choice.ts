/** Which server is meant, what is shown to it, and whom to trust: options, variables and the configuration file. */

import { CliError, usage } from "../errors.ts";
import { EXIT } from "../exit_codes.ts";
import { nearest } from "../suggest.ts";
import type { Server } from "./client.ts";

export const DEFAULT_URL = "http://127.0.0.1:8080";

export interface Choice {
  server?: string;
  tokenFile?: string;
  caCert?: string;
}

/** What is read, so that tests can give it. */
export interface Surroundings {
  env(name: string): string | undefined;
  /** The text of a file. @throws {Deno.errors.NotFound} */
  readFile(path: string): string;
  /** Its permission bits; null where the system has none. */
  modeOf(path: string): number | null;
}

/** A server in the configuration file. */
export interface NamedServer {
  url: string;
  token?: string;
  token_file?: string;
  ca_cert?: string;
}

export interface ClientConfig {
  path: string;
  /** The one that is meant when none is named. */
  default?: string;
  servers: Record<string, NamedServer>;
}

/**
 * The server: `--server`, else `STINT_SERVER`, else the configuration file's default, else this machine.
 * Its token: `--token-file`, else that of the named server, else `STINT_TOKEN`.
 * @throws {CliError}
 */
export function chooseServer(choice: Choice, around: Surroundings): Server {
  const config = readClientConfig(around);
  const wanted = choice.server ?? set(around, "STINT_SERVER") ?? config.default;
  const named = wanted === undefined ? undefined : namedServer(wanted, config);
  const caFile = choice.caCert ?? named?.ca_cert ?? set(around, "STINT_CA_CERT");
  const token = choice.tokenFile !== undefined
    ? readToken(choice.tokenFile, around)
    : named?.token_file !== undefined
    ? readToken(expand(named.token_file, around), around)
    : named?.token ?? set(around, "STINT_TOKEN");
  return {
    url: urlOf(named?.url ?? wanted ?? DEFAULT_URL),
    ...(token !== undefined && { token }),
    ...(caFile !== undefined && { caCert: readText(expand(caFile, around), "--ca-cert", around) }),
  };
}

/** The configuration file: `STINT_CLIENT_CONFIG`, else `stint/config.json` in `XDG_CONFIG_HOME` or `~/.config`. */
export function clientConfigPath({ env }: Pick<Surroundings, "env">): string | undefined {
  const given = env("STINT_CLIENT_CONFIG");
  if (given) return given;
  const base = env("XDG_CONFIG_HOME");
  // The base directory specification has relative paths ignored.
  if (base?.startsWith("/")) return `${base}/stint/config.json`;
  const home = env("HOME");
  return home ? `${home}/.config/stint/config.json` : undefined;
}

/** What the configuration file says; empty where there is none. @throws {CliError} when it cannot be understood. */
export function readClientConfig(around: Surroundings): ClientConfig {
  const path = clientConfigPath(around);
  const nothing: ClientConfig = { path: path ?? "", servers: {} };
  if (path === undefined) return nothing;
  let content: unknown;
  try {
    content = JSON.parse(around.readFile(path));
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return nothing;
    throw badConfig(path, (error as Error).message);
  }
  const config = checkConfig(path, content);
  if (Object.values(config.servers).some(({ token }) => token !== undefined)) refuseOpen(path, around);
  return config;
}

function checkConfig(path: string, content: unknown): ClientConfig {
  if (!isObject(content)) throw badConfig(path, "expected an object");
  const { default: preferred, servers = {}, ...others } = content;
  const [unknown] = Object.keys(others);
  if (unknown !== undefined) throw badConfig(path, `unknown member ${unknown}; expected default and servers`);
  if (preferred !== undefined && typeof preferred !== "string") throw badConfig(path, "default: expected a name");
  if (!isObject(servers)) throw badConfig(path, "servers: expected an object of servers by name");
  for (const [name, server] of Object.entries(servers)) checkServer(path, name, server);
  return { path, default: preferred, servers: servers as Record<string, NamedServer> };
}

const MEMBERS = ["url", "token", "token_file", "ca_cert"];

function checkServer(path: string, name: string, server: unknown): void {
  if (!isObject(server) || typeof server.url !== "string") {
    throw badConfig(path, `servers.${name}: expected an object with a url`);
  }
  for (const [member, value] of Object.entries(server)) {
    if (!MEMBERS.includes(member)) {
      throw badConfig(path, `servers.${name}: unknown member ${member}; expected ${MEMBERS.join(", ")}`);
    }
    if (typeof value !== "string") throw badConfig(path, `servers.${name}.${member}: expected a text`);
  }
}

function badConfig(path: string, what: string): CliError {
  return usage(`${path}: ${what}`, "docs/cli.md shows how servers are named there.");
}

function namedServer(wanted: string, config: ClientConfig): NamedServer | undefined {
  if (Object.hasOwn(config.servers, wanted)) return config.servers[wanted];
  if (wanted.includes("://")) {
    // A server that is in the file keeps its token when it is called by its address.
    return Object.values(config.servers).find(({ url }) => urlOf(url) === urlOf(wanted));
  }
  const names = Object.keys(config.servers);
  const near = nearest(wanted, names);
  throw usage(
    `There is no server ${JSON.stringify(wanted)} in ${config.path || "the configuration file"}`,
    near
      ? `Did you mean ${near}?`
      : names.length > 0
      ? `There are ${names.join(", ")}.`
      : "Give a URL: http://host:8080",
  );
}

function urlOf(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (!url || !/^https?:$/.test(url.protocol) || url.search || url.hash || url.username) {
    throw usage(`${JSON.stringify(text)} is no server`, "Give a URL such as http://127.0.0.1:8080.");
  }
  return url.href.replace(/\/+$/, "");
}

function readToken(path: string, around: Surroundings): string {
  const token = readText(path, "--token-file", around).trim();
  if (!/^[A-Za-z0-9\-._~+/]+=*$/.test(token)) {
    throw usage(`${path} holds no token`, "A token file has one line, as `stint token create` prints it.");
  }
  refuseOpen(path, around);
  return token;
}

/** What others may read is no secret. */
function refuseOpen(path: string, { modeOf }: Surroundings): void {
  const mode = modeOf(path);
  if (mode === null || (mode & 0o077) === 0) return;
  throw new CliError(
    `${path} holds a token and may be read by others (mode ${(mode & 0o777).toString(8).padStart(4, "0")})`,
    EXIT.notAllowed,
    `Take that away: chmod 600 ${path}`,
  );
}

function readText(path: string, option: string, { readFile }: Surroundings): string {
  try {
    return readFile(path);
  } catch (error) {
    throw usage(`${option} ${path} cannot be read: ${(error as Error).message}`);
  }
}

function expand(path: string, { env }: Surroundings): string {
  return path.startsWith("~/") ? `${env("HOME") ?? "~"}${path.slice(1)}` : path;
}

/** An empty variable is how shells and unit files unset one. */
function set({ env }: Surroundings, name: string): string | undefined {
  return env(name) || undefined;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The real ones. */
export const SURROUNDINGS: Surroundings = {
  env: (name) => Deno.env.get(name),
  readFile: (path) => Deno.readTextFileSync(path),
  modeOf: (path) => Deno.statSync(path).mode,
};
