#!/bin/sh
# Installs what the tests run against, where it is missing: QEMU, its tools, tmux, and what unpacks manuals.
set -eu
missing=
command -v qemu-system-x86_64 >/dev/null 2>&1 || missing="$missing qemu-system-x86"
command -v qemu-img >/dev/null 2>&1 || missing="$missing qemu-utils"
command -v tmux >/dev/null 2>&1 || missing="$missing tmux"
command -v bzip2 >/dev/null 2>&1 || missing="$missing bzip2"
command -v xz >/dev/null 2>&1 || missing="$missing xz-utils"
command -v zstd >/dev/null 2>&1 || missing="$missing zstd"
[ -n "$missing" ] || exit 0
if command -v apt-get >/dev/null 2>&1; then
	sudo=
	[ "$(id -u)" = 0 ] || sudo=sudo
	if [ -z "$sudo" ] || command -v sudo >/dev/null 2>&1; then
		echo "installing$missing"
		$sudo apt-get update -q
		# shellcheck disable=SC2086 # a list of package names
		DEBIAN_FRONTEND=noninteractive $sudo apt-get install -y -q --no-install-recommends $missing
		exit 0
	fi
fi
echo "the tests need qemu-system-x86_64, qemu-img, tmux, bzip2, xz and zstd." >&2
echo "missing here (Debian's names):$missing" >&2
echo "install them with your package manager, then run make test again" >&2
exit 1
