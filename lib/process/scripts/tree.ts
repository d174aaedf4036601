/**
 * What is done to a whole process tree, in one run of a shell:
 * `sh -c TREE_SCRIPT tree PID START BOOT COOKIE GROUP pause|resume|signal|signal_one|list|terminate [NUMBER|GRACE]`, GROUP
 * the directory of the job's control group or nothing, NUMBER of a signal, GRACE in hundredths of a second. Prints the
 * process ids that are there (`list`) or that outlived `terminate`.
 *
 * Members of the tree are: the command; everybody in the job's control group and those below it; every process that
 * carries the job's cookie in its environment; the descendants of members; and the command's session and process group,
 * as long as the command itself is there (its number cannot have passed to a stranger then). What has been a member stays
 * one, by process id and start time.
 *
 * Two `grep`s over `/proc` find them; the last numbers of `stat` are matched to the end of the line, so that no process
 * can lie with its name, which stands in the same line. Frozen members cannot fork, so when a round finds no new one,
 * all are found. The control group is frozen first and killed as a whole, however fast it forks.
 *
 * Signals go to single processes whose start time was looked at just before. SIGSTOP and SIGKILL go to their process
 * groups as well, which a chain of processes that fork and exit cannot outrun. Such a group is made of members: the
 * command leads a session of its own, and nobody gets into a session but by being born there. Only before `setsid` took
 * effect the command is in the group of its keeper; that one is spared, and this shell's.
 */
export const TREE_SCRIPT = String.raw`
pid=$1 start=$2 cookie=$4 group=$5 action=$6 option=$7
known=' '
read -r boot </proc/sys/kernel/random/boot_id
[ "$boot" = "$3" ] || pid=0 group=
case $group in */stint-*) [ -w "$group/cgroup.kill" ] || group= ;; *) group= ;; esac

# look PID: sets state, parent, team (its process group) and begin; fails when there is no such process or it is dead.
look() {
  stat=
  { while IFS= read -r part; do stat=$stat$part; done <"/proc/$1/stat"; } 2>/dev/null
  [ -n "$stat" ] || return 1
  fields \${stat##*) }
}
fields() {
  state=$1 parent=$2 team=$3 begin=\${20}
  case $state in [ZXx]) return 1 ;; esac
}
rooted() {
  [ "$pid" -gt 1 ] || return 1
  begin=
  look "$pid"
  [ "$begin" = "$start" ]
}

spared=' 0 1 '
look $$ && spared="$spared$team "
rooted && look "$parent" && spared="$spared$team "

# grouped: who is in the control group.
grouped() {
  for list in "$group"/cgroup.procs "$group"/*/cgroup.procs "$group"/*/*/cgroup.procs; do
    [ -r "$list" ] || continue
    while read -r member; do echo "/proc/$member/stat"; done <"$list"
  done
}

# candidates: the stat or environ files of processes that may be members.
candidates() {
  [ -z "$group" ] || grouped
  grep -lzsxF -e "STINT_JOB_COOKIE=$cookie" /proc/[0-9]*/environ
  pattern=
  for entry in $known; do pattern="$pattern|\${entry%:*}"; done
  [ -z "$pattern" ] || pattern="(\${pattern#|}) -?[0-9]+ -?[0-9]+"
  if rooted; then
    pattern="\${pattern:+$pattern|}[0-9]+ $pid -?[0-9]+|[0-9]+ -?[0-9]+ $pid"
    echo "/proc/$pid/stat"
  fi
  [ -z "$pattern" ] || grep -lsE -e "\) [A-Za-z] ($pattern)( -?[0-9]+)*$" /proc/[0-9]*/stat
}

# scan: puts new members into new, and into known; the process groups of all into teams.
scan() {
  new= teams=' '
  for file in $(candidates); do
    member=\${file#/proc/}
    member=\${member%%/*}
    case $member in 1 | $$ | $PPID) continue ;; esac
    look "$member" || continue
    case $spared$teams in *" $team "*) ;; *) teams="$teams$team " ;; esac
    case $known in *" $member:$begin "*) continue ;; esac
    known="$known$member:$begin "
    new="$new $member"
  done
  [ -n "$new" ]
}

# send NAME: to all members.
send() {
  for entry in $known; do
    look "\${entry%:*}" && [ "$begin" = "\${entry#*:}" ] && kill -s "$1" "\${entry%:*}" 2>/dev/null
  done
}

# send_teams NAME: to the process groups that the last scan saw.
send_teams() {
  for team in $teams; do kill -s "$1" -- "-$team" 2>/dev/null; done
}

# living: puts members that are left into left.
living() {
  left=
  for entry in $known; do
    look "\${entry%:*}" && [ "$begin" = "\${entry#*:}" ] && left="$left \${entry%:*}"
  done
  [ -n "$left" ]
}

now() {
  read -r uptime _ </proc/uptime
  now=\${uptime%.*}\${uptime#*.}
}

# frozen: whether all in the control group stand still.
frozen() {
  while read -r name value; do
    [ "$name$value" = frozen1 ] && return
  done <"$group/cgroup.events"
  return 1
}

# hold: stops the control group for as long as it is looked through; unhold lets it go.
hold() {
  [ -n "$group" ] || return
  echo 1 2>/dev/null >"$group/cgroup.freeze"
  waits=0
  until frozen || [ $waits -ge 50 ]; do
    sleep 0.01
    waits=$((waits + 1))
  done
}
unhold() {
  [ -z "$group" ] || echo 0 2>/dev/null >"$group/cgroup.freeze"
}

freeze() {
  rounds=0
  while scan && [ $rounds -lt 100 ]; do
    kill -s STOP $new 2>/dev/null
    send_teams STOP
    rounds=$((rounds + 1))
  done
}

# gone_by TIME: waits until nothing is left; fails when something is left at TIME.
gone_by() {
  nap=0.01
  while living || scan; do
    now
    [ "$now" -lt "$1" ] || return 1
    sleep $nap
    case $nap in 0.01) nap=0.02 ;; 0.02) nap=0.05 ;; *) nap=0.1 ;; esac
  done
}

case $action in
  pause)
    hold
    freeze
    unhold
    ;;
  resume)
    unhold
    while scan; do :; done
    send CONT
    ;;
  signal) while scan; do :; done; send "$option" ;;
  signal_one) if rooted; then kill -s "$option" "$pid"; fi ;;
  list)
    while scan; do :; done
    living
    echo $left
    ;;
  terminate)
    hold
    freeze
    send TERM
    send CONT
    unhold
    now
    gone_by $((now + option)) && exit
    now
    last=$((now + 500))
    while :; do
      hold
      freeze
      send KILL
      send_teams KILL
      [ -z "$group" ] || echo 1 2>/dev/null >"$group/cgroup.kill"
      unhold
      now
      soon=$((now + 20))
      [ $soon -lt $last ] || soon=$last
      gone_by $soon && exit
      now
      [ "$now" -lt $last ] || break
    done
    scan
    living
    echo $left
    ;;
esac
`.replaceAll("\\${", "${");
