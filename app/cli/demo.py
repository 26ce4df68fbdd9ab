"""The command `demo`: any number of sample dossiers in the private database, for trying and measuring at full size."""

import argparse
import atexit
import resource
import signal
import sys
import time
from collections.abc import Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from contextlib import ExitStack
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import psycopg

from app.cli import prepare
from app.clock import now
from app.extensions import db
from app.factory import create_app
from app.services import sample_catalog, sample_volume
from app.services.errors import RefusalError
from app.services.sample_plan import PARTIES_IN_A_BATCH, Batch, Plan
from app.services.sample_volume import Stock
from app.storage import bulk
from app.storage.unit_of_work import unit_of_work
from config import Settings, settings
from launcher.identity import die_with_parent

GOOD, REFUSED, UNUSABLE = 0, 1, 2
SEED = 20260101
TRIED = 40
LARGE = 50_000
"""From so many dossiers on, indexes that only serve to find rows are made at the end."""

PROCESSES = 2
"""Each has a server process of its own beside it."""

REFUSE_REAL = (
    "Lệnh demo chỉ chạy với cơ sở dữ liệu riêng của bản dùng thử (không đặt DATABASE_URL): hồ sơ mẫu không xóa được. "
    "(demo fills the private database of a trial only)"
)


def main(arguments: list[str]) -> int:
    """Load the sample dossiers, or go on with a load that was stopped."""
    asked, here = _options().parse_args(arguments), settings()
    if not here.demo:
        return _complain(REFUSE_REAL, UNUSABLE)
    with prepare.prepared(here).app_context():
        try:
            return _demo(asked, here)
        except bulk.BusyError:
            return _complain("Một lệnh demo khác đang chạy. (another demo command is at work)", REFUSED)
        except RefusalError as refusal:
            return _complain(str(refusal), REFUSED)


def _options() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="run.py demo",
        description="Thêm hồ sơ mẫu (không có thật) vào bản dùng thử, để thử và đo. Dừng bằng Ctrl-C, chạy lại "
        "thì làm tiếp. Nạp bằng COPY với tài khoản sở hữu bảng; mọi khóa ngoại, khóa duy nhất, trigger giữ nguyên.",
    )
    parser.add_argument("--dossiers", type=int, default=1_000_000, metavar="N", help="số hồ sơ (mặc định 1000000)")
    parser.add_argument("--processes", type=int, default=PROCESSES, metavar="N", help="số tiến trình (mặc định 2)")
    parser.add_argument("--catalog", type=Path, metavar="FILE.xlsx", help="danh mục TTHC để nhập; vắng thì tự tạo")
    parser.add_argument(
        "--entries", type=int, default=1_739, metavar="N", help="số dòng danh mục tự tạo (mặc định 1739)"
    )
    parser.add_argument("--yes", action="store_true", help="vẫn làm dù đã có hồ sơ do người dùng nhập")
    return parser


def _demo(asked: argparse.Namespace, here: Settings) -> int:
    began = time.monotonic()
    with bulk.owner_connection(here.owner_database_url) as connection:
        bulk.hold_alone(connection)
        plan, is_whole = _plan(asked, connection)
        if plan is None:
            return REFUSED
        if is_whole:
            _say(f"Đã có {plan.dossiers:,} hồ sơ mẫu. (loaded before)")
            return GOOD
        _catalog(asked)
        _load(plan, asked.processes, connection)
        _say("Cập nhật thống kê của cơ sở dữ liệu. (ANALYZE)")
        bulk.analyze(connection, (*sample_volume.TABLES, "audit_entry"))
    return _end(plan, began)


def _plan(asked: argparse.Namespace, connection: psycopg.Connection) -> tuple[Plan | None, bool]:
    """Return the plan of the load that was begun, or a new one; None where people's own dossiers are in the way."""
    with unit_of_work() as work:
        plan, is_whole = sample_volume.begun(work.session)
        if plan is not None:
            return plan, is_whole
        own = sample_volume.own_dossiers(connection)
        if own and not asked.yes:
            _complain(f"Ở đây đã có {own} hồ sơ do người dùng nhập; thêm --yes nếu vẫn muốn. (own dossiers)", REFUSED)
            return None, False
        indexes = bulk.finding_indexes(connection, sample_volume.TABLES) if asked.dossiers >= LARGE else {}
        plan = sample_volume.begin(work, dossiers=asked.dossiers, seed=SEED, now=now(), indexes=indexes)
        return plan, False


def _catalog(asked: argparse.Namespace) -> None:
    content = asked.catalog.read_bytes() if asked.catalog else None
    name = asked.catalog.name if asked.catalog else ""
    rows = sample_catalog.load_large(content, name, asked.entries)
    _say(f"Danh mục: {rows:,} dòng. (catalogue entries)")


def _load(plan: Plan, processes: int, connection: psycopg.Connection) -> None:
    """Load what is not there yet, in several processes; Ctrl-C ends the batches at work and begins no more."""
    with unit_of_work() as work:
        batches = plan.batches(sample_volume.office_of(work.session))
    bulk.drop_indexes(connection, plan.indexes)
    with ProcessPoolExecutor(
        processes, mp_context=get_context("spawn"), initializer=_begin_worker, initargs=(plan.to_data(),)
    ) as pool:
        try:
            firsts = range(0, plan.people + plan.organisations, PARTIES_IN_A_BATCH)
            _watch(
                "người nộp (applicants)", plan.people + plan.organisations, [pool.submit(_parties, n) for n in firsts]
            )
            missing = [batch for batch in batches if not sample_volume.is_loaded(connection, plan, batch)]
            connection.commit()
            wanted = sum(batch.dossiers for batch in missing)
            _watch("hồ sơ (dossiers)", wanted, [pool.submit(_batch, batch) for batch in missing])
            made = [pool.submit(_index, statement) for statement in plan.indexes.values()]
            _watch("chỉ mục (indexes)", len(made), made)
        except BaseException:
            pool.shutdown(wait=True, cancel_futures=True)
            raise


def _watch(what: str, total: int, parts: list[Future[int]]) -> None:
    began, done, open_parts = time.monotonic(), 0, set(parts)
    while open_parts:
        ended, open_parts = wait(open_parts, timeout=5, return_when=FIRST_COMPLETED)
        done += sum(part.result() for part in ended)
        sys.stderr.write(f"\r{done:,} / {total:,} {what}, {time.monotonic() - began:.0f} s ")
        sys.stderr.flush()
    sys.stderr.write("\n")


def _end(plan: Plan, began: float) -> int:
    """Try some of the dossiers as an inspector would, and say what was made."""
    with unit_of_work() as work:
        faults = sample_volume.faults(work.session, plan, TRIED)
        if not faults:
            sample_volume.finish(work, now())
    for fault in faults:
        _complain(fault, REFUSED)
    took = time.monotonic() - began
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    _say(
        f"{plan.dossiers:,} hồ sơ trong {took:.0f} giây ({children.ru_utime + children.ru_stime:.0f} giây CPU của các "
        f"tiến trình nạp); đã thử {TRIED} hồ sơ: {'có lỗi' if faults else 'lịch sử nguyên vẹn, tính lại trùng khớp'}."
    )
    return REFUSED if faults else GOOD


def _say(text: str) -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def _complain(text: str, status: int) -> int:
    sys.stderr.write(text + "\n")
    return status


class _Worker:
    """What one process of the load holds on to."""

    stock: Stock
    connection: psycopg.Connection
    parties: Sequence[int] = ()


def _begin_worker(plan: dict[str, Any]) -> None:
    """Make this process ready: it dies with the command, and leaves Ctrl-C to it."""
    die_with_parent(signal.SIGKILL)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    here = settings()
    app = create_app(here)
    app.app_context().push()
    with unit_of_work() as work:
        _Worker.stock = Stock.of(work.session, Plan.from_data(plan))
    db.session.remove()
    holding = ExitStack()
    atexit.register(holding.close)
    _Worker.connection = holding.enter_context(bulk.owner_connection(here.owner_database_url))


def _parties(first: int) -> int:
    return sample_volume.load_parties(_Worker.connection, _Worker.stock, first)


def _index(statement: str) -> int:
    bulk.make_index(_Worker.connection, statement)
    return 1


def _batch(batch: Batch) -> int:
    if not _Worker.parties:
        _Worker.parties = sample_volume.party_ids(_Worker.connection, _Worker.stock.plan)
    return sample_volume.load_batch(_Worker.connection, _Worker.stock, batch, _Worker.parties)
