/** The cookie of somebody who has signed in (RFC 6265; prefixes as in its successor's draft). */

import type { Context } from "hono";
import { deleteCookie, getCookie, setCookie } from "hono/cookie";
import type { CookieOptions } from "hono/utils/cookie";
import type { Env } from "../env.ts";

/** The cookie's value, if there is one. */
export function sessionCookie(c: Context<Env>): string | undefined {
  return getCookie(c, nameFor(c));
}

/** `seconds`: how long the browser is to keep it. */
export function setSessionCookie(c: Context<Env>, value: string, seconds: number): void {
  setCookie(c, nameFor(c), value, { ...optionsFor(c), maxAge: seconds });
}

export function dropSessionCookie(c: Context<Env>): void {
  deleteCookie(c, nameFor(c), optionsFor(c));
}

/** Under TLS with the prefix by which browsers hold a cookie to this very host, and to TLS. */
function nameFor(c: Context<Env>): string {
  return isSecure(c) ? "__Host-stint" : "stint";
}

function optionsFor(c: Context<Env>): CookieOptions {
  return { path: "/", httpOnly: true, sameSite: "Strict", secure: isSecure(c) };
}

function isSecure(c: Context<Env>): boolean {
  return c.req.raw.url.startsWith("https:");
}
