/** The contract as pages for people. Everything they load comes from this server. */

import { createHash } from "node:crypto";
import { Problem } from "../lib/domain/errors.ts";
import { ifNoneMatchHolds } from "../lib/domain/etag.ts";
import { docsAsset, docsPage } from "../openapi/system.ts";
import { readConditions } from "./conditions.ts";
import type { App } from "./deps.ts";

const PAGE = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>Stint: the API</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="/api/docs/swagger-ui.css">
</head>
<body>
<div id="docs"></div>
<noscript><p>This page needs scripts; <a href="/openapi.json">openapi.json</a> does not.</p></noscript>
<script src="/api/docs/swagger-ui-bundle.js"></script>
<script src="/api/docs/init.js"></script>
</body>
</html>
`;

/** The bundle sets styles on elements, and its style sheet has pictures in it. */
const POLICY = "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; " +
  "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/** What lies in `assets/`; the first two are those of swagger-ui-dist (`deno task assets`). */
const TYPES: Record<string, string> = {
  "swagger-ui.css": "text/css; charset=utf-8",
  "swagger-ui-bundle.js": "text/javascript; charset=utf-8",
  "init.js": "text/javascript; charset=utf-8",
};

export function docsRoutes(app: App): void {
  /** Entity tags by file. */
  const tags: Record<string, string> = {};

  app.openapi(docsPage, (c) => {
    return c.body(PAGE, 200, {
      "content-type": "text/html; charset=utf-8",
      "content-security-policy": POLICY,
      "cache-control": "no-cache",
    });
  });

  app.openapi(docsAsset, async (c) => {
    const { file } = c.req.valid("param");
    const type = Object.hasOwn(TYPES, file) ? TYPES[file] : undefined;
    if (type === undefined) throw new Problem("not_found", "The docs have no such file.");
    const content = await Deno.readFile(new URL(`./assets/${file}`, import.meta.url));
    const etag = tags[file] ??= `"${createHash("sha256").update(content).digest("base64url")}"`;
    const headers = { "content-type": type, etag, "cache-control": "no-cache" };
    const { ifNoneMatch } = readConditions(c.req.raw);
    if (ifNoneMatch && !ifNoneMatchHolds(ifNoneMatch, etag)) return c.body(null, 304, { etag });
    return c.body(content, 200, headers);
  });
}
