/** File operations and output of a process, in the order in which they were done, out of a trace of `strace`. */

export type Operation =
  | { op: "create"; file: number; path: string }
  | { op: "write"; file: number; at: number; bytes: Uint8Array }
  | { op: "truncate"; file: number; size: number }
  /** Puts on disk what was done to the file before operation number `since`. */
  | { op: "sync"; file: number; since: number }
  /** The same for the names in the directory. */
  | { op: "sync_names"; since: number }
  | { op: "rename"; from: string; to: string }
  | { op: "unlink"; path: string }
  /** Written to standard output. */
  | { op: "say"; text: string };

/** What {@link readTrace} understands; to be recorded with `-f -xx -s 1048576`. */
export const TRACED = "openat,close,write,pwrite64,lseek,ftruncate,fsync,fdatasync,rename,unlink,dup,fcntl";

interface Call {
  name: string;
  args: string;
  result: number;
  /** How many operations there were when it began. */
  began: number;
}

/** Operations on the files in `directory`, which was not there before, and what was said. */
export function readTrace(lines: Iterable<string>, directory: string): Operation[] {
  const operations: Operation[] = [];
  const reader = new TraceReader(operations, directory);
  const unfinished = new Map<string, { start: string; began: number }>();
  for (const line of lines) {
    const [, pid, rest] = /^(\d+) +(.*)$/.exec(line) ?? [];
    if (pid === undefined || rest === undefined) continue;
    const resumed = /^<\.\.\. \w+ resumed>(.*)$/.exec(rest);
    if (rest.endsWith("<unfinished ...>")) {
      unfinished.set(pid, { start: rest.slice(0, -"<unfinished ...>".length), began: operations.length });
      continue;
    }
    const before = resumed ? unfinished.get(pid) : undefined;
    const whole = before ? before.start + resumed![1]! : rest;
    const match = /^(\w+)\((.*)\) += (-?\d+)/.exec(whole);
    if (!match) continue;
    const result = Number(match[3]);
    if (result < 0) continue;
    reader.take({ name: match[1]!, args: match[2]!, result, began: before?.began ?? operations.length });
  }
  return operations;
}

interface Open {
  /** -1: the directory. */
  file: number;
  at: number;
}

class TraceReader {
  readonly #names = new Map<string, number>();
  readonly #open = new Map<number, Open>();
  #files = 0;

  constructor(readonly operations: Operation[], readonly directory: string) {}

  take({ name, args, result, began }: Call): void {
    const fd = Number.parseInt(args, 10);
    const open = this.#open.get(fd);
    const last = Number(args.slice(args.lastIndexOf(",") + 1));
    switch (name) {
      case "openat":
        return this.#opened(unhex(args), args, result);
      case "close":
        return void this.#open.delete(fd);
      case "dup":
      case "fcntl":
        // Another number for the same open file: they share its position.
        if (open && (name === "dup" || args.includes("F_DUPFD"))) this.#open.set(result, open);
        return;
      case "lseek":
        if (open) open.at = result;
        return;
      case "write":
        if (fd === 1) this.operations.push({ op: "say", text: new TextDecoder().decode(bytesIn(args)) });
        if (!open) return;
        this.#write(open, open.at, args, result);
        open.at += result;
        return;
      case "pwrite64":
        return open && this.#write(open, last, args, result);
      case "ftruncate":
        if (open) this.operations.push({ op: "truncate", file: open.file, size: last });
        return;
      case "fsync":
      case "fdatasync":
        if (!open) return;
        this.operations.push(
          open.file === -1 ? { op: "sync_names", since: began } : { op: "sync", file: open.file, since: began },
        );
        return;
      case "rename":
        return this.#renamed(unhex(args.split(", ")[0]!), unhex(args.split(", ")[1]!));
      case "unlink":
        return this.#unlinked(unhex(args));
    }
  }

  #opened(path: string, args: string, fd: number): void {
    this.#open.delete(fd);
    if (path === this.directory) this.#open.set(fd, { file: -1, at: 0 });
    if (!path.startsWith(`${this.directory}/`)) return;
    let file = this.#names.get(path);
    if (file === undefined) {
      this.#names.set(path, file = this.#files++);
      this.operations.push({ op: "create", file, path });
    } else if (args.includes("O_TRUNC")) this.operations.push({ op: "truncate", file, size: 0 });
    this.#open.set(fd, { file, at: 0 });
  }

  #write({ file }: Open, at: number, args: string, length: number): void {
    this.operations.push({ op: "write", file, at, bytes: bytesIn(args).subarray(0, length) });
  }

  #renamed(from: string, to: string): void {
    const file = this.#names.get(from);
    if (file === undefined) return;
    this.#names.delete(from);
    this.#names.set(to, file);
    this.operations.push({ op: "rename", from, to });
  }

  #unlinked(path: string): void {
    if (this.#names.delete(path)) this.operations.push({ op: "unlink", path });
  }
}

/** The first string among the arguments. */
function bytesIn(args: string): Uint8Array {
  const hex = /"((?:\\x[0-9a-f]{2})*)"/.exec(args)?.[1] ?? "";
  const bytes = new Uint8Array(hex.length / 4);
  for (let i = 0; i < bytes.length; i++) bytes[i] = Number.parseInt(hex.slice(4 * i + 2, 4 * i + 4), 16);
  return bytes;
}

function unhex(args: string): string {
  return new TextDecoder().decode(bytesIn(args));
}
