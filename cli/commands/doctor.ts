/** `stint doctor`: checks what usually goes wrong. */

import { dataDirectory } from "../../lib/config.ts";
import { readClientConfig, SURROUNDINGS } from "../api/client_config.ts";
import type { Choice } from "../api/server_choice.ts";
import type { Call, Command } from "../command.ts";
import { checkDataDirectory } from "../doctor/data_directory.ts";
import { fail, type Finding, type Level, ok } from "../doctor/finding.ts";
import { checkMachine } from "../doctor/machine.ts";
import { checkServer } from "../doctor/server.ts";
import { checkTls } from "../doctor/tls.ts";
import { CliError } from "../errors.ts";
import { EXIT } from "../exit_codes.ts";
import type { Colour } from "../terminal/colour.ts";
import { plain } from "../terminal/plain.ts";

interface Options extends Choice {
  data?: string;
  tlsCert?: string;
  tlsKey?: string;
  offline?: boolean;
}

export const command: Command = {
  description:
    "Checks, on the machine where it is run, the data directory, limits, TLS files and permissions, and whether the " +
    "server can be reached. One line for each, which says ok, warn or fail and what to do. Exits with 1 when anything fails.",
  options: [
    { flags: "--data <directory>", help: "the data directory [STINT_DATA]", values: "local-files" },
    {
      flags: "--tls-cert <file>",
      help: "the certificate that the server uses [STINT_TLS_CERT]",
      values: "local-files",
    },
    { flags: "--tls-key <file>", help: "its key [STINT_TLS_KEY]", values: "local-files" },
    { flags: "--offline", help: "do not ask the server" },
  ],
  examples: [
    { line: "stint doctor", does: "this machine" },
    { line: "stint doctor --data /srv/stint --tls-cert cert.pem --tls-key key.pem", does: "before a first start" },
  ],
  async run({ options, session }: Call<Options>) {
    const { out } = session;
    const env = (name: string) => Deno.env.get(name) || undefined;
    const findings: Finding[] = [
      ...checkDataDirectory(dataDirectory(options.data, env)),
      ...await checkMachine(),
      ...checkTls(options.tlsCert ?? env("STINT_TLS_CERT"), options.tlsKey ?? env("STINT_TLS_KEY")),
      ...checkConfiguration(),
      ...options.offline ? [] : await reach(session),
    ];
    if (session.json) out.json({ findings });
    else for (const finding of findings) out.print(line(finding, session));
    return findings.some(({ level }) => level === "fail") ? EXIT.failed : EXIT.ok;
  },
};

/** Who cannot even say where the server is has a finding, too. */
async function reach(session: Call["session"]): Promise<Finding[]> {
  try {
    return await checkServer(session.api);
  } catch (error) {
    if (error instanceof CliError) {
      return [fail("server", error.message, error.hint ?? "`stint help` says how to name it.")];
    }
    throw error;
  }
}

function checkConfiguration(): Finding[] {
  try {
    const { path, servers } = readClientConfig(SURROUNDINGS);
    const count = Object.keys(servers).length;
    return count === 0 ? [] : [ok("configuration", `${path} names ${count} servers`)];
  } catch (error) {
    if (error instanceof CliError) return [fail("configuration", error.message, error.hint ?? "")];
    throw error;
  }
}

const COLOURS: Record<Level, Colour> = { ok: "green", warn: "yellow", fail: "red" };

function line({ level, about, text, todo }: Finding, { out }: Call["session"]): string {
  const advice = todo ? `${/[.!?]$/.test(text) ? "" : "."} ${todo}` : "";
  return `${out.paint(COLOURS[level], level.padEnd(4))}  ${plain(`${about}: ${text}${advice}`)}`;
}
