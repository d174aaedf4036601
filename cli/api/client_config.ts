/** The client's configuration file: servers by name. */

import { CliError, usage } from "../errors.ts";
import { EXIT } from "../exit_codes.ts";

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

/**
 * What the configuration file says; empty where there is none in the usual place.
 * @throws {CliError} when it cannot be understood, or is not where `STINT_CLIENT_CONFIG` says.
 */
export function readClientConfig(around: Surroundings): ClientConfig {
  const path = clientConfigPath(around);
  const nothing: ClientConfig = { path: path ?? "", servers: {} };
  if (path === undefined) return nothing;
  let content: unknown;
  try {
    content = JSON.parse(around.readFile(path));
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) {
      // Going on would speak to another server than the one that was meant.
      if (around.env("STINT_CLIENT_CONFIG")) throw usage(`STINT_CLIENT_CONFIG: there is no file ${path}`);
      return nothing;
    }
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

/** What others may read is no secret. @throws {CliError} */
export function refuseOpen(path: string, { modeOf }: Surroundings): void {
  const mode = modeOf(path);
  if (mode === null || (mode & 0o077) === 0) return;
  throw new CliError(
    `${path} holds a token and may be read by others (mode ${(mode & 0o777).toString(8).padStart(4, "0")})`,
    EXIT.notAllowed,
    `Take that away: chmod 600 ${path}`,
  );
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
