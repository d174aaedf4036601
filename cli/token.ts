/** `stint token`: makes, lists and revokes the tokens of a data directory, beside a running server or without one. */

import type { Command } from "commander";
import { ConfigError, dataDirectory } from "../lib/config.ts";
import { SCOPES } from "../lib/domain/scope.ts";
import { createToken, revokeToken } from "../lib/tokens/admin.ts";
import { LastUses } from "../lib/tokens/last_uses.ts";
import { isValid, type TokenRecord } from "../lib/tokens/record.ts";
import { TokenFile, TokenFileError } from "../lib/tokens/token_file.ts";
import { CliError, complaint } from "./errors.ts";
import { EXIT } from "./exit_codes.ts";
import { table } from "./table.ts";
import { addBoundOptions, type BoundOptions, boundsFrom, describeBounds } from "./token_bounds.ts";
import { expiryOf, nameOf, rateOf, scopesOf } from "./token_values.ts";

interface Options extends BoundOptions {
  data?: string;
  name: string;
  scope: string[];
  expires?: string;
  rateLimit?: string;
  json?: boolean;
}

/** What `stint help token` shows of each member, and that member's own help alone. */
const EXAMPLES = {
  create: `
  # for a script that looks at jobs; into a file that is the user's alone
  (umask 077; stint token create --name monitor --scope jobs:read > monitor.token)
  # for a deployment that may start one program in one queue, for a day
  stint token create --name deploy --scope jobs:write --queue deploys --allow-argv './deploy.sh prod' --expires 1d`,
  list: `
  # which there are, and when each was last used
  stint token list`,
  revoke: `
  # end one
  stint token revoke monitor`,
};

function examples(...lines: string[]): string {
  return `\nExamples:${lines.join("")}`;
}

/** Adds the command; `done` receives its exit code: 0 done, 1 it cannot be done, 2 the options are not right. */
export function addToken(program: Command, done: (code: number) => void): void {
  const token = program.command("token").description("make, list and revoke tokens")
    .addHelpText("after", examples(...Object.values(EXAMPLES)));
  const under = (name: keyof typeof EXAMPLES, description: string) =>
    token.command(name).description(description).addHelpText("after", examples(EXAMPLES[name]))
      .option("--data <dir>", "the server's data directory [STINT_DATA]");
  addBoundOptions(under("create", "make a token and print it: it is shown this once"))
    .requiredOption("--name <name>", "who or what will use it")
    .requiredOption("--scope <scope...>", `what it may do: ${SCOPES.join(", ")}; several with commas`)
    .option("--expires <when>", "after this time (30m, 12h, 90d, 8w) or at this one (2027-01-31); default: never")
    .option("--rate-limit <requests/seconds>", "how many requests it may make, such as 100/60; default: the server's")
    .option("--json", "print an object")
    .action((options: Options) => done(attempt(() => create(options), options)));
  under("list", "show all tokens, without what is secret of them")
    .option("--json", "print an array of objects")
    .action((options: Options) => done(attempt(() => list(options), options)));
  under("revoke", "end a token, and whatever it holds open, within a second")
    .argument("<id-or-name>")
    .option("--json", "print an object")
    .action((which: string, options: Options) => done(attempt(() => revoke(which, options), options)));
}

function create(options: Options): void {
  const now = Date.now();
  const scopes = scopesOf(options.scope);
  const bounds = boundsFrom(options, scopes);
  const rate = rateOf(options.rateLimit);
  const expires = expiryOf(options.expires, now);
  const wish = { name: nameOf(options.name), scopes, ...(bounds && { bounds }), ...(rate && { rate }), expires };
  const directory = dataDirectory(options.data, (name) => Deno.env.get(name));
  Deno.mkdirSync(directory, { recursive: true, mode: 0o700 });
  const { token, record } = createToken(new TokenFile(directory), wish, now);
  // Only the token goes to standard output, so that it can be sent straight into a file.
  console.log(options.json ? JSON.stringify({ token, ...shown(record) }) : token);
  if (options.json) return;
  console.error(`Token ${record.name} (${record.id}). It is not shown again.`);
  if (bounds?.commands && !bounds.queues && !bounds.labels) {
    console.error("It can look at all jobs: --queue or --label as well would hide those of others.");
  }
}

function list(options: Options): void {
  const directory = dataDirectory(options.data, (name) => Deno.env.get(name));
  const uses = new LastUses(directory, () => {});
  const tokens = new TokenFile(directory).read().map((record) => ({
    ...shown(record),
    last_used: iso(uses.of(record.id)),
  }));
  if (options.json) return console.log(JSON.stringify(tokens));
  const rows = tokens.map(({ id, name, state, scopes, bounds, rate_limit, expires, last_used }) => [
    id,
    name,
    state,
    scopes.join(","),
    [...(bounds ? [describeBounds(bounds)] : []), ...(rate_limit ? [`rate ${rate_limit}`] : [])].join("; ") || "-",
    expires ?? "never",
    last_used ?? "never",
  ]);
  console.log(table(["ID", "NAME", "STATE", "SCOPES", "BOUND TO", "EXPIRES", "LAST USED"], rows));
}

function revoke(which: string, options: Options): void {
  const directory = dataDirectory(options.data, (name) => Deno.env.get(name));
  const { id, name } = revokeToken(new TokenFile(directory), which, Date.now());
  if (options.json) console.log(JSON.stringify({ id, name, state: "revoked" }));
  else console.error(`Token ${name} (${id}) is revoked.`);
}

function shown(record: TokenRecord) {
  const { id, name, scopes, bounds, rate, created, expires, revoked } = record;
  const state = revoked !== null ? "revoked" : isValid(record, Date.now()) ? "valid" : "expired";
  return {
    id,
    name,
    state,
    scopes,
    bounds: bounds ?? null,
    rate_limit: rate ? `${rate.requests}/${rate.seconds}` : null,
    created: iso(created),
    expires: iso(expires),
  };
}

function iso(time: number | null | undefined): string | null {
  return time === null || time === undefined ? null : new Date(time).toISOString();
}

function attempt(action: () => void, { json = false }: { json?: boolean }): number {
  try {
    action();
    return EXIT.ok;
  } catch (error) {
    const code = error instanceof ConfigError
      ? EXIT.usage
      : error instanceof TokenFileError || error instanceof Deno.errors.PermissionDenied
      ? EXIT.failed
      : undefined;
    if (code === undefined) throw error;
    console.error(complaint(new CliError((error as Error).message, code), json));
    return code;
  }
}
