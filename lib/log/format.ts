/** How a log record becomes a line. */

import type { LogRecord } from "@logtape/logtape";

/** `2026-01-31T12:00:00.000Z INFO  jobs  Job started job=12` */
export function textLine(record: LogRecord): string {
  const facts = Object.entries(record.properties)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => ` ${name}=${shown(value)}`);
  const level = record.level.toUpperCase().padEnd(7);
  return `${time(record)} ${level} ${part(record)}: ${record.message.join("")}${facts.join("")}`;
}

/** The same as one JSON object, its facts beside `time`, `level`, `part` and `message`. */
export function jsonLine(record: LogRecord): string {
  return JSON.stringify({
    time: time(record),
    level: record.level,
    part: part(record),
    message: record.message.join(""),
    ...Object.fromEntries(Object.entries(record.properties).map(([name, value]) => [name, plain(value)])),
  });
}

function time(record: LogRecord): string {
  return new Date(record.timestamp).toISOString();
}

function part(record: LogRecord): string {
  return record.category.slice(1).join(".") || "stint";
}

/** A value on a line of text: quoted unless it is a plain word, so that nothing in it can forge a line. */
function shown(value: unknown): string {
  const simple = plain(value);
  if (typeof simple === "string" && /^[\w@%+=:,./{}*-]+$/.test(simple)) return simple;
  return JSON.stringify(simple) ?? String(simple);
}

function plain(value: unknown): unknown {
  if (value instanceof Error) return value.stack ?? String(value);
  return typeof value === "bigint" ? String(value) : value;
}
