/** Values that fit a JSON schema, odd ones among them. */

import fc from "fast-check";
import { type Document, resolved, type Schema } from "./document.ts";

/** Commands that do nothing to anybody: jobs of a fuzzer are real. */
const COMMANDS = fc.constantFrom("true", "false", "echo x", "exit 3", "echo привет >&2", ":");
/** By the name of the field: what has to be harmless, quick, or more often right than chance would have it. */
const BY_NAME: Record<string, fc.Arbitrary<unknown>> = {
  command: COMMANDS,
  argv: fc.constantFrom(["true"], ["false"], ["echo", "x"]),
  cwd: fc.constantFrom("/", "/tmp"),
  queue: fc.constantFrom("default", "default", "fuzz"),
  after: fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 3 }),
  retries: fc.integer({ min: 0, max: 2 }),
  retry_delay: fc.constantFrom(0, 0.01),
  signal: fc.constantFrom("USR1", "TERM", "KILL", 9),
};

const LARGEST = Number.MAX_SAFE_INTEGER;
/** Whatever JSON can say. */
export const anything: fc.Arbitrary<unknown> = fc.oneof(
  fc.jsonValue({ maxDepth: 2 }),
  fc.string({ unit: "binary", maxLength: 40 }),
  fc.constantFrom(null, true, -1, 0.5, 1e300, LARGEST + 1, "", "\0", "\ud800", "__proto__", [], {}),
);

/** Values that fit `schema`; `name` is that of the field that they are for. */
export function fitting(document: Document, given: Schema, name = ""): fc.Arbitrary<unknown> {
  const known = Object.hasOwn(BY_NAME, name) ? BY_NAME[name] : undefined;
  if (known) return known;
  const schema = resolved(document, given);
  if (schema.enum) return fc.constantFrom(...schema.enum);
  if ("const" in schema) return fc.constant(schema.const);
  if (schema.anyOf) return fc.oneof(...schema.anyOf.map((each) => fitting(document, each)));
  if (schema.properties) return objects(document, schema);
  if (schema.oneOf) return fc.oneof(...schema.oneOf.map((each) => fitting(document, each)));
  const types = [schema.type ?? "string"].flat();
  return fc.oneof(...types.map((type) => ofType(document, schema, type)));
}

function ofType(document: Document, schema: Schema, type: string): fc.Arbitrary<unknown> {
  switch (type) {
    case "integer":
      return fc.integer({
        min: clamp(schema.minimum ?? 0),
        max: clamp(Math.min(schema.maximum ?? 1000, Math.max(1000, schema.minimum ?? 0))),
      });
    case "number":
      return fc.double({
        min: schema.minimum ?? schema.exclusiveMinimum ?? 0,
        max: Math.min(schema.maximum ?? 1000, 1000),
        minExcluded: schema.exclusiveMinimum !== undefined,
        noNaN: true,
      });
    case "boolean":
      return fc.boolean();
    case "null":
      return fc.constant(null);
    case "array":
      return fc.array(fitting(document, schema.items ?? {}), {
        minLength: schema.minItems ?? 0,
        maxLength: Math.min(schema.maxItems ?? 4, 4),
      });
    case "object":
      return fc.dictionary(
        words,
        typeof schema.additionalProperties === "object" ? fitting(document, schema.additionalProperties) : fc.string(),
        { maxKeys: 4 },
      );
    default:
      return texts(schema);
  }
}

function clamp(value: number): number {
  return Math.max(-0x80000000, Math.min(0x7fffffff, value));
}

const words = fc.stringMatching(/^[a-z][a-z0-9]{0,8}$/);

function texts({ pattern, minLength = 0, maxLength = 60, example, format }: Schema): fc.Arbitrary<string> {
  if (pattern) return fc.stringMatching(new RegExp(pattern, "u"));
  const shown = typeof example === "string" ? [fc.constant(example)] : [];
  if (format === "date-time") {
    return fc.oneof(
      ...shown,
      fc.date({ noInvalidDate: true }).map((date) => date.toISOString()),
    );
  }
  const options = { minLength, maxLength: Math.min(maxLength, 60) };
  return fc.oneof(
    ...shown,
    words,
    fc.string(options),
    fc.string({ unit: "grapheme", ...options }),
    fc.string({ unit: "binary", ...options }),
  );
}

/** Required fields, and some of the others. Of `oneOf` in the schema one alternative's required fields. */
function objects(document: Document, schema: Schema): fc.Arbitrary<unknown> {
  const properties = Object.entries(schema.properties ?? {}).filter(([, each]) => !each.not);
  const alternatives = schema.oneOf?.map(({ required = [] }) => required) ?? [[]];
  return fc.oneof(...alternatives.map((chosen) => {
    const left = new Set(alternatives.flat().filter((name) => !chosen.includes(name)));
    const fields = properties.filter(([name]) => !left.has(name)).map(
      ([name, each]): [string, fc.Arbitrary<unknown>] => {
        const value = fitting(document, each, name);
        const needed = [...schema.required ?? [], ...chosen].includes(name);
        return [name, needed ? value : fc.option(value, { nil: undefined, freq: 1 })];
      },
    );
    return fc.record(Object.fromEntries(fields)).chain((whole) => {
      const optional = Object.keys(whole).filter((name) => ![...schema.required ?? [], ...chosen].includes(name));
      // Few at a time: all of them together would hardly ever make sense.
      return fc.subarray(optional, { maxLength: Math.min(3, optional.length) }).map((kept) =>
        Object.fromEntries(
          Object.entries(whole).filter(([name, value]) =>
            value !== undefined && (kept.includes(name) || !optional.includes(name))
          ),
        )
      );
    });
  }));
}
