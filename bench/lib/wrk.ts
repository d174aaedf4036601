/** `wrk` (Debian: wrk), the lightest load generator at hand: on a small machine whatever asks takes from whatever answers. */

export interface WrkResult {
  perSecond: number;
  /** How many there were. */
  requests: number;
  /** Milliseconds. */
  p50: number;
  p99: number;
}

export interface WrkLoad {
  port: number;
  connections: number;
  seconds: number;
  /** Lua that returns the nth request: `n` counts from 1. */
  request: string;
}

/** Whether a program is installed. */
export async function isInstalled(program: string): Promise<boolean> {
  const { success } = await new Deno.Command("/bin/sh", {
    args: ["-c", 'command -v "$0"', program],
    stdout: "null",
    stderr: "null",
  }).output();
  return success;
}

/** Runs it once. @throws when anything but 2xx was answered. */
export async function wrk({ port, connections, seconds, request }: WrkLoad): Promise<WrkResult> {
  const script = await Deno.makeTempFile({ suffix: ".lua" });
  try {
    await Deno.writeTextFile(
      script,
      `local value = string.rep("v", 64)\nlocal n = 0\nfunction request()\n  n = n + 1\n  ${request}\nend\n`,
    );
    const { stdout, stderr, success } = await new Deno.Command("wrk", {
      args: ["-t1", `-c${connections}`, `-d${seconds}s`, "--latency", "-s", script, `http://127.0.0.1:${port}/`],
    }).output();
    const text = new TextDecoder().decode(stdout);
    if (!success) throw new Error(`wrk: ${text}${new TextDecoder().decode(stderr)}`);
    const bad = /Non-2xx or 3xx responses: (\d+)/.exec(text);
    if (bad) throw new Error(`${bad[1]} requests were refused`);
    return {
      perSecond: Number(/Requests\/sec:\s+([\d.]+)/.exec(text)![1]),
      requests: Number(/(\d+) requests in/.exec(text)![1]),
      p50: milliseconds(/^\s+50%\s+(\S+)/m.exec(text)![1]!),
      p99: milliseconds(/^\s+99%\s+(\S+)/m.exec(text)![1]!),
    };
  } finally {
    await Deno.remove(script);
  }
}

/** `357.00us`, `1.13ms`, `1.26s`. */
function milliseconds(text: string): number {
  const scale = text.endsWith("us") ? 0.001 : text.endsWith("ms") ? 1 : 1000;
  return parseFloat(text) * scale;
}
