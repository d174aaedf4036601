/** Looks at the server: whether it answers, takes work, knows the token, and is of this release. */

import type { components } from "../../openapi/types.ts";
import manifest from "../../deno.json" with { type: "json" };
import type { Client, Server } from "../api/client.ts";
import { CliError } from "../errors.ts";
import { fail, type Finding, ok, warn } from "./finding.ts";

type SessionView = components["schemas"]["Session"];

/** Seconds by which clocks may differ unnoticed. */
const SKEW = 5;

export async function checkServer(api: Client): Promise<Finding[]> {
  try {
    const before = Date.now();
    const response = await api.request("GET", "/-/healthy");
    await response.body?.cancel();
    const reached = ok("server", `${api.server.url} answers`);
    return [
      reached,
      ...privacy(api.server),
      clock(response.headers, before),
      await readiness(api),
      await release(api),
      await token(api),
    ];
  } catch (error) {
    if (!(error instanceof CliError)) throw error;
    return [fail("server", error.message, error.hint ?? "Look at its log.")];
  }
}

/** Whether others on the way may read what is sent: the token, commands, output. */
function privacy({ url, token }: Server): Finding[] {
  const { protocol, hostname } = new URL(url);
  if (protocol === "https:") return [ok("encryption", "TLS, and its certificate is trusted")];
  if (/^(localhost|127\.[\d.]+|\[::1\])$/.test(hostname)) return [];
  const what = token === undefined ? "what is sent there" : "what is sent there, the token included,";
  return [
    warn("encryption", `none: ${what} may be read on the way`, "Start it with --tls-cert and --tls-key; use https:."),
  ];
}

function clock(headers: Headers, before: number): Finding {
  const skew = Math.round((Date.parse(headers.get("date") ?? "") - before) / 1000);
  if (!(Math.abs(skew) > SKEW)) return ok("clock", "the server's and this machine's agree");
  return warn(
    "clock",
    `the server's is ${Math.abs(skew)} s ${skew > 0 ? "ahead" : "behind"}`,
    "Let both follow a time server.",
  );
}

async function readiness(api: Client): Promise<Finding> {
  const response = await api.request("GET", "/-/ready", { allow: [503] });
  await response.body?.cancel();
  return response.ok ? ok("server", "it takes work") : warn("server", "it is stopping", "Wait, or start it again.");
}

async function release(api: Client): Promise<Finding> {
  const { info } = await api.json<{ info?: { version?: string } }>("GET", "/openapi.json");
  if (info?.version === manifest.version) return ok("release", `both are ${manifest.version}`);
  return warn(
    "release",
    `the server is ${info?.version ?? "of no known release"}, this is ${manifest.version}`,
    "Use the same release on both sides.",
  );
}

async function token(api: Client): Promise<Finding> {
  try {
    const { name, scopes } = await api.json<SessionView>("GET", "/api/session");
    return ok("token", `${name}: ${scopes.join(", ")}`);
  } catch (error) {
    if (!(error instanceof CliError)) throw error;
    return fail("token", error.message, error.hint ?? "Give another one.");
  }
}
