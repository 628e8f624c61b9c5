#!/bin/bash
# A throw-away PostgreSQL server for tests.
#   postgres.sh init DIR          makes a cluster in DIR; user app, password secret
#   postgres.sh run DIR PORT      becomes the server: the caller ends it by its own process id
# The server refuses to run as root, so that root hands DIR over to another account. Ends with 3 and a sentence where there is no PostgreSQL.
set -euo pipefail

find_bin() {
    local initdb
    initdb=$(command -v initdb || ls /usr/lib/postgresql/*/bin/initdb 2>/dev/null | tail -1) || return 1
    [ -n "$initdb" ] && dirname "$(readlink -f "$initdb")"
}

install_server() {
    [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null || return 1
    # The package would start a server of its own otherwise.
    mkdir -p /etc/postgresql-common
    [ -f /etc/postgresql-common/createcluster.conf ] || echo 'create_main_cluster = false' >/etc/postgresql-common/createcluster.conf
    DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends postgresql >/dev/null 2>&1 ||
        { apt-get update >/dev/null 2>&1 && DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends postgresql >/dev/null 2>&1; }
}

bin=$(find_bin) || { install_server && bin=$(find_bin); } || { echo "PostgreSQL is not installed and could not be: install Debian's package postgresql." >&2; exit 3; }

command=$1 dir=$2
as=()
if [ "$(id -u)" = 0 ]; then
    user=$(id -un postgres 2>/dev/null || echo nobody)
    as=(setpriv "--reuid=$user" "--regid=$(id -gn "$user")" --clear-groups --inh-caps=-all)
    chown "$user" "$dir"
fi
export LC_ALL=C.UTF-8 HOME=/tmp
cd /
case $command in
init)
    echo secret >"$dir/password"
    chmod 644 "$dir/password"
    exec "${as[@]}" "$bin/initdb" -D "$dir/data" -U app "--pwfile=$dir/password" -A scram-sha-256 -E UTF8 --locale=C.UTF-8 --no-sync >/dev/null ;;
run)
    exec "${as[@]}" "$bin/postgres" -D "$dir/data" -p "$3" -k "" -c listen_addresses=127.0.0.1 -c fsync=off -c synchronous_commit=off \
        -c full_page_writes=off -c shared_buffers=32MB -c max_connections=200 -c logging_collector=off ;;
esac
