/** Which content coding an answer is sent in (RFC 9110, section 12.5.3). */

/** In the order of our liking. */
const CODINGS = ["br", "gzip"] as const;

export type Coding = typeof CODINGS[number] | "identity";

/** The one the client likes best, of equal ones the smallest; `identity` for whom takes neither or says nothing. */
export function preferredCoding(accepted: string | undefined): Coding {
  const weights = new Map<string, number>();
  for (const part of (accepted ?? "").split(",")) {
    const [name = "", ...parameters] = part.split(";").map((text) => text.trim().toLowerCase());
    const weight = parameters.find((text) => text.startsWith("q="));
    if (name) weights.set(name, weight === undefined ? 1 : Number(weight.slice(2)) || 0);
  }
  const weightOf = (coding: string) => weights.get(coding) ?? weights.get("*") ?? 0;
  const best = CODINGS.toSorted((a, b) => weightOf(b) - weightOf(a))[0]!;
  return weightOf(best) > 0 ? best : "identity";
}
