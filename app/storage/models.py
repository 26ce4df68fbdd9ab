"""Every table of the house in one import, for migrations and for the application that must know them all."""

from flask_appbuilder import Model

from app.storage import (
    account,
    alarm,
    attachment,
    audit,
    catalog,
    dossier,
    draft_proof,
    evaluation,
    hand_ruling,
    job,
    office,
    party,
    procedure,
    waiver,
)

MODULES = (
    account, alarm, attachment, audit, catalog, dossier, draft_proof, evaluation, hand_ruling, job, office, party,
    procedure, waiver,
)  # fmt: skip
metadata = Model.metadata
