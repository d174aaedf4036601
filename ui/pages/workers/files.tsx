import { useEffect, useState } from "preact/hooks";
import { call, nextPage } from "../../api/client.ts";
import type { ServerEvent } from "../../api/event_parser.ts";
import type { FileEntry, FileList } from "../../api/schema.ts";
import { bytes, moment } from "../../logic/format.ts";
import { ActionButton } from "../../parts/action_button.tsx";
import { Icon } from "../../parts/icon.tsx";
import { useReady } from "../../parts/together.ts";
import { freshness, onEvents } from "../../state/feed.ts";
import { attempt } from "../../state/notices.ts";
import { may } from "../../state/session.ts";

export function Files({ onReady }: { onReady: () => void }) {
  const { files, more, loadMore } = useFiles();
  useReady(files !== null, onReady);
  return (
    <section class="card" aria-label="Files">
      <h2>Files</h2>
      {files === null
        ? <p class="empty" aria-busy="true">Reading the list…</p>
        : files.length === 0
        ? <p class="empty">Nothing was uploaded yet.</p>
        : (
          <div class="table-scroll" tabIndex={0} role="region" aria-label="Table of files">
            <table>
              <thead>
                <tr>
                  <th>Name</th>
                  <th class="number">Size</th>
                  <th>Created</th>
                  <th>
                    <span class="unseen">Actions</span>
                  </th>
                </tr>
              </thead>
              <tbody>
                {files.map((file) => (
                  <tr key={file.name}>
                    <td class="file-name" title={`SHA-256 ${file.sha256}`}>{file.name}</td>
                    <td class="number">{bytes(file.bytes)}</td>
                    <td>{moment(Date.parse(file.created))}</td>
                    <td class="end">
                      <a class="button small" href={file.url} download={file.name} aria-label={`Download ${file.name}`}>
                        <Icon name="down" />
                      </a>
                      {may("files:write") && (
                        <ActionButton
                          label={`Remove ${file.name}`}
                          icon="bin"
                          small
                          kind="danger"
                          onPress={() => call("DELETE", file.url)}
                        />
                      )}
                    </td>
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
        )}
      {more && <ActionButton label="More" onPress={loadMore} />}
    </section>
  );
}

/** Files are null until they are known. */
function useFiles() {
  const [files, setFiles] = useState<readonly FileEntry[] | null>(null);
  const [next, setNext] = useState<string | undefined>();
  const version = freshness.value;
  useEffect(() => {
    const over = new AbortController();
    // What happens while the list is on its way may not be in it.
    let meanwhile: ServerEvent[] | null = [];
    attempt(async () => {
      const { data, headers } = await call<FileList>("GET", "/api/files", { signal: over.signal });
      setFiles(filesAfter(data.files, meanwhile!));
      setNext(nextPage(headers));
      meanwhile = null;
    });
    const stop = onEvents((events) => {
      if (meanwhile) meanwhile.push(...events);
      setFiles((known) => known && filesAfter(known, events));
    });
    return () => {
      stop();
      over.abort();
    };
  }, [version]);
  const loadMore = async () => {
    const { data, headers } = await call<FileList>("GET", next!);
    const known = new Set(files?.map(({ name }) => name));
    setFiles([...files ?? [], ...data.files.filter(({ name }) => !known.has(name))]);
    setNext(nextPage(headers));
  };
  return { files, more: next !== undefined, loadMore };
}

function filesAfter(files: readonly FileEntry[], events: readonly ServerEvent[]): readonly FileEntry[] {
  let after = files;
  for (const { type, data } of events) {
    if (type !== "file" && type !== "file_removed") continue;
    const file: FileEntry = JSON.parse(data);
    const others = after.filter(({ name }) => name !== file.name);
    after = type === "file" ? [file, ...others] : others;
  }
  return after;
}
