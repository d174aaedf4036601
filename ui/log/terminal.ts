/** The terminal that shows a job's output. */

import { SearchAddon } from "@xterm/addon-search";
import { Unicode11Addon } from "@xterm/addon-unicode11";
import { type ITheme, Terminal } from "@xterm/xterm";
import { keepStylesApart } from "./styles_apart.ts";

/** Rows that are kept above the screen. */
export const SCROLLBACK = 40_000;

const COLOURS = ["black", "red", "green", "yellow", "blue", "magenta", "cyan", "white"] as const;

const SCROLLS: Record<string, (terminal: Terminal) => void> = {
  ArrowUp: (terminal) => terminal.scrollLines(-1),
  ArrowDown: (terminal) => terminal.scrollLines(1),
  PageUp: (terminal) => terminal.scrollPages(-1),
  PageDown: (terminal) => terminal.scrollPages(1),
  Home: (terminal) => terminal.scrollToTop(),
  End: (terminal) => terminal.scrollToBottom(),
};

export interface LogTerminal {
  terminal: Terminal;
  search: SearchAddon;
}

export function createTerminal(label: string): LogTerminal {
  keepStylesApart(document);
  const terminal = new Terminal({
    allowProposedApi: true,
    // A job's output is a file: its lines end with LF alone, and nothing is typed into it.
    convertEol: true,
    disableStdin: true,
    cursorBlink: false,
    cursorInactiveStyle: "none",
    fontFamily: "ui-monospace, SFMono-Regular, Menlo, Consolas, 'DejaVu Sans Mono', monospace",
    fontSize: 13,
    lineHeight: 1.25,
    // WCAG AA, whatever colours a job chooses.
    minimumContrastRatio: 4.5,
    scrollback: SCROLLBACK,
    smoothScrollDuration: 0,
    theme: themeNow(),
  });
  const search = new SearchAddon();
  terminal.loadAddon(search);
  terminal.loadAddon(new Unicode11Addon());
  terminal.unicode.activeVersion = "11";
  // Nothing is typed into it: keys scroll, and those that do not are the page's.
  terminal.attachCustomKeyEventHandler((event) => {
    const scroll = SCROLLS[event.key];
    if (scroll && event.type === "keydown" && !event.ctrlKey && !event.altKey && !event.metaKey) {
      event.preventDefault();
      scroll(terminal);
    }
    return false;
  });
  terminal.onRender(() => terminal.textarea?.setAttribute("aria-label", label));
  return { terminal, search };
}

/** The colours of the style sheet. */
export function themeNow(): ITheme {
  const style = getComputedStyle(document.documentElement);
  const colour = (name: string) => style.getPropertyValue(`--${name}`).trim();
  const theme: ITheme = {
    background: colour("term-back"),
    foreground: colour("term-text"),
    cursor: colour("term-back"),
    selectionBackground: colour("term-select"),
  };
  for (const name of COLOURS) {
    theme[name] = colour(`term-${name}`);
    theme[`bright${name[0]!.toUpperCase()}${name.slice(1)}` as "brightRed"] = colour(`term-${name}`);
  }
  return theme;
}

/** As many columns and rows as fit; measured by the terminal's own characters. */
export function fit(terminal: Terminal, place: HTMLElement): void {
  const screen = terminal.element?.querySelector<HTMLElement>(".xterm-screen");
  if (!screen || terminal.cols === 0 || screen.clientWidth === 0) return;
  const [cellWidth, cellHeight] = [screen.clientWidth / terminal.cols, screen.clientHeight / terminal.rows];
  const columns = Math.max(20, Math.floor((place.clientWidth - 22) / cellWidth));
  const rows = Math.max(4, Math.floor((place.clientHeight - 8) / cellHeight));
  if (columns !== terminal.cols || rows !== terminal.rows) terminal.resize(columns, rows);
}
