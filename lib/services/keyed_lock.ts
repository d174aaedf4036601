/** Runs what is given for one key one after the other, in the order of asking; different keys do not wait for each other. */
export class KeyedLock<K> {
  #tails = new Map<K, Promise<unknown>>();

  /** How many keys have an action that is not over. */
  get size(): number {
    return this.#tails.size;
  }

  /** The result, or the error, of `action`, which starts when all earlier ones for that key are over. */
  run<T>(key: K, action: () => Promise<T>): Promise<T> {
    const before = this.#tails.get(key) ?? Promise.resolve();
    const result = before.then(action, action);
    this.#tails.set(key, result);
    const forget = () => {
      if (this.#tails.get(key) === result) this.#tails.delete(key);
    };
    result.then(forget, forget);
    return result;
  }
}
