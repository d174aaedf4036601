/**
 * Looks at all processes that carry a job's cookie, and prints what the kernel says of them, in parts that a line `=`
 * divides:
 *
 *     /proc/PID/environ:STINT_JOB_COOKIE=COOKIE       whose they are
 *     /proc/PID/status:PPid:  1                       parent and memory of every process: descendants of those above
 *     /proc/PID/status:VmRSS:     2044 kB             count too, should they have changed their environment
 *     the `stat` of those above                       processor time, in ticks
 *     /proc/PID/io:read_bytes: 0                      bytes from and to storage
 *
 * Three programs are run for any number of jobs.
 */
export const USAGE_SCRIPT = String.raw`
exec 2>/dev/null
marked=$(grep -aoszHE '^STINT_JOB_COOKIE=[0-9A-Za-z-]+' /proc/[0-9]*/environ | tr '\0' '\n')
echo "$marked"
echo =
grep -sHE '^(PPid|VmHWM|VmRSS):' /proc/[0-9]*/status
echo =
set --
for line in $marked; do
  place=\${line%%/environ*}
  set -- "$@" "$place/io"
  read -r stat <"$place/stat" && echo "$stat"
done
echo =
[ $# -eq 0 ] || grep -sHE '^(read|write)_bytes:' "$@"
:
`.replaceAll("\\${", "${");
