/** Readers of option values: text from the command line and variables, JSON values from the configuration file. */

import { parseRate, type Rate } from "../domain/rate.ts";

/** Takes one kind of value. */
export interface Reader<T> {
  /** What is accepted, for people; follows "expected". */
  readonly accepts: string;
  /** The value, or undefined when it is not one that is accepted. */
  parse(raw: unknown): T | undefined;
}

export const text: Reader<string> = {
  accepts: "a text that is not empty",
  parse: (raw) => typeof raw === "string" && raw !== "" && !raw.includes("\0") ? raw : undefined,
};

export const flag: Reader<boolean> = {
  accepts: "true or false",
  parse(raw) {
    if (typeof raw === "boolean") return raw;
    if (raw === "true" || raw === "1") return true;
    if (raw === "false" || raw === "0" || raw === "") return false;
  },
};

/** Whole numbers from `min` to `max`. */
export function count(min: number, max: number): Reader<number> {
  return {
    accepts: `a whole number from ${min} to ${max}`,
    parse(raw) {
      const value = typeof raw === "string" && /^\d{1,15}$/.test(raw) ? Number(raw) : raw;
      return typeof value === "number" && Number.isInteger(value) && value >= min && value <= max ? value : undefined;
    },
  };
}

export const port: Reader<number> = count(0, 65_535);

/** What `reader` takes, or `none` (also `0`) for no limit, which is read as `Infinity`. */
export function limit(reader: Reader<number>): Reader<number> {
  return {
    accepts: `${reader.accepts}, or none`,
    parse: (raw) => raw === "none" || raw === "0" || raw === 0 ? Infinity : reader.parse(raw),
  };
}

/** Days, decimals allowed, from `min` to `max`. */
export function days(min: number, max: number): Reader<number> {
  return { accepts: `days, from ${min} to ${max}`, parse: (raw) => seconds(min, max).parse(raw) };
}

/** Seconds, decimals allowed, from `min` to `max`. */
export function seconds(min: number, max: number): Reader<number> {
  return {
    accepts: `seconds, from ${min} to ${max}`,
    parse(raw) {
      const value = typeof raw === "string" && /^\d{1,15}(\.\d{1,9})?$/.test(raw) ? Number(raw) : raw;
      return typeof value === "number" && value >= min && value <= max ? value : undefined;
    },
  };
}

/** `100/60`: so many requests within so many seconds. */
export const rate: Reader<Rate> = {
  accepts: "requests/seconds, such as 100/60",
  parse: (raw) => typeof raw === "string" ? parseRate(raw) : undefined,
};

export function oneOf<const T extends string>(values: readonly T[]): Reader<T> {
  return {
    accepts: `one of ${values.join(", ")}`,
    parse: (raw) => values.find((value) => value === raw),
  };
}

/** A host name or address as it may stand in `Host`, without a port; given back in lower case. */
export const hostName: Reader<string> = {
  accepts: "a host name without scheme, port or path",
  parse(raw) {
    if (typeof raw !== "string") return undefined;
    const ok = /^[a-z0-9_]([a-z0-9_.-]{0,252}[a-z0-9_.])?$/i.test(raw) || /^\[[0-9a-f:.]{2,45}\]$/i.test(raw);
    return ok ? raw.toLowerCase().replace(/\.$/, "") : undefined;
  },
};

/** Several of `item`; a single one stands for a list of it. */
export function list<T>(item: Reader<T>): Reader<T[]> {
  return {
    accepts: item.accepts,
    parse(raw) {
      const values = (Array.isArray(raw) ? raw : [raw]).map((each) => item.parse(each));
      return values.every((value) => value !== undefined) ? values as T[] : undefined;
    },
  };
}

/** A umask, which is kept in octal. */
export const octal: Reader<string> = {
  accepts: "an octal number from 000 to 777, as text",
  parse: (raw) => typeof raw === "string" && /^0?[0-7]{3}$/.test(raw) ? raw : undefined,
};

/** As useradd(8) takes names. */
export const userName: Reader<string> = {
  accepts: "the name of a user",
  parse: (raw) => typeof raw === "string" && /^[A-Za-z_][A-Za-z0-9_.-]{0,31}\$?$/.test(raw) ? raw : undefined,
};
