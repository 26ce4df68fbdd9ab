"""The production matcher: durable-rules as a sealed match kernel, spoken to by direct calls only.

As documented, the engine crashes and mis-matches on input administrators could write; sealed in this way it does not.
Every rule starts with `p = 1`, names are generated, a sentinel rule always fires, each question has a state of its own,
and a state is deleted only after the engine has come to its end without an error. Nothing else may import durable.
"""

import hashlib
import itertools
import os
import threading
from collections import OrderedDict
from collections.abc import Mapping
from datetime import date
from importlib.metadata import version
from typing import Any

import durable_rules_engine

from rules.errors import KernelError
from rules.match.encoding import END, Chunk, chunks_of
from rules.table.decision import Table

engine: Any = durable_rules_engine  # a C module without types

PINNED = "2.0.28"
MAX_CACHED_TERMS = 8_000
"""Alternatives held in compiled form by one process, at about 15 KiB each."""

_CALLS = (
    *("create_ruleset", "assert_fact", "start_action_for_state"),
    *("complete_and_start_action", "delete_state", "delete_ruleset"),
)


def check_engine() -> None:
    """Raise KernelError when the installed engine is not the one this kernel was tested with."""
    found = version("durable-rules")
    missing = [name for name in _CALLS if not hasattr(engine, name)]
    if found != PINNED or missing:
        raise KernelError(f"Bộ so khớp cần durable-rules {PINNED}, máy đang có {found}: cài lại đúng bản.")


def keep_memory_ready() -> None:
    """Have the C library keep the memory that the engine gives back after every question.

    Where a state happens to lie at the end of the heap, glibc would hand its pages to the system and fetch them again
    each time, which makes a match ten times slower. It learns to keep more once a large block was given back
    (mallopt(3), M_MMAP_THRESHOLD: the dynamic threshold); other C libraries are not touched by it.
    """
    bytearray(_LARGE_BLOCK)


_LARGE_BLOCK = 8 * 1024**2


class Kernel:
    """Matches one table. The rulesets are built at the first question, in the process that asks."""

    def __init__(self, table: Table) -> None:
        self._chunks = tuple((chunk, _key(chunk)) for chunk in chunks_of(table))
        self._held: tuple[int, tuple[_Ruleset, ...]] = (_NEVER, ())

    def match(self, facts: Mapping[str, Any], on: date) -> tuple[int, ...]:
        """Return the places of the hit rows, in order. Raises KernelError when the engine does not answer."""
        hit: set[int] = set()
        for (chunk, _), ruleset in zip(self._chunks, self._rulesets(), strict=True):
            sid = f"s{next(_sids)}"
            hit.update([chunk.rows[name] for name in ruleset.fire(sid, chunk.fact(sid, facts, on))])
        return tuple(sorted(hit))

    def _rulesets(self) -> tuple["_Ruleset", ...]:
        """Return the compiled chunks, looked up again only after the cache let something go."""
        epoch = _CACHE.epoch
        if self._held[0] != epoch:
            self._held = epoch, tuple(_CACHE.ruleset(chunk, key) for chunk, key in self._chunks)
        return self._held[1]


def _key(chunk: Chunk) -> str:
    return hashlib.sha256(chunk.text.encode()).hexdigest()


_NEVER = -1
_sids = itertools.count(1)


class _Ruleset:
    """One compiled chunk: its handle in the engine, made at need, and the lock that keeps its calls in a row."""

    def __init__(self, chunk: Chunk, key: str) -> None:
        self.terms = chunk.terms
        self._names = frozenset({END, *chunk.rows})
        self._text = chunk.text
        self._name = f"c{key[:16]}"
        self._budget = chunk.terms + 1
        self._lock = threading.Lock()
        self._handle: Any = None
        self._retired = False

    def fire(self, sid: str, fact: str) -> list[str]:
        """Return the names of the rules that fire for the fact, whose state is `sid`, the sentinel left out."""
        with self._lock:
            try:
                return self._fire(sid, fact)
            except KernelError:
                self._handle = None
                raise
            except Exception as error:
                # What state the engine is in is not known: the handle is left alone for good, never deleted.
                self._handle = None
                raise KernelError(
                    "Bộ so khớp không trả lời được: hãy thử lại, nếu vẫn lỗi thì báo người quản trị."
                ) from error
            finally:
                if self._retired:
                    self._delete()

    def retire(self) -> None:
        """Give the memory back now, or after the question under way."""
        with self._lock:
            self._retired = True
            self._delete()

    def _delete(self) -> None:
        if self._handle is not None:
            engine.delete_ruleset(self._handle)
            self._handle = None

    def _fire(self, sid: str, fact: str) -> list[str]:
        if self._handle is None:
            self._handle = engine.create_ruleset(self._name, self._text)
        status, state = engine.assert_fact(self._handle, fact)
        if status != 0:
            raise KernelError(f"Bộ so khớp từ chối dữ liệu (mã {status}): báo người quản trị.")
        fired = self._drain(state, f'":{{"m":{fact}}}}}')
        if fired.count(END) != 1 or fired[-1] != END or not self._names.issuperset(fired):
            raise KernelError("Bộ so khớp dừng giữa chừng: báo người quản trị.")
        engine.delete_state(self._handle, sid)
        return fired[:-1]

    def _drain(self, state: Any, told: str) -> list[str]:
        """Return the names of the rules that fire; the engine says `{"NAME":{"m":FACT}}`, the fact as it was told."""
        started = engine.start_action_for_state(self._handle, state)
        message = started[1] if started else None
        fired: list[str] = []
        while message:
            if not message.endswith(told):
                raise KernelError("Bộ so khớp trả lời không đúng dạng: báo người quản trị.")
            fired.append(message[2 : -len(told)])
            if len(fired) > self._budget:
                raise KernelError("Bộ so khớp chạy quá số bước cho phép: báo người quản trị.")
            message = engine.complete_and_start_action(self._handle, state)
        return fired


class _Cache:
    """The rulesets of this process, least recently used first, by the hash of their content."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._held: OrderedDict[str, _Ruleset] = OrderedDict()
        self._terms = 0
        self.epoch = 0
        """Grows when a ruleset is let go: whoever keeps one must ask again."""

    def ruleset(self, chunk: Chunk, key: str) -> _Ruleset:
        """Return the compiled chunk; the oldest make room for it."""
        retired: list[_Ruleset] = []
        with self._lock:
            held = self._held.get(key)
            if held is None:
                held = self._held[key] = _Ruleset(chunk, key)
                self._terms += chunk.terms
            self._held.move_to_end(key)
            while self._terms > MAX_CACHED_TERMS and len(self._held) > 1:
                oldest = self._held.popitem(last=False)[1]
                self._terms -= oldest.terms
                retired.append(oldest)
                self.epoch += 1
        for ruleset in retired:
            ruleset.retire()
        return held

    def forget(self) -> None:
        """Start empty: after a fork the parent's handles and locks are not the child's."""
        self._lock = threading.Lock()
        self._held = OrderedDict()
        self._terms = 0
        self.epoch += 1


_CACHE = _Cache()
os.register_at_fork(after_in_child=_CACHE.forget)
check_engine()
keep_memory_ready()
