/** How long something took, many times over: one histogram of Prometheus'. */
export class Times {
  /** How many took up to each bound and longer than the one before; last, those above all of them. */
  readonly #counts: number[];
  #sum = 0;

  /** `bounds`: upper ones, rising; seconds. */
  constructor(readonly bounds: readonly number[]) {
    this.#counts = Array(bounds.length + 1).fill(0);
  }

  add(seconds: number): void {
    const { bounds } = this;
    let bucket = 0;
    while (bucket < bounds.length && seconds > bounds[bucket]!) bucket++;
    this.#counts[bucket]!++;
    this.#sum += seconds;
  }

  /** In the text format, cumulative as it wants them. `labels`: written out, without braces. */
  lines(name: string, labels = ""): string[] {
    let count = 0;
    const more = labels === "" ? "" : `,${labels}`;
    const braced = labels === "" ? "" : `{${labels}}`;
    const lines = this.#counts.map((n, i) => {
      count += n;
      return `${name}_bucket{le="${this.bounds[i] ?? "+Inf"}"${more}} ${count}`;
    });
    return [...lines, `${name}_sum${braced} ${this.#sum}`, `${name}_count${braced} ${count}`];
  }
}
