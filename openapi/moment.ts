/** Times as people write them. */

/** Full date-time with its offset. */
const MOMENT = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?(Z|[+-]\d{2}:\d{2})$/i;
const DAY = /^\d{4}-\d{2}-\d{2}$/;

export const MOMENT_HINT = "Send a time as RFC 3339 has it (2026-08-19T15:31:42Z) or a day (2026-08-19, in UTC)";

/** Milliseconds since the epoch; NaN when it is no such time. */
export function parseMoment(text: string): number {
  const given = text.replace(/^(\S+) /, "$1T");
  return (MOMENT.test(given) || DAY.test(given)) && isRealDay(given) ? Date.parse(given) : NaN;
}

/** `Date.parse` takes 30 February for 2 March. */
function isRealDay(text: string): boolean {
  const day = new Date(`${text.slice(0, 10)}T00:00:00Z`);
  return !Number.isNaN(day.getTime()) && day.toISOString().startsWith(text.slice(0, 10));
}
