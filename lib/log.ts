/**
 * Logs: structured lines on standard error, and errors into every open `error.log` as well.
 * Messages are constant; what varies goes into the facts. Tokens, bodies and queries are never facts.
 */

import { configureSync, getConsoleSink, getLogger, resetSync } from "@logtape/logtape";
import { ErrorLog } from "./log/error_log.ts";
import { jsonLine, textLine } from "./log/format.ts";
import type { LogFormat, LogLevel } from "./config/options.ts";

export { ErrorLog } from "./log/error_log.ts";

export type Facts = Record<string, unknown>;

/** What a part of the service writes its log with. */
export interface Log {
  debug(message: string, facts?: Facts): void;
  info(message: string, facts?: Facts): void;
  warn(message: string, facts?: Facts): void;
  /** Also goes to `error.log`. */
  error(message: string, facts?: Facts): void;
  /** Whether lines of that level go anywhere, for what costs something to put together. */
  enabled(level: "debug" | "info"): boolean;
}

/** The log of one part: `jobs`, `store`, `http`. May be called before {@link configureLog}; writes nothing until then. */
export function logOf(part: string): Log {
  const logger = getLogger(["stint", part]);
  return {
    debug: (message, facts = {}) => logger.debug(message, facts),
    info: (message, facts = {}) => logger.info(message, facts),
    warn: (message, facts = {}) => logger.warn(message, facts),
    error: (message, facts = {}) => logger.error(message, facts),
    enabled: (level) => logger.isEnabledFor(level),
  };
}

/** Says what is logged and how, for the whole process. A later call takes the place of an earlier one. */
export function configureLog(options: { level: LogLevel; format: LogFormat }): void {
  const formatter = options.format === "json" ? jsonLine : textLine;
  // All of it to standard error: standard output belongs to what the command answers.
  const levelMap = {
    trace: "error",
    debug: "error",
    info: "error",
    warning: "error",
    error: "error",
    fatal: "error",
  } as const;
  configureSync({
    reset: true,
    sinks: {
      stderr: getConsoleSink({ formatter, levelMap }),
      errors: (record) => {
        if (record.level === "error" || record.level === "fatal") ErrorLog.take(record);
      },
    },
    loggers: [
      { category: "stint", lowestLevel: options.level, sinks: ["stderr", "errors"] },
      { category: ["logtape", "meta"], lowestLevel: "warning", sinks: ["stderr"] },
    ],
  });
}

/** Stops logging: what {@link configureLog} set up is forgotten. */
export function silenceLog(): void {
  resetSync();
}
