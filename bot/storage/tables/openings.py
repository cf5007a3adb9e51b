"""Why officers opened a reporter's contact: for the unit above to see, and for nobody without the tip's key."""

from __future__ import annotations

from sqlmodel import Field, SQLModel


class ContactOpening(SQLModel, table=True):
    """One opening: of the contact, or of the original of the file `file_id`.

    The reason is sealed under the tip's key, and erased together with the tip.
    """

    __tablename__ = "contact_opening"
    id: int = Field(default=None, primary_key=True)
    tip_id: str = Field(max_length=32, index=True)
    officer_id: str = Field(max_length=32)
    reason: bytes
    created_at: float
    file_id: str = Field(default="", max_length=32)
