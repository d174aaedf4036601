import { useRef, useState } from "preact/hooks";
import { bytes, duration } from "../../logic/format.ts";
import { secondsLeft } from "../../logic/transfer.ts";
import { ActionButton } from "../../parts/action_button.tsx";
import { Bar } from "../../parts/bar.tsx";
import { StateMark } from "../../parts/state_mark.tsx";
import { attempt } from "../../state/notices.ts";
import { controlUpload, forgetUpload, type Upload, uploadFile, uploads } from "../../state/uploads.ts";

/** Files go up by being dropped here or chosen. */
export function Uploads() {
  const input = useRef<HTMLInputElement>(null);
  const [over, setOver] = useState(false);
  const [replace, setReplace] = useState(false);
  const send = (files: Iterable<File>) => {
    for (const file of files) attempt(() => uploadFile(file, replace));
  };
  return (
    <section class="card" aria-label="Upload">
      <h2>Upload</h2>
      <div
        class={`drop${over ? " over" : ""}`}
        onDragOver={(event) => {
          event.preventDefault();
          setOver(true);
        }}
        onDragLeave={() => setOver(false)}
        onDrop={(event) => {
          event.preventDefault();
          setOver(false);
          send(event.dataTransfer?.files ?? []);
        }}
      >
        <p>
          Drop files here, or{" "}
          <button type="button" class="link" onClick={() => input.current!.click()}>choose some</button>.
        </p>
        <input
          ref={input}
          type="file"
          multiple
          class="unseen"
          aria-label="Files to upload"
          tabIndex={-1}
          onChange={(event) => {
            send([...event.currentTarget.files ?? []]);
            event.currentTarget.value = "";
          }}
        />
        <label class="check">
          <input type="checkbox" checked={replace} onChange={(event) => setReplace(event.currentTarget.checked)} />
          replace files of the same name
        </label>
      </div>
      <ul class="workers">{uploads.value.map((upload) => <UploadItem key={upload.id} upload={upload} />)}</ul>
    </section>
  );
}

function UploadItem({ upload }: { upload: Upload }) {
  const { name, sent, total, state, rate, error } = upload;
  const share = total === 0 ? 1 : sent / total;
  const over = !["running", "paused"].includes(state);
  const left = state === "running" ? secondsLeft(sent, total, rate) : null;
  return (
    <li>
      <div class="worker-head">
        <StateMark state={state} />
        <strong>{name}</strong>
        <span class="grow" />
        {state === "running" && (
          <ActionButton
            label={`Pause ${name}`}
            icon="pause"
            small
            onPress={() => controlUpload(upload, "paused")}
          />
        )}
        {state === "paused" && (
          <ActionButton
            label={`Resume ${name}`}
            icon="play"
            small
            onPress={() => controlUpload(upload, "running")}
          />
        )}
        {!over && (
          <ActionButton
            label={`Terminate ${name}`}
            icon="stop"
            small
            kind="danger"
            onPress={() => controlUpload(upload, "terminated")}
          />
        )}
        {over && <ActionButton label={`Forget ${name}`} icon="close" small onPress={() => forgetUpload(upload)} />}
      </div>
      <Bar
        share={share}
        label={`Progress of ${name}`}
        kind={state === "completed"
          ? "done"
          : state === "running"
          ? "running"
          : state === "paused"
          ? "paused"
          : "failed"}
      />
      <p class="note">
        {[
          `${bytes(sent)} of ${bytes(total)}`,
          state === "running" && rate > 0 ? `${bytes(rate)}/s` : "",
          left === null ? "" : `${duration(left)} left`,
          error ?? "",
        ].filter(Boolean).join(" · ")}
      </p>
    </li>
  );
}
