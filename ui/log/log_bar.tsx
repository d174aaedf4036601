import { useState } from "preact/hooks";
import { bytes } from "../logic/format.ts";
import { Icon } from "../parts/icon.tsx";
import type { LogSession, Shown } from "./log_session.ts";

interface Props {
  id: number;
  session: LogSession | null;
  /** Whether the job has not begun yet. */
  waiting: boolean;
  shown: Shown;
  onShown: (shown: Shown) => void;
  /** `anew`: from the end, rather than from what was found last. */
  onFind: (text: string, direction: 1 | -1, anew: boolean) => boolean;
  /** In what is not loaded. */
  onFindEarlier: (text: string) => Promise<boolean>;
  onError: (direction: 1 | -1) => void;
}

const STREAMS: readonly Shown[] = ["both", "stdout", "stderr"];
const STATUS = { loading: "loading…", live: "following", lost: "server away, reconnecting…", ended: "", failed: "" };

/** What can be done with the output that is shown. */
export function LogBar({ id, session, waiting, shown, onShown, onFind, onFindEarlier, onError }: Props) {
  const sizes = session?.sizes.value;
  const total = sizes ? sizes.stdout + sizes.stderr : 0;
  const status = STATUS[session?.status.value ?? "loading"];
  return (
    <div class="log-bar">
      <div class="segments" role="group" aria-label="Which output">
        {STREAMS.map((stream) => (
          <button
            type="button"
            key={stream}
            aria-pressed={stream === shown}
            onClick={() => onShown(stream)}
          >
            {stream}
          </button>
        ))}
      </div>
      <FindBox session={session} onFind={onFind} onFindEarlier={onFindEarlier} />
      <button type="button" class="button" onClick={() => onError(-1)} title="Jump to the error before">
        Last error
      </button>
      <button type="button" class="button" onClick={() => onError(1)} title="Jump to the next error">Next error</button>
      <span class="grow" />
      <span class="note" role="status">
        {waiting ? "not begun yet" : session?.failure.value ?? session?.search.failure.value ?? status}{" "}
        {total > 0 && bytes(total)}
      </span>
      <button type="button" class="button" onClick={() => session?.openStart()} disabled={total === 0}>Start</button>
      <button type="button" class="button" onClick={() => session?.open()} disabled={!session}>End</button>
      {(["stdout", "stderr"] as const).filter((stream) => shown === "both" || shown === stream).map((stream) => (
        <a
          key={stream}
          class="button small"
          href={`/api/jobs/${id}/${stream}`}
          download={`job-${id}.${stream}`}
          aria-label={`Download ${stream}`}
          title={`Download ${stream}${sizes ? `, ${bytes(sizes[stream])}` : ""}`}
        >
          <Icon name="down" />
        </a>
      ))}
    </div>
  );
}

type FindProps = Pick<Props, "session" | "onFind" | "onFindEarlier">;

function FindBox({ session, onFind, onFindEarlier }: FindProps) {
  const [found, setFound] = useState(true);
  const [text, setText] = useState("");
  const searched = session?.search.done.value ?? null;
  return (
    <>
      <input
        type="search"
        class={found ? "find" : "find none"}
        aria-label="Find in what is loaded"
        placeholder="Find"
        aria-invalid={!found}
        onInput={(event) => {
          const { value } = event.currentTarget;
          session?.search.stop();
          setText(value);
          setFound(onFind(value, -1, true));
        }}
        onKeyDown={(event) => {
          if (event.key === "Enter") setFound(onFind(event.currentTarget.value, event.shiftKey ? 1 : -1, false));
        }}
      />
      {searched !== null
        ? (
          <button type="button" class="button" onClick={() => session?.search.stop()}>
            Stop, {Math.floor(searched * 100)} % searched
          </button>
        )
        : text !== "" && session?.hasEarlier && (
          <button
            type="button"
            class="button"
            onClick={async () => setFound(await onFindEarlier(text))}
          >
            Find earlier
          </button>
        )}
    </>
  );
}
