/** Times and sizes, as people say and read them. */

import { usage } from "../errors.ts";

/** Seconds as two units at most: `850 ms`, `4.2 s`, `3m 20s`, `5h 3m`, `12d 4h`. */
export function spell(seconds: number): string {
  if (seconds < 0.9995) return `${Math.max(0, Math.round(seconds * 1000))} ms`;
  if (seconds < 59.95) return seconds < 9.95 ? `${seconds.toFixed(1)} s` : `${Math.round(seconds)} s`;
  const whole = Math.round(seconds);
  if (whole < 3600) return two(Math.floor(whole / 60), "m", whole % 60, "s");
  if (whole < 86_400) return two(Math.floor(whole / 3600), "h", Math.floor((whole % 3600) / 60), "m");
  return two(Math.floor(whole / 86_400), "d", Math.floor((whole % 86_400) / 3600), "h");
}

function two(large: number, largeUnit: string, small: number, smallUnit: string): string {
  return small === 0 ? `${large}${largeUnit}` : `${large}${largeUnit} ${small}${smallUnit}`;
}

/** How long ago, in one unit: `12s`, `4m`, `3h`, `9d`. */
export function age(from: string, now: number): string {
  const seconds = Math.max(0, Math.floor((now - Date.parse(from)) / 1000));
  if (seconds < 60) return `${seconds}s`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)}m`;
  return seconds < 86_400 ? `${Math.floor(seconds / 3600)}h` : `${Math.floor(seconds / 86_400)}d`;
}

const SIZES = ["B", "KiB", "MiB", "GiB", "TiB", "PiB"];

/** `512 B`, `4.0 KiB`, `1.5 GiB`. */
export function size(bytes: number): string {
  let rest = bytes;
  let unit = 0;
  while (rest >= 1023.95 && unit < SIZES.length - 1) {
    rest /= 1024;
    unit++;
  }
  return unit === 0 ? `${rest} B` : `${rest < 99.95 ? rest.toFixed(1) : Math.round(rest)} ${SIZES[unit]}`;
}

const UNITS: Record<string, number> = { s: 1, m: 60, h: 3600, d: 86_400, w: 7 * 86_400 };

/** Seconds from `90`, `1.5`, `30s`, `5m`, `2h`, `1d`, `2h30m`. @throws {CliError} naming `option` */
export function seconds(text: string, option: string): number {
  if (/^\d+(\.\d+)?$/.test(text)) return Number(text);
  const parts = [...text.matchAll(/(\d+(?:\.\d+)?)([smhdw])/g)];
  if (parts.length > 0 && parts.map(([part]) => part).join("") === text) {
    return parts.reduce((sum, [, number, unit]) => sum + Number(number) * UNITS[unit!]!, 0);
  }
  throw usage(`${option} ${text}: expected seconds, or a time such as 30s, 5m, 2h30m or 1d`);
}

/** A moment as RFC 3339: as it was given, or (`2h`) counted from now in `direction`. */
export function moment(text: string, option: string, direction: "ago" | "ahead", now = Date.now()): string {
  if (/^\d{4}-\d\d-\d\d/.test(text)) {
    // A date alone would be taken for one in UTC.
    const time = Date.parse(text.length === 10 ? `${text}T00:00` : text.replace(" ", "T"));
    if (!Number.isNaN(time)) return new Date(time).toISOString();
  } else if (/^[\d.]+[smhdw]/.test(text)) {
    const offset = seconds(text, option) * 1000;
    return new Date(direction === "ago" ? now - offset : now + offset).toISOString();
  }
  throw usage(
    `${option} ${text}: expected a time such as 2026-08-20T03:00, or ${
      direction === "ago" ? "how long ago" : "from now on"
    }: 2h`,
  );
}
