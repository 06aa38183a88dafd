#!/usr/bin/env bash
# Put PgBouncer where the tests look for it: from the system, or from Debian's package without root.
#   install_pgbouncer.sh FOLDER    FOLDER/pgbouncer is a program that starts
set -euo pipefail
folder=$1
mkdir -p "$folder/unpacked"

give_up() {
  echo "PgBouncer could not be installed ($1): only tests/integration/pooler needs it." \
    "Debian: apt-get install pgbouncer; macOS: brew install pgbouncer; then run make setup again." >&2
  exit 1
}

fetch() { (cd "$folder" && apt-get download -qq "$@" >/dev/null 2>&1); }

fetch_with_lists() {
  fetch "$@" || { [ "$(id -u)" = 0 ] && apt-get update -qq >/dev/null 2>&1 && fetch "$@"; }
}

unpack() {
  for package in "$folder"/*.deb; do dpkg -x "$package" "$folder/unpacked"; rm "$package"; done
}

write_launcher() {
  libraries=$(find "$folder/unpacked" -name '*.so.*' -printf '%h\n' 2>/dev/null | sort -u | paste -sd:)
  printf '#!/bin/sh\nLD_LIBRARY_PATH=%s exec %s "$@"\n' "$libraries" "$1" >"$folder/pgbouncer"
  chmod +x "$folder/pgbouncer"
}

works() { [ -x "$folder/pgbouncer" ] && "$folder/pgbouncer" --version >/dev/null 2>&1; }

if program=$(command -v pgbouncer || ls /usr/sbin/pgbouncer 2>/dev/null); then
  write_launcher "$program"
  works && exit 0
fi
command -v apt-get >/dev/null && command -v dpkg >/dev/null || give_up "no apt-get here"
fetch_with_lists pgbouncer || give_up "apt-get download failed"
unpack
write_launcher "$(cd "$folder" && pwd)/unpacked/usr/sbin/pgbouncer"
works && exit 0
# A library is missing: take the ones that the package names, but never another C library.
libraries=$(apt-cache depends pgbouncer | sed -n 's/.*Depends: \(lib[^ ]*\)$/\1/p' | grep -v '^libc6$')
# shellcheck disable=SC2086
fetch_with_lists $libraries || give_up "apt-get download of its libraries failed"
unpack
write_launcher "$(cd "$folder" && pwd)/unpacked/usr/sbin/pgbouncer"
works || give_up "the program does not start"
