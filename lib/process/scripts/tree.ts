/**
 * What is done to a whole process tree, in one run of a shell:
 * `sh -c TREE_SCRIPT tree PID START BOOT COOKIE pause|resume|signal|signal_one|list|terminate
 * [NUMBER|GRACE]`, NUMBER of a signal, GRACE in hundredths of a second. Prints the process ids that outlived `terminate`.
 *
 * Members of the tree are: the command; every process that carries the job's cookie in its environment; the descendants
 * of members; and the command's session and process group, as long as the command itself is there (its number cannot
 * have passed to a stranger then). What has been a member stays one, by process id and start time.
 *
 * Two `grep`s over `/proc` find them; the last numbers of `stat` are matched to the end of the line, so that no process
 * can lie with its name, which stands in the same line. Frozen members cannot fork, so when a round finds no new one,
 * all are found. Signals go to single processes whose start time was looked at just before, never to groups: a group of
 * that number may not exist yet (before `setsid` took effect) or be somebody else's.
 */
export const TREE_SCRIPT = String.raw`
pid=$1 start=$2 cookie=$4 action=$5 option=$6
known=' '
read -r boot </proc/sys/kernel/random/boot_id
[ "$boot" = "$3" ] || pid=0

# look PID: sets state and begin; fails when there is no such process or it is dead.
look() {
  stat=
  { while IFS= read -r part; do stat=$stat$part; done <"/proc/$1/stat"; } 2>/dev/null
  [ -n "$stat" ] || return 1
  fields \${stat##*) }
}
fields() {
  state=$1 begin=\${20}
  case $state in [ZXx]) return 1 ;; esac
}
rooted() {
  [ "$pid" -gt 1 ] || return 1
  begin=
  look "$pid"
  [ "$begin" = "$start" ]
}

# candidates: the stat or environ files of processes that may be members.
candidates() {
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

# scan: puts new members into new, and into known.
scan() {
  new=
  for file in $(candidates); do
    member=\${file#/proc/}
    member=\${member%%/*}
    case $member in 1 | $$ | $PPID) continue ;; esac
    look "$member" || continue
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

freeze() {
  rounds=0
  while scan && [ $rounds -lt 100 ]; do
    kill -s STOP $new 2>/dev/null
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
  pause) freeze ;;
  resume) while scan; do :; done; send CONT ;;
  signal) while scan; do :; done; send "$option" ;;
  list)
    while scan; do :; done
    living
    echo $left
    ;;
  signal_one) if rooted; then kill -s "$option" "$pid"; fi ;;
  terminate)
    freeze
    send TERM
    send CONT
    now
    gone_by $((now + option)) && exit
    now
    last=$((now + 500))
    while :; do
      freeze
      send KILL
      now
      soon=$((now + 20))
      [ $soon -lt $last ] || soon=$last
      gone_by $soon && exit
      now
      [ "$now" -lt $last ] || break
    done
    echo $left
    ;;
esac
`.replaceAll("\\${", "${");
