/**
 * Values that a job is given when it starts and nobody is to find afterwards. They are kept apart from everything else:
 * no index, no feed and no log holds them, and what is removed is gone from the directory at once.
 */
export interface Secrets {
  /** Keeps the values of a job; they are on disk when it resolves. @throws {Problem} `storage_full`, `storage_failed`. */
  put(jobId: number, values: Record<string, string>): Promise<void>;
  get(jobId: number): Promise<Record<string, string> | undefined>;
  /** Does nothing when there are none. */
  remove(jobId: number): Promise<void>;
  /** Jobs of which there are any. */
  ids(): Promise<number[]>;
}
