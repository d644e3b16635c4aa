#!/usr/bin/env python3
"""Takes all whole-system figures anew and writes docs/benchmarks.md. Takes an hour or two at the
full sizes; smaller ones try it out:

    benches/report.py --match 20000 --growth 10000,40000 --seconds 5 --out /tmp/benchmarks.md

What is generated and imported stays in --work, so that a second run is quicker. Needs what
benches/peers/lucene.sh needs, and builds the release binary first.
"""

import argparse
import datetime
import json
import os
import pathlib
import platform
import socket
import statistics
import subprocess
import time
import urllib.error
import urllib.request

ROOT = pathlib.Path(__file__).resolve().parent.parent
DUIJIE = ROOT / "target/release/duijie"
NEEDS = 1000
SEED = 1
STARTS = 5
START_PATIENCE_S = 600


def asked():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--match", type=int, default=300_000, help="achievements for match, Lucene, index, serve")
    parser.add_argument("--growth", default="100000,1000000", help="achievements for growth and start")
    parser.add_argument("--seconds", type=int, default=30, help="how long the timed rounds last")
    parser.add_argument("--work", type=pathlib.Path, default=ROOT / "target/bench")
    parser.add_argument("--out", type=pathlib.Path, default=ROOT / "docs/benchmarks.md")
    found = parser.parse_args()
    found.growth = [int(size) for size in found.growth.split(",")]
    return found


def run(*command):
    print("+", *command, flush=True)
    env = {**os.environ, "DUIJIE": str(DUIJIE)}
    return subprocess.run([str(part) for part in command], check=True, stdout=subprocess.PIPE, env=env).stdout


def bench(*arguments):
    return json.loads(run(DUIJIE, "--json", "bench", *arguments))


def folder(work, achievements):
    """A generated folder of that size; the same options give the same files."""
    made = work / f"{achievements}-{NEEDS}-{SEED}"
    if not (made / "needs.jsonl").exists():
        bench("generate", "--achievements", achievements, "--needs", NEEDS, "--seed", SEED, made)
    return made


def conditions():
    def of_file(path, key):
        lines = pathlib.Path(path).read_text().splitlines()
        return next(line.split(":", 1)[1].strip() for line in lines if line.startswith(key))

    git = lambda *arguments: run("git", "-C", ROOT, *arguments).decode().strip()
    changed = git("status", "--porcelain", "--untracked-files=no")
    memory_gb = int(of_file("/proc/meminfo", "MemTotal").split()[0]) / 1e6
    return [
        ("date", datetime.date.today().isoformat()),
        ("commit", git("rev-parse", "--short", "HEAD") + (" with changes" if changed else "")),
        ("processor", f"{of_file('/proc/cpuinfo', 'model name')}, {os.cpu_count()} cores"),
        ("memory", f"{memory_gb:.0f} GB"),
        ("kernel", f"{platform.system()} {platform.release()}"),
        ("compiler", run("rustc", "--version").decode().strip()),
        ("load before", f"{os.getloadavg()[0]:.1f} (others' work on this machine; 0 is quiet)"),
    ]


def first_answer_s(made):
    """From the start of the process to its first match, over a home that is loaded already."""
    need = json.loads((made / "needs.jsonl").open().readline())
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    body = json.dumps({"text": f"{need['title']}。{need['body']}"}).encode()
    headers = {"content-type": "application/json"}
    url = f"http://127.0.0.1:{port}/api/v1/match"
    started = time.monotonic()
    process = subprocess.Popen(
        [DUIJIE, "--home", made / "home", "serve", "--rate-limit", "0", "--addr", f"127.0.0.1:{port}"], stderr=subprocess.DEVNULL
    )
    try:
        while time.monotonic() < started + START_PATIENCE_S and process.poll() is None:
            try:
                urllib.request.urlopen(urllib.request.Request(url, body, headers), timeout=30).read()
                return time.monotonic() - started
            except (urllib.error.URLError, ConnectionError):
                time.sleep(0.005)
        raise SystemExit("the service never answered")
    finally:
        process.terminate()
        process.wait(timeout=30)


def table(header, rows):
    lines = ["| " + " | ".join(header) + " |", "|" + " --- |" * len(header)]
    lines += ["| " + " | ".join(shown(cell) for cell in row) + " |" for row in rows]
    return "\n".join(lines) + "\n"


def shown(value):
    if isinstance(value, float):
        return f"{value:,.0f}" if abs(value) >= 999.5 else f"{value:.3g}"
    return f"{value:,}" if isinstance(value, int) else str(value)


def growth_section(measured):
    header = ["achievements", "match p50, ms", "p99, ms", "candidates, ms", "with sentences p50, ms", "points and coverage p50, ms", "p99, ms",
              "ten best kept", "first answer, s", "index, documents/s", "index, bytes/document", "memory, MB"]
    rows = []
    for size, match, index, starts in measured:
        rows.append([
            size, match["p50_ms"], match["p99_ms"], match["candidates_mean_ms"], match["with_evidence"]["p50_ms"],
            match["convince"]["p50_ms"], match["convince"]["p99_ms"],
            match["top10_kept"], statistics.median(starts), index["docs_per_s"], index["index_bytes_per_doc"],
            match["peak_rss_mb"],
        ])
    text = table(header, rows)
    if len(measured) > 1:
        (small, first, _, _), (large, last, _, _) = measured[0], measured[-1]
        text += f"\n{large / small:.0f} times the achievements take {last['p50_ms'] / first['p50_ms']:.2f} times as long.\n"
    return text


def lucene_section(found):
    first, second = found["lucene"]
    ours = found["duijie"]
    rows = [
        ["duijie, words and parts, labs ranked with reasons", ours["per_s"], ours["p50_ms"], ours["p99_ms"]],
        [f"Lucene {first['lucene']}, words, 20 best documents", first["per_s"], first["p50_ms"], first["p99_ms"]],
        ["Lucene again", second["per_s"], second["p50_ms"], second["p99_ms"]],
        ["tantivy's default search, words, 100 best", 1e3 / ours["plain"]["mean_ms"], ours["plain"]["p50_ms"], ours["plain"]["p99_ms"]],
    ]
    return table(["one thread", "needs/s", "p50, ms", "p99, ms"], rows) + (
        f"\nduijie over Lucene: {found['duijie_over_lucene']:.2f} by rate, {found['duijie_over_lucene_p50']:.2f} by "
        f"median; {found['words_mean']:.0f} words a need; {first['documents']:,} documents; totals differ for "
        f"{found['wrong_totals']} needs. Lucene indexes {first['index_docs_per_s']:,} ready-cut documents a second.\n"
    )


def main():
    options = asked()
    run("cargo", "build", "--release", "--manifest-path", ROOT / "Cargo.toml")
    told = conditions()
    parts = []
    made = folder(options.work, options.match)
    parts.append((f"Match, {options.match:,} achievements, beside Lucene",
                  lucene_section(json.loads(run(ROOT / "benches/peers/lucene.sh", made, options.seconds)))))
    measured = []
    for size in options.growth:
        grown = folder(options.work, size)
        # First: it imports what is measured.
        match = bench("match", grown)
        measured.append((size, match, bench("index", grown), [first_answer_s(grown) for _ in range(STARTS)]))
    parts.append(("Growth", growth_section(measured)))
    served = bench("serve", made, "--seconds", max(1, options.seconds // 15))
    parts.append((
        f"HTTP beside the engine, {options.match:,} achievements",
        table(["connections", "HTTP/s", "in process/s", "ratio", "HTTP p50, ms", "in process p50, ms",
               "HTTP p99, ms", "in process p99, ms", "p99 ratio"],
              [[level["connections"], level["http_per_s"], level["in_process_per_s"], level["ratio"],
                level["http"]["p50_ms"], level["in_process"]["p50_ms"], level["http"]["p99_ms"],
                level["in_process"]["p99_ms"], level["p99_ratio"]] for level in served["levels"]]),
    ))
    writes = [(writers, rate, bench("write", "--writers", writers, "--seconds", options.seconds,
                                    *(["--rate", rate] if rate else [])))
              for writers, rate in ((20, None), (20, 500), (20, 1000), (200, None))]
    parts.append(("Writes over HTTP", table(
        ["connections", "asked for, writes/s", "writes/s", "p50, ms", "p99, ms", "fsync p50, ms", "p99 over fsync",
         "index behind, changes"],
        [[writers, rate or "all they can", w["per_s"], w["p50_ms"], w["p99_ms"], w["fsync_p50_ms"],
          w["p99_over_fsync"], w["index_lag"]] for writers, rate, w in writes]) +
        "\nWith a rate, a write counts from the moment for which it was meant, also if its connection was still busy.\n"))

    page = ["# Benchmarks\n", "Written by `benches/report.py`; all text is made by `duijie bench generate` "
            f"(seed {SEED}, {NEEDS} needs). What is compared takes turns.\n", table(["condition", ""], told)]
    page += [f"## {title}\n\n{text}" for title, text in parts]
    options.out.parent.mkdir(parents=True, exist_ok=True)
    options.out.write_text("\n".join(page))
    print(f"written: {options.out}")


if __name__ == "__main__":
    main()
