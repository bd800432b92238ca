#!/bin/sh
# Runs a file of this project on a fresh clone: sh scripts/run.sh FILE [ARGUMENT…]
#
# Finds a Node that runs TypeScript (24 or newer on PATH, else one that npm installs into tools/runtime), installs
# the packages when package-lock.json or the platform changed, and becomes that Node. The second time it only looks.
set -eu

root=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd)
lock=$root/.setup.lock
locked=''

say() { printf 'run: %s\n' "$*" >&2; }

# Whether this is a Node that starts and is new enough.
fits() {
  version=$("$1" --version 2>/dev/null) || return 1
  version=${version#v}
  [ "${version%%.*}" -ge 24 ] 2>/dev/null
}

unlock() {
  [ -z "$locked" ] || rm -rf "$lock"
  locked=''
}

# One run at a time installs, the others wait. The lock names its owner: a run that was killed leaves it behind.
take_lock() {
  [ -z "$locked" ] || return 0
  trap unlock EXIT
  trap 'exit 130' INT
  trap 'exit 143' TERM HUP
  waited=0
  until try_lock; do
    [ "$waited" -ne 0 ] || say "another run is installing; waiting for it"
    waited=$((waited + 1))
    [ "$waited" -lt 600 ] || { say "gave up after 10 minutes: remove $lock if nothing is being installed"; exit 1; }
    sleep 1
    ! abandoned || take_over
  done
}

try_lock() {
  if mkdir "$lock" 2>/dev/null; then
    echo $$ >"$lock/owner"
    locked=1
  fi
  [ -n "$locked" ]
}

abandoned() {
  [ -d "$lock" ] || return 1
  owner=$(cat "$lock/owner" 2>/dev/null || :)
  # Without an owner it was made a moment ago, or its maker died at that moment.
  if [ -z "$owner" ]; then [ "$waited" -gt 5 ]; else ! alive "$owner"; fi
}

# "kill -0" alone also fails for the process of another user.
alive() { kill -0 "$1" 2>/dev/null || ps -p "$1" >/dev/null 2>&1; }

# Several runs may find the same abandoned lock, and one may then remove what another just made: after a second
# of quiet the owner's file says who has it.
take_over() {
  say "the run that was installing is gone; going on in its place"
  rm -rf "$lock"
  if try_lock; then
    sleep 1
    [ "$(cat "$lock/owner" 2>/dev/null || :)" = $$ ] || locked=''
  fi
}

# npm sets variables for the scripts that it runs, and NODE_ENV=production leaves out what builds and checks.
clean_install() {
  command -v npm >/dev/null 2>&1 || { say "npm is missing: install Node.js 24 or newer, which brings it (https://nodejs.org)"; exit 1; }
  (
    unset npm_config_local_prefix npm_config_omit NODE_ENV
    cd "$1" && npm ci --include=dev --include=optional --no-audit --no-fund --loglevel=error >&2
  ) || { say "npm ci failed in $1; its message is above"; exit 1; }
}

runtime_is_current() {
  [ "$(cat "$runtime_stamp" 2>/dev/null)" = "$runtime_wanted" ] && fits "$own"
}

install_runtime() {
  say "this machine has no Node 24 or newer on PATH: installing one into tools/runtime (once, about 210 MB)"
  clean_install "$root/tools/runtime"
  if ! fits "$own"; then
    "$own" --version >&2 || :
    say "the Node in tools/runtime does not start (its own words are above)."
    say "On Debian and Ubuntu \"apt-get install libatomic1\" helps; else install Node 24 or newer yourself."
    exit 1
  fi
  echo "$runtime_wanted" >"$runtime_stamp"
}

node=$(command -v node 2>/dev/null || :)
if ! fits "$node"; then
  own=$root/tools/runtime/node_modules/.bin/node
  runtime_stamp=$root/tools/runtime/node_modules/.stamp
  runtime_wanted=$(cksum <"$root/tools/runtime/package-lock.json")
  if ! runtime_is_current; then
    take_lock
    runtime_is_current || install_runtime
  fi
  node=$own
fi

# npm has set the last two to the Node that it runs on itself.
PATH=$(dirname -- "$node"):$PATH
NODE=$node
npm_node_execpath=$node
export PATH NODE npm_node_execpath

stamp=$root/node_modules/.stamp
wanted="$(cksum <"$root/package-lock.json") $(uname -sm)"
packages_are_current() { [ "$(cat "$stamp" 2>/dev/null)" = "$wanted" ]; }
if ! packages_are_current; then
  take_lock
  if ! packages_are_current; then
    say "installing the packages of package-lock.json (npm ci, half a minute)"
    clean_install "$root"
    echo "$wanted" >"$stamp"
  fi
fi

unlock
cd "$root"
exec "$node" --disable-warning=ExperimentalWarning "$@"
