/** The three lists of jobs: the jobs themselves, their statuses and their results, searched in the same way. */

import { createRoute, z } from "@hono/zod-openapi";
import { LINK } from "./headers.ts";
import { jobSearchQuery } from "./job_search.ts";
import { guarded } from "./problems.ts";
import { needs } from "./security.ts";

interface ListFacts<Path extends string, Member extends string, Item extends z.ZodType> {
  path: Path;
  operationId: string;
  tags: string[];
  summary: string;
  /** The member of the answer that holds the list. */
  member: Member;
  item: Item;
  /** The schema's name in the document. */
  name: string;
}

export function jobList<const Path extends string, const Member extends string, Item extends z.ZodType>(
  { member, item, name, ...route }: ListFacts<Path, Member, Item>,
) {
  const list = { [member]: z.array(item) } as { [K in Member]: z.ZodArray<Item> };
  return createRoute({
    ...route,
    method: "get",
    security: needs("jobs:read"),
    request: { query: jobSearchQuery },
    responses: {
      200: {
        description: "Newest first, unless `sort` says otherwise.",
        headers: { Link: LINK },
        content: { "application/json": { schema: z.strictObject(list).openapi(name) } },
      },
      ...guarded,
    },
  });
}
