#!/usr/bin/env bash
# Installs the Debian packages that the tests on a real LAN use, when they are not there yet.
set -euo pipefail

missing=()
need() { command -v "$1" >/dev/null || missing+=("$2"); }

need ip iproute2
need curl curl
need arping iputils-arping
need unshare util-linux

if [ ${#missing[@]} -eq 0 ]; then
  echo "nothing to install"
  exit 0
fi
if [ "$(id -u)" -ne 0 ]; then
  echo "missing: ${missing[*]}; install them as root: apt-get update && apt-get install -y ${missing[*]}" >&2
  exit 1
fi
apt-get update
DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends "${missing[@]}"
