import assert from "node:assert/strict";
import { systemClock } from "../../lib/clock.ts";
import { covers, isScope, type Scope, SCOPES } from "../../lib/domain/scope.ts";
import { createToken, revokeToken } from "../../lib/tokens/admin.ts";
import { KeptTokens } from "../../lib/tokens/kept.ts";
import { LastUses } from "../../lib/tokens/last_uses.ts";
import { TokenFile } from "../../lib/tokens/token_file.ts";
import { CONTRACT } from "../../openapi/document.ts";
import { testApp } from "../helpers/app.ts";
import { tempDir } from "../helpers/temp_dir.ts";

/** One request for each operation, which none of them carries out: a parameter that is not known is refused. */
const ROWS = CONTRACT.map(({ method, path, security }) => ({
  method: method.toUpperCase(),
  path: `${path.replace("{new_job_status}", "paused").replaceAll(/\{[^}]+\}/g, "1")}?unheard_of=1`,
  needs: security?.[0]?.bearer,
}));
const OPEN = [
  "GET /",
  "GET /-/workers",
  "GET /-/requests",
  "GET /-/keys",
  "GET /-/system",
  "GET /-/jobs/{id}",
  "GET /-/assets/{file}",
  "GET /openapi.json",
  "GET /api/docs",
  "GET /api/docs/{file}",
  "GET /-/healthy",
  "GET /-/ready",
  "POST /api/session",
  "DELETE /api/session",
];

Deno.test("every operation declares known scopes, or that it is public and one of the few that are", () => {
  const open = [];
  for (const { method, path, security } of CONTRACT) {
    const where = `${method.toUpperCase()} ${path}`;
    assert.ok(security, where);
    if (security.length === 0) open.push(where);
    for (const each of security) assert.ok(Object.values(each)[0]!.every(isScope), where);
  }
  assert.deepEqual(open.sort(), OPEN.toSorted());
});

Deno.test("every operation × every kind of token: 401, 403 or let in, as the contract says", async () => {
  await using directory = await tempDir();
  const file = new TokenFile(directory.path);
  const now = Date.now();
  const make = (name: string, scopes: Scope[], expires: number | null = null) =>
    createToken(file, { name, scopes, expires }, now).token;
  const byScope = new Map(SCOPES.map((scope) => [scope, make(scope.replace(":", "-"), [scope])]));
  const refused = {
    none: undefined,
    empty: "",
    malformed: "not a token",
    unknown: `stint_0123456789ab_${"A".repeat(43)}`,
    altered: `${byScope.get("admin")!.slice(0, -1)}${byScope.get("admin")!.endsWith("A") ? "E" : "A"}`,
    expired: make("expired", ["admin"], now - 1),
    revoked: make("revoked", ["admin"]),
  };
  revokeToken(file, "revoked", now);
  const tokens = new KeptTokens(file, new LastUses(directory.path, fail), systemClock(), fail);
  await using service = await testApp({ tokens, wrongTokens: 1e6 });
  try {
    for (const { method, path, needs } of ROWS) {
      const status = async (token?: string) => {
        const headers = token === undefined ? undefined : { authorization: `Bearer ${token}` };
        const json = ["POST", "PATCH"].includes(method) && !path.startsWith("/upload") ? {} : undefined;
        return (await service.ask(method, path, { headers, json })).status;
      };
      for (const [kind, token] of Object.entries(refused)) {
        assert.equal(
          await status(token) === 401,
          needs !== undefined,
          `${method} ${path} with a token that is ${kind}`,
        );
      }
      for (const [scope, token] of byScope) {
        const allowed = (needs ?? []).every((each) => covers([scope], each as Scope));
        const got = await status(token);
        assert.equal(got === 403, !allowed, `${method} ${path} with ${scope}: ${got}`);
        assert.notEqual(got, 401);
      }
    }
  } finally {
    tokens.close();
  }
});

function fail(message: string, error: unknown): never {
  throw new Error(message, { cause: error });
}
