/** Colours and styles in text for a terminal: "select graphic rendition" (ECMA-48, 8.3.117), and what xterm adds to it. */

/** `\x1b[` parameters `m`. Parameters with colons in them (`38:2::1:2:3`) are one colour. */
export const SGR =
  // deno-lint-ignore no-control-regex
  /\x1b\[([\d;:]*)m/g;
export const RESET = "\x1b[0m";

/** Attributes by the parameter that sets them: the one that ends them. 8, which hides text, is none that anybody is shown. */
const ENDS: Record<number, number> = { 1: 22, 2: 22, 3: 23, 4: 24, 5: 25, 6: 25, 7: 27, 9: 29, 21: 24, 53: 55 };

/** What is in force at a place of a text. */
export class Style {
  /** By the parameter that ends them. */
  #set = new Map<number, string[]>();

  /** Takes the parameters of one sequence. */
  apply(parameters: string): void {
    const words = parameters.split(";");
    for (let i = 0; i < words.length; i++) {
      const word = words[i]!;
      const code = Number(word.split(":")[0]);
      if (code === 38 || code === 48) {
        const length = word.includes(":") ? 1 : words[i + 1] === "5" ? 3 : words[i + 1] === "2" ? 5 : 2;
        this.#set.set(code + 1, [words.slice(i, i + length).join(";")]);
        i += length - 1;
      } else this.#one(code, word);
    }
  }

  #one(code: number, word: string): void {
    if (code === 0) this.#set.clear();
    else if (ENDS[code] !== undefined) this.#add(ENDS[code], word);
    else if ((code >= 30 && code < 38) || (code >= 90 && code < 98)) this.#set.set(39, [word]);
    else if ((code >= 40 && code < 48) || (code >= 100 && code < 108)) this.#set.set(49, [word]);
    else this.#set.delete(code);
  }

  /** Bold and dim end together, and may be in force together. */
  #add(end: number, word: string): void {
    const before = this.#set.get(end) ?? [];
    if (!before.includes(word)) this.#set.set(end, [...before, word]);
  }

  /** The sequence that sets all of it on plain text; empty when there is nothing. */
  toString(): string {
    return this.#set.size === 0 ? "" : `\x1b[${[...this.#set.values()].flat().join(";")}m`;
  }
}

/** Takes every sequence of `text` into `style`. */
export function takeStyles(style: Style, text: string): void {
  for (const [, parameters] of text.matchAll(SGR)) style.apply(parameters!);
}
