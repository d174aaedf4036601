/** Time as the services see it; tests put another in its place. */
export interface Clock {
  /** Milliseconds since the epoch. Never goes backwards while the process lives, whatever the wall clock does. */
  now(): number;
  /** Milliseconds since the epoch as the wall clock has it now: what people mean by a time. It may be set, both ways. */
  wall(): number;
  /**
   * Calls `action` after `ms` milliseconds of steady time, however large.
   * Returns a function that calls it off.
   */
  after(ms: number, action: () => void): () => void;
}

/** The longest delay that a runtime timer takes; beyond it fires at once. */
const MAX_DELAY = 2 ** 31 - 1;

/** The wall clock as it was when the process started, moved on by the steady clock. */
export function systemClock(): Clock {
  const epoch = Date.now() - performance.now();
  return {
    now: () => Math.round(epoch + performance.now()),
    wall: () => Date.now(),
    after(ms, action) {
      const due = performance.now() + ms;
      let timer: ReturnType<typeof setTimeout>;
      const arm = () => {
        const left = due - performance.now();
        timer = left > MAX_DELAY ? setTimeout(arm, MAX_DELAY) : setTimeout(action, Math.max(0, left));
      };
      arm();
      return () => clearTimeout(timer);
    },
  };
}
