/** `stint serve`: starts the service and stays until a signal ends it. */

import { readFileSync } from "node:fs";
import type { Command } from "commander";
import { type Config, listenRule, readConfig } from "../lib/config.ts";
import { ConfigError } from "../lib/config.ts";
import { Problem } from "../lib/domain/errors.ts";
import { configureLog, logOf } from "../lib/log.ts";
import { ListenError } from "../lib/server/listen.ts";
import { onStopSignals } from "../lib/server/signals.ts";
import { DatabaseDamaged, DatabaseTooNew, DataLost, DirectoryInUse } from "../lib/store/open.ts";
import { startService } from "./compose.ts";
import { TokenFile } from "../lib/tokens/token_file.ts";
import { addServeOptions, flagsOf } from "./serve_options.ts";

/** What keeps a service from starting, with a message for people. */
const EXPECTED = [ListenError, DirectoryInUse, DatabaseTooNew, DatabaseDamaged, DataLost, Problem];
/** Exit code when the store can no longer be trusted; `EX_IOERR` of sysexits.h. Starting again is the right thing to do. */
const STORE_FAILED = 74;

const EXAMPLES = `
Examples:
  # on this machine alone, with all that it knows in one directory
  stint serve --data /srv/stint
  # for others, who need a token then, and two jobs at a time
  stint serve --host 0.0.0.0 --tls-cert cert.pem --tls-key key.pem --token-file token --slots 2`;

/** Adds the command, as the one that runs when none is named. `done` receives its exit code. */
export function addServe(program: Command, done: (code: number) => void): void {
  const command = program.command("serve", { isDefault: true }).description("start the service")
    .addHelpText("after", EXAMPLES);
  addServeOptions(command);
  command.action(async () => done(await serve(command)));
}

/** Exit codes: 0 stopped in order, 1 could not start or stop, 2 the options are not right, {@link STORE_FAILED}. */
async function serve(command: Command): Promise<number> {
  try {
    const config = configFrom(command);
    configureLog({ level: config.logLevel, format: config.logFormat });
    warnOfOpenTokens(config);
    const stopped = Promise.withResolvers<void>();
    const service = await startService(config);
    onStopSignals(
      () => service.stop().then(stopped.resolve, stopped.reject),
      () => {
        logOf("server").warn("Leaving at once, as a second signal asked");
        Deno.exit(1);
      },
    );
    console.log([firstLine(config, service.address), ...service.notes].join("\n"));
    const failure = await Promise.race([stopped.promise, service.failed]);
    if (!failure) return 0;
    // What was acknowledged is on disk; what is in memory may be ahead of it. The next start reads what is true.
    logOf("store").error("The store can no longer be trusted; leaving at once", { error: failure });
    return STORE_FAILED;
  } catch (error) {
    if (error instanceof ConfigError) return complain(error.message, 2);
    if (EXPECTED.some((kind) => error instanceof kind)) return complain((error as Error).message, 1);
    throw error;
  }
}

function configFrom(command: Command): Config {
  const config = readConfig({
    flags: flagsOf(command),
    env: (name) => Deno.env.get(name),
    readFile: (path) => readFileSync(path, "utf8"),
    processors: navigator.hardwareConcurrency,
  });
  const objection = listenRule({ ...config, keptTokens: asksForToken(config) });
  if (objection) throw new ConfigError(objection);
  return config;
}

/** What others may read is no secret. It may be as open as it is for reasons that are not ours to judge: no refusal. */
function warnOfOpenTokens({ tokenFile }: Config): void {
  const mode = tokenFile === undefined ? 0 : Deno.statSync(tokenFile).mode ?? 0;
  if ((mode & 0o077) === 0) return;
  logOf("tokens").warn("The file of --token-file may be read by other users; close it: chmod 600", {
    path: tokenFile,
    mode: (mode & 0o777).toString(8),
  });
}

/** Whether a token was given, or some are kept in the data directory. */
function asksForToken({ tokens, data }: Config): boolean {
  return tokens.length > 0 || new TokenFile(data).exists();
}

/** Where it is, where its data are, and who may call. */
function firstLine(config: Config, address: string): string {
  const access = asksForToken(config)
    ? "a token is asked for"
    : config.insecureNoAuth
    ? "no token asked for (insecure: anybody who reaches it may run commands)"
    : "no token asked for (loopback only)";
  return `Stint listens on ${address} · data in ${config.data} · ${access}`;
}

function complain(message: string, code: number): number {
  console.error(`stint: ${message.replaceAll(/\s*\n\s*/g, " ")}`);
  return code;
}
