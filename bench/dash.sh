#!/usr/bin/env bash
# Measures what the dashboard costs while it watches: a real QEMU that idles, and the simulated machine with a mirror
# and a migration that never converges. For each: CPU time of the dashboard, its resident memory, and the commands a
# second that it sends.
#
# usage: bench/dash.sh [SECONDS]      how long to watch (60); the first ten seconds are not counted
# Needs go, tmux and qemu-system-x86_64; Linux only.
set -euo pipefail
seconds=${1:-60}
cd "$(dirname "$0")/.."
work=$(mktemp -d)
started=()
cleanup() {
	tmux -S "$work/tmux" kill-server 2>/dev/null || true
	[ ${#started[@]} = 0 ] || kill "${started[@]}" 2>/dev/null || true
	rm -rf "$work"
}
trap cleanup EXIT

CGO_ENABLED=0 go build -trimpath -o "$work/qmpsh" ./cmd/qmpsh
qemu-system-x86_64 -machine q35 -display none -accel tcg -S -qmp "unix:$work/idle,server=on,wait=off" 2>"$work/qemu.log" &
started+=($!)
"$work/qmpsh" demo --listen "unix:$work/migrating" 2>"$work/demo.log" &
started+=($!)
for socket in idle migrating; do
	for _ in $(seq 500); do [ -S "$work/$socket" ] && break; sleep 0.02; done
done
"$work/qmpsh" "$work/migrating" migrate-set-parameters max-bandwidth=24M >/dev/null
"$work/qmpsh" "$work/migrating" migrate uri=tcp:backup:4444 >/dev/null

# watch NAME: opens the dashboard in a terminal of 200x60 cells.
watch() {
	tmux -S "$work/tmux" -f /dev/null new-session -d -s "$1" -x 200 -y 60 "exec '$work/qmpsh' '$work/$1' dash"
}
# ticks NAME: the CPU time that its process has used, user and system, in clock ticks.
ticks() { awk '{ sub(/.*\) /, ""); print $12 + $13 }' "/proc/$(pid "$1")/stat"; }
pid() { tmux -S "$work/tmux" display-message -p -t "$1" '#{pane_pid}'; }
resident() { awk '/VmRSS/ { print $2 }' "/proc/$(pid "$1")/status"; }

machines="idle migrating"
declare -A cpu memory messages
for name in $machines; do watch "$name"; done
sleep 10
for name in $machines; do cpu[$name]=$(ticks "$name"); done
sleep "$seconds"
for name in $machines; do
	cpu[$name]=$(($(ticks "$name") - ${cpu[$name]}))
	memory[$name]=$(resident "$name")
done

# The commands are counted in a second run, so that the log's own cost is in no figure.
for name in $machines; do
	tmux -S "$work/tmux" respawn-pane -k -t "$name" "exec '$work/qmpsh' '$work/$name' dash --log '$work/$name.log'"
done
sleep 10
for name in $machines; do messages[$name]=$(grep -c '"direction":"sent"' "$work/$name.log"); done
sleep 20
for name in $machines; do
	messages[$name]=$(($(grep -c '"direction":"sent"' "$work/$name.log") - ${messages[$name]}))
done

echo "$(uname -sm), $(nproc) CPUs; $(go env GOVERSION); $(qemu-system-x86_64 -version | head -n 1); $seconds s at 200x60"
for name in $machines; do
	awk -v name="$name" -v t="${cpu[$name]}" -v hz="$(getconf CLK_TCK)" -v s="$seconds" -v m="${messages[$name]}" -v kib="${memory[$name]}" \
		'BEGIN { printf "%-10s %5.2f s CPU (%.1f %% of a core)  %5.1f MiB resident  %4.1f commands/s\n", name, t / hz, 100 * t / hz / s, kib / 1024, m / 20 }'
done
