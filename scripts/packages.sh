#!/usr/bin/env bash
# usage: packages.sh COMMAND...
# Installs the Debian packages of those commands that are not there yet. Says nothing when all of them are.
# The word `cluster` stands for all the commands that a real cluster needs.
set -euo pipefail

# What a cluster of the sandbox's ground `cluster` is made with.
cluster=(ip curl nft iptables conntrack runc /usr/lib/cni/bridge openssl buildah mmdebstrap)

declare -A package_of=(
  [ip]=iproute2 [curl]=curl [arping]=iputils-arping [ndisc6]=ndisc6
  [nft]=nftables [iptables]=iptables [conntrack]=conntrack [runc]=runc
  [/usr/lib/cni/bridge]=containernetworking-plugins
  [openssl]=openssl [buildah]=buildah [mmdebstrap]=mmdebstrap
)

wanted=()
for name in "$@"; do
  if [ "$name" = cluster ]; then wanted+=("${cluster[@]}"); else wanted+=("$name"); fi
done

missing=()
for name in "${wanted[@]}"; do
  command -v "$name" >/dev/null || missing+=("${package_of[$name]}")
done
[ ${#missing[@]} -eq 0 ] && exit 0

if [ "$(id -u)" -ne 0 ] || ! command -v apt-get >/dev/null; then
  echo "missing: ${missing[*]}; on Debian, as root: apt-get update && apt-get install -y ${missing[*]}" >&2
  exit 1
fi
echo "installing ${missing[*]}" >&2
apt-get update >&2
DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends "${missing[@]}" >&2
