/** Signing in, for browsers. */

import { Problem } from "../lib/domain/errors.ts";
import type { Throttle } from "../lib/throttle.ts";
import { SESSION_SECONDS, type Sessions } from "../lib/tokens/sessions.ts";
import type { Tokens } from "../lib/tokens/tokens.ts";
import { signIn, signOut, whoAmI } from "../openapi/session.ts";
import type { App, RouteDeps } from "./deps.ts";
import type { Auth } from "./env.ts";
import { knownOwner } from "./middleware/auth.ts";
import { jsonBody } from "./middleware/body.ts";
import { dropSessionCookie, sessionCookie, setSessionCookie } from "./middleware/session_cookie.ts";

export interface SessionDeps {
  tokens: Tokens;
  throttle: Throttle;
  sessions: Sessions;
}

/** The most bytes that a body with a token in it may have. */
const LIMIT = 4096;
const FRESH = { "cache-control": "no-store" };

export function sessionRoutes(
  app: App,
  { tokens, throttle, sessions }: SessionDeps,
  { bodyDeadline }: Pick<RouteDeps, "bodyDeadline">,
): void {
  app.openapi({ ...signIn, middleware: jsonBody({ limit: LIMIT, deadline: bodyDeadline }) }, (c) => {
    const owner = knownOwner(c, c.req.valid("json").token, { tokens, throttle });
    if (!owner) throw new Problem("unauthorized", "The token is not one that this server knows.");
    const before = sessionCookie(c);
    if (before !== undefined) sessions.end(before);
    setSessionCookie(c, sessions.begin(owner), SESSION_SECONDS);
    return c.json(shown(owner), 200, FRESH);
  });

  app.openapi(whoAmI, (c) => c.json(shown(c.get("auth")!), 200, FRESH));

  app.openapi(signOut, (c) => {
    const cookie = sessionCookie(c);
    if (cookie !== undefined) sessions.end(cookie);
    dropSessionCookie(c);
    return c.body(null, 204);
  });
}

function shown({ name, scopes, bounds }: Auth) {
  return { name, scopes: [...scopes], ...(bounds && { bound_to: bounds }) };
}
