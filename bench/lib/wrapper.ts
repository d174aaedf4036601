/** The wrapper of a job as a program of its own, for a loop that starts it anew each time. */

/**
 * Does for one command what a runner does for each of its jobs (`lib/process/scripts/runner.ts`), control groups left
 * out: `sh -c WRAPPER STEM COMMAND COOKIE` creates the record if nobody has, writes down who the command is, runs it in
 * a session of its own with both outputs going to files, and writes down how it ended.
 */
export const WRAPPER = `
umask 077
trap : TERM INT HUP QUIT PIPE
read -r boot </proc/sys/kernel/random/boot_id
set -C
{
  set +C
  {
    times
    (
      cd "$HOME" || exit
      read -r pid _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ start _ </proc/self/stat
      echo "started $boot $pid $start"
      export LANG=C.UTF-8 STINT_JOB_COOKIE="$2"
      umask 022
      exec setsid -- /bin/sh -c "$1" </dev/null >&7 2>&8 7>&- 8>&-
    )
    code=$?
    times
    echo "exited $code"
  } 7>>"$0.stdout" 8>>"$0.stderr"
} >"$0.run" 2>&1
`;
