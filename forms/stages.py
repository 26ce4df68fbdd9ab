"""Who fills in what, and when: what is asked by the time of reception, and what is left to the appraisal."""

from rules.definition.fields import FACT_TYPES, Field, FieldStage
from rules.definition.procedure import FactSpec, ProcedureDefinition
from rules.vocabulary import Source


def asked_by_stage(definition: ProcedureDefinition) -> tuple[tuple[Field, ...], tuple[FactSpec, ...]]:
    """Return the fields that are asked by the time of reception, and as facts to come those of the appraisal."""
    later = {field.id for field in definition.fields if field.stage is FieldStage.APPRAISAL}
    now = tuple(field for field in definition.fields if field.id not in later)
    found = (field for field in definition.fields if field.id in later and field.is_typed)
    return now, tuple(
        FactSpec(
            field.id, FACT_TYPES[field.kind], field.label, source=Source.OFFICER, stage=field.stage.value,
            unit=field.unit, list=field.list, scale=field.scale, min=field.min, max=field.max,
        )
        for field in found
    )  # fmt: skip
