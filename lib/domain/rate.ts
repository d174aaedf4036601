/** So many requests within so many seconds. */
export interface Rate {
  requests: number;
  seconds: number;
}

/** Reads `100/60`: a hundred requests a minute; undefined for anything else. */
export function parseRate(text: string): Rate | undefined {
  const match = /^([1-9]\d{0,8})\/([1-9]\d{0,5})$/.exec(text);
  return match ? { requests: Number(match[1]), seconds: Number(match[2]) } : undefined;
}

/** Whether a value that was read from a file is a {@link Rate}. */
export function isRate(value: unknown): value is Rate {
  const { requests, seconds } = (value ?? {}) as Record<string, unknown>;
  return [requests, seconds].every((each) => typeof each === "number" && Number.isInteger(each) && each > 0);
}
