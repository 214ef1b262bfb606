#!/usr/bin/env bash
# Measures whole processes against a real QEMU and prints ratios, all of one run on one machine:
#
#   one command        qmpsh -c SOCK query-status   against bench/bare, the least that a Go program does, and socat
#   10,000 in a pipe   one at a time, and --keep-going, against bench/bare one at a time and with eight in flight
#
# usage: bench/run.sh [ROUNDS]      ROUNDS of the pipe (5); single commands run 40 times as often
# Needs go and qemu-system-x86_64; socat is compared when it is there; hyperfine, when it is there, times the single
# commands. Every ratio is of medians, and the programs take turns, so that a busy moment hits all of them.
set -euo pipefail
rounds=${1:-5}
commands=10000
cd "$(dirname "$0")/.."
work=$(mktemp -d)
sock=$work/q
cleanup() {
	[ -z "${qemu:-}" ] || { kill "$qemu" 2>/dev/null && wait "$qemu" 2>/dev/null; } || true
	rm -rf "$work"
}
trap cleanup EXIT

# Each start pays for mapping what it touches of the program's file, and how much depends on how that came into Linux's
# cache: what was written in one piece may lie there in large pages; what a linker or tar wrote, or a fault read back, lies
# in single ones. A larger program pays more, so both are measured. Which pages of the memory a copy got makes up to a tenth
# of its time, so there are ten copies of each program.
copies=10
mkdir "$work/linked"
for package in ./cmd/qmpsh ./bench/bare; do
	CGO_ENABLED=0 go build -trimpath -o "$work/linked/${package##*/}" "$package"
done
if command -v socat >/dev/null; then cp "$(command -v socat)" "$work/linked/"; fi
for copy in $(seq "$copies"); do
	mkdir "$work/large.$copy" "$work/single.$copy"
	for program in "$work"/linked/*; do
		dd if="$program" of="$work/large.$copy/${program##*/}" bs=64M status=none
		dd if="$program" of="$work/single.$copy/${program##*/}" bs=4k status=none
	done
done
chmod +x "$work"/large.*/* "$work"/single.*/*
qemu-system-x86_64 -machine none -nodefaults -display none -accel tcg -qmp "unix:$sock,server=on,wait=off" 2>"$work/qemu.log" &
qemu=$!
for _ in $(seq 500); do [ -S "$sock" ] && break; sleep 0.02; done
sleep 0.5 # a client that comes while QEMU starts may be lost

# microseconds COMMAND: how long one run takes. The command's output goes nowhere; its failure ends the script.
microseconds() {
	local from=${EPOCHREALTIME/./} to
	eval "$1" >/dev/null || { echo "failed: $1" >&2; exit 1; }
	to=${EPOCHREALTIME/./}
	echo $((to - from))
}

median() { sort -n "$1" | awk '{ v[NR] = $1 } END { print (v[int((NR + 1) / 2)] + v[int(NR / 2) + 1]) / 2 }'; }

# measure RUNS NAME=COMMAND...: runs all of them in turns and leaves each one's times, in microseconds, in $work/NAME.
measure() {
	local runs=$1 pair
	shift
	for _ in $(seq "$runs"); do
		for pair in "$@"; do microseconds "${pair#*=}" >>"$work/${pair%%=*}.times"; done
	done
}

# measure_short RUNS NAME=COMMAND...: the same for short commands, whose programs' copies, at COPY, take turns. hyperfine
# times them better than a shell does.
measure_short() {
	local each=$(($1 / copies)) copy pair command
	shift
	for copy in $(seq "$copies"); do
		if ! command -v hyperfine >/dev/null; then
			measure "$each" "${@//COPY/$copy}"
			continue
		fi
		for pair in "$@"; do
			command=${pair#*=}
			hyperfine -N -w 5 -r "$each" --export-json "$work/h.json" "${command//COPY/$copy}" >/dev/null 2>&1
			# The times stand one on a line in the list "times".
			awk '/"times"/ { on = 1; next } /]/ { on = 0 } on { gsub(/[ ,]/, ""); printf "%.0f\n", $0 * 1e6 }' "$work/h.json" >>"$work/${pair%%=*}.times"
		done
	done
}

# compare NAME BASE UNIT TEXT: one line of the report.
compare() {
	awk -v a="$(median "$work/$1.times")" -v b="$(median "$work/$2.times")" -v n="$3" -v text="$4" 'BEGIN {
		if (n == 1) printf "%-64s %8.2f ms %8.2f ms   time x %.2f\n", text, a / 1e3, b / 1e3, a / b
		else printf "%-64s %8.0f /s %8.0f /s   rate x %.2f\n", text, n / a * 1e6, n / b * 1e6, b / a
	}'
}

printf '{"execute":"qmp_capabilities"}\n{"execute":"query-status"}\n' >"$work/two"
short=()
for pages in large single; do
	short+=("bare_$pages=$work/$pages.COPY/bare $sock" "qmpsh_$pages=$work/$pages.COPY/qmpsh -c $sock query-status")
	[ ! -f "$work/linked/socat" ] || short+=("socat_$pages=$work/$pages.COPY/socat OPEN:$work/two,rdonly!!STDOUT UNIX:$sock")
done
measure_short $((rounds * 40)) "${short[@]}"

seq "$commands" | sed "s/.*/query-status/" >"$work/commands"
measure "$rounds" \
	"bare_one=$work/large.1/bare $sock $commands" \
	"qmpsh_one=$work/large.1/qmpsh -c $sock <$work/commands" \
	"bare_eight=$work/large.1/bare $sock $commands 8" \
	"qmpsh_eight=$work/large.1/qmpsh -c $sock --keep-going <$work/commands"

echo "$(uname -sm), $(nproc) CPUs$(sed -n 's/^model name[^:]*: */, /p' /proc/cpuinfo 2>/dev/null | head -n 1); $(go env GOVERSION); $(qemu-system-x86_64 -version | head -n 1)"
for pages in large single; do
	compare "qmpsh_$pages" "bare_$pages" 1 "one query-status, files in $pages pages: qmpsh, bare"
	[ ! -f "$work/linked/socat" ] || compare "qmpsh_$pages" "socat_$pages" 1 "one query-status, files in $pages pages: qmpsh, socat"
done
compare qmpsh_one bare_one "$commands" "$commands in a pipe: qmpsh, bare one at a time"
compare qmpsh_eight bare_eight "$commands" "$commands in a pipe: qmpsh --keep-going, bare eight in flight"
