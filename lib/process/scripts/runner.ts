/**
 * The runner: a small shell that stays, reads shell source from its standard input and runs one job at a time in the
 * foreground. As the command's parent it is the only one who learns how the command ended, and it writes that down, so
 * it must outlive the server that started it: it is a session of its own, and at the end of its input it leaves only
 * after the job it has in hand.
 *
 * Why like this:
 * - In the foreground, because a shell without job control starts what is put behind `&` with SIGINT and SIGQUIT
 *   ignored, and no descendant that is a shell could ever undo that.
 * - Resident, because forking a shell of 1 MB is cheaper than starting one: per job there is one fork and the `exec` of
 *   `setsid` and the command.
 * - Everything but that is a builtin. `/proc/self/stat` is opened by the process that asks, so a subshell learns its own
 *   process id and start time, which stay the command's own through `exec`.
 * - Where control groups (cgroups(7), version 2) may be made, the runner has one, which each job enters as it begins, so
 *   that nothing of it can hide. Making one takes an `mkdir`, so the next job enters the same one, unless somebody of the
 *   last one is still in it (its record says \`left\` then) or its record could not be written.
 * - Outputs are appended to: a later run of the same job goes on where the one before it ended, and what that one may
 *   have left behind writes over nothing. They may be files that were lent (`../output/spares.ts`); the record says so.
 * - Each `echo` is one `write`; a line of the record without its newline is not yet written.
 * - The server is told all that it asks of a usual end, so that it need not look at any file.
 *
 * Descriptors: 0 the source, 1 and 2 nothing (the record while a job runs), 3 to the server, 7 and 8 the job's outputs.
 * All names carry `stint_`, so that an exported variable of a job cannot be mistaken for one of ours.
 */
export const RUNNER_SCRIPT = String.raw`
exec 3>&1 1>/dev/null 2>/dev/null
umask 077
# Handlers, not "ignore": children inherit what is ignored, and a broken pipe to a dead server must not end us.
trap : TERM INT HUP QUIT PIPE USR1 USR2 ALRM
stint_setsid=$(command -v setsid)
stint_env=$(command -v env)
stint_boot=-
read -r stint_boot </proc/sys/kernel/random/boot_id
unset OLDPWD SHLVL

# Where control groups are made: below the one that this shell is in.
stint_groups=
stint_limits=
stint_made=0
while read -r _ stint_place stint_kind _; do
  [ "$stint_kind" = cgroup2 ] || continue
  while IFS=: read -r stint_number _ stint_path; do
    [ "$stint_number" = 0 ] && stint_groups=$stint_place\${stint_path%/}
  done </proc/self/cgroup
done </proc/self/mounts
read -r _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ stint_birth _ </proc/self/stat

# stint_regroup: makes the control group that the next job enters; none where that cannot be.
stint_regroup() {
  stint_group=
  [ -z "$stint_alone" ] || return 0
  case $stint_groups in *[[:space:]]*) return 0 ;; esac
  [ -w "$stint_groups/cgroup.procs" ] || return 0
  stint_made=$((stint_made + 1))
  stint_group=$stint_groups/stint-$$-$stint_birth-$stint_made
  mkdir "$stint_group" || stint_group=
  [ -w "$stint_group/cgroup.kill" ] && [ -w "$stint_group/cgroup.freeze" ] || stint_group=
}

# stint_tidy: removes the control groups of runners that are no more, as far as they are empty.
stint_tidy() {
  for stint_place in "$stint_groups"/stint-*; do
    stint_keeper=\${stint_place##*/stint-}
    stint_keeper=\${stint_keeper%%-*}
    [ ! -d "$stint_place" ] || [ -d "/proc/$stint_keeper" ] || rmdir "$stint_place"
  done
}

# stint_crowded: whether anybody is in the control group.
stint_crowded() {
  while read -r stint_name stint_value; do
    [ "$stint_name$stint_value" = populated1 ] && return
  done <"$stint_group/cgroup.events"
  return 1
}

stint_regroup
echo "hello $stint_boot" >&3
[ -z "$stint_group" ] || {
  stint_tidy
  trap 'rmdir "$stint_group"' EXIT
}

# stint_judge: says which limits of its control group the job came up against.
stint_judge() {
  for stint_limit in memory:oom_kill pids:max; do
    [ -n "$stint_group" ] && [ -r "$stint_group/\${stint_limit%:*}.events" ] || continue
    while read -r stint_name stint_value; do
      [ "$stint_name" = "\${stint_limit#*:}" ] && [ "$stint_value" -gt 0 ] || continue
      case $stint_limit in pids*) stint_limit=processes ;; *) stint_limit=memory ;; esac
      echo "broke $stint_limit"
      echo "broke $stint_limit" >&3
      break
    done <"$stint_group/\${stint_limit%:*}.events"
  done
}

# stint_unlimit: after a job with limits, a control group that has none.
stint_unlimit() {
  stint_limits=
  [ -n "$stint_group" ] || return 0
  rmdir "$stint_group"
  stint_regroup
}

# stint_lead: finds who makes the next job the leader of a session: Stint's own setsid, or the system's. An empty file
# would be taken for a script that does nothing.
stint_lead() {
  stint_leader=$stint_own
  [ -f "$stint_leader" ] && [ -x "$stint_leader" ] && [ -s "$stint_leader" ] || stint_leader=$stint_setsid
}

# stint_refuse REASON: the command cannot be run. Only in the subshell of stint_enter.
stint_refuse() {
  echo "not_started $1"
  exit 0
}

# stint_check FILE: whether it can be run.
stint_check() {
  [ -e "$1" ] || stint_refuse no_program
  [ -d "$1" ] && stint_refuse directory
  [ -x "$1" ] || stint_refuse not_executable
}

# stint_find PROGRAM PATH: the same for a plain name.
stint_find() {
  stint_reason=no_program
  IFS=:
  set -f
  for stint_place in $2; do
    [ -f "\${stint_place:-.}/$1" ] || continue
    if [ -x "\${stint_place:-.}/$1" ]; then
      stint_reason=
      break
    fi
    stint_reason=not_executable
  done
  unset IFS
  set +f
  [ -z "$stint_reason" ] || stint_refuse "$stint_reason"
}

# Becomes the command. Its standard output is the record.
stint_enter() {
  trap : PIPE
  stint_at=$1 stint_stdin=$7 stint_mask=$8 stint_exports=\${11}
  [ -d "$6" ] || stint_refuse no_cwd
  cd "$6" || stint_refuse closed_cwd
  unset OLDPWD
  case \${10} in
    '') ;;
    */*) stint_check "\${10}" ;;
    *) stint_find "\${10}" "$9" ;;
  esac
  shift 11
  [ -z "$stint_group" ] || echo 0 2>/dev/null >"$stint_group/cgroup.procs" || stint_group=
  read -r stint_pid _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ stint_start _ </proc/self/stat
  echo "started $stint_boot $stint_pid $stint_start $stint_at $stint_group" || exit
  echo "started $stint_boot $stint_pid $stint_start $stint_group" >&3
  while [ "$stint_exports" -gt 0 ]; do
    export "$1"
    shift
    stint_exports=$((stint_exports - 1))
  done
  umask "$stint_mask"
  exec "$@" <"$stint_stdin" >&7 2>&8 3>&- 7>&- 8>&-
}

# stint_run AT RECORD STDOUT STDERR LENT CWD STDIN UMASK PATH PROGRAM COUNT [NAME=VALUE]... WORD...
# Runs WORDs as a job. The record is created only if nobody has created it (-C): whoever has it, has the job.
# The outputs may be given other names meanwhile: what they hold is asked of the open files.
stint_run() {
  stint_claimed= stint_opened= stint_code= stint_crowd= stint_printed=
  set -C
  {
    set +C
    stint_claimed=1
    { [ -z "$5" ] || echo "lent $5"; } && {
      stint_opened=1
      times
      ( stint_enter "$@" )
      stint_code=$?
      times
      stint_crowd=
      [ -z "$stint_limits" ] || stint_judge
      [ -z "$stint_group" ] || ! stint_crowded || stint_crowd=left
      [ -z "$stint_crowd" ] || echo left
      stint_empty=
      [ ! -e /proc/self/fd/8 ] || {
        [ -s /proc/self/fd/7 ] || stint_empty=" stdout"
        [ -s /proc/self/fd/8 ] || stint_empty="$stint_empty stderr"
      }
      [ "$stint_empty" != " stdout stderr" ] || stint_printed=nothing
      echo "exited $stint_code$stint_empty" || stint_crowd=left
    } 7>>"$3" 8>>"$4"
    [ -n "$stint_opened" ] || echo not_started no_output
  } >"$2" 2>&1
  set +C
  [ -n "$stint_claimed" ] || { echo failed >&3; return; }
  [ -z "$stint_crowd" ] || {
    echo left >&3
    stint_regroup
  }
  { times; echo "ended $stint_code $stint_printed"; } >&3
}

# stint_alive [PID START]...: names those that are no more. A zombie is no more.
stint_alive() {
  while [ $# -gt 0 ]; do
    stint_stat=
    { while IFS= read -r stint_part; do stint_stat=$stint_stat$stint_part; done <"/proc/$1/stat"; }
    stint_look "$1" "$2" \${stint_stat##*) }
    shift 2
  done
  echo checked >&3
}
stint_look() {
  case $3:\${22} in
    [ZXx]:*) echo "gone $1 $2" >&3 ;;
    *:"$2") ;;
    *) echo "gone $1 $2" >&3 ;;
  esac
}
`.replaceAll("\\${", "${");
