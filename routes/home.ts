/** The page at `/`: says what is running here and where to go on. */

import { createHash } from "node:crypto";
import config from "../deno.json" with { type: "json" };
import { Problem } from "../lib/domain/errors.ts";
import { homePage } from "../openapi/system.ts";
import type { App } from "./deps.ts";

const STYLE = "body{font:1rem/1.6 system-ui,sans-serif;max-width:40rem;margin:4rem auto;padding:0 1rem;" +
  "color-scheme:light dark}code{font-size:.95em}";

const PAGE = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>Stint</title>
<style>${STYLE}</style>
</head>
<body>
<h1>Stint</h1>
<p>Version ${config.version} is running here. It runs long work over HTTP: jobs, uploads and downloads, held requests,
and small facts that have to last.</p>
<ul>
<li><a href="/api/docs">What it answers, request by request</a></li>
<li><a href="/openapi.json">The same for machines: OpenAPI 3.1</a></li>
<li><a href="/-/ready">Whether it takes work</a></li>
</ul>
<p>To begin with: <code>curl -H 'Content-Type: application/json' -d '{"command":"uname -a"}' …/api/jobs</code></p>
</body>
</html>
`;

/** Nothing but the style above, known by its digest. */
const POLICY = `default-src 'none'; style-src 'sha256-${createHash("sha256").update(STYLE).digest("base64")}'; ` +
  "base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

export function homeRoutes(app: App): void {
  app.openapi(homePage, (c) => {
    // The router takes `//` for the same.
    if (new URL(c.req.url).pathname !== "/") throw new Problem("not_found", "There is nothing at this path.");
    return c.body(PAGE, 200, {
      "content-type": "text/html; charset=utf-8",
      "content-security-policy": POLICY,
      "cache-control": "no-cache",
    });
  });
}
