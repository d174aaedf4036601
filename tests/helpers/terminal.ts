/** A real terminal: tmux, with a server of its own that ends with the test. */

import { eventually } from "./eventually.ts";
import { plainEnvironment } from "./program.ts";

export interface TerminalOptions {
  columns?: number;
  rows?: number;
  cwd?: string;
  /** Added to the environment. */
  env?: Record<string, string>;
  /** What runs in it, without settings of its own. Default: `sh`. */
  shell?: keyof typeof SHELLS;
}

/** How each is called: without settings of its user, and with the prompt `$ `. `directory`: where `rc` and `.zshrc` lie. */
const SHELLS = {
  sh: () => "sh",
  bash: (directory: string) => `bash --rcfile ${directory}/rc`,
  zsh: (directory: string) => `env ZDOTDIR=${directory} zsh -d`,
  fish: () => `fish --no-config --init-command "function fish_prompt; echo -n '\\$ '; end; set fish_greeting"`,
};

/** Opens a terminal: `await using terminal = await openTerminal()`. */
export async function openTerminal(options: TerminalOptions = {}): Promise<Terminal> {
  const directory = await Deno.makeTempDir({ prefix: "stint-tmux-" });
  const terminal = new Terminal(directory, options);
  await terminal.open();
  return terminal;
}

export class Terminal implements AsyncDisposable {
  constructor(private readonly directory: string, private readonly options: TerminalOptions) {}

  async open(): Promise<void> {
    const { columns = 100, rows = 24, shell = "sh" } = this.options;
    // Whoever runs this: the prompt is the same.
    await Deno.writeTextFile(`${this.directory}/rc`, "PS1='$ '\n");
    await Deno.writeTextFile(`${this.directory}/.zshrc`, "PS1='$ '\nautoload -Uz compinit\ncompinit -u -D\n");
    await Deno.writeTextFile(
      `${this.directory}/tmux.conf`,
      "set -g default-terminal xterm-256color\nset -g status off\n",
    );
    await this.#tmux(
      "-f",
      `${this.directory}/tmux.conf`,
      "new-session",
      "-d",
      "-x",
      String(columns),
      "-y",
      String(rows),
      SHELLS[shell](this.directory),
    );
    await eventually("the shell asks for a command", async () => /^\$/m.test(await this.screen()));
  }

  /** Types text. */
  async write(text: string): Promise<void> {
    await this.#tmux("send-keys", "-l", "--", text);
  }

  /** Types text and presses Enter. */
  async type(line: string): Promise<void> {
    await this.write(line);
    await this.press("Enter");
  }

  /** Presses keys, by tmux's names: `C-c`, `Enter`, `Up`, or a character. */
  async press(...keys: string[]): Promise<void> {
    await this.#tmux("send-keys", "--", ...keys);
  }

  /** What stands on the screen, without spaces at the ends of lines. */
  async screen(): Promise<string> {
    return await this.#tmux("capture-pane", "-p");
  }

  /** The same, with the escape sequences for its colours. */
  async colours(): Promise<string> {
    return await this.#tmux("capture-pane", "-p", "-e");
  }

  async resize(columns: number, rows: number): Promise<void> {
    await this.#tmux("resize-window", "-x", String(columns), "-y", String(rows));
  }

  /** What tmux knows of the terminal: `alternate_on`, `cursor_flag`. */
  async about(name: string): Promise<string> {
    return (await this.#tmux("display-message", "-p", `#{${name}}`)).trim();
  }

  /** The process that the shell runs now. */
  async child(): Promise<number> {
    const pid = await this.about("pane_pid");
    return Number((await Deno.readTextFile(`/proc/${pid}/task/${pid}/children`)).trim().split(" ")[0]);
  }

  /** Waits until the screen is as expected. Fails with what is there. */
  async shows(expected: RegExp, limitMs = 60_000): Promise<string> {
    let last = "";
    try {
      return await eventually(`the terminal shows ${expected}`, async () => {
        last = await this.screen();
        return expected.test(last) && last;
      }, limitMs);
    } catch (error) {
      throw new Error(`${(error as Error).message}\nThe screen:\n${last}`);
    }
  }

  async #tmux(...args: string[]): Promise<string> {
    const { cwd, env } = this.options;
    const { success, stdout, stderr } = await new Deno.Command("tmux", {
      args: ["-u", "-S", `${this.directory}/socket`, ...args],
      cwd,
      clearEnv: true,
      env: {
        ...plainEnvironment(),
        LC_ALL: "C.UTF-8",
        TERM: "xterm-256color",
        PS1: "$ ",
        NO_COLOR: "",
        ENV: `${this.directory}/rc`,
        HISTFILE: "",
        ...env,
      },
      stdin: "null",
    }).output();
    const decoder = new TextDecoder();
    if (!success) throw new Error(`tmux ${args.join(" ")}: ${decoder.decode(stderr)}`);
    return decoder.decode(stdout);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#tmux("kill-server");
    await Deno.remove(this.directory, { recursive: true });
  }
}
