"""Finding a procedure's dossiers by a whole identity number, wherever it stands: of a party, or an answer."""

import re
from collections.abc import Sequence

from sqlalchemy import select, union
from sqlalchemy.orm import Session

from app.services.listed_versions import ListedProcedure
from app.services.party import dossiers_of_number
from app.storage.dossier import Dossier
from app.storage.search import DossierField, exact
from forms.searched import Compared


def dossiers_with_number(session: Session, procedure: ListedProcedure, number: str) -> Sequence[int]:
    """Return the keys of the dossiers of a procedure in which this whole number was given; a part finds nothing."""
    plain = re.sub(r"[\s.]", "", number)
    of_party = dossiers_of_number(number)
    of_answer = select(DossierField.dossier_id).where(
        DossierField.procedure_id == procedure.id, DossierField.text_exact == exact(Compared.WHOLE, plain)
    )
    either = union(of_party, of_answer).subquery()
    return session.scalars(
        select(Dossier.id).where(Dossier.procedure_id == procedure.id, Dossier.id.in_(select(either.c[0])))
    ).all()
