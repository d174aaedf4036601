/** Figures for people. Times are milliseconds since the epoch. */

const UNITS = ["B", "kB", "MB", "GB", "TB"];

/** `1.5 MB`: decimal units, as disks have them. */
export function bytes(count: number): string {
  let unit = 0;
  let value = count;
  while (value >= 999.5 && unit < UNITS.length - 1) {
    value /= 1000;
    unit++;
  }
  return `${unit === 0 || value >= 99.95 ? Math.round(value) : value.toFixed(1)} ${UNITS[unit]}`;
}

/** `0.2 s`, `12 s`, `3 m 05 s`, `2 h 14 m`, `5 d 3 h`. */
export function duration(seconds: number): string {
  if (seconds < 9.95) return `${Math.max(0, seconds).toFixed(1)} s`;
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return `${Math.floor(whole / 60)} m ${two(whole % 60)} s`;
  if (whole < 86400) return `${Math.floor(whole / 3600)} h ${two(Math.floor(whole / 60) % 60)} m`;
  return `${Math.floor(whole / 86400)} d ${Math.floor(whole / 3600) % 24} h`;
}

/** How long ago: `now`, `12 s`, `5 m`, `3 h`, `2 d`. */
export function age(ms: number): string {
  const seconds = Math.floor(ms / 1000);
  if (seconds < 3) return "now";
  if (seconds < 60) return `${seconds} s`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} m`;
  if (seconds < 86400) return `${Math.floor(seconds / 3600)} h`;
  return `${Math.floor(seconds / 86400)} d`;
}

/** `2026-11-21 10:17:15`, in the time of the place. */
export function moment(time: number): string {
  const d = new Date(time);
  const day = `${d.getFullYear()}-${two(d.getMonth() + 1)}-${two(d.getDate())}`;
  return `${day} ${two(d.getHours())}:${two(d.getMinutes())}:${two(d.getSeconds())}`;
}

/** `12,345` */
export function count(value: number): string {
  return value.toLocaleString("en-US");
}

/** Two or three figures that matter: `0.012`, `3.4`, `120`. */
export function figure(value: number): string {
  if (value === 0) return "0";
  if (Math.abs(value) >= 100) return count(Math.round(value));
  return String(Number(value.toPrecision(2)));
}

/** Seconds as `3.2 ms` or `1.4 s`. */
export function latency(seconds: number): string {
  return seconds < 1 ? `${figure(seconds * 1000)} ms` : `${figure(seconds)} s`;
}

function two(value: number): string {
  return String(value).padStart(2, "0");
}
