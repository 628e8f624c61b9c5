#!/usr/bin/env bash
# Restores, builds with warnings as errors, checks the format and runs all tests.
#   ./build.sh                 everything, the standalone edition; the cluster edition as well where its packages can be restored
#   ./build.sh --filter X      only the tests whose full name contains X
# The last line is `N passed, N failed, N skipped`; the line before it says which editions ran; before that, the tests that failed.
set -euo pipefail
cd "$(dirname "$0")"

filter=()
while [[ $# -gt 0 ]]; do
  case $1 in
    --filter) filter=(--filter "${2:?--filter needs a part of a test name}"); shift 2 ;;
    *) echo "build.sh: unknown option $1; use --filter NAME" >&2; exit 2 ;;
  esac
done

passed=0 failed=0 skipped=0 status=0 legs=()
failures=$(mktemp)
trap 'rm -f "$failures"' EXIT

# list_failed EDITION TRX: each failed test's name and what it said, a few lines of it.
list_failed() {
  [[ -f $2 ]] && awk -v edition="$1" '
    /<UnitTestResult .*outcome="Failed"/ { match($0, /testName="[^"]*"/); print "FAILED (" edition ") " substr($0, RSTART + 10, RLENGTH - 11); inside = 1 }
    inside && /<Message>/ { told = 0; saying = 1 }
    saying && told++ < 12 { line = $0; gsub(/<\/?Message>/, "", line); print "  " substr(line, 1, 500) }
    /<\/Message>/ { saying = 0 }
    /<\/UnitTestResult>/ { inside = 0 }' "$2"
}

# run_leg EDITION [MSBuild arguments]
run_leg() {
  local edition=$1; shift
  local results; results=$(mktemp -d)
  echo "== $edition edition: build"
  dotnet build Orleans.sln -c Release -p:Edition="$edition" "$@" -nologo -v minimal || return 1
  echo "== $edition edition: tests"
  dotnet test tests/Quiver.Tests.csproj -c Release -p:Edition="$edition" "$@" --no-build -nologo \
    --logger "trx;LogFileName=tests.trx" --results-directory "$results" --blame-hang-timeout 10m "${filter[@]}" || status=1
  local counters; counters=$(grep -o '<Counters [^>]*' "$results/tests.trx" || true)
  count() { sed -n "s/.* $1=\"\([0-9]*\)\".*/\1/p" <<<"$counters"; }
  local total; total=$(count total); local executed; executed=$(count executed)
  passed=$((passed + $(count passed || echo 0))); failed=$((failed + $(count failed || echo 0)))
  skipped=$((skipped + ${total:-0} - ${executed:-0}))
  list_failed "$edition" "$results/tests.trx" >>"$failures"
  rm -rf "$results"
  legs+=("$edition: ran")
}

run_leg Standalone || { status=1; legs+=("Standalone: did not build"); }

# Style and analyzers are part of the build, which sees the generated and the fetched sources; what it does not look at is white space.
echo "== format"
dotnet format whitespace Orleans.sln --verify-no-changes --no-restore || { echo "build.sh: run 'dotnet format whitespace Orleans.sln'" >&2; status=1; }

cluster_config=$HOME/.quiver/cluster.nuget.config
cluster=(); [[ -f $cluster_config ]] && cluster=("-p:RestoreConfigFile=$cluster_config")
if dotnet restore Orleans.sln -p:Edition=Cluster "${cluster[@]}" -nologo -v quiet >/dev/null 2>&1; then
  run_leg Cluster "${cluster[@]}" || { status=1; legs+=("Cluster: did not build"); }
else
  legs+=("Cluster: not run, its packages cannot be restored here")
fi

cat "$failures"
echo "Editions: $(IFS=';'; echo "${legs[*]}" | sed 's/;/; /g')"
echo "$passed passed, $failed failed, $skipped skipped"
exit $status
