#!/usr/bin/env bash
# install.sh DIR: puts an S3 server for tests into DIR: OpenStack Swift of Debian trixie (pure Python, unpacked and not installed), its Python
# libraries from this machine's own release. Needs Debian, root for apt-get, and a mirror. Prints one line that says why when it cannot.
# A second run finds the first one's result; two at a time wait for each other. The machine's own package sources stay as they are.
set -euo pipefail
dir=${1:?install.sh needs a folder}
give_up() { echo "$1"; exit 3; }

mkdir -p "$dir" 2>/dev/null || give_up "the folder $dir cannot be made"
exec 9>"$dir/lock"
flock -w 300 9 || give_up "another installation into $dir does not end"
[[ -f $dir/complete ]] && exit 0
command -v apt-get >/dev/null || give_up "there is no apt-get on this machine"
[[ -x /usr/bin/python3 || $(id -u) = 0 ]] || give_up "there is no /usr/bin/python3"
log=$dir/install.log
libraries=(python3 python3-eventlet python3-greenlet python3-dnspython python3-pyeclib python3-lxml python3-xattr
  python3-pastedeploy python3-requests python3-cryptography libisal2 memcached)
if ! dpkg -s "${libraries[@]}" >/dev/null 2>&1; then
  [[ $(id -u) = 0 ]] || give_up "installing ${libraries[*]} needs root"
  export DEBIAN_FRONTEND=noninteractive
  install_libraries() { timeout 240 apt-get install -qq -y --no-install-recommends -o DPkg::Lock::Timeout=120 "${libraries[@]}" </dev/null >>"$log" 2>&1; }
  RUNLEVEL=1 install_libraries || { timeout 120 apt-get -qq update >>"$log" 2>&1 && RUNLEVEL=1 install_libraries; } ||
    give_up "apt-get cannot install the Python libraries: $(tail -n 1 "$log")"
fi

mirror=$(sed -n 's/^URIs: *//p' /etc/apt/sources.list.d/*.sources 2>/dev/null | head -n 1)
[[ -n $mirror ]] || mirror=$(awk '$1 == "deb" && $2 ~ /^http/ { print $2; exit }' /etc/apt/sources.list 2>/dev/null || true)
[[ -n $mirror ]] || give_up "no Debian mirror is configured"
apt=$dir/apt
mkdir -p "$apt/lists/partial" "$apt/cache/archives/partial"
echo "deb $mirror trixie main" >"$apt/sources.list"
private=(-qq -o "Dir::Etc::SourceList=$apt/sources.list" -o Dir::Etc::SourceParts=/dev/null -o "Dir::State::Lists=$apt/lists"
  -o "Dir::Cache=$apt/cache" -o APT::Sandbox::User=root -o Acquire::Languages=none)
timeout 120 apt-get "${private[@]}" update >>"$log" 2>&1 || give_up "the mirror has no trixie: $(tail -n 1 "$log")"
cd "$dir"
timeout 120 apt-get "${private[@]}" download python3-swift >>"$log" 2>&1 || give_up "python3-swift cannot be fetched: $(tail -n 1 "$log")"
dpkg -x python3-swift_*.deb "$dir/pkg" && touch "$dir/complete"
