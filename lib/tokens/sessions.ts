/** Browsers that have signed in with a token. They keep a cookie, which is worth as much as the token and no longer. */

import { randomBytes } from "node:crypto";
import { join } from "node:path";
import { Buffer } from "node:buffer";
import type { Clock } from "../clock.ts";
import { digestOf } from "./secret.ts";
import type { TokenOwner, Tokens } from "./tokens.ts";

/** How long a browser stays signed in, in seconds. */
export const SESSION_SECONDS = 7 * 24 * 3600;
/** Sessions kept at once; beyond it the oldest is signed out. */
const MAX_SESSIONS = 1000;

interface Session {
  /** Of the token it was begun with. */
  owner: string;
  /** Milliseconds since the epoch. */
  expires: number;
}

export class Sessions {
  readonly #path: string;
  /** By the SHA-256 of the cookie's value, in hexadecimal: who reads the file cannot sign in with it. */
  readonly #sessions: Map<string, Session>;

  constructor(
    directory: string,
    private readonly tokens: Tokens,
    private readonly clock: Clock,
    private readonly onError: (message: string, error: unknown) => void,
  ) {
    this.#path = join(directory, "sessions.json");
    this.#sessions = readSessions(this.#path);
  }

  /** Begins a session of the token's owner; the answer is the cookie's value. */
  begin(owner: TokenOwner): string {
    const value = randomBytes(32).toString("base64url");
    const now = this.clock.now();
    for (const [key, { expires }] of this.#sessions) {
      if (expires > now && this.#sessions.size < MAX_SESSIONS) break;
      this.#sessions.delete(key);
    }
    this.#sessions.set(keyOf(value), { owner: owner.id, expires: now + SESSION_SECONDS * 1000 });
    this.#save();
    return value;
  }

  /** Whose session it is; undefined when it is over, was signed out of, or the token is no longer valid. */
  find(value: string): TokenOwner | undefined {
    const session = this.#sessions.get(keyOf(value));
    return session && this.clock.now() < session.expires ? this.tokens.byId(session.owner) : undefined;
  }

  /** Signs out. */
  end(value: string): void {
    if (this.#sessions.delete(keyOf(value))) this.#save();
  }

  /** Who was signed in stays so over a restart; that it could not be written down costs them one more signing in. */
  #save(): void {
    try {
      const next = `${this.#path}.new`;
      Deno.writeTextFileSync(next, JSON.stringify(Object.fromEntries(this.#sessions)), { mode: 0o600 });
      Deno.renameSync(next, this.#path);
    } catch (error) {
      this.onError("Sessions could not be written down", error);
    }
  }
}

function keyOf(value: string): string {
  return Buffer.from(digestOf(value)).toString("hex");
}

/** A file that cannot be read signs everybody out. */
function readSessions(path: string): Map<string, Session> {
  try {
    const content: Record<string, unknown> = JSON.parse(Deno.readTextFileSync(path));
    return new Map(Object.entries(content).filter((entry): entry is [string, Session] => isSession(entry[1])));
  } catch {
    return new Map();
  }
}

function isSession(value: unknown): value is Session {
  const { owner, expires } = (value ?? {}) as Record<string, unknown>;
  return typeof owner === "string" && typeof expires === "number";
}
