"""Who acts, and what they may see, told to PostgreSQL at the start of every transaction.

Row-level security is the second wall behind `app.security`: its policies read the settings written here.
"""

from contextvars import ContextVar, Token
from dataclasses import dataclass, field

from sqlalchemy import event, text
from sqlalchemy.orm import Session, SessionTransaction


@dataclass(frozen=True, slots=True)
class Identity:
    """The person, or the job on behalf of a person, in whose name a transaction runs.

    `units` are the keys of the units whose dossiers may be seen; empty means none at all.
    """

    user_id: int | None = None
    user_name: str = ""
    units: frozenset[int] = field(default_factory=frozenset)
    purpose: str = ""

    def settings(self) -> dict[str, str]:
        """Return the values that the policies of the database read."""
        return {
            "app.user_id": "" if self.user_id is None else str(self.user_id),
            "app.unit_scope": ",".join(str(unit) for unit in sorted(self.units)),
            "app.purpose": self.purpose,
        }


NOBODY = Identity()
_current: ContextVar[Identity] = ContextVar("current_identity", default=NOBODY)
_SET = text("SELECT " + ", ".join(f"set_config('{name}', :v{i}, true)" for i, name in enumerate(NOBODY.settings())))


def current_identity() -> Identity:
    """Return in whose name the running code acts."""
    return _current.get()


def act_as(identity: Identity) -> Token[Identity]:
    """Let the code that follows act in this name; give the token to `act_no_longer` when it ends."""
    return _current.set(identity)


def act_no_longer(token: Token[Identity]) -> None:
    """Return to the identity that was in force before."""
    _current.reset(token)


def tell_database(session: Session) -> None:
    """Write the current identity into the running transaction, for a transaction begun before it was known."""
    session.execute(_SET, {f"v{i}": value for i, value in enumerate(current_identity().settings().values())})


@event.listens_for(Session, "after_begin")
def _tell_every_transaction(session: Session, transaction: SessionTransaction, connection: object) -> None:
    """FAB opens and commits transactions by itself, so the identity is set where every transaction starts."""
    # Settings end with their transaction, so without an identity there is nothing to set: nothing is in scope.
    if not transaction.nested and current_identity() != NOBODY:
        values = current_identity().settings().values()
        connection.execute(_SET, {f"v{i}": value for i, value in enumerate(values)})  # pyright: ignore
