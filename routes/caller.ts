/** Who counts as one caller where each may have so much. */

import type { Context } from "hono";
import { callerOf } from "../lib/addresses.ts";
import type { Env } from "./env.ts";
import { ANYBODY } from "./middleware/auth.ts";

/** A token; where none is asked for, an address. */
export function callerIdOf(c: Context<Env>): string {
  const id = c.get("auth")?.id;
  return id === undefined || id === ANYBODY.id ? callerOf(c.env.remoteAddr) : id;
}
