/** Who is signed in, and what they may do. */

import { batch, signal } from "@preact/signals";
import { ApiError, call, onSignedOut } from "../api/client.ts";
import type { Scope, Session } from "../api/schema.ts";
import { type Bounds, isWithin } from "../logic/bounds.ts";
import { forgetCommands } from "../logic/recent.ts";
import { allows } from "../logic/scopes.ts";

/** `unknown` until the server has said; null: nobody. */
export const session = signal<Session | null | "unknown">("unknown");
/** Whether whoever is signed in has to do so again: the session ran out, or the token was revoked. */
export const expired = signal(false);

onSignedOut(() => {
  if (session.value === null || session.value === "unknown") session.value = null;
  else expired.value = true;
});

/** Asks the server who is signed in, again and again until it answers. */
export async function findSession(): Promise<void> {
  for (;;) {
    try {
      session.value = (await call<Session>("GET", "/api/session")).data;
      return;
    } catch (error) {
      if (error instanceof ApiError && error.status === 401) {
        session.value = null;
        return;
      }
      await new Promise((resolve) => setTimeout(resolve, 1000));
    }
  }
}

/** @throws {ApiError} for a token that the server does not know, or too many of them. */
export async function signIn(token: string): Promise<void> {
  const { data } = await call<Session>("POST", "/api/session", { json: { token } });
  batch(() => {
    session.value = data;
    expired.value = false;
  });
}

/** Looks whether it is still the same: somebody may have signed in as another in another tab, or lost a right. */
export async function checkSession(): Promise<void> {
  const before = session.value;
  if (before === null || before === "unknown" || expired.value) return;
  try {
    const { data } = await call<Session>("GET", "/api/session");
    if (session.value === before && JSON.stringify(data) !== JSON.stringify(before)) session.value = data;
  } catch (error) {
    if (error instanceof ApiError && error.status === 401) expired.value = true;
  }
}

export async function signOut(): Promise<void> {
  await call("DELETE", "/api/session");
  forgetCommands();
  batch(() => {
    session.value = null;
    expired.value = false;
  });
}

/** Whether to offer what needs this. */
export function may(scope: Scope): boolean {
  const current = session.value;
  return current !== null && current !== "unknown" && allows(current.scopes, scope);
}

/** What the token is bound to; undefined: nothing. */
export function bounds(): Bounds | undefined {
  const current = session.value;
  return current === null || current === "unknown" ? undefined : current.bound_to;
}

/** Whether to offer what changes a job that is shown as this command. */
export function mayTouch(command: string): boolean {
  return may("jobs:write") && isWithin(bounds(), command);
}

/** Whether the server asks for tokens at all. */
export function asksForTokens(): boolean {
  const current = session.value;
  return current === null || (current !== "unknown" && current.name !== "anonymous");
}
