import { useEffect, useState } from "preact/hooks";
import { call, nextPage } from "../../api/client.ts";
import type { FileEntry, FileList } from "../../api/schema.ts";
import { bytes, moment } from "../../logic/format.ts";
import { ActionButton } from "../../parts/action_button.tsx";
import { Icon } from "../../parts/icon.tsx";
import { epoch, onEvents } from "../../state/feed.ts";
import { attempt } from "../../state/notices.ts";
import { may } from "../../state/session.ts";

export function Files() {
  const { files, more, loadMore } = useFiles();
  return (
    <section class="card" aria-label="Files">
      <h2>Files</h2>
      {files.length === 0
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

function useFiles() {
  const [files, setFiles] = useState<readonly FileEntry[]>([]);
  const [next, setNext] = useState<string | undefined>();
  const version = epoch.value;
  useEffect(() => {
    attempt(async () => {
      const { data, headers } = await call<FileList>("GET", "/api/files");
      setFiles(data.files);
      setNext(nextPage(headers));
    });
    return onEvents((events) => {
      for (const { type, data } of events) {
        if (type !== "file" && type !== "file_removed") continue;
        const file: FileEntry = JSON.parse(data);
        setFiles((known) => {
          const others = known.filter(({ name }) => name !== file.name);
          return type === "file" ? [file, ...others] : others;
        });
      }
    });
  }, [version]);
  const loadMore = async () => {
    const { data, headers } = await call<FileList>("GET", next!);
    setFiles((known) => [...known, ...data.files]);
    setNext(nextPage(headers));
  };
  return { files, more: next !== undefined, loadMore };
}
