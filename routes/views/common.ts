/** How facts look in answers. */

/** RFC 3339 with milliseconds and `Z`; `ms` are milliseconds since the epoch. */
export function timeText(ms: number): string {
  return new Date(ms).toISOString();
}

export function timeOrNull(ms: number | null | undefined): string | null {
  return ms === null || ms === undefined ? null : timeText(ms);
}

export const jobUrl = (id: number) => `/api/jobs/${id}`;
export const statusUrl = (id: number) => `/api/statuses/${id}`;
export const resultUrl = (id: number) => `/api/results/${id}`;
export const queueUrl = (name: string) => `/api/queues/${encodeURIComponent(name)}`;
export const fileUrl = (name: string) => `/api/files/${encodeURIComponent(name)}`;
