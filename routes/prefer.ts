/** The `Prefer` field (RFC 7240). */

export interface Preferences {
  /** Whole seconds. */
  wait?: number;
  respondAsync: boolean;
}

/** Optional white space, a token, `=` and a token or quoted string, parameters that nobody here knows; RFC 7240, section 2. */
const PREFERENCE =
  /[ \t]*([!#$%&'*+\-.^_`|~\w]+)(?:[ \t]*=[ \t]*([!#$%&'*+\-.^_`|~\w]+|"(?:[^"\\]|\\.)*")?)?((?:"(?:[^"\\]|\\.)*"|[^",])*)(?:,|$)/y;

/**
 * The preferences that are known here. Others are passed over, and so are malformed ones, as the RFC has it: a preference
 * is never a reason to refuse a request. Of one that is there twice only the first counts, whatever it says.
 */
export function parsePrefer(field: string | undefined): Preferences {
  const found = new Map<string, string>();
  for (const [name, value] of preferencesIn(field ?? "")) if (!found.has(name)) found.set(name, value);
  const seconds = /^"?(\d+)"?$/.exec(found.get("wait") ?? "")?.[1];
  return {
    ...(seconds !== undefined && { wait: Math.min(Number(seconds), Number.MAX_SAFE_INTEGER) }),
    respondAsync: found.get("respond-async") === "",
  };
}

/** Names in lower case, with their values; an empty value is none. */
function* preferencesIn(field: string): Generator<[string, string]> {
  let at = 0;
  while (at < field.length) {
    PREFERENCE.lastIndex = at;
    const match = PREFERENCE.exec(field);
    if (match) {
      const [all, name, value, rest] = match;
      at += all.length;
      // What is neither the end nor a parameter makes it malformed: kept as such, so that a second one does not count.
      const sound = /^[ \t]*(;|$)/.test(rest!);
      yield [name!.toLowerCase(), sound ? value === '""' ? "" : value ?? "" : "malformed"];
    } else {
      // No name here: on to the next comma, if there is one.
      const comma = field.indexOf(",", at);
      at = comma < 0 ? field.length : comma + 1;
    }
  }
}
