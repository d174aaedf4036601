/** When a transfer will be over, in seconds, if it goes on as it does; null where that cannot be said. */
export function secondsLeft(done: number, total: number | null, rate: number | null): number | null {
  if (total === null || !rate || rate <= 0) return null;
  return Math.max(0, total - done) / rate;
}
