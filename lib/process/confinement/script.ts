/**
 * Takes the place of the command to be, sets limits and becomes the command:
 * `sh -c LIMITS_SCRIPT limits GROUP MEMORY CPU FILES PROCESSES WORD...`; GROUP is the directory of the job's control
 * group, each of the others a number, or nothing.
 *
 * A control group counts what all of the job's processes take together (`memory.max`, `pids.max`), where the system lets
 * one have these controllers; else the limits of setrlimit(2) do what they can. A second limit on processor time, some
 * seconds later, is SIGKILL for who does not heed SIGXCPU. A limit that is lower already stays as it is.
 */
export const LIMITS_SCRIPT = `
group=$1 memory=$2 cpu=$3 files=$4 processes=$5
shift 5
hold() { [ -n "$group" ] && [ -w "$group/$1" ] && echo "$2" 2>/dev/null >"$group/$1"; }
if [ -n "$memory" ]; then
  if hold memory.max "$memory"; then hold memory.swap.max 0; else ulimit -v $((memory / 1024)) 2>/dev/null; fi
fi
if [ -n "$processes" ]; then
  hold pids.max "$processes" || ulimit -p "$processes" 2>/dev/null || ulimit -u "$processes" 2>/dev/null
fi
[ -z "$files" ] || ulimit -n "$files" 2>/dev/null
[ -z "$cpu" ] || { ulimit -S -t "$cpu" 2>/dev/null; ulimit -H -t $((cpu + 5)) 2>/dev/null; }
exec "$@"
`;

/**
 * Around a sandbox: who keeps it must not die of the signals that are meant for what is in it, or that would be gone with
 * it at once. What is inside gets them as usual again.
 */
export const KEEPER_SCRIPT = `trap '' TERM INT HUP QUIT PIPE USR1 USR2 ALRM; exec "$@"`;
