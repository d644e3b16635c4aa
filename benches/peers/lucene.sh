#!/usr/bin/env bash
# Lucene 9.9 beside `duijie bench match`, one core each, on the same words:
#   benches/peers/lucene.sh DIR [SECONDS]
# DIR was made by `duijie bench generate`. Lucene comes inside Anserini's jar inside the Python
# package pyserini, which is fetched once into the cache folder. Needs java, javac, pip, python3.
# Prints one JSON object to stdout; the two take turns, since a machine is never quiet.
set -euo pipefail
dir=$(realpath "$1")
seconds=${2:-30}
here=$(cd "$(dirname "$0")" && pwd)
duijie=${DUIJIE:-$here/../../target/release/duijie}
cache=${XDG_CACHE_HOME:-$HOME/.cache}/duijie-peers
wheel=pyserini-0.25.0-py3-none-any.whl
jar=$cache/pyserini/resources/jars/anserini-0.25.0-fatjar.jar

for tool in java javac pip python3; do
    command -v "$tool" >/dev/null || { echo "missing: $tool" >&2; exit 1; }
done
[ -x "$duijie" ] || { echo "missing: $duijie (cargo build --release)" >&2; exit 1; }
mkdir -p "$cache"
if [ ! -f "$jar" ]; then
    [ -f "$cache/$wheel" ] || pip download --quiet --no-deps --only-binary :all: --dest "$cache" pyserini==0.25.0 >&2
    python3 -m zipfile -e "$cache/$wheel" "$cache" >&2
fi
if [ "$here/LuceneBench.java" -nt "$cache/LuceneBench.class" ]; then
    javac -cp "$jar" -d "$cache" "$here/LuceneBench.java" >&2
fi

# The words belong to the folder and to the dictionary of the binary.
words=$dir/words
"$duijie" --json bench words "$dir" "$words" >&2
rm -rf "$dir/lucene"
lucene() {
    java -Xms1g -Xmx1g -XX:+UseSerialGC -cp "$jar:$cache" LuceneBench "$words" "$dir/lucene" "$seconds" 2>/dev/null
}
first=$(lucene)
ours=$("$duijie" --json bench match "$dir" --threads 1)
second=$(lucene)
FIRST=$first OURS=$ours SECOND=$second python3 - <<'PY'
import json, os, sys

first, ours, second = (json.loads(os.environ[name]) for name in ("FIRST", "OURS", "SECOND"))
wrong = first["wrong_totals"] + second["wrong_totals"]
rate = 2 / (1 / first["per_s"] + 1 / second["per_s"])
print(json.dumps({
    "words_mean": ours["words_mean"],
    "wrong_totals": wrong,
    "duijie_over_lucene": ours["per_s"] / rate,
    # The same by medians, which a busy machine disturbs less.
    "duijie_over_lucene_p50": (first["p50_ms"] + second["p50_ms"]) / 2 / ours["p50_ms"],
    "lucene": [first, second],
    "duijie": ours,
}, indent=2))
sys.exit("Lucene finds another number of documents than the lines have" if wrong else 0)
PY
