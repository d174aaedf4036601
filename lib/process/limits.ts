/**
 * The longest argument or `NAME=value` that Linux hands to a program, in bytes of UTF-8: `MAX_ARG_STRLEN` (32 pages)
 * less the final NUL. A longer one is E2BIG.
 */
export const MAX_ARGUMENT_BYTES = 131_071;

/**
 * What all arguments and the environment may take together, in bytes. Linux grants a quarter of the stack's limit,
 * which is 2 MiB by default; this leaves room for what belongs to each (pointer, NUL) and what a shell adds.
 */
export const MAX_ARGUMENTS_BYTES = 1_500_000;
