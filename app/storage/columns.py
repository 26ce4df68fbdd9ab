"""The few column shapes that every table shares: keys, moments, texts and money."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID, uuid4

from sqlalchemy import BigInteger, DateTime, Identity, Text, text
from sqlalchemy.dialects import postgresql
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import mapped_column

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
Document = Annotated[dict[str, Any], mapped_column(JSONB, nullable=False)]
Version = Annotated[int, mapped_column(nullable=False, default=1)]
