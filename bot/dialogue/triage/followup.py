"""A further message in a tip that is already on an officer's desk: does it say that somebody is in danger, or soon will be?

Whoever writes here has told of trafficking before, so less is needed than for a stranger's first words: the rules' "perhaps"
counts, and so does somebody being fetched or moved tonight or tomorrow. Standard library only.
"""

from __future__ import annotations

import re

from bot.core import text
from bot.dialogue.triage import Triage, assess

MOST_READ = (1_400, 500)  # characters from the start and from the end

# All below is matched against normalised words: lower case, no marks, abbreviations written out.
_SOON = re.compile(
    r"\b(?:(?:toi|dem|chieu|trua|sang|bua|hom|khuya|ngay|bay gio|chut|lat|xiu) (?:nay|ni|mai|nua)|hom nay|ngay mai|sang mai|mai"
    r"|mot|ngay kia|bay gio|luc nay|ngay bay gio|dang|sap|sap sua|chuan bi|sua soan|tinh|dinh|rap tam|gap rut|gap lam|lien"
    r"|(?:vai|may|it|nua|mot|hai|ba|15|20|30|\d{1,2}) (?:tieng|gio|phut|hom|ngay) (?:nua|toi)|nua dem|rang sang|gio"
    r"|(?:luc )?\d{1,2} ?(?:h|gio)(?: ?\d{1,2})?|tuan nay|cuoi tuan|vua|moi|lai|nay)\b"
)
_MOVED = re.compile(
    r"\b(?:don|ruoc|cho|dua|dan|dat|chuyen|boc|xach|lua|day|keo|ap tai|gom|nhan|giao|bat|ban|ga|lay|sang tay|tau|gui|ep)"
    r"(?: \w+){0,4}? (?:di|sang|qua|len|xuong|ra|ve|vao|nguoi|dua|em|chau|be|con|chi|co|ban|tre|nguoi ta|tui|bon|no|nhom|hang)\b"
    r"|\bdi (?:campuchia|cam|trung quoc|tau|lao|thai|mien|myanmar|dubai|dai loan|bien|mien dien|san bay)\b"
    r"|\b(?:len|xuong|ra) (?:xe|tau|may bay|san bay|ben xe|bien|cua khau)\b|\b(?:vuot|qua) bien(?: gioi)?\b"
    r"|\b(?:xe|tau|ghe|do|nguoi|bon|tui|chung)(?: \w+){0,3} (?:toi|den|sap)(?: \w+){0,2} (?:don|ruoc|cho|lay|boc|bat)\b"
    r"|\b(?:don do|chuyen cho|doi cho|bo tron|tau thoat|phi tang|bay(?! gio))(?: \w+){0,2}\b"
)
# Who brings, comes or moves is the writer or the police: "mai em đưa chị ra công an".
_OWN = re.compile(
    r"\bcho (?:em |toi |chau |con |minh |tui )?(?:hoi|biet|xin|gui|nhan|gap|noi|them|hay)\b|"
    r"\b(?:toi|em|minh|con|chau|tui|can bo|cong an) (?:se|sap|dinh|tinh|dang|chuan bi)? ?"
    r"(?:gui|nhan|dua|chuyen|cho|ra|den|qua|len|giao|goi)(?: \w+){0,3}(?: (?:anh|hinh|video|tin|so|cong an|can bo|don|giay|lai|them|em|toi))+\b"
)
_THEY = (
    r"(?:no|ho|bon|tui|chung|ba|ong|may ong|may ba|chu|thang|mu|con mu|quan ly|nguoi ta|bao ke|dau gau|moi gioi|co|cha)"
)
_THREAT = re.compile(
    rf"\b{_THEY}(?: \w+){{0,3}} (?:biet|nghi|phat hien|doc duoc)(?: \w+){{0,4}} (?:bao|to cao|to giac|mach|goi|nhan)\b(?! gio| lau| nhieu)"
    r"|\b(?:bi|bai) lo\b|\blo roi\b|\bbi (?:phat hien|theo doi|bam theo|rinh|duoi|vay)\b"
    rf"|\b{_THEY}(?: \w+){{0,3}} (?:tim toi|tim den|rinh|theo doi|bam theo|vay|canh cua|kiem chuyen|tra thu)\b"
    r"|\b(?:doa|ham doa|de doa|doa giet|khong cho (?:ra|ve|di|goi|an|ngu))\b"
    rf"|\b(?:bi|{_THEY})(?: \w+){{0,2}} (?:danh|dap|nhot|khoa|xich|troi|chich dien|bo doi|thu dien thoai|lay dien thoai)\b"
    r"|\b(?:doi|dinh|se|sap) (?:danh|giet|dap|xu|thu tieu)\b"
    rf"|\b{_THEY}(?: dang| den| vao)* (?:luc|xong vao|pha cua|dap cua|go cua)\b"
    r"|\b(?:khong|mat|cat) lien lac\b|\bmat tich\b|\bcuu (?:em|toi|con|no|chau|chi|ho|voi|gap|tui)\b"
    r"|\b(?:nguy hiem|nguy roi|khan cap|gap lam|nguy cap)\b"
)
_CALM = re.compile(
    r"\b(?:an toan roi|ve (?:toi )?nha roi|da ve nha|khong sao|on roi|khong con (?:bi )?(?:nguy|doa|danh|nhot)|nam ngoai|hoi truoc"
    r"|ngay xua|luc truoc|thang truoc|cam on)\b"
)
_ENGLISH = re.compile(
    r"\b(?:tonight|tomorrow|right now|now|soon|today|this (?:evening|morning|afternoon)|in (?:an|one|\d+) (?:hours?|minutes?)"
    r"|(?:at )?\d{1,2} ?(?:am|pm)|about to|going to)\b"
)
_ENGLISH_THREAT = re.compile(
    r"\b(?:they|he|she|boss|owner|someone)\b.{0,20}\b(?:know|knows|knew|found out|saw)\b.{0,20}"
    r"\b(?:i|my|me|police|report|told|wrote|called|messages?)\b"
    r"|\b(?:hurry|please come|come quick(?:ly)?|looking for me|searching for me|following me|at the door|threaten\w*)\b"
)
_ENGLISH_MOVED = re.compile(
    r"\b(?:tak(?:e|es|ing)|pick(?:s|ing)?|mov(?:e|es|ing)|bring(?:s|ing)?|driv(?:e|es|ing)|sell(?:s|ing)?|ship(?:s|ping)?|fl(?:y|ies|ying)"
    r"|transport(?:s|ing)?|cross(?:es|ing)?|com(?:e|es|ing) (?:back )?(?:for|to (?:get|take|fetch|pick)))\b"
    r".{0,40}\b(?:her|him|them|us|me|girls?|boys?|kids?|children|child|people|women|friend|sister|border|up|away|off)\b"
)

# With their marks these are other words than the ones meant here: "cho", to give, and not "chở", to drive somebody away.
_OTHER_WORDS = re.compile(
    r"\b(?:cho|chờ|chợ|bạn|ban|bàn|đây|đấy|nhắn|dân|đất|bay giờ|lo|bảo|bao|mỗi|mọi|môi|dẫu)\b(?! lên| xuống| ra)"
)
_MARKED = re.compile(r"[à-ỹđ]", re.IGNORECASE)


def _plain(words: str) -> str:
    """`words` without what only looks alike once the marks are gone; untouched where nobody wrote marks."""
    return _OTHER_WORDS.sub(" . ", words.lower()) if len(_MARKED.findall(words)) >= 3 else words


def pressing(message: str) -> bool:
    """Whether a reporter's further message speaks of danger now or soon. Never raises."""
    excerpt = text.excerpt(text.nfc(message), *MOST_READ)
    found: Triage = assess(excerpt)
    if found.level == "emergency":
        return True
    words = text.normalise(_plain(excerpt))
    calm = bool(_CALM.search(words))
    if found.level == "possible" and not calm and "question" not in found.reasons:
        return True
    if _THREAT.search(words) and not calm:
        return True
    lower = excerpt.lower()
    if _ENGLISH_THREAT.search(lower):
        return True
    if _ENGLISH.search(lower) and _ENGLISH_MOVED.search(lower):
        return True
    return bool(_SOON.search(words) and _MOVED.search(_OWN.sub(" ", words))) and not calm
