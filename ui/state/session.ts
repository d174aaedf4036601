/** Who is signed in, and what they may do. */

import { signal } from "@preact/signals";
import { ApiError, call, onSignedOut } from "../api/client.ts";
import type { Scope, Session } from "../api/schema.ts";
import { allows } from "../logic/scopes.ts";

/** `unknown` until the server has said; null: nobody. */
export const session = signal<Session | null | "unknown">("unknown");

onSignedOut(() => session.value = null);

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
  session.value = (await call<Session>("POST", "/api/session", { json: { token } })).data;
}

export async function signOut(): Promise<void> {
  await call("DELETE", "/api/session");
  session.value = null;
}

/** Whether to offer what needs this. */
export function may(scope: Scope): boolean {
  const current = session.value;
  return current !== null && current !== "unknown" && allows(current.scopes, scope);
}

/** Whether the server asks for tokens at all. */
export function asksForTokens(): boolean {
  const current = session.value;
  return current === null || (current !== "unknown" && current.name !== "anonymous");
}
