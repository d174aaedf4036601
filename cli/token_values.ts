/** What the options of `stint token create` may be. */

import { ConfigError } from "../lib/config.ts";
import { parseRate, type Rate } from "../lib/domain/rate.ts";
import { isScope, type Scope, SCOPES } from "../lib/domain/scope.ts";

const DAY_MS = 24 * 3600 * 1000;
const UNITS: Record<string, number> = { m: 60_000, h: 3_600_000, d: DAY_MS, w: 7 * DAY_MS };

/** @throws {ConfigError} */
export function nameOf(name: string): string {
  if (/^[\p{L}\p{N}][\p{L}\p{N} ._@-]{0,63}$/u.test(name)) return name;
  throw new ConfigError("--name: expected up to 64 letters, digits, spaces and ._@- that begin with a letter or digit");
}

/** Scopes, several of them with commas between. @throws {ConfigError} */
export function scopesOf(given: string[]): Scope[] {
  const scopes = given.flatMap((each) => each.split(",")).map((each) => each.trim()).filter(Boolean);
  const unknown = scopes.find((each) => !isScope(each));
  if (unknown !== undefined) throw new ConfigError(`--scope ${unknown}: expected one of ${SCOPES.join(", ")}`);
  if (scopes.length === 0) throw new ConfigError("--scope: expected at least one");
  return [...new Set(scopes as Scope[])];
}

/** @throws {ConfigError} */
export function rateOf(text: string | undefined): Rate | undefined {
  if (text === undefined) return undefined;
  const rate = parseRate(text);
  if (!rate) throw new ConfigError(`--rate-limit ${text}: expected requests/seconds, such as 100/60`);
  return rate;
}

/** Milliseconds since 1970, or null for never. @throws {ConfigError} */
export function expiryOf(text: string | undefined, now: number): number | null {
  if (text === undefined || text === "never") return null;
  const after = /^(\d{1,6})([mhdw])$/.exec(text);
  const time = after
    ? now + Number(after[1]) * UNITS[after[2]!]!
    : /^\d{4}-\d\d-\d\d/.test(text)
    ? Date.parse(text)
    : NaN;
  if (!Number.isFinite(time)) throw new ConfigError(`--expires ${text}: expected 30m, 12h, 90d, 8w, a date or never`);
  if (time <= now) throw new ConfigError(`--expires ${text}: expected a time to come`);
  return time;
}
