/** Which server is meant, what is shown to it, and whom to trust: options, variables and the configuration file. */

import { usage } from "../errors.ts";
import { nearest } from "../suggest.ts";
import type { Server } from "./client.ts";
import {
  type ClientConfig,
  type NamedServer,
  readClientConfig,
  refuseOpen,
  type Surroundings,
} from "./client_config.ts";

export const DEFAULT_URL = "http://127.0.0.1:8080";

export interface Choice {
  server?: string;
  tokenFile?: string;
  caCert?: string;
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
    : named?.token !== undefined
    ? checked(named.token, `The token of ${wanted}`)
    : checked(set(around, "STINT_TOKEN"), "STINT_TOKEN");
  return {
    url: urlOf(named?.url ?? wanted ?? DEFAULT_URL),
    ...(token !== undefined && { token }),
    ...(caFile !== undefined && { caCert: readText(expand(caFile, around), "--ca-cert", around) }),
  };
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
      : /^[\w.-]+:\d+$/.test(wanted)
      ? `Did you mean http://${wanted}?`
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

/** RFC 6750, section 2.1. */
const TOKEN = /^[A-Za-z0-9\-._~+/]+=*$/;

function checked(token: string | undefined, what: string): string | undefined {
  if (token === undefined || TOKEN.test(token)) return token;
  throw usage(`${what} is none: there are characters in it that no token has`, "`stint token create` prints one.");
}

function readToken(path: string, around: Surroundings): string {
  const token = readText(path, "--token-file", around).trim();
  if (!TOKEN.test(token)) {
    throw usage(`${path} holds no token`, "A token file has one line, as `stint token create` prints it.");
  }
  refuseOpen(path, around);
  return token;
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
