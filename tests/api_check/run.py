"""What the service answers to generated requests, held against its own description.

Makes a small home with a user of every role, serves it, and lets Schemathesis (pinned in
`requirements.txt`) ask as nobody and as each role: what is described, what is just beyond
it, and what is wrong. Checks that cannot hold are listed, with the reason, in
`schemathesis.toml` and nowhere else.

    python3 tests/api_check/run.py target/debug/duijie [ROLE…]

DUIJIE_SCHEMATHESIS_EXAMPLES: generated requests for each operation and role (default 5).
Ends with 1 if a check failed or an answer was the service's own fault.
"""

import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
VENV = HERE.parents[1] / "target" / "schemathesis"
EXAMPLES = os.environ.get("DUIJIE_SCHEMATHESIS_EXAMPLES", "5")
SEED = "5"
# Seconds for one role; what is not done then is a failure.
ROLE_SECONDS = 120
PASSWORD = "十分稳妥的口令 2026"

WORLD = {
    "institutions": {"external_id": "inst-1", "name": "示例理工大学", "kind": "university"},
    "labs": {"external_id": "example-lab", "institution_ids": ["inst-1"], "name": "氢能实验室",
             "kind": "laboratory", "profile": "研究膜电极与电堆耐久性。"},
    "achievements": {"external_id": "rec-01", "lab_ids": ["example-lab"], "title": "长寿命膜电极",
                     "abstract": "膜电极连续运行 8000 小时。"},
    "enterprises": {"external_id": "ent-1", "name": "示例氢能科技有限公司", "province": "江苏",
                    "city": "南京"},
    "needs": {"external_id": "need-1", "enterprise_id": "ent-1", "title": "膜电极耐久性不足",
              "body": "希望寿命达到 8000 小时。"},
}
# What each role is bound to.
ROLES = {
    "office": ["--office", "nanjing"],
    "commissioner": ["--office", "nanjing", "--institution", "inst-1"],
    "enterprise": ["--enterprise", "ent-1"],
    "institution": ["--institution", "inst-1"],
    "auditor": [],
    "admin": [],
}


def schemathesis() -> str:
    """The program, installed once for the pinned version."""
    program = VENV / "bin" / "schemathesis"
    wanted = (HERE / "requirements.txt").read_text()
    stamp = VENV / "requirements.txt"
    if not stamp.exists() or stamp.read_text() != wanted:
        subprocess.run([sys.executable, "-m", "venv", VENV], check=True)
        pip = [VENV / "bin" / "pip", "install", "--quiet", "-r", HERE / "requirements.txt"]
        subprocess.run(pip, check=True)
        stamp.write_text(wanted)
    return str(program)


class Home:
    """A home with a small world and a user of every role."""

    def __init__(self, program: str, folder: str):
        self.command = [program, "--home", folder]
        for kind, record in WORLD.items():
            file = pathlib.Path(folder) / f"{kind}.jsonl"
            file.write_text(json.dumps(record, ensure_ascii=False) + "\n")
            self.run("import", kind, str(file))
        self.run("office", "add", "南京市", "--level", "city", "--external-id", "nanjing")
        for role, bound in ROLES.items():
            self.run("user", "add", role, "--name", "示例", "--role", role, *bound)
            self.run("user", "password", role, "--stdin", stdin=PASSWORD)

    def run(self, *arguments: str, stdin: str = "") -> str:
        done = subprocess.run([*self.command, *arguments], input=stdin, text=True,
                              capture_output=True)
        if done.returncode != 0:
            sys.exit(f"duijie {' '.join(arguments)}: {done.stderr}")
        return done.stdout

    def token(self, role: str) -> str:
        made = self.run("token", "create", role, "--label", "schemathesis", "--json")
        return json.loads(made)["token"]


class Service:
    """The service on a free port."""

    def __init__(self, home: Home, log):
        self.process = subprocess.Popen(
            [*home.command, "serve", "--addr", "127.0.0.1:0", "--rate-limit", "0"],
            stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True)
        for line in self.process.stderr:
            log.write(line)
            if found := re.search(r"http://127\.0\.0\.1:\d+", line):
                self.url = found.group()
                break
        else:
            sys.exit("the service does not start")
        # Nobody may wait for room in the pipe.
        subprocess.Popen(["cat"], stdin=self.process.stderr, stdout=log)

    def stop(self) -> int:
        self.process.terminate()
        return self.process.wait(timeout=30)


def ask(program: str, service: Service, role: str, token: str | None) -> bool:
    """Whether all checks hold for a role."""
    command = [program, "--config-file", str(HERE / "schemathesis.toml"), "run",
               f"{service.url}/openapi.json", "--max-examples", EXAMPLES,
               "--seed", SEED, "--generation-deterministic",
               "--workers", "1", "--continue-on-failure", "--no-color", "--warnings", "off"]
    if token:
        command += ["--header", f"Authorization: Bearer {token}"]
    print(f"\n-- as {role}", flush=True)
    try:
        environment = {**os.environ, "SCHEMATHESIS_HOOKS": str(HERE / "hooks.py")}
        # What it keeps of failures stays out of the sources.
        done = subprocess.run(command, timeout=ROLE_SECONDS, env=environment, cwd=VENV)
        return done.returncode == 0
    except subprocess.TimeoutExpired:
        print(f"not done after {ROLE_SECONDS} s")
        return False


def main() -> None:
    duijie, *wanted = sys.argv[1:]
    duijie = str(pathlib.Path(duijie).resolve())
    program, failed = schemathesis(), []
    with tempfile.TemporaryDirectory() as folder, tempfile.TemporaryFile("w+") as log:
        home = Home(duijie, folder)
        for role in wanted or ["nobody", *ROLES]:
            token = None if role == "nobody" else home.token(role)
            service = Service(home, log)
            if not ask(program, service, role, token):
                failed.append(role)
            if service.stop() != 0:
                failed.append(f"{role}: the service did not stop well")
        log.seek(0)
        faults = [line for line in log if "our own fault" in line or "panicked" in line]
    for fault in faults:
        print(fault, end="")
    if failed or faults:
        sys.exit(f"failed: {', '.join(failed)}; {len(faults)} faults in the log")
    print("all checks hold for every role")


main()
