/** Files that were uploaded. */

import { checkFileName } from "../lib/domain/file_name.ts";
import { deleteFile, getFile, listFiles } from "../openapi/files.ts";
import { readConditions } from "./conditions.ts";
import type { App, RouteDeps } from "./deps.ts";
import { fileAnswer } from "./file_answer.ts";
import { DEFAULT_LIMIT, nextLink } from "./paging.ts";
import { fileView } from "./views/file_view.ts";

export function fileRoutes(app: App, { files }: RouteDeps): void {
  app.openapi(listFiles, async (c) => {
    const { limit = DEFAULT_LIMIT, cursor } = c.req.valid("query");
    const page = await files.list({ limit, cursor });
    return c.json({ files: page.items.map(fileView) }, 200, nextLink(c, page.next));
  });

  app.openapi(getFile, async (c) => {
    const found = await files.read(checkFileName(c.req.valid("param").name), {
      range: c.req.header("range"),
      ifRange: c.req.header("if-range"),
      ...readConditions(c.req.raw),
    });
    if (found.notModified) return c.body(null, 304, { etag: found.etag });
    return fileAnswer(found, c.get("auth")?.revoked);
  });

  app.openapi(deleteFile, async (c) => {
    await files.delete(checkFileName(c.req.valid("param").name), readConditions(c.req.raw).ifMatch);
    return c.body(null, 204);
  });
}
