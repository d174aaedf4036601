import { useEffect, useRef, useState } from "preact/hooks";
import { freshness } from "../state/feed.ts";
import { onTheme } from "../state/theme.ts";
import { nextErrorLine } from "./error_lines.ts";
import { LogBar } from "./log_bar.tsx";
import { lastError, lastWord } from "./log_search.ts";
import { LogSession, type Shown } from "./log_session.ts";
import { createTerminal, fit, type LogTerminal, themeNow } from "./terminal.ts";
import { notify } from "../state/notices.ts";

interface Props {
  id: number;
  done: boolean;
  /** Whether it has begun: before that there is nothing to show. */
  begun: boolean;
}

export function LogView({ id, done, begun }: Props) {
  const place = useRef<HTMLDivElement>(null);
  const [shown, setShown] = useState<Shown>("both");
  const [view, setView] = useState<LogTerminal | null>(null);
  const [session, setSession] = useState<LogSession | null>(null);

  useEffect(() => {
    const made = createTerminal(`Output of job ${id}`);
    const element = place.current!;
    made.terminal.open(element);
    const size = new ResizeObserver(() => fit(made.terminal, element));
    size.observe(element);
    const stop = onTheme(() => made.terminal.options.theme = themeNow());
    setView(made);
    return () => {
      stop();
      size.disconnect();
      made.terminal.dispose();
    };
  }, [id]);

  useEffect(() => {
    if (!view || !begun) return;
    fit(view.terminal, place.current!);
    const opened = new LogSession(id, shown, view.terminal);
    setSession(opened);
    opened.open();
    // Whatever moves the rows, a wheel, a key, the bar or new output, they are drawn afterwards.
    const drawn = view.terminal.onRender(() => {
      const { viewportY, baseY } = view.terminal.buffer.active;
      opened.scrolled(viewportY, baseY);
    });
    return () => {
      drawn.dispose();
      opened.close();
    };
  }, [view, shown, begun]);

  useEffect(() => {
    session?.retry();
  }, [freshness.value]);

  return (
    <div class="log">
      <LogBar
        id={id}
        session={session}
        waiting={!begun && !done}
        shown={shown}
        onShown={setShown}
        onFind={(text, direction, anew) => find(view, text, direction, anew)}
        onFindEarlier={async (text) => {
          if (!await session!.findEarlier(lastWord(text))) return false;
          return find(view, text, -1, true);
        }}
        onError={async (direction) => {
          if (!view || jumpToError(view, direction)) return;
          if (session?.hasEarlier && await session.findEarlier(lastError)) jumpToError(view, -1);
          else if (session?.search.failure.value === null) notify("Nothing in the output looks like an error.");
        }}
      />
      <div class="log-screen" ref={place} />
    </div>
  );
}

const FOUND = { matchOverviewRuler: "#888", activeMatchColorOverviewRuler: "#f80" };

function find(view: LogTerminal | null, text: string, direction: 1 | -1, anew: boolean): boolean {
  if (!view) return false;
  if (text === "") {
    view.search.clearDecorations();
    return true;
  }
  // From the end on: what was found for the letters before says nothing of the word.
  if (anew) view.terminal.clearSelection();
  const options = {
    caseSensitive: false,
    decorations: { ...FOUND, matchBackground: "#b58900", activeMatchBackground: "#d75f00" },
  };
  return direction === 1 ? view.search.findNext(text, options) : view.search.findPrevious(text, options);
}

/** Selects the next line that speaks of an error, from the one that is selected or, going back, from the end; false: none. */
function jumpToError({ terminal }: LogTerminal, direction: 1 | -1): boolean {
  const buffer = terminal.buffer.active;
  const line = (index: number) => buffer.getLine(index)?.translateToString(true) ?? "";
  const selected = terminal.getSelectionPosition()?.start.y;
  const from = selected ?? (direction === 1 ? buffer.viewportY - 1 : buffer.length);
  const found = nextErrorLine(line, buffer.length, from, direction);
  if (found < 0) return false;
  terminal.selectLines(found, found);
  terminal.scrollToLine(Math.max(0, found - Math.floor(terminal.rows / 3)));
  return true;
}
