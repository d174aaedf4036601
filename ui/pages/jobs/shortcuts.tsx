import { Dialog } from "../../parts/dialog.tsx";

const KEYS: readonly [string, string][] = [
  ["↑ ↓ or k j", "go through the jobs"],
  ["Page Up, Page Down, Home, End", "go further"],
  ["Enter", "open the job"],
  ["Space", "select it"],
  ["Shift with ↑ ↓", "select on the way"],
  ["Ctrl A", "select all that are loaded"],
  ["p", "pause it, or let it go on"],
  ["x", "kill it"],
  ["r", "run it again"],
  ["e", "edit it while it is queued"],
  ["n", "new job"],
  ["/", "search"],
  ["Escape", "select nothing; close a window"],
  ["?", "this help"],
];

export function Shortcuts({ onClose }: { onClose: () => void }) {
  return (
    <Dialog title="Keyboard shortcuts" onClose={onClose}>
      <dl class="keys">
        {KEYS.map(([key, does]) => (
          <div key={key}>
            <dt>
              <kbd>{key}</kbd>
            </dt>
            <dd>{does}</dd>
          </div>
        ))}
      </dl>
    </Dialog>
  );
}
