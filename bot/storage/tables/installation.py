"""Facts about the installation itself."""

from __future__ import annotations

from sqlmodel import Field, SQLModel


class Installation(SQLModel, table=True):
    """One fact: 'keys' holds the fingerprint of the server keys that everything stored here is sealed with."""

    __tablename__ = "installation"
    name: str = Field(primary_key=True, max_length=40)
    value: str = Field(max_length=200)
