import { useEffect, useMemo, useRef } from "preact/hooks";
import type { KeyEntry } from "../../api/schema.ts";
import { moment } from "../../logic/format.ts";
import { ActionButton } from "../../parts/action_button.tsx";
import { useReady, useTogether } from "../../parts/together.ts";
import { epoch } from "../../state/feed.ts";
import { KeyList } from "../../state/key_list.ts";
import { go, query } from "../../state/place.ts";
import { may } from "../../state/session.ts";
import { KeyEditor } from "./key_editor.tsx";

/** Keys by their prefix, and one of them to be edited. Both are in the address. */
export function KeysPage() {
  const prefix = (query.value.get("prefix") ?? "").replaceAll(/[^A-Za-z0-9]/g, "");
  const open = query.value.get("key");
  const list = useMemo(() => new KeyList(prefix), [prefix, epoch.value]);
  useEffect(() => {
    list.open();
    return () => list.close();
  }, [list]);
  const show = (change: Record<string, string | null>, replace = false) => {
    const next = new URLSearchParams(query.value);
    for (const [name, value] of Object.entries(change)) value ? next.set(name, value) : next.delete(name);
    go(`/-/keys${next.size > 0 ? `?${next}` : ""}`, { replace });
  };
  const { waiting, ready } = useTogether(open ? 2 : 1);
  useReady(list.loaded.value || list.failure.value !== null, ready);
  // Until those of another prefix are there, what is known of them is shown.
  const known = useRef<readonly KeyEntry[] | null>(null);
  if (list.loaded.value) known.current = list.entries.value;
  const entries = (known.current ?? []).filter(({ key }) => key.startsWith(prefix));
  return (
    <div class={waiting ? "page columns keys-page waiting" : "page columns keys-page"} aria-busy={waiting}>
      <section class="card" aria-label="Keys">
        <div class="card-head">
          <h1>Keys</h1>
          <input
            type="search"
            aria-label="Prefix"
            placeholder="Prefix"
            value={prefix}
            onInput={(event) => show({ prefix: event.currentTarget.value.replaceAll(/[^A-Za-z0-9]/g, "") }, true)}
          />
          {may("keys:write") && <ActionButton label="New key" icon="plus" onPress={() => show({ key: "+" })} />}
        </div>
        {list.failure.value && <p class="failure" role="alert">{list.failure.value}</p>}
        {known.current === null
          ? <p class="empty" aria-busy="true">Reading the keys…</p>
          : entries.length === 0
          ? <p class="empty">{prefix ? `No key begins with ${prefix}.` : "There are no keys yet."}</p>
          : (
            <ul class="key-list">
              {entries.map(({ key, value, expires }) => (
                <li key={key}>
                  <a
                    href={`/-/keys?${new URLSearchParams({ ...(prefix && { prefix }), key })}`}
                    aria-current={key === open ? "true" : undefined}
                  >
                    <span class="key-name">{key}</span>
                    <span class="key-value">{value.slice(0, 120)}</span>
                    {expires && <span class="note">until {moment(Date.parse(expires))}</span>}
                  </a>
                </li>
              ))}
            </ul>
          )}
        {list.more.value && <ActionButton label="More" onPress={() => list.loadMore()} />}
      </section>
      {open && (
        <KeyEditor
          key={open}
          name={open === "+" ? null : open}
          live={entries.find(({ key }) => key === open)}
          onReady={ready}
          complete={list.loaded.value && !list.more.value}
          onClose={(name) => show({ key: name ?? null })}
        />
      )}
    </div>
  );
}
