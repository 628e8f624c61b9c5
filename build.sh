#!/usr/bin/env bash
# Restores, builds with warnings as errors, checks the format and runs all tests.
#   ./build.sh                 everything
#   ./build.sh --filter X      only the tests whose full name contains X
# The last line is `N passed, N failed, N skipped`; before it come the tests that failed.
set -euo pipefail
cd "$(dirname "$0")"

filter=()
while [[ $# -gt 0 ]]; do
  case $1 in
    --filter) filter=(--filter "${2:?--filter needs a part of a test name}"); shift 2 ;;
    *) echo "build.sh: unknown option $1; use --filter NAME" >&2; exit 2 ;;
  esac
done

if ! command -v dotnet >/dev/null; then
  echo "build.sh: install the .NET 10 SDK (https://dot.net), so that 'dotnet --version' answers, and start again." >&2
  exit 1
fi

status=0
results=$(mktemp -d)
trap 'rm -rf "$results"' EXIT

echo "== build"
if ! dotnet build Orleans.sln -c Release -nologo -v minimal; then
  echo "0 passed, 1 failed, 0 skipped"
  exit 1
fi

# Style and analyzers are part of the build, which also sees generated sources; it does not look at white space.
echo "== format"
dotnet format whitespace Orleans.sln --verify-no-changes --no-restore || { echo "build.sh: run 'dotnet format whitespace Orleans.sln'" >&2; status=1; }

echo "== tests"
dotnet test tests/Quiver.Tests.csproj -c Release --no-build -nologo \
  --logger "trx;LogFileName=tests.trx" --results-directory "$results" --blame-hang-timeout 10m "${filter[@]}" || status=1

# Each failed test's name and the first lines of what it said.
if [[ -f $results/tests.trx ]]; then
  awk '
    /<UnitTestResult .*outcome="Failed"/ { match($0, /testName="[^"]*"/); print "FAILED " substr($0, RSTART + 10, RLENGTH - 11); inside = 1 }
    inside && /<Message>/ { lines = 0; message = 1 }
    message && lines++ < 12 { line = $0; gsub(/<\/?Message>/, "", line); print "  " substr(line, 1, 500) }
    /<\/Message>/ { message = 0 }
    /<\/UnitTestResult>/ { inside = 0 }' "$results/tests.trx"
fi

counters=$(grep -o '<Counters [^>]*' "$results/tests.trx" || true)
count() { sed -n "s/.* $1=\"\([0-9]*\)\".*/\1/p" <<<"$counters"; }
passed=$(count passed) failed=$(count failed) total=$(count total) executed=$(count executed)
echo "${passed:-0} passed, ${failed:-0} failed, $((${total:-0} - ${executed:-0})) skipped"
exit $status
