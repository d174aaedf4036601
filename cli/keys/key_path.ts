/** Where a key lies, and on which conditions it is changed. */

import type { OptionSpec } from "../command.ts";
import { usage } from "../errors.ts";

/** @throws {CliError} for what can be no key: it would be another address. */
export function keyPath(key: string): string {
  if (/^[A-Za-z0-9]{1,255}$/.test(key)) return `/${key}`;
  throw usage(`${JSON.stringify(key)} is no key`, "A key is 1 to 255 of A-Z, a-z and 0-9.");
}

export interface ConditionOptions {
  ifVersion?: string;
  ifAbsent?: boolean;
  ifPresent?: boolean;
}

export const CONDITION_OPTIONS: readonly OptionSpec[] = [
  { flags: "--if-version <version>", help: "only if this is its version, as `get --json` and `keys` show it" },
  { flags: "--if-present", help: "only if there is one" },
];
export const ABSENT_OPTION: OptionSpec = { flags: "--if-absent", help: "only if there is none" };

/** The header fields that the options stand for. @throws {CliError} */
export function conditionHeaders({ ifVersion, ifAbsent, ifPresent }: ConditionOptions): Record<string, string> {
  if ([ifVersion, ifAbsent, ifPresent].filter((each) => each !== undefined).length > 1) {
    throw usage("--if-version, --if-present and --if-absent exclude each other");
  }
  if (ifAbsent) return { "if-none-match": "*" };
  if (ifPresent) return { "if-match": "*" };
  return ifVersion === undefined ? {} : { "if-match": etag(ifVersion, "--if-version") };
}

/** A version as an entity tag. */
export function etag(version: string, option: string): string {
  const digits = version.replaceAll('"', "");
  if (/^\d{1,16}$/.test(digits)) return `"${digits}"`;
  throw usage(`${option} ${version}: expected a version: a number`);
}

/** The version in an answer. */
export function versionOf(headers: Headers): number {
  return Number(headers.get("etag")?.replaceAll('"', ""));
}
