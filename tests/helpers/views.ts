/** What tests read of the service's answers; the contract has more. */

export interface ProblemView {
  status: number;
  code: string;
  detail: string;
  request_id: string;
  errors?: { pointer: string; detail: string }[];
}

export interface JobView {
  stopping: boolean;
  paused: number;
  job_id: number;
  command: string;
  name: string | null;
  labels: Record<string, string>;
  created: string;
  state: string;
  started: string | null;
  exit_code: number | null;
  error: string | null;
  status_url: string;
  result_url: string | null;
}

export interface StatusView {
  status_id: number;
  done: boolean;
  state: string;
}

export interface ResultView {
  paused: number;
  result_id: number;
  state: string;
  duration: number;
  completed: string;
  competed: string;
  stdout: string;
  stdout_truncated: boolean;
  stderr: string;
  exit_code: number | null;
  signal: string | null;
  error: string | null;
  survivors: number[];
}

export interface WorkerView {
  "worker-id": string;
  status: string;
  kind: string | null;
  expires: string | null;
  expires_in: number;
  bytes: number;
  total: number | null;
  progress: number | null;
  file: string | null;
  sha256: string | null;
  job_id: number | null;
  exit_code: number | null;
  result_url: string | null;
  error: string | null;
}

export interface KeyView {
  key: string;
  value: string;
  version: number;
  expires: string | null;
}
