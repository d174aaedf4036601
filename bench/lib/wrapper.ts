/** The wrapper of a job as a program of its own, for a loop that starts it anew each time. */

/**
 * Does for one command what a runner does for each of its jobs (`lib/process/scripts/runner.ts`):
 * `sh -c WRAPPER STEM COMMAND COOKIE GROUP MAKES SETSID` creates the record if nobody has, writes down who the command
 * is, runs it in a session of its own, which the program SETSID makes, and in the control group whose directory is GROUP
 * (none where that is empty), with both outputs going to files, and writes down whether anybody was left in the group and
 * how the command ended. Where MAKES is not empty it makes the group and removes it; a runner does that once for many jobs.
 */
export const WRAPPER = `
umask 077
trap : TERM INT HUP QUIT PIPE
read -r boot </proc/sys/kernel/random/boot_id
[ -z "$4" ] || mkdir "$3"
set -C
{
  set +C
  {
    times
    (
      cd "$HOME" || exit
      [ -z "$3" ] || echo 0 >"$3/cgroup.procs"
      read -r pid _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ start _ </proc/self/stat
      echo "started $boot $pid $start $3"
      export LANG=C.UTF-8 STINT_JOB_COOKIE="$2"
      umask 022
      exec "$5" -- /bin/sh -c "$1" </dev/null >&7 2>&8 7>&- 8>&-
    )
    code=$?
    times
    [ -z "$3" ] || while read -r name value; do
      [ "$name$value" = populated1 ] && echo left
    done <"$3/cgroup.events"
    echo "exited $code"
  } 7>>"$0.stdout" 8>>"$0.stderr"
} >"$0.run" 2>&1
[ -z "$4" ] || rmdir "$3"
`;
