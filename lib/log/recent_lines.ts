/** Reads a log of {@link RotatingFile} backwards. */

import { existsSync, readFileSync } from "node:fs";

/** Every line that is a JSON object, newest first, over all files; a line that a crash cut short is none. */
export function* recentLines<T>(path: string, files: number): Generator<T> {
  for (let n = 0; n < files; n++) {
    const each = n === 0 ? path : `${path}.${n}`;
    if (!existsSync(each)) return;
    const lines = readFileSync(each, "utf8").split("\n");
    for (let i = lines.length - 1; i >= 0; i--) {
      const entry = parse<T>(lines[i]!);
      if (entry) yield entry;
    }
  }
}

function parse<T>(line: string): T | undefined {
  try {
    return line === "" ? undefined : JSON.parse(line);
  } catch {
    return undefined;
  }
}
