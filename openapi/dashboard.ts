/** The dashboard: a page for people, and the files that it loads. */

import { createRoute, z } from "@hono/zod-openapi";
import { ETAG } from "./headers.ts";
import { open, problems } from "./problems.ts";
import { integerText } from "./scalars.ts";
import { PUBLIC } from "./security.ts";

const tags = ["Service"];
const page = {
  200: { description: "The page.", headers: { ETag: ETAG }, content: { "text/html": { schema: z.string() } } },
  304: { description: "It is as `If-None-Match` has it.", headers: { ETag: ETAG } },
  ...open,
};

/**
 * Where the dashboard's pages are: all of them the same document, which looks at its address. Under `/-/`, since a path of
 * one plain segment is a key. What a page shows (filters, a prefix) is in the query, which the server leaves alone.
 */
export const DASHBOARD_PAGES = ["/-/workers", "/-/requests", "/-/keys", "/-/system"] as const;

export const homePage = createRoute({
  method: "get",
  path: "/",
  operationId: "home",
  tags,
  summary: "See and control everything in a browser",
  description: "The dashboard: a page for people. Its other pages are the same document at other addresses.",
  security: PUBLIC,
  responses: page,
});

function pageRoute(path: string) {
  return createRoute({
    method: "get",
    path,
    operationId: `page${path[3]!.toUpperCase()}${path.slice(4)}`,
    tags,
    summary: `The dashboard's page of ${path.slice(3)}`,
    security: PUBLIC,
    responses: page,
  });
}

export const pageRoutes = DASHBOARD_PAGES.map(pageRoute);

export const jobPage = createRoute({
  method: "get",
  path: "/-/jobs/{id}",
  operationId: "pageJob",
  tags,
  summary: "The dashboard's page of one job",
  description: "Whether there is such a job the page itself finds out: nobody has to be signed in to get it.",
  security: PUBLIC,
  request: {
    params: z.object({
      id: integerText({ description: "The job's id.", minimum: 1, maximum: Number.MAX_SAFE_INTEGER, example: 45 }),
    }),
  },
  responses: page,
});

export const dashboardAsset = createRoute({
  method: "get",
  path: "/-/assets/{file}",
  operationId: "dashboardAsset",
  tags,
  summary: "Read a file that the dashboard uses",
  description: "Their names change with what is in them, so they may be kept for ever. Compressed where that is taken.",
  security: PUBLIC,
  request: {
    params: z.object({ file: z.string().openapi({ description: "Its name.", example: "main-3LZWQ5HJ.js" }) }),
  },
  responses: {
    200: {
      description: "The file.",
      headers: { ETag: ETAG },
      content: {
        "text/css": { schema: z.string() },
        "text/javascript": { schema: z.string() },
        "image/svg+xml": { schema: z.string() },
      },
    },
    304: { description: "It is as `If-None-Match` has it.", headers: { ETag: ETAG } },
    ...open,
    ...problems(404),
  },
});

export const dashboardRoutes = [homePage, ...pageRoutes, jobPage, dashboardAsset];
