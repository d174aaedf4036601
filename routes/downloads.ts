/** Downloads in a worker slot (document 002). */

import type { Context } from "hono";
import { Problem } from "../lib/domain/errors.ts";
import { checkFileName } from "../lib/domain/file_name.ts";
import { downloadNew, DownloadSchema } from "../openapi/transfers.ts";
import type { App, RouteDeps } from "./deps.ts";
import type { Env } from "./env.ts";
import { fileAnswer } from "./file_answer.ts";
import { leaving } from "./leaving.ts";
import { type BodyRules, readText } from "./middleware/body.ts";
import { parseAs } from "./parse.ts";

export function downloadRoutes(app: App, { downloads, maxBody, bodyDeadline }: RouteDeps): void {
  const { params, query, headers } = downloadNew.request;

  // Without its body, which is read whatever its Content-Type says: `curl -d` says form.
  app.openapi({ ...downloadNew, request: { params, query, headers } }, async (c) => {
    const name = await fileName(c, c.req.valid("query").file, { limit: maxBody, deadline: bodyDeadline });
    const download = await downloads.download(c.req.valid("param")["worker-id"], {
      name,
      range: c.req.header("range"),
      ifRange: c.req.header("if-range"),
      signal: leaving(c),
    });
    return fileAnswer(download, c.get("auth")?.revoked);
  });
}

/** The file's name as the query or the body has it. */
async function fileName(c: Context<Env>, fromQuery: string | undefined, rules: BodyRules): Promise<string> {
  const text = await readText(c.req.raw, rules);
  const fromBody = text.trim() === "" ? undefined : parseAs(DownloadSchema, text, '{"file":"name"}').file;
  const name = fromQuery ?? fromBody;
  if (name !== undefined && (fromBody ?? name) === name) return checkFileName(name);
  throw new Problem(
    "invalid_request",
    name === undefined
      ? 'Which file? Send {"file":"name"}, or ?file=name.'
      : `The query names ${JSON.stringify(fromQuery)} and the body ${JSON.stringify(fromBody)}. Send one of them.`,
  );
}
