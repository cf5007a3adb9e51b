"""Links, addresses, handles, wallets and the accounts in QR texts. Lists: content/interview/traces.yml. Pure; linear time."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.core.syllables import LEGAL
from bot.phrases.books import book

_BOOK = book("interview/traces")
_TLD = "|".join(sorted(_BOOK.entries("site_endings"), key=len, reverse=True))
_KNOWN = frozenset(_BOOK.entries("known_sites"))
_WORDLIKE = frozenset(_BOOK.entries("wordlike_endings"))  # "help.me", "sao.la"
_OFFICIAL = re.compile(r"(?:^|\.)gov\.vn$")
_LONG_LABEL = 8  # letters of a name that is no word before a full stop
_SCHEME = re.compile(r"(?i)(?<!\w)(?:(?:https?|ftp|tg|viber|zalo|line|whatsapp|weixin)://|www\.)[^\s<>\"\x00]{2,300}")
_SITE = re.compile(
    rf"(?i)(?<![\w@.\-])(?P<host>(?:[a-z0-9](?:[a-z0-9\-]{{0,61}}[a-z0-9])?\.){{1,4}}(?P<end>{_TLD}))(?![\w\-]|\.\w)"
    r"(?P<path>[/?#:][^\s<>\"\x00]{0,300})?"
)
_MAIL = re.compile(r"(?<![\w.+\-@])[\w.+\-]{1,60}@[\w\-]{1,60}(?:\.[\w\-]{1,20}){1,3}")
_HANDLE = re.compile(r"(?<![\w@./])@[A-Za-z][\w.]{4,31}")
_END = ".,;:)!?'\"”’]}"
# Written so that no program makes a link of it: "hxxps://x[.]top", "t . me / x", "x chấm xyz", "a(at)b.com".
_HARMLESS = (
    (re.compile(r"(?i)\bhxxp(s?)://"), r"http\1://"),
    (re.compile(r"(?i)\s?[\[({](?:\.|dot|chấm|cham)[\])}]\s?"), "."),
    (re.compile(rf"(?i)(?<=[a-z0-9]) (?:chấm|cham|dot) (?=(?:{_TLD})(?!\w))"), "."),
    (re.compile(r"(?i)(?<!\w)(t|zalo|fb|m|wa|bit|line)(?: \.|\. | \. )(me|ly)\s?/\s?(?=\w)"), r"\1.\2/"),
    (re.compile(r"(?i)(?<!\w)(t|zalo|fb|m|wa|bit|line)\.(me|ly)(?: /|/ | / )(?=\w)"), r"\1.\2/"),
    (re.compile(r"(?i)(?<=\w)\s?[\[({](?:at|a còng|a cong|@)[\])}]\s?(?=\w)|(?<=\w) (?:a còng|a cong) (?=\w)"), "@"),
)
# Bitcoin, Ethereum and its kin, Tron (USDT TRC20), TON, Litecoin, Dogecoin, Ripple; Solana only where a wallet is spoken of.
_BASE58 = "1-9A-HJ-NP-Za-km-z"
_WALLET = re.compile(
    rf"(?<!\w)(?:0x[0-9a-fA-F]{{40}}|(?:bc|ltc)1[02-9ac-hj-np-z]{{11,71}}|(?:BC|LTC)1[02-9AC-HJ-NP-Z]{{11,71}}|T[{_BASE58}]{{33}}"
    rf"|(?:[EUk0]Q)[\w\-]{{46}}|[13LMD][{_BASE58}]{{25,34}}|r[{_BASE58}]{{24,34}}|addr1[02-9ac-hj-np-z]{{50,110}})(?!\w)"
)
_CUED_WALLET = re.compile(rf"(?i:{_BOOK.part('wallet')})[^\n]{{0,30}}?(?<!\w)([{_BASE58}]{{32,44}})(?!\w)")
_MIXED = re.compile(r"(?=.*\d)(?=.*[A-Za-z])")
# A VietQR text: NAPAS's sign, then the bank and the account, each with its length (EMVCo merchant-presented mode).
_QR = re.compile(r"A000000727\d{4}0006(?P<bank>\d{6})01(?P<size>\d{2})(?P<rest>[0-9A-Za-z]{1,40})")
_QR_TEXT = re.compile(r"(?<!\w)00020101\d{2}[0-9A-Za-z .,\-/]{20,600}")

TAKEN = "\x00"  # stands where something was read, so that nothing is read twice


def harmless_undone(text: str) -> str:
    """`text` with links and addresses as they work."""
    for pattern, put in _HARMLESS:
        text = pattern.sub(put, text)
    return text


def take(text: str, pattern: re.Pattern[str], found: list[str], group: int = 0) -> str:
    """Adds what `pattern` finds to `found`; `text` without it, as long as before."""

    def taken(match: re.Match[str]) -> str:
        found.append(match[group])
        return match[0].replace(match[group], TAKEN * len(match[group]))

    return pattern.sub(taken, text)


def qr_accounts(text: str) -> tuple[list[str], str]:
    """("account (bank's number)" of each QR text, the text without them)."""
    found = []
    for match in _QR.finditer(text):
        account = match["rest"][: int(match["size"])]
        if len(account) == int(match["size"]) and account:
            found.append(f"{account} (BIN {match['bank']})")
    return found, _QR_TEXT.sub(lambda match: TAKEN * len(match[0]), text) if found else text


def wallets(text: str) -> tuple[list[str], str]:
    """(wallets, the text without them)."""
    found: list[str] = []
    text = take(text, _WALLET, found)
    text = take(text, _CUED_WALLET, found, 1)
    return [wallet for wallet in found if _MIXED.match(wallet)], text


def mails(text: str) -> tuple[list[str], str]:
    """(e-mail addresses, the text without them)."""
    found: list[str] = []
    text = take(text, _MAIL, found)
    return [mail.rstrip(_END) for mail in found], text


def sites(text: str) -> tuple[list[str], str]:
    """(links, the text without them): with https or without, a domain alone too; none of the state's own."""
    found: list[str] = []

    def taken(match: re.Match[str]) -> str:
        link = match[0].rstrip(_END)
        if "host" in match.groupdict() and not _is_site(
            match["host"].lower(), match["end"].lower(), match["path"] or ""
        ):
            return match[0]
        host = (
            re.sub(r"(?i)^\w+://|[/?#:].*$", "", link.lower())
            if "://" in link
            else re.split(r"[/?#:]", link.lower())[0]
        )
        if not _OFFICIAL.search(host):
            found.append(link)
        return TAKEN * len(link) + match[0][len(link) :]

    return found, _SITE.sub(taken, _SCHEME.sub(taken, text))


def _is_site(host: str, end: str, path: str) -> bool:
    if host in _KNOWN:
        return len(path) > 1
    label = host.removesuffix(f".{end}").rpartition(".")[2]
    if end in LEGAL or end in _WORDLIKE:  # "ăn cơm rồi.la", "help.me"
        told = bool(re.search(r"[\d\-]", label)) or len(label) >= _LONG_LABEL
        return told or (len(path) > 2 and label not in LEGAL)
    return True


def handles(text: str) -> Iterator[str]:
    """Names with @ before them."""
    yield from (m.group().rstrip(_END) for m in _HANDLE.finditer(text))
