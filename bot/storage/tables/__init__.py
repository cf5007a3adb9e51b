"""SQLModel tables, a module a subject. Importing this package registers them all on the metadata."""

from bot.storage.tables.campaigns import Campaign, CampaignTap, CampaignTest, Delivery, Subscriber
from bot.storage.tables.channels import ChannelMeter, ChannelToken
from bot.storage.tables.chat import Contact, Conversation, Inbox, Outbox
from bot.storage.tables.desk import AnswerDraft, Assignment, PressedAct, SavedReply, TipNote
from bot.storage.tables.installation import Installation
from bot.storage.tables.jobs import Heartbeat, NoticeDelivery, Statistic
from bot.storage.tables.officers import Audit, AuditHead, ConsoleSession, Notice, Officer, Passkey, Unit, UnitKey
from bot.storage.tables.openings import ContactOpening
from bot.storage.tables.support import SupportCopy
from bot.storage.tables.tips import (
    Attempt,
    Correction,
    DecisionMade,
    Raised,
    Referral,
    Tip,
    TipEntry,
    TipFile,
    TipKey,
    TipNotice,
)

__all__ = [
    "AnswerDraft", "Assignment", "Attempt", "Audit", "AuditHead", "Campaign", "CampaignTap", "CampaignTest", "ChannelMeter", "ChannelToken",
    "ConsoleSession", "Contact", "ContactOpening", "Conversation", "Correction", "DecisionMade", "Delivery", "Heartbeat", "Inbox", "Installation",
    "Notice", "NoticeDelivery", "Officer", "Outbox", "Passkey", "PressedAct",
    "Raised", "Referral", "SavedReply", "Statistic", "Subscriber", "SupportCopy", "Tip", "TipEntry", "TipFile",
    "TipKey", "TipNote", "TipNotice", "Unit", "UnitKey",
]  # fmt: skip
