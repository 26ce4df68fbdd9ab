"""The few column shapes that every table shares: keys, moments, texts, sentences and money."""

import json
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID, uuid4

from sqlalchemy import BigInteger, DateTime, Dialect, Identity, Text, TypeDecorator, text
from sqlalchemy.dialects import postgresql
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import mapped_column

from forms.sentence import Sentence, kept, unkept


class SentenceText(TypeDecorator[str]):
    """A sentence that comes back as it was put in: one with values as JSON of its template, any other as its text."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        """Write the sentence."""
        del dialect
        has_values = isinstance(value, Sentence) and value.values
        return json.dumps(kept(value), ensure_ascii=False) if value is not None and has_values else value

    def process_result_value(self, value: str | None, dialect: Dialect) -> str | None:
        """Read the sentence."""
        del dialect
        return unkept(json.loads(value)) if value is not None and value.startswith('{"text":') else value


class SentencesInJson(TypeDecorator[Any]):
    """JSON in which sentences stand as `forms.sentence.kept` writes them; they come back as sentences."""

    impl = JSONB
    cache_ok = True

    def process_result_value(self, value: Any, dialect: Dialect) -> Any:
        """Read the rows, with their sentences."""
        del dialect
        return [{name: unkept(said) for name, said in row.items()} for row in value or ()]


# Inside keys are bigint and never leave the database; whatever stands in a URL or a file name is the UUID.
Key = Annotated[int, mapped_column(BigInteger, Identity(always=True), primary_key=True)]
PublicId = Annotated[UUID, mapped_column(postgresql.UUID(as_uuid=True), unique=True, nullable=False, default=uuid4)]
Moment = Annotated[datetime, mapped_column(DateTime(timezone=True), nullable=False)]
MaybeMoment = Annotated[datetime | None, mapped_column(DateTime(timezone=True), nullable=True)]
Recorded = Annotated[
    datetime, mapped_column(DateTime(timezone=True), nullable=False, server_default=text("clock_timestamp()"))
]
Code = Annotated[str, mapped_column(Text(collation="C"), nullable=False)]
Words = Annotated[str, mapped_column(Text, nullable=False)]
MaybeWords = Annotated[str | None, mapped_column(Text, nullable=True)]
MaybeSentence = Annotated[str | None, mapped_column(SentenceText, nullable=True)]
Document = Annotated[dict[str, Any], mapped_column(JSONB, nullable=False)]
Version = Annotated[int, mapped_column(nullable=False, default=1)]
