/** A state as a coloured dot and its name: nobody has to tell colours apart. */

const NAMES: Record<string, string> = { timed_out: "timed out" };

export function StateMark({ state, stopping = false }: { state: string; stopping?: boolean }) {
  return (
    <span class={`state state-${state}`}>
      <span class="dot" aria-hidden="true" />
      {stopping ? "stopping" : NAMES[state] ?? state}
    </span>
  );
}
