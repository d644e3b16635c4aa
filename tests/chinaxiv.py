#!/usr/bin/env python3
"""Reshapes judged data (JSON Lines with id, title, body, keywords, labs) into import files.

usage: chinaxiv.py DOCUMENTS.jsonl TOPICS.jsonl OUT_DIR

Writes OUT_DIR/labs.csv, achievements.jsonl and needs.jsonl for
`duijie import labs|achievements|needs`. Labs are known by their names.
"""

import csv
import hashlib
import json
import pathlib
import sys


def rows(path):
    with open(path, encoding="utf-8") as lines:
        return [json.loads(line) for line in lines if line.strip()]


def lab_id(name):
    return "lab-" + hashlib.sha256(name.encode()).hexdigest()[:12]


def main():
    documents, topics, out = sys.argv[1:]
    out = pathlib.Path(out)
    out.mkdir(parents=True, exist_ok=True)
    documents = rows(documents)
    names = sorted({name for document in documents for name in document["labs"]})
    with open(out / "labs.csv", "w", encoding="utf-8", newline="") as file:
        table = csv.writer(file)
        table.writerow(["external_id", "name"])
        table.writerows([lab_id(name), name] for name in names)
    with open(out / "achievements.jsonl", "w", encoding="utf-8") as file:
        for document in documents:
            achievement = {
                "external_id": document["id"],
                "lab_ids": [lab_id(name) for name in document["labs"]],
                "title": document["title"][:400],
                "abstract": document["body"],
                "keywords": document.get("keywords", []),
                "kind": "paper",
            }
            file.write(json.dumps(achievement, ensure_ascii=False) + "\n")
    with open(out / "needs.jsonl", "w", encoding="utf-8") as file:
        for topic in rows(topics):
            need = {"external_id": topic["id"], "title": topic["title"][:400], "body": topic["body"]}
            file.write(json.dumps(need, ensure_ascii=False) + "\n")
    print(f"{len(names)} labs, {len(documents)} achievements -> {out}", file=sys.stderr)


if __name__ == "__main__":
    main()
