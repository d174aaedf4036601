/** Holds answers to the contract. */

import assert from "node:assert/strict";
import type { RouteConfig } from "@hono/zod-openapi";
import { z } from "zod";
import { CONTRACT } from "../../openapi/document.ts";

/** The operation that takes such a request; a fixed path goes before one with a parameter in its place. */
export function operationFor(method: string, path: string): RouteConfig | undefined {
  const name = method === "HEAD" ? "get" : method.toLowerCase();
  const asked = path.replace(/\?.*$/, "").replace(/(?<=.)\/$/, "");
  const fits = (template: string) => new RegExp(`^${template.replaceAll(/\{[^}]+\}/g, "[^/]+")}$`).test(asked);
  return CONTRACT.filter((route) => route.method === name && fits(route.path))
    .sort((a, b) => a.path.split("{").length - b.path.split("{").length)[0];
}

/** Fails when the contract has no such answer, or another body for it. `text`: the body; not looked at for HEAD. */
export function assertFits(
  method: string,
  path: string,
  response: Pick<Response, "status" | "headers">,
  text: string,
): void {
  const where = `${method} ${path} → ${response.status} ${text.slice(0, 500)}`;
  const operation = operationFor(method, path);
  // What no route takes is none of the contract's: 404 and 405, or 401 where nobody is told even that without a token.
  if (!operation) return assert.ok([401, 404, 405].includes(response.status), where);
  // Nor is a method that somebody's path does not take, even where a key's would, or a URL that is too long for any.
  if ([405, 414].includes(response.status)) return;
  const answer = operation.responses[String(response.status)];
  assert.ok(answer, `not in the contract: ${where}`);
  const content = "content" in answer ? answer.content ?? {} : {};
  if (method === "HEAD" || response.status === 304) return;
  if (Object.keys(content).length === 0) return assert.equal(text, "", where);
  const media = (response.headers.get("content-type") ?? "").replace(/;.*/s, "");
  const found = content[media];
  const schema = found && "schema" in found ? found.schema : undefined;
  assert.ok(schema instanceof z.ZodType, `${media} is not in the contract: ${where}`);
  if (!media.endsWith("json")) return;
  const result = schema.safeParse(JSON.parse(text));
  assert.ok(result.success, `${where}\n${result.success || z.prettifyError(result.error)}`);
}
