/** Waits for something to become true, where nothing tells when it does. */

/** Resolves with the first result that is neither false nor undefined; fails after `limitMs`. An exception counts as "not yet". */
export async function eventually<T>(
  what: string,
  probe: () => Promise<T | false | undefined> | T | false | undefined,
  limitMs = 30_000,
): Promise<T> {
  const end = performance.now() + limitMs;
  let last: unknown;
  do {
    try {
      const result = await probe();
      if (result !== false && result !== undefined) return result;
      last = result;
    } catch (error) {
      last = error;
    }
    await new Promise((resolve) => setTimeout(resolve, 10));
  } while (performance.now() < end);
  throw new Error(`Not within ${limitMs} ms: ${what}. Last seen: ${last}`);
}
