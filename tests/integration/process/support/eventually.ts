/** Waits until `check` gives something true, and fails when it does not within `seconds`. */
export async function eventually<T>(what: string, check: () => T | Promise<T>, seconds = 30): Promise<T> {
  const deadline = performance.now() + seconds * 1000;
  while (true) {
    const result = await check();
    if (result) return result;
    if (performance.now() > deadline) throw new Error(`Not within ${seconds} s: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
