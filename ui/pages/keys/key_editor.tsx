import { useEffect, useRef, useState } from "preact/hooks";
import type { KeyEntry } from "../../api/schema.ts";
import { ActionButton } from "../../parts/action_button.tsx";
import { type KeyValue, readKey, removeKey, writeKey } from "../../state/key_values.ts";
import { moment } from "../../logic/format.ts";
import { freshness } from "../../state/feed.ts";
import { attempt, notify } from "../../state/notices.ts";
import { useReady } from "../../parts/together.ts";
import { may } from "../../state/session.ts";
import { KeyConflict } from "./key_conflict.tsx";

interface Props {
  /** Null: a new one, which is still to be named. */
  name: string | null;
  /** The key as the stream has it now. */
  live: KeyEntry | undefined;
  /** Whether a key that is not live is not there. */
  complete: boolean;
  onReady: () => void;
  /** Shows another key, or none. */
  onClose: (name?: string) => void;
}

/** The most bytes that a value may have. */
const LIMIT = 1024;

/** Nothing is written over what the writer has not seen: a key that was changed meanwhile is shown beside his own. */
export function KeyEditor({ name, live, complete, onReady, onClose }: Props) {
  const [key, setKey] = useState(name ?? "");
  const [base, setBase] = useState<KeyValue | null>(name === null ? { value: "", tag: null } : null);
  const [text, setText] = useState("");
  const [ttl, setTtl] = useState("");
  const [theirs, setTheirs] = useState<KeyValue | null>(null);
  const take = (value: KeyValue) => {
    setBase(value);
    setText(value.value);
    setTheirs(null);
  };
  useEffect(() => {
    if (name !== null && base === null) attempt(async () => take(await readKey(name)));
  }, [name, freshness.value]);
  // Whoever has changed nothing sees what others do at once.
  const changedBy = live && base?.tag && live.version > versionOf(base.tag) ? live : undefined;
  useEffect(() => {
    if (changedBy && text === base!.value) take({ value: changedBy.value, tag: `"${changedBy.version}"` });
  }, [changedBy?.version]);
  const seen = useRef(false);
  seen.current ||= live !== undefined;
  const deleted = seen.current && complete && live === undefined && base !== null && base.tag !== null;

  const save = async (seen: string | null) => {
    const answer = await writeKey(key, text, seen, ttl);
    if ("conflict" in answer) return setTheirs(answer.conflict);
    setBase({ value: text, tag: answer.tag });
    setTheirs(null);
    notify(`${key} is saved.`);
    if (name === null) onClose(key);
  };
  useReady(base !== null, onReady);
  if (base === null) return <section aria-label="Edit key" aria-busy="true" />;
  const size = new TextEncoder().encode(text).length;
  const mayWrite = may("keys:write");
  return (
    <section class="card key-editor" aria-label="Edit key">
      <div class="card-head">
        <h2>{name ?? "New key"}</h2>
        <span class="grow" />
        <ActionButton label="Close" icon="close" small onPress={() => onClose()} />
      </div>
      {name === null && (
        <label>
          Key
          <input
            value={key}
            pattern="[A-Za-z0-9]{1,255}"
            required
            spellcheck={false}
            onInput={(event) => setKey(event.currentTarget.value)}
          />
        </label>
      )}
      {base.tag === null && name !== null && <p class="note">There is no such key; saving makes it.</p>}
      <label>
        Value
        <textarea
          rows={10}
          spellcheck={false}
          value={text}
          readOnly={!mayWrite}
          onInput={(event) => setText(event.currentTarget.value)}
        />
      </label>
      <p class={size > LIMIT ? "failure" : "note"}>
        {size} of {LIMIT} bytes{base.tag && `, version ${versionOf(base.tag)}`}
      </p>
      {deleted && !theirs && (
        <p class="warning" role="status">Somebody has deleted this key meanwhile, or its time is over.</p>
      )}
      {live?.expires && mayWrite && (
        <p class="warning">
          It expires at {moment(Date.parse(live.expires))}. Saving gives it the time below, or none where that is empty.
        </p>
      )}
      {changedBy && text !== base.value && !theirs && (
        <p class="warning" role="status">Somebody has changed this key meanwhile.</p>
      )}
      {theirs && (
        <KeyConflict
          mine={text}
          theirs={theirs}
          onTake={() => take(theirs)}
          onOverwrite={() => save(theirs.tag)}
        />
      )}
      {mayWrite && !theirs && (
        <div class="actions">
          <label class="inline">
            Expires after, seconds
            <input
              type="number"
              min="1"
              step="any"
              value={ttl}
              placeholder="never"
              onInput={(event) => setTtl(event.currentTarget.value)}
            />
          </label>
          <span class="grow" />
          {base.tag && (
            <ActionButton
              label="Delete"
              kind="danger"
              onPress={async () => {
                await removeKey(key, base.tag!);
                onClose();
              }}
            />
          )}
          <ActionButton
            label="Save"
            kind="primary"
            disabled={size > LIMIT || key === ""}
            onPress={() => save(base.tag)}
          />
        </div>
      )}
    </section>
  );
}

function versionOf(tag: string): number {
  return Number(tag.replaceAll('"', ""));
}
