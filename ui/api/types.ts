// Made from openapi/openapi.json by `deno task ui-types`. Not to be edited.

export type paths = Record<string, never>;
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        Attempt: {
            /** @example 1 */
            attempt: number;
            /**
             * @example failed
             * @enum {string}
             */
            state: "failed" | "timed_out" | "lost";
            /**
             * Format: date-time
             * @description When its process was started.
             * @example 2026-08-19T15:31:42.201Z
             */
            started: string;
            /**
             * Format: date-time
             * @description When it ended.
             * @example 2026-08-19T15:31:42.201Z
             */
            ended: string;
            /**
             * @description From start to end, pauses included.
             * @example 0.335
             */
            duration: number;
            /**
             * @description How much of it was spent paused.
             * @example 0
             */
            paused: number;
            /**
             * @description As the shell's `$?`; null when none is known.
             * @example 0
             */
            exit_code: number | null;
            /**
             * @description The signal that ended it.
             * @example null
             */
            signal: string | null;
            /**
             * @description Why it could not start, was cancelled, lost, or ended for writing too much.
             * @example null
             */
            error: string | null;
            /**
             * @description Where its part of the output begins, in bytes.
             * @example 0
             */
            stdout_from: number;
            /**
             * @description Where that ends; the next attempt's begins there.
             * @example 17
             */
            stdout_to: number;
            /** @example 0 */
            stderr_from: number;
            /** @example 0 */
            stderr_to: number;
        };
        AuditEntry: {
            /**
             * Format: date-time
             * @description When it was answered.
             * @example 2026-08-19T15:31:42.201Z
             */
            time: string;
            /**
             * @description As in `X-Request-Id`.
             * @example b7e5d0c1f2a94e8c
             */
            request_id: string;
            /**
             * @description Name of the token; null where none that is known was shown.
             * @example ci
             */
            token: string | null;
            /** @example 0123456789ab */
            token_id: string | null;
            /**
             * @description Where it came from.
             * @example 192.0.2.7
             */
            address: string;
            /**
             * @description The operation's name in this contract.
             * @example controlJob
             */
            action: string;
            /**
             * @description What it was done to.
             * @example 45
             */
            object: string | null;
            /**
             * @description How it ended: the answer's status.
             * @example 200
             */
            status: number;
        };
        /**
         * @example {
         *       "steps": [
         *         {
         *           "op": "compare",
         *           "key": "foo",
         *           "version": 17
         *         },
         *         {
         *           "op": "put",
         *           "key": "foo",
         *           "value": "hello"
         *         },
         *         {
         *           "op": "delete",
         *           "key": "bar"
         *         }
         *       ]
         *     }
         */
        Batch: {
            steps: components["schemas"]["BatchStep"][];
        };
        BatchResult: {
            results: {
                /**
                 * @example put
                 * @enum {string}
                 */
                op: "compare" | "put" | "delete";
                /** @example foo */
                key: string;
                /**
                 * @description What was written; of a compare, what was found. Null for nothing.
                 * @example 18
                 */
                version: number | null;
                /**
                 * @description The key was there before.
                 * @example true
                 */
                existed: boolean;
            }[];
        };
        BatchStep: components["schemas"]["CompareStep"] | components["schemas"]["PutStep"] | components["schemas"]["DeleteStep"];
        /** @description Changes nothing; the batch happens only if this is so. */
        CompareStep: {
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            op: "compare";
            /** @example foo */
            key: string;
            /**
             * @description The key is at this version.
             * @example 17
             */
            version?: number;
            /**
             * @description The key is there, or is not.
             * @example true
             */
            exists?: boolean;
        };
        /** @description Deleting what is not there changes nothing. */
        DeleteStep: {
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            op: "delete";
            /** @example foo */
            key: string;
            /**
             * @description The key is at this version.
             * @example 17
             */
            version?: number;
            /**
             * @description The key is there, or is not.
             * @example true
             */
            exists?: boolean;
        };
        DownloadRequest: {
            /** @example report.pdf */
            file: string;
        };
        ErrorEntry: {
            /**
             * Format: date-time
             * @description When it went wrong.
             * @example 2026-08-19T15:31:42.201Z
             */
            time: string;
            /** @example Request failed */
            message: string;
            /**
             * @description As in `X-Request-Id`; null for what no request brought about.
             * @example b7e5d0c1f2a94e8c
             */
            request_id: string | null;
            /**
             * @description What else is known of it.
             * @example {
             *       "method": "GET",
             *       "path": "/api/jobs",
             *       "status": 503
             *     }
             */
            facts: {
                [key: string]: unknown;
            };
        };
        File: {
            /** @example report.pdf */
            name: string;
            /** @example 4194304 */
            bytes: number;
            /**
             * @description In hexadecimal.
             * @example e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855
             */
            sha256: string;
            /**
             * Format: date-time
             * @description When it was stored.
             * @example 2026-08-19T15:31:42.201Z
             */
            created: string;
            /**
             * Format: uri-reference
             * @example /api/files/report.pdf
             */
            url: string;
        };
        FileList: {
            files: components["schemas"]["File"][];
        };
        /**
         * @example succeeded
         * @enum {string}
         */
        FinalJobState: "succeeded" | "failed" | "terminated" | "timed_out" | "lost";
        Health: {
            /** @enum {string} */
            status: "ok";
        };
        InspectedUpload: {
            /**
             * @description The worker-id that it began with.
             * @example 3q2-7wABCDEFghijKLMNopqr
             */
            upload_id: string;
            /**
             * @description What the file is to be called.
             * @example report.pdf
             */
            name: string;
            /**
             * @description How many bytes have arrived: where to go on.
             * @example 1048576
             */
            bytes: number;
            /**
             * @description Size of the whole, where it is known.
             * @example 4194304
             */
            total: number | null;
            /**
             * Format: date-time
             * @description When it was begun.
             * @example 2026-08-19T15:31:42.201Z
             */
            created: string;
            /**
             * Format: date-time
             * @description When it is forgotten; null while somebody sends more, or when it is kept for good.
             * @example 2026-08-19T15:31:42.201Z
             */
            expires: string | null;
            /**
             * @description The worker that brings more of it at this moment; null: it may be gone on with.
             * @example null
             */
            "worker-id": string | null;
            /**
             * @description Of the bytes that have arrived, in hexadecimal; null while somebody sends more.
             * @example e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855
             */
            sha256: string | null;
        };
        /**
         * @example {
         *       "status": "invalid connection Id : 12"
         *     }
         */
        InvalidConnectionId: {
            status: string;
        };
        Job: {
            /** @example 45 */
            job_id: number;
            /**
             * @description The line, or `argv` quoted as a shell would take it.
             * @example cp /tmp/file /mnt/nfs/
             */
            command: string;
            /** @example backup */
            name: string | null;
            /**
             * @example {
             *       "team": "backup"
             *     }
             */
            labels: {
                [key: string]: string;
            };
            /**
             * Format: date-time
             * @description When it was asked for.
             * @example 2026-08-19T15:31:42.201Z
             */
            created: string;
            state: components["schemas"]["JobState"];
            /** @example false */
            done: boolean;
            /**
             * @description It is being ended: SIGTERM went out, SIGKILL follows after its grace.
             * @example false
             */
            stopping: boolean;
            /** @example 0 */
            priority: number;
            /**
             * @description The worker slot it was started in (`/job/new/{worker-id}`).
             * @example null
             */
            worker_id: string | null;
            /**
             * @description The queue that it goes through; null for one that was started in a worker slot.
             * @example default
             */
            queue: string | null;
            /**
             * Format: date-time
             * @description Queued or held: it starts no earlier. Null when no time is waited for.
             * @example 2026-08-19T15:31:42.201Z
             */
            waiting_until: string | null;
            /**
             * @description Queued or held: the jobs whose end it still waits for.
             * @example []
             */
            waiting_for: number[];
            /**
             * @description Which attempt this is, or (`queued`) will be. All that is said of a run is said of this one.
             * @example 1
             */
            attempt: number;
            /**
             * @description The job that it repeats.
             * @example null
             */
            rerun_of: number | null;
            /**
             * Format: date-time
             * @description When its process was started; null when it was not.
             * @example 2026-08-19T15:31:42.201Z
             */
            started: string | null;
            /**
             * Format: date-time
             * @description When it ended; null before.
             * @example 2026-08-19T15:31:42.201Z
             */
            ended: string | null;
            /**
             * @description From start to end, pauses included; null before the end.
             * @example 0.335
             */
            duration: number | null;
            /**
             * @description As the shell's `$?`; null when none is known.
             * @example 0
             */
            exit_code: number | null;
            /**
             * @description The signal that ended it.
             * @example null
             */
            signal: string | null;
            /**
             * @description Why it could not start, was cancelled, lost, or ended for writing too much.
             * @example null
             */
            error: string | null;
            /**
             * Format: uri-reference
             * @example /api/jobs/45
             */
            url: string;
            /**
             * Format: uri-reference
             * @example /api/statuses/45
             */
            status_url: string;
            /**
             * Format: uri-reference
             * @description Null until there is a result.
             * @example /api/results/45
             */
            result_url: string | null;
            /** @example null */
            argv: string[] | null;
            /** @example null */
            cwd: string | null;
            /** @example {} */
            env: {
                [key: string]: string;
            };
            /**
             * @description The names of the variables whose values are secret.
             * @example {}
             */
            secret_env: {
                [key: string]: "***";
            };
            /**
             * @description Size of what is fed to its standard input.
             * @example 0
             */
            stdin_bytes: number;
            /**
             * @description As asked for; null: no limit.
             * @example 3600
             */
            timeout: number | null;
            /**
             * @description Between SIGTERM and SIGKILL.
             * @example 5
             */
            grace: number;
            /**
             * @description Bytes that it may write to each output, as asked for; null: the server's limit.
             * @example null
             */
            max_output: number | null;
            /**
             * @description As asked for.
             * @example null
             */
            limits: {
                /**
                 * @description Bytes of memory: of all its processes together where its control group can hold them to it, else of the address space of each.
                 * @example 1073741824
                 */
                memory_bytes?: number;
                /**
                 * @description Processor time of each of its processes; one that uses it up gets SIGXCPU.
                 * @example 600
                 */
                cpu_seconds?: number;
                /**
                 * @description Files that each of its processes may have open.
                 * @example 256
                 */
                open_files?: number;
                /**
                 * @description Processes: its own where its control group can count them, else all that its user has (root is not counted).
                 * @example 64
                 */
                processes?: number;
            } | null;
            /**
             * @description As asked for; null: the server's.
             * @example null
             */
            sandbox: boolean | {
                network: boolean;
                write: string[];
            } | null;
            /**
             * @description Spent paused since it started, a pause that still lasts included.
             * @example 0
             */
            paused: number;
            resources: components["schemas"]["Resources"];
            /**
             * Format: date-time
             * @description As asked for.
             * @example 2026-08-19T15:31:42.201Z
             */
            start_at: string | null;
            /**
             * @description As asked for.
             * @example []
             */
            after: number[];
            /**
             * @description How those have to end; null: there are none.
             * @enum {string|null}
             */
            if: "succeeded" | "done" | null;
            /**
             * @description As asked for.
             * @example 0
             */
            retries: number;
            /**
             * @description Between the first attempt and the second.
             * @example 1
             */
            retry_delay: number | null;
            /**
             * @description What that is multiplied by each time.
             * @example 2
             */
            backoff: number | null;
            /**
             * @description The longest that it grows to.
             * @example 3600
             */
            max_retry_delay: number | null;
            /**
             * @description The attempts before this one, oldest first.
             * @example []
             */
            attempts: components["schemas"]["Attempt"][];
            /**
             * Format: uri-reference
             * @example /api/jobs/45/stdout
             */
            stdout_url: string;
            /**
             * Format: uri-reference
             * @example /api/jobs/45/stderr
             */
            stderr_url: string;
        };
        /**
         * @description Limits of this job; each that is not there is the server's (`--job-memory` and the like), or none. What is more than the server's is 400.
         * @example {
         *       "memory_bytes": 1073741824,
         *       "cpu_seconds": 600
         *     }
         */
        JobLimits: {
            /**
             * @description Bytes of memory: of all its processes together where its control group can hold them to it, else of the address space of each.
             * @example 1073741824
             */
            memory_bytes?: number;
            /**
             * @description Processor time of each of its processes; one that uses it up gets SIGXCPU.
             * @example 600
             */
            cpu_seconds?: number;
            /**
             * @description Files that each of its processes may have open.
             * @example 256
             */
            open_files?: number;
            /**
             * @description Processes: its own where its control group can count them, else all that its user has (root is not counted).
             * @example 64
             */
            processes?: number;
        };
        JobList: {
            jobs: components["schemas"]["JobSummary"][];
        };
        /**
         * @example {
         *       "state": "paused"
         *     }
         */
        JobPatch: {
            /**
             * @description The state that it is to take. Sent alone.
             * @example paused
             * @enum {string}
             */
            state?: "paused" | "running" | "terminated";
            /**
             * @description A line for `/bin/sh -c`. Exactly one of `command` and `argv`.
             * @example cp /tmp/file /mnt/nfs/
             */
            command?: string;
            /**
             * @description A program and its arguments, run with no shell.
             * @example [
             *       "cp",
             *       "/tmp/file",
             *       "/mnt/nfs/"
             *     ]
             */
            argv?: string[];
            /**
             * @description To find it again.
             * @example backup
             */
            name?: string | null;
            /**
             * @example {
             *       "team": "backup"
             *     }
             */
            labels?: {
                [key: string]: string;
            } | null;
            /**
             * @description Working directory, absolute. Default: the home of the user that the server runs as.
             * @example /srv
             */
            cwd?: string | null;
            /**
             * @description Variables added to a clean environment.
             * @example {
             *       "LANG": "ru_RU.UTF-8"
             *     }
             */
            env?: {
                [key: string]: string;
            } | null;
            /**
             * @description Text fed to its standard input.
             * @example привет
             */
            stdin?: string | null;
            /**
             * @description Seconds of running, pauses not counted, after which it is ended.
             * @example 3600
             */
            timeout?: number | null;
            /**
             * @description Bytes that it may write to each output; at more it is ended, and `failed`. Default: `--max-output`, which is 1 GiB if the server was not told otherwise.
             * @example 1048576
             */
            max_output?: number | null;
            limits?: components["schemas"]["JobLimits"] & (Record<string, never> | null);
            /**
             * @description A room of its own (bubblewrap): the file system read only, `/tmp`, `/var/tmp` and `/run` empty and its own, no other processes to be seen, no network and nothing to write to unless asked for. Default: the server's (`--sandbox`), where it cannot be refused.
             * @example {
             *       "network": false,
             *       "write": [
             *         "/srv/build"
             *       ]
             *     }
             */
            sandbox?: boolean | {
                /**
                 * @description Whether it reaches the network.
                 * @default false
                 */
                network: boolean;
                /**
                 * @description Absolute paths, of what is there, that it may write to.
                 * @default []
                 * @example [
                 *       "/srv/build"
                 *     ]
                 */
                write: string[];
            } | null;
            /** @description Seconds between SIGTERM and SIGKILL. */
            grace?: number | null;
            /** @description Higher goes first, in all queues; equal ones first come, first served. */
            priority?: number | null;
            /**
             * @description The queue that it goes through; there has to be one of that name. Default: `default`.
             * @example nightly
             */
            queue?: string | null;
            /**
             * @description It starts no earlier: RFC 3339, or seconds since 1970. By the wall clock, also when that is set.
             * @example 2026-08-20T03:00:00Z
             */
            start_at?: string | number | null;
            /**
             * @description Ids of jobs, at most 1000, that have to end before it starts. One that was removed later counts as it ended.
             * @example [
             *       44
             *     ]
             */
            after?: number[] | null;
            /**
             * @description How they have to end. `succeeded` (the default): with exit code 0; when one ends otherwise, this job is cancelled (`terminated`, with the reason in `error`), and so is what waits for this one. `done`: in any way.
             * @example succeeded
             * @enum {string|null}
             */
            if?: "succeeded" | "done" | null;
            /**
             * @description How often it is tried again when it ended as `failed`, `timed_out` or `lost` (default 0). Each attempt adds to the same outputs; `attempts` says where each began. Until the last one is over the job has no result.
             * @example 3
             */
            retries?: number | null;
            /**
             * @description Seconds between the first attempt and the second. Default: 1.
             * @example 10
             */
            retry_delay?: number | null;
            /**
             * @description What the delay is multiplied by from each attempt to the next. Default: 2.
             * @example 2
             */
            backoff?: number | null;
            /**
             * @description The longest that the delay grows to, in seconds. Default: 3600.
             * @example 600
             */
            max_retry_delay?: number | null;
        };
        /**
         * @example {
         *       "signal": "SIGUSR1"
         *     }
         */
        JobSignal: {
            /**
             * @description Its name, with or without `SIG`, or its number; `SIGRTMIN+n` for a real-time signal.
             * @example SIGUSR1
             */
            signal: string | number;
            /**
             * @description `all`: every process of the job. `job`: only the one that runs the command (its shell, where the command needs one).
             * @default all
             * @enum {string}
             */
            to: "job" | "all";
        };
        /**
         * @example {
         *       "command": "cp /tmp/file /mnt/nfs/"
         *     }
         */
        JobSpec: {
            /**
             * @description A line for `/bin/sh -c`. Exactly one of `command` and `argv`.
             * @example cp /tmp/file /mnt/nfs/
             */
            command?: string;
            /**
             * @description A program and its arguments, run with no shell.
             * @example [
             *       "cp",
             *       "/tmp/file",
             *       "/mnt/nfs/"
             *     ]
             */
            argv?: string[];
            /**
             * @description To find it again.
             * @example backup
             */
            name?: string;
            /**
             * @example {
             *       "team": "backup"
             *     }
             */
            labels?: {
                [key: string]: string;
            };
            /**
             * @description Working directory, absolute. Default: the home of the user that the server runs as.
             * @example /srv
             */
            cwd?: string;
            /**
             * @description Variables added to a clean environment.
             * @example {
             *       "LANG": "ru_RU.UTF-8"
             *     }
             */
            env?: {
                [key: string]: string;
            };
            /**
             * @description Text fed to its standard input.
             * @example привет
             */
            stdin?: string;
            /**
             * @description Seconds of running, pauses not counted, after which it is ended.
             * @example 3600
             */
            timeout?: number;
            /**
             * @description Bytes that it may write to each output; at more it is ended, and `failed`. Default: `--max-output`, which is 1 GiB if the server was not told otherwise.
             * @example 1048576
             */
            max_output?: number;
            limits?: components["schemas"]["JobLimits"];
            /**
             * @description A room of its own (bubblewrap): the file system read only, `/tmp`, `/var/tmp` and `/run` empty and its own, no other processes to be seen, no network and nothing to write to unless asked for. Default: the server's (`--sandbox`), where it cannot be refused.
             * @example {
             *       "network": false,
             *       "write": [
             *         "/srv/build"
             *       ]
             *     }
             */
            sandbox?: boolean | {
                /**
                 * @description Whether it reaches the network.
                 * @default false
                 */
                network: boolean;
                /**
                 * @description Absolute paths, of what is there, that it may write to.
                 * @default []
                 * @example [
                 *       "/srv/build"
                 *     ]
                 */
                write: string[];
            };
            /**
             * @description Variables whose values nobody sees again: they are in no answer, no log and no index, and removed from the disk once the job has started for the last time. The job itself, what it prints them to, and whoever may look at its processes see them.
             * @example {
             *       "DEPLOY_KEY": "s3cret"
             *     }
             */
            secret_env?: {
                [key: string]: string;
            };
            /**
             * @description Seconds between SIGTERM and SIGKILL.
             * @default 5
             */
            grace: number;
            /**
             * @description Higher goes first, in all queues; equal ones first come, first served.
             * @default 0
             */
            priority: number;
            /**
             * @description The queue that it goes through; there has to be one of that name. Default: `default`.
             * @example nightly
             */
            queue?: string;
            /**
             * @description It starts no earlier: RFC 3339, or seconds since 1970. By the wall clock, also when that is set.
             * @example 2026-08-20T03:00:00Z
             */
            start_at?: string | number;
            /**
             * @description Ids of jobs, at most 1000, that have to end before it starts. One that was removed later counts as it ended.
             * @example [
             *       44
             *     ]
             */
            after?: number[];
            /**
             * @description How they have to end. `succeeded` (the default): with exit code 0; when one ends otherwise, this job is cancelled (`terminated`, with the reason in `error`), and so is what waits for this one. `done`: in any way.
             * @example succeeded
             * @enum {string}
             */
            if?: "succeeded" | "done";
            /**
             * @description How often it is tried again when it ended as `failed`, `timed_out` or `lost` (default 0). Each attempt adds to the same outputs; `attempts` says where each began. Until the last one is over the job has no result.
             * @example 3
             */
            retries?: number;
            /**
             * @description Seconds between the first attempt and the second. Default: 1.
             * @example 10
             */
            retry_delay?: number;
            /**
             * @description What the delay is multiplied by from each attempt to the next. Default: 2.
             * @example 2
             */
            backoff?: number;
            /**
             * @description The longest that the delay grows to, in seconds. Default: 3600.
             * @example 600
             */
            max_retry_delay?: number;
        } & (unknown | unknown);
        /**
         * @description `queued`, `running`, `paused`; then one of `succeeded` (exit code 0), `failed` (any other, or it could not start), `terminated` (asked for), `timed_out`, `lost` (its process vanished without a trace).
         * @example running
         * @enum {string}
         */
        JobState: "queued" | "running" | "paused" | "succeeded" | "failed" | "terminated" | "timed_out" | "lost";
        /** @description A job in a list. */
        JobSummary: {
            /** @example 45 */
            job_id: number;
            /**
             * @description The line, or `argv` quoted as a shell would take it.
             * @example cp /tmp/file /mnt/nfs/
             */
            command: string;
            /** @example backup */
            name: string | null;
            /**
             * @example {
             *       "team": "backup"
             *     }
             */
            labels: {
                [key: string]: string;
            };
            /**
             * Format: date-time
             * @description When it was asked for.
             * @example 2026-08-19T15:31:42.201Z
             */
            created: string;
            state: components["schemas"]["JobState"];
            /** @example false */
            done: boolean;
            /**
             * @description It is being ended: SIGTERM went out, SIGKILL follows after its grace.
             * @example false
             */
            stopping: boolean;
            /** @example 0 */
            priority: number;
            /**
             * @description The worker slot it was started in (`/job/new/{worker-id}`).
             * @example null
             */
            worker_id: string | null;
            /**
             * @description The queue that it goes through; null for one that was started in a worker slot.
             * @example default
             */
            queue: string | null;
            /**
             * Format: date-time
             * @description Queued or held: it starts no earlier. Null when no time is waited for.
             * @example 2026-08-19T15:31:42.201Z
             */
            waiting_until: string | null;
            /**
             * @description Queued or held: the jobs whose end it still waits for.
             * @example []
             */
            waiting_for: number[];
            /**
             * @description Which attempt this is, or (`queued`) will be. All that is said of a run is said of this one.
             * @example 1
             */
            attempt: number;
            /**
             * @description The job that it repeats.
             * @example null
             */
            rerun_of: number | null;
            /**
             * Format: date-time
             * @description When its process was started; null when it was not.
             * @example 2026-08-19T15:31:42.201Z
             */
            started: string | null;
            /**
             * Format: date-time
             * @description When it ended; null before.
             * @example 2026-08-19T15:31:42.201Z
             */
            ended: string | null;
            /**
             * @description From start to end, pauses included; null before the end.
             * @example 0.335
             */
            duration: number | null;
            /**
             * @description As the shell's `$?`; null when none is known.
             * @example 0
             */
            exit_code: number | null;
            /**
             * @description The signal that ended it.
             * @example null
             */
            signal: string | null;
            /**
             * @description Why it could not start, was cancelled, lost, or ended for writing too much.
             * @example null
             */
            error: string | null;
            /**
             * Format: uri-reference
             * @example /api/jobs/45
             */
            url: string;
            /**
             * Format: uri-reference
             * @example /api/statuses/45
             */
            status_url: string;
            /**
             * Format: uri-reference
             * @description Null until there is a result.
             * @example /api/results/45
             */
            result_url: string | null;
        };
        KeyAddition: {
            /**
             * @description A whole number, negative ones too, of at most 2^53 - 1 either way.
             * @example 1
             */
            amount: number;
        };
        KeyEntry: {
            /** @example foo */
            key: string;
            /** @example hello world! */
            value: string;
            /**
             * @description As in its `ETag`.
             * @example 17
             */
            version: number;
            /**
             * Format: date-time
             * @description When it will be gone; null: never.
             * @example 2026-08-19T15:31:42.201Z
             */
            expires: string | null;
        };
        KeyList: {
            keys: components["schemas"]["KeyEntry"][];
        };
        KeySum: {
            /** @example foo */
            key: string;
            /**
             * @description The sum.
             * @example 43
             */
            value: number;
            /**
             * @description As in its `ETag`.
             * @example 18
             */
            version: number;
            /**
             * @description The key was not there before.
             * @example false
             */
            created: boolean;
        };
        /**
         * @example {
         *       "connId": 12
         *     }
         */
        Kill: {
            /**
             * @description The caller's own name for the request.
             * @example 12
             */
            connId: number;
        };
        /**
         * @example {
         *       "status": "killed"
         *     }
         */
        Killed: {
            /** @enum {string} */
            status: "killed";
        };
        /**
         * @example {
         *       "status": "ok"
         *     }
         */
        Ok: {
            /** @enum {string} */
            status: "ok";
        };
        PartialUpload: {
            /**
             * @description The worker-id that it began with.
             * @example 3q2-7wABCDEFghijKLMNopqr
             */
            upload_id: string;
            /**
             * @description What the file is to be called.
             * @example report.pdf
             */
            name: string;
            /**
             * @description How many bytes have arrived: where to go on.
             * @example 1048576
             */
            bytes: number;
            /**
             * @description Size of the whole, where it is known.
             * @example 4194304
             */
            total: number | null;
            /**
             * Format: date-time
             * @description When it was begun.
             * @example 2026-08-19T15:31:42.201Z
             */
            created: string;
            /**
             * Format: date-time
             * @description When it is forgotten; null while somebody sends more, or when it is kept for good.
             * @example 2026-08-19T15:31:42.201Z
             */
            expires: string | null;
            /**
             * @description The worker that brings more of it at this moment; null: it may be gone on with.
             * @example null
             */
            "worker-id": string | null;
        };
        /** @description What went wrong (RFC 9457). */
        Problem: {
            /**
             * Format: uri-reference
             * @description Says which kind of problem it is; the same for every problem of the same `code`.
             * @example urn:stint:problem:not_found
             */
            type: string;
            /**
             * @description The status in words.
             * @example There is no such thing
             */
            title: string;
            /**
             * @description The HTTP status.
             * @example 404
             */
            status: number;
            /**
             * @description What was wrong, and what to send instead.
             * @example There is no job 45.
             */
            detail: string;
            /**
             * @description Stable; made for programs.
             * @example not_found
             * @enum {string}
             */
            code: "invalid_request" | "malformed_json" | "invalid_encoding" | "invalid_id" | "invalid_key" | "invalid_file_name" | "digest_mismatch" | "worker_unknown" | "worker_expired" | "worker_used" | "unauthorized" | "insufficient_scope" | "token_bound" | "forbidden_host" | "forbidden_origin" | "not_found" | "method_not_allowed" | "body_stalled" | "conn_id_in_use" | "invalid_transition" | "still_active" | "secrets_gone" | "queue_in_use" | "too_many_queues" | "file_exists" | "upload_active" | "upload_offset_mismatch" | "not_a_number" | "out_of_range" | "result_gone" | "changes_gone" | "precondition_failed" | "too_large" | "uri_too_long" | "unsupported_media_type" | "invalid_range" | "idempotency_mismatch" | "queue_full" | "too_many_attempts" | "rate_limited" | "too_many_open" | "transfer_failed" | "internal" | "no_slot" | "too_many_connections" | "shutting_down" | "storage_failed" | "storage_full";
            /**
             * @description The same as in `X-Request-Id` and in the server's logs.
             * @example 27cf38ea-55a4-471e-8dff-c1d8876bbf02
             */
            request_id: string;
            /** @description One entry for each bad field. */
            errors?: {
                /**
                 * @description A JSON pointer (RFC 6901) into the body, or `query/…`, `path/…`, `header/…`.
                 * @example /command
                 */
                pointer: string;
                /** @example Send a text. */
                detail: string;
            }[];
        } & {
            [key: string]: unknown;
        };
        PutStep: {
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            op: "put";
            /** @example foo */
            key: string;
            /**
             * @description At most 1024 bytes of UTF-8.
             * @example hello world!
             */
            value: string;
            /** @example 60 */
            ttl?: number;
            /**
             * @description The key is at this version.
             * @example 17
             */
            version?: number;
            /**
             * @description The key is there, or is not.
             * @example true
             */
            exists?: boolean;
        };
        Queue: {
            /** @example nightly */
            name: string;
            /**
             * @description How many of its jobs may be active at once; null: only the host's own slots limit them.
             * @example 2
             */
            slots: number | null;
            /**
             * @description None of its jobs is started. Those that are active go on.
             * @example false
             */
            paused: boolean;
            /**
             * @description How many jobs that are not active it takes; null: any number. A job that waits for its next attempt counts, and always finds room.
             * @example null
             */
            max_queued: number | null;
            /**
             * @description Jobs in state `queued`, the waiting ones included.
             * @example 0
             */
            queued: number;
            /**
             * @description Those of them that wait for a time, for other jobs, or for their next attempt.
             * @example 0
             */
            waiting: number;
            /**
             * @description Jobs that were paused before they began.
             * @example 0
             */
            held: number;
            /**
             * @description Jobs that are active: running, or paused while they ran.
             * @example 0
             */
            running: number;
            /**
             * Format: uri-reference
             * @example /api/queues/nightly
             */
            url: string;
        };
        QueueList: {
            queues: components["schemas"]["Queue"][];
        };
        /**
         * @example {
         *       "slots": 2
         *     }
         */
        QueueSettings: {
            /**
             * @description How many of its jobs may be active at once; null: only the host's own slots limit them.
             * @default null
             * @example 2
             */
            slots: number | null;
            /**
             * @description None of its jobs is started. Those that are active go on.
             * @default false
             * @example false
             */
            paused: boolean;
            /**
             * @description How many jobs that are not active it takes; null: any number. A job that waits for its next attempt counts, and always finds room.
             * @default null
             * @example null
             */
            max_queued: number | null;
        };
        /**
         * @example {
         *       "secret_env": {
         *         "DEPLOY_KEY": "s3cret"
         *       }
         *     }
         */
        Rerun: {
            /**
             * @description Variables whose values nobody sees again: they are in no answer, no log and no index, and removed from the disk once the job has started for the last time. The job itself, what it prints them to, and whoever may look at its processes see them.
             * @example {
             *       "DEPLOY_KEY": "s3cret"
             *     }
             */
            secret_env?: {
                [key: string]: string;
            };
        };
        Reservation: {
            /** @example 3q2-7wABCDEFghijKLMNopqr */
            "worker-id": string;
            /** @enum {string} */
            status: "reserved";
            /**
             * Format: date-time
             * @description When it is given back if it is not used.
             * @example 2026-08-19T15:31:42.201Z
             */
            expires: string;
            /**
             * @description Whole seconds until then.
             * @example 300
             */
            expires_in: number;
        };
        /** @description What the job took of the machine; of one that runs, so far. */
        Resources: {
            /**
             * @description Processor time of its processes, in user and kernel mode; null when it is not known.
             * @example 0.012
             */
            cpu_seconds: number | null;
            /**
             * @description The most memory that its processes were seen to have together; null when it was over before the first look, a tenth of a second after its start.
             * @example 5242880
             */
            memory_peak_bytes: number | null;
            /**
             * @description Fed to its standard input.
             * @example 0
             */
            input_bytes: number;
            /**
             * @description Printed, on both outputs.
             * @example 0
             */
            output_bytes: number;
            /**
             * @description Read from storage, as last seen; what was in the page cache is not in it.
             * @example 0
             */
            disk_read_bytes: number | null;
            /**
             * @description Written to storage, as last seen.
             * @example 4096
             */
            disk_written_bytes: number | null;
        };
        Result: {
            /** @example 45 */
            result_id: number;
            /**
             * @description The line, or `argv` quoted as a shell would take it.
             * @example cp /tmp/file /mnt/nfs/
             */
            command: string;
            /** @example backup */
            name: string | null;
            /**
             * @example {
             *       "team": "backup"
             *     }
             */
            labels: {
                [key: string]: string;
            };
            /**
             * Format: date-time
             * @description When it was asked for.
             * @example 2026-08-19T15:31:42.201Z
             */
            created: string;
            state: components["schemas"]["FinalJobState"];
            /**
             * @description From start to end, pauses included; 0 when it never started.
             * @example 0.335
             */
            duration: number;
            /**
             * @description How much of it was spent paused.
             * @example 0
             */
            paused: number;
            /**
             * Format: date-time
             * @description When its process was started; null when it was not.
             * @example 2026-08-19T15:31:42.201Z
             */
            started: string | null;
            /**
             * Format: date-time
             * @description When it ended.
             * @example 2026-08-19T15:31:42.201Z
             */
            completed: string;
            /**
             * Format: date-time
             * @description The same: the document's spelling.
             * @example 2026-08-19T15:31:42.201Z
             */
            competed: string;
            /**
             * @description As the shell's `$?`; null when none is known.
             * @example 0
             */
            exit_code: number | null;
            /**
             * @description The signal that ended it.
             * @example null
             */
            signal: string | null;
            /**
             * @description Why it could not start, was cancelled, lost, or ended for writing too much.
             * @example null
             */
            error: string | null;
            /**
             * @description Processes that outlived SIGKILL.
             * @example []
             */
            survivors: number[];
            /** @description Processor time, where it is known. */
            cpu: {
                /**
                 * @description In user mode.
                 * @example 0.01
                 */
                user: number;
                /**
                 * @description In the kernel.
                 * @example 0.002
                 */
                system: number;
            } | null;
            /**
             * @description Size of the whole.
             * @example 0
             */
            stdout_bytes: number;
            /**
             * @description Size of the whole.
             * @example 0
             */
            stderr_bytes: number;
            /**
             * Format: uri-reference
             * @example /api/jobs/45/stdout
             */
            stdout_url: string;
            /**
             * Format: uri-reference
             * @example /api/jobs/45/stderr
             */
            stderr_url: string;
            /**
             * Format: uri-reference
             * @example /api/jobs/45
             */
            job_url: string;
            resources: components["schemas"]["Resources"];
            /**
             * @description As text; bytes that are not UTF-8 as U+FFFD.
             * @example
             */
            stdout: string;
            /**
             * @description Only the end is shown; the URL has the whole.
             * @example false
             */
            stdout_truncated: boolean;
            /** @example cp: cannot stat '/tmp/file': No such file or directory */
            stderr: string;
            /**
             * @description Only the end is shown; the URL has the whole.
             * @example false
             */
            stderr_truncated: boolean;
        };
        ResultList: {
            results: components["schemas"]["ResultSummary"][];
        };
        /** @description A result in a list, without the output. */
        ResultSummary: {
            /** @example 45 */
            result_id: number;
            /**
             * @description The line, or `argv` quoted as a shell would take it.
             * @example cp /tmp/file /mnt/nfs/
             */
            command: string;
            /** @example backup */
            name: string | null;
            /**
             * @example {
             *       "team": "backup"
             *     }
             */
            labels: {
                [key: string]: string;
            };
            /**
             * Format: date-time
             * @description When it was asked for.
             * @example 2026-08-19T15:31:42.201Z
             */
            created: string;
            state: components["schemas"]["FinalJobState"];
            /**
             * @description From start to end, pauses included; 0 when it never started.
             * @example 0.335
             */
            duration: number;
            /**
             * @description How much of it was spent paused.
             * @example 0
             */
            paused: number;
            /**
             * Format: date-time
             * @description When its process was started; null when it was not.
             * @example 2026-08-19T15:31:42.201Z
             */
            started: string | null;
            /**
             * Format: date-time
             * @description When it ended.
             * @example 2026-08-19T15:31:42.201Z
             */
            completed: string;
            /**
             * Format: date-time
             * @description The same: the document's spelling.
             * @example 2026-08-19T15:31:42.201Z
             */
            competed: string;
            /**
             * @description As the shell's `$?`; null when none is known.
             * @example 0
             */
            exit_code: number | null;
            /**
             * @description The signal that ended it.
             * @example null
             */
            signal: string | null;
            /**
             * @description Why it could not start, was cancelled, lost, or ended for writing too much.
             * @example null
             */
            error: string | null;
            /**
             * @description Processes that outlived SIGKILL.
             * @example []
             */
            survivors: number[];
            /** @description Processor time, where it is known. */
            cpu: {
                /**
                 * @description In user mode.
                 * @example 0.01
                 */
                user: number;
                /**
                 * @description In the kernel.
                 * @example 0.002
                 */
                system: number;
            } | null;
            /**
             * @description Size of the whole.
             * @example 0
             */
            stdout_bytes: number;
            /**
             * @description Size of the whole.
             * @example 0
             */
            stderr_bytes: number;
            /**
             * Format: uri-reference
             * @example /api/jobs/45/stdout
             */
            stdout_url: string;
            /**
             * Format: uri-reference
             * @example /api/jobs/45/stderr
             */
            stderr_url: string;
            /**
             * Format: uri-reference
             * @example /api/jobs/45
             */
            job_url: string;
        };
        /**
         * @example {
         *       "2": "15",
         *       "8": "10"
         *     }
         */
        ServerStatus: {
            [key: string]: string;
        };
        Session: {
            /**
             * @description The token's name; `anonymous` where none is asked for.
             * @example ci
             */
            name: string;
            /**
             * @description What it may do.
             * @example [
             *       "jobs:write"
             *     ]
             */
            scopes: ("requests:read" | "requests:write" | "workers:read" | "workers:write" | "jobs:read" | "jobs:write" | "keys:read" | "keys:write" | "files:read" | "files:write" | "admin")[];
            bound_to?: components["schemas"]["TokenBounds"];
        };
        Status: {
            /** @example 45 */
            status_id: number;
            /** @example false */
            done: boolean;
            state: components["schemas"]["JobState"];
            /**
             * @description It is being ended: SIGTERM went out, SIGKILL follows after its grace.
             * @example false
             */
            stopping: boolean;
            /**
             * Format: date-time
             * @description When the job was asked for.
             * @example 2026-08-19T15:31:42.201Z
             */
            created: string;
            /**
             * Format: date-time
             * @description When its process was started; null when it was not.
             * @example 2026-08-19T15:31:42.201Z
             */
            started: string | null;
            /**
             * Format: date-time
             * @description When it ended; null before.
             * @example 2026-08-19T15:31:42.201Z
             */
            ended: string | null;
            /**
             * Format: uri-reference
             * @example /api/jobs/45
             */
            job_url: string;
            /**
             * Format: uri-reference
             * @description Null until there is a result.
             * @example /api/results/45
             */
            result_url: string | null;
        };
        StatusList: {
            statuses: components["schemas"]["Status"][];
        };
        /** @description Which jobs it is bound to; not there: all. */
        TokenBounds: {
            queues?: string[];
            labels?: {
                [key: string]: string;
            };
            commands?: {
                /**
                 * @description A job's `argv` begins with one of these.
                 * @example [
                 *       [
                 *         "./deploy"
                 *       ]
                 *     ]
                 */
                prefixes: string[][];
                cwd?: string;
                /** @description Variables that may be set. */
                env?: string[];
                /** @description Whether standard input may be fed. */
                stdin?: boolean;
            };
        };
        UploadList: {
            uploads: components["schemas"]["PartialUpload"][];
        };
        Worker: {
            /** @example 3q2-7wABCDEFghijKLMNopqr */
            "worker-id": string;
            status: components["schemas"]["WorkerState"];
            /**
             * @description Null while it is only reserved.
             * @example upload
             * @enum {string|null}
             */
            kind: "upload" | "download" | "job" | null;
            /**
             * Format: date-time
             * @description When the unused reservation is given back; null once it was used.
             * @example 2026-08-19T15:31:42.201Z
             */
            expires: string | null;
            /**
             * @description Whole seconds until then.
             * @example null
             */
            expires_in: number | null;
            /**
             * Format: date-time
             * @description When its work began; null before.
             * @example 2026-08-19T15:31:42.201Z
             */
            started: string | null;
            /**
             * Format: date-time
             * @description When its work ended; null before.
             * @example 2026-08-19T15:31:42.201Z
             */
            ended: string | null;
            /**
             * @description Transferred so far.
             * @example 1048576
             */
            bytes: number;
            /**
             * @description Size of the whole, where it is known.
             * @example 4194304
             */
            total: number | null;
            /**
             * @description From 0 to 1, where the size is known.
             * @example 0.25
             */
            progress: number | null;
            /**
             * @description Bytes a second lately; null when nothing is being transferred.
             * @example 524288
             */
            rate: number | null;
            /** @example report.pdf */
            file: string | null;
            /**
             * @description Of a completed upload, in hexadecimal.
             * @example null
             */
            sha256: string | null;
            /** @example null */
            job_id: number | null;
            /**
             * @description Of the job, once it has ended.
             * @example null
             */
            exit_code: number | null;
            /**
             * Format: uri-reference
             * @example null
             */
            result_url: string | null;
            /**
             * @description Why it failed.
             * @example null
             */
            error: string | null;
        };
        WorkerChange: {
            /** @example 3q2-7wABCDEFghijKLMNopqr */
            "worker-id": string;
            status: components["schemas"]["WorkerState"];
        };
        /**
         * @example {
         *       "command": "cp /tmp/file /mnt/nfs/"
         *     }
         */
        WorkerJobSpec: {
            /**
             * @description A line for `/bin/sh -c`. Exactly one of `command` and `argv`.
             * @example cp /tmp/file /mnt/nfs/
             */
            command?: string;
            /**
             * @description A program and its arguments, run with no shell.
             * @example [
             *       "cp",
             *       "/tmp/file",
             *       "/mnt/nfs/"
             *     ]
             */
            argv?: string[];
            /**
             * @description To find it again.
             * @example backup
             */
            name?: string;
            /**
             * @example {
             *       "team": "backup"
             *     }
             */
            labels?: {
                [key: string]: string;
            };
            /**
             * @description Working directory, absolute. Default: the home of the user that the server runs as.
             * @example /srv
             */
            cwd?: string;
            /**
             * @description Variables added to a clean environment.
             * @example {
             *       "LANG": "ru_RU.UTF-8"
             *     }
             */
            env?: {
                [key: string]: string;
            };
            /**
             * @description Text fed to its standard input.
             * @example привет
             */
            stdin?: string;
            /**
             * @description Seconds of running, pauses not counted, after which it is ended.
             * @example 3600
             */
            timeout?: number;
            /**
             * @description Bytes that it may write to each output; at more it is ended, and `failed`. Default: `--max-output`, which is 1 GiB if the server was not told otherwise.
             * @example 1048576
             */
            max_output?: number;
            limits?: components["schemas"]["JobLimits"];
            /**
             * @description A room of its own (bubblewrap): the file system read only, `/tmp`, `/var/tmp` and `/run` empty and its own, no other processes to be seen, no network and nothing to write to unless asked for. Default: the server's (`--sandbox`), where it cannot be refused.
             * @example {
             *       "network": false,
             *       "write": [
             *         "/srv/build"
             *       ]
             *     }
             */
            sandbox?: boolean | {
                /**
                 * @description Whether it reaches the network.
                 * @default false
                 */
                network: boolean;
                /**
                 * @description Absolute paths, of what is there, that it may write to.
                 * @default []
                 * @example [
                 *       "/srv/build"
                 *     ]
                 */
                write: string[];
            };
            /**
             * @description Variables whose values nobody sees again: they are in no answer, no log and no index, and removed from the disk once the job has started for the last time. The job itself, what it prints them to, and whoever may look at its processes see them.
             * @example {
             *       "DEPLOY_KEY": "s3cret"
             *     }
             */
            secret_env?: {
                [key: string]: string;
            };
            /**
             * @description Seconds between SIGTERM and SIGKILL.
             * @default 5
             */
            grace: number;
            /**
             * @description Higher goes first, in all queues; equal ones first come, first served.
             * @default 0
             */
            priority: number;
            /** @description Not here: it starts at once, and once. */
            queue?: unknown;
            /** @description Not here: it starts at once, and once. */
            start_at?: unknown;
            /** @description Not here: it starts at once, and once. */
            after?: unknown;
            /** @description Not here: it starts at once, and once. */
            if?: unknown;
            /** @description Not here: it starts at once, and once. */
            retries?: unknown;
            /** @description Not here: it starts at once, and once. */
            retry_delay?: unknown;
            /** @description Not here: it starts at once, and once. */
            backoff?: unknown;
            /** @description Not here: it starts at once, and once. */
            max_retry_delay?: unknown;
        } & (unknown | unknown);
        WorkerList: {
            slots: {
                /**
                 * @description Pieces of work that may go on at once.
                 * @example 4
                 */
                limit: number;
                /**
                 * @description How many do; above the limit while work of an earlier server goes on.
                 * @example 2
                 */
                used: number;
            };
            workers: components["schemas"]["Worker"][];
        };
        /**
         * @description `reserved`, `running`, `paused`, `terminating` (its processes are still dying), and the last ones: `completed`, `terminated`, `failed`, `expired`.
         * @example running
         * @enum {string}
         */
        WorkerState: "reserved" | "running" | "paused" | "terminating" | "completed" | "terminated" | "failed" | "expired";
    };
    responses: never;
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type $defs = Record<string, never>;
export type operations = Record<string, never>;
