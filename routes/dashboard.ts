/** The dashboard: one document for all its pages, and the files that `deno task ui` has built. */

import { createHash } from "node:crypto";
import { gunzipSync } from "node:zlib";
import { Problem } from "../lib/domain/errors.ts";
import { ifNoneMatchHolds } from "../lib/domain/etag.ts";
import { dashboardAsset, homePage, jobPage, pageRoutes } from "../openapi/dashboard.ts";
import built from "./assets/ui/built.json" with { type: "json" };
import { type Coding, preferredCoding } from "./coding.ts";
import { readConditions } from "./conditions.ts";
import type { App } from "./deps.ts";

const files = new Set(built.files);
const path = (file: string) => `/-/assets/${file}`;

const PAGE = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>Stint</title>
<link rel="icon" href="${path(built.icon)}" type="image/svg+xml">
<script src="${path(built.theme)}"></script>
<link rel="stylesheet" href="${path(built.style)}">
${built.first.map((file) => `<link rel="modulepreload" href="${path(file)}">`).join("\n")}
<script type="module" src="${path(built.main)}"></script>
</head>
<body>
<div id="app"></div>
<noscript><p>The dashboard needs scripts. <a href="/api/docs">The API</a> does not:
<code>curl -H 'Content-Type: application/json' -d '{"command":"uname -a"}' …/api/jobs</code></p></noscript>
</body>
</html>
`;

/** Nothing inline, nothing from elsewhere, and no text is ever made into markup (Trusted Types). */
const POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; " +
  "base-uri 'none'; form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'";

const TAG = tagOf(PAGE);
const TYPES: Record<string, string> = {
  css: "text/css; charset=utf-8",
  js: "text/javascript; charset=utf-8",
  svg: "image/svg+xml",
};
const SUFFIX: Record<Exclude<Coding, "identity">, string> = { br: "br", gzip: "gz" };
/** A name holds a digest of what is in it. */
const FOR_EVER = "public, max-age=31536000, immutable";

export function dashboardRoutes(app: App): void {
  const page = (request: Request) => {
    const headers = { "etag": TAG, "cache-control": "no-cache", "content-security-policy": POLICY };
    const { ifNoneMatch } = readConditions(request);
    if (ifNoneMatch && !ifNoneMatchHolds(ifNoneMatch, TAG)) return new Response(null, { status: 304, headers });
    return new Response(PAGE, { headers: { ...headers, "content-type": "text/html; charset=utf-8" } });
  };

  app.openapi(homePage, (c) => {
    // The router takes `//` for the same.
    if (new URL(c.req.url).pathname !== "/") throw new Problem("not_found", "There is nothing at this path.");
    return page(c.req.raw);
  });
  for (const route of [...pageRoutes, jobPage]) app.openapi(route, (c) => page(c.req.raw));

  app.openapi(dashboardAsset, async (c) => {
    const { file } = c.req.valid("param");
    if (!files.has(file)) throw new Problem("not_found", "The dashboard has no such file.");
    const coding = preferredCoding(c.req.header("accept-encoding"));
    const etag = tagOf(`${file} ${coding}`);
    const { ifNoneMatch } = readConditions(c.req.raw);
    const headers = { etag, "cache-control": FOR_EVER, "vary": "accept-encoding" };
    if (ifNoneMatch && !ifNoneMatchHolds(ifNoneMatch, etag)) return c.body(null, 304, headers);
    const type = TYPES[file.slice(file.lastIndexOf(".") + 1)]!;
    return c.body(await contentOf(file, coding), 200, {
      ...headers,
      "content-type": type,
      ...(coding !== "identity" && { "content-encoding": coding }),
    });
  });
}

/** Only the compressed forms are kept; who takes neither, a rare caller, is given what the second holds. */
async function contentOf(file: string, coding: Coding): Promise<Uint8Array<ArrayBuffer>> {
  const read = (suffix: string) => Deno.readFile(new URL(`./assets/ui/${file}.${suffix}`, import.meta.url));
  return coding === "identity" ? new Uint8Array(gunzipSync(await read("gz"))) : await read(SUFFIX[coding]);
}

function tagOf(text: string): string {
  return `"${createHash("sha256").update(text).digest("base64url")}"`;
}
