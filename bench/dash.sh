#!/usr/bin/env bash
# Measures what the dashboard costs while it watches two real QEMUs under TCG: one that idles, and one that migrates to a
# third. Its guest dirties 32 MiB without a rest and the migration may send 8 MiB/s, so that it makes pass after pass and
# never converges. For each: CPU time of the dashboard, its resident memory, and the commands a second that it sends.
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
# A boot sector, as internal/qemutest has it: it enters protected mode and increments one byte in every page from 1 MiB
# to 33 MiB, for ever.
code=fa31c08ed8e4920c02e6920f0116587c0f20c06683c8010f22c0ea1f7c080066b810008ed88ec0bf00001000fe0781c70010000081ff0000
code+=100272f0ebe966900000000000000000ffff0000009acf00ffff00000092cf001700407c0000
printf "$(sed 's/../\\x&/g' <<<"$code")" >"$work/guest.img"
truncate -s 510 "$work/guest.img"
printf '\x55\xaa' >>"$work/guest.img"

# machine NAME ARG...: starts a QEMU that listens at $work/NAME, and waits until it does.
machine() {
	local name=$1
	shift
	qemu-system-x86_64 -name "$name" -display none -accel tcg -qmp "unix:$work/$name,server=on,wait=off" "$@" 2>"$work/$name.err" &
	started+=($!)
	for _ in $(seq 500); do [ -S "$work/$name" ] && return; sleep 0.02; done
	cat "$work/$name.err" >&2
	exit 1
}
# migratable NAME ARG...: the same machine, here and there.
migratable() { machine "$@" -machine pc -m 64 -drive "if=floppy,format=raw,readonly=on,file=$work/guest.img" -boot a; }

machine idle -machine q35 -S
migratable arriving -incoming "unix:$work/incoming"
migratable migrating
# A guest that has not booted yet has nothing to dirty, and would be gone in one pass.
byte() { "$work/qmpsh" "$work/migrating" human-monitor-command command-line="xp /1xb 0x1f00000" --jq . -r; }
first=$(byte)
for _ in $(seq 300); do [ "$(byte)" != "$first" ] && break; sleep 0.1; done
"$work/qmpsh" "$work/migrating" migrate-set-parameters max-bandwidth=8M >/dev/null
"$work/qmpsh" "$work/migrating" migrate "uri=unix:$work/incoming" >/dev/null

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


tmux -S "$work/tmux" kill-server # one client at a time
"$work/qmpsh" "$work/migrating" query-migrate --jq 'if .status == "active" then empty else error("it did not last") end'
"$work/qmpsh" "$work/migrating" query-migrate --jq '"the migration: \(.status), pass \(.ram."dirty-sync-count")"' -r
echo "$(uname -sm), $(nproc) CPUs; $(go env GOVERSION); $(qemu-system-x86_64 -version | head -n 1); $seconds s at 200x60"
for name in $machines; do
	awk -v name="$name" -v t="${cpu[$name]}" -v hz="$(getconf CLK_TCK)" -v s="$seconds" -v m="${messages[$name]}" -v kib="${memory[$name]}" \
		'BEGIN { printf "%-10s %5.2f s CPU (%.1f %% of a core)  %5.1f MiB resident  %4.1f commands/s\n", name, t / hz, 100 * t / hz / s, kib / 1024, m / 20 }'
done
