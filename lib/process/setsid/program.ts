/**
 * `setsid -- PROGRAM ARGUMENT...` as an executable of about 220 bytes: it makes its process the leader of a new session
 * (setsid(2)) and becomes PROGRAM, which is a path, with the environment as it is. What it cannot become ends with 126.
 *
 * Running setsid(1) costs more than the command of a short job: the dynamic linker, the C library and the locale are
 * loaded for two system calls. Here there is nothing to load. A shell cannot make these calls itself, and a runtime that
 * forks itself to make them stops while it does (`docs/decisions/0017-own-setsid.md`).
 */

interface Machine {
  /** `e_machine` of the ELF header. */
  number: number;
  /** Instructions, one a line, and what they are. */
  code: string;
}

/** By the runtime's name for the architecture. At the start the stack holds argc, argv, a null, envp (System V ABI). */
const MACHINES: Record<string, Machine> = {
  x86_64: {
    number: 62,
    code: `
      b8 70 00 00 00   mov $112, %eax           setsid()
      0f 05            syscall
      48 8b 0c 24      mov (%rsp), %rcx         argc
      48 8d 74 24 18   lea 24(%rsp), %rsi       argv + 2
      48 8b 3e         mov (%rsi), %rdi         the path
      48 8d 54 ce f8   lea -8(%rsi,%rcx,8), %rdx  envp
      b8 3b 00 00 00   mov $59, %eax            execve(path, argv + 2, envp)
      0f 05            syscall
      bf 7e 00 00 00   mov $126, %edi           only where that failed
      b8 3c 00 00 00   mov $60, %eax            exit(126)
      0f 05            syscall`,
  },
  aarch64: {
    number: 183,
    code: `
      a8 13 80 d2      mov x8, #157             setsid()
      01 00 00 d4      svc #0
      e3 03 40 f9      ldr x3, [sp]             argc
      e1 63 00 91      add x1, sp, #24          argv + 2
      20 00 40 f9      ldr x0, [x1]             the path
      22 0c 03 8b      add x2, x1, x3, lsl #3
      42 20 00 d1      sub x2, x2, #8           envp
      a8 1b 80 d2      mov x8, #221             execve(path, argv + 2, envp)
      01 00 00 d4      svc #0
      c0 0f 80 d2      mov x0, #126             only where that failed
      a8 0b 80 d2      mov x8, #93              exit(126)
      01 00 00 d4      svc #0`,
  },
};

/** Where the program lies in memory: a multiple of every page size in use. */
const ADDRESS = 0x400000;
const HEADER = 64;
const SEGMENT = 56;
const PAGE = 0x10000;

/** The executable for Linux on `architecture` (`Deno.build.arch`); undefined where there is none. */
export function setsidProgram(architecture: string): Uint8Array<ArrayBuffer> | undefined {
  const machine = MACHINES[architecture];
  return machine && executable(machine.number, assembled(machine.code));
}

function assembled(code: string): number[] {
  return code.trim().split("\n").flatMap((line) => {
    const [bytes] = /^([0-9a-f]{2} )+/.exec(line.trim())!;
    return bytes.trim().split(" ").map((byte) => Number.parseInt(byte, 16));
  });
}

/** An ELF file (64 bit, little endian) of one segment that can be read and run, and a stack that cannot be run. */
function executable(machine: number, code: number[]): Uint8Array<ArrayBuffer> {
  const entry = HEADER + 2 * SEGMENT;
  const size = entry + code.length;
  return Uint8Array.from([
    ...[0x7f, 0x45, 0x4c, 0x46, 2, 1, 1, 0, ...number(8, 0)],
    ...[...number(2, 2), ...number(2, machine), ...number(4, 1)],
    // Entry, program headers, no section headers, no flags.
    ...[...number(8, ADDRESS + entry), ...number(8, HEADER), ...number(8, 0), ...number(4, 0)],
    ...[HEADER, SEGMENT, 2, 0, 0, 0].flatMap((each) => number(2, each)),
    // PT_LOAD, readable and executable, all of the file.
    ...[...number(4, 1), ...number(4, 5)],
    ...[0, ADDRESS, ADDRESS, size, size, PAGE].flatMap((each) => number(8, each)),
    // PT_GNU_STACK, readable and writable.
    ...[...number(4, 0x6474e551), ...number(4, 6)],
    ...[0, 0, 0, 0, 0, 16].flatMap((each) => number(8, each)),
    ...code,
  ]);
}

/** `value` in so many bytes, the lowest first. */
function number(bytes: number, value: number): number[] {
  return Array.from({ length: bytes }, (_, i) => Math.floor(value / 2 ** (8 * i)) % 256);
}
