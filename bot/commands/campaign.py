"""`lachan campaign`: campaigns from the server's command line. Whoever writes, agrees or steers signs in to do so."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from bot.app import Core
from bot.commands.campaign_house import REFUSED, house, prove
from bot.commands.campaign_print import by_hand_files, chart, on_paper, progress_line, shown
from bot.core.campaigns.audience import Audience, make
from bot.core.campaigns.params import WEEKLY, Params
from bot.core.campaigns.schedule import calendar, read_time
from bot.core.campaigns.states import ENDED, Act, State
from bot.core.errors import InvalidInput, NotAllowed
from bot.presentation import campaign_desk, campaign_files, posters
from bot.presentation.words import when, words
from bot.services.campaigns import acts, subscribers
from bot.services.campaigns import report as campaign_report
from bot.services.campaigns import words as campaign_words
from bot.services.campaigns.words import thaw
from bot.storage.tables import Campaign

app = typer.Typer(add_completion=False, help=__doc__, no_args_is_help=True)
Many = Annotated[list[str] | None, typer.Option(help="may be given several times")]
As = Annotated[str, typer.Option("--as", help="your login; password and 6-digit code are asked for")]
Out = Annotated[Path, typer.Argument(help="where to write")]


@app.command("list")
def list_() -> None:
    """All campaigns, the newest first."""
    with house() as core, core.db.reading() as session:
        table = Table("Số", "Tên", "Tình trạng", "Bắt đầu", "Người nhận")
        for row in acts.listing(session):
            table.add_row(str(row.id), row.title, _state(row), when(row.start_at), f"{row.total:,}")
        Console(width=120).print(table)


@app.command()
def kits() -> None:
    """Ready-made campaigns."""
    with house() as core:
        for kit in campaign_words.sources(core).kits.values():
            mark = "" if kit.reviewed_status else "  (chưa duyệt)"
            typer.echo(f"{kit.id}: {kit.title} (dùng đến {kit.expires:%d/%m/%Y}){mark}")


@app.command("calendar")
def calendar_(year: int) -> None:
    """The year's periods of prevention, with the ready-made campaign for each."""
    for period in calendar(year):
        typer.echo(
            f"{period.first:%d/%m/%Y} – {period.last:%d/%m/%Y}  {words()['campaign']['periods'][period.id]}  {period.kit}"
        )


@app.command("by-hand")
def by_hand(kit: str, folder: Out) -> None:
    """Write what people run by hand: loudspeaker script, SMS without diacritics, fanpage post and its picture, posters and a leaflet."""
    with house() as core:
        found = campaign_words.sources(core).kits.get(kit)
        if found is None:
            raise NotAllowed("kit")
        if refused := campaign_words.kit_problem(found, campaign_desk.today(core)):
            raise InvalidInput(refused)
        try:
            for line in by_hand_files(found, core.settings.content_dir / "pictures", folder):
                typer.echo(line)
            if not posters.printable(core.settings.public_url):
                typer.echo(words()["campaign"]["problems"]["no_public_address"])
                return
            for line in on_paper(campaign_desk.sheet_of(core, found), folder):
                typer.echo(line)
        except OSError:
            raise NotAllowed("file") from None


@app.command()
def count(
    topic: Many = None, province: Many = None, commune: Many = None, age: Many = None, language: Many = None,
    channel: Many = None,
) -> None:  # fmt: skip
    """How many people an audience has now, by channel that is on."""
    with house() as core, core.db.reading() as session:
        wanted = _audience(topic, province, commune, age, language, channel)
        found = subscribers.count(session, wanted, acts.channels_on(core.settings))
        for name, number in found.items():
            typer.echo(f"{words()['campaign']['channels'].get(name, name)}: {number:,}")
        typer.echo(f"Tất cả: {sum(found.values()):,}")


@app.command()
def draft(
    content: Annotated[str, typer.Argument(help="kit:ID or item:ID")],
    start: Annotated[str, typer.Argument(help="YYYY-MM-DD HH:MM, Vietnamese time")],
    login: As,
    title: Annotated[str, typer.Option(help="default: the title of the ready-made campaign")] = "",
    length: Annotated[str, typer.Option(help="short, medium or long")] = "short",
    spread: Annotated[int, typer.Option(help="minutes over which the sending is stretched")] = 0,
    weekly: Annotated[int, typer.Option(help="most campaign messages for one person in seven days")] = WEEKLY,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="everything but the sending; needs no approval")] = False,
    topic: Many = None, province: Many = None, commune: Many = None, age: Many = None, language: Many = None,
    channel: Many = None,
) -> None:  # fmt: skip
    """Write a draft. Recipients are people who subscribed themselves; lists from files are not taken."""
    with house() as core:
        source, _, source_id = content.partition(":")
        at, kit = read_time(start), campaign_words.sources(core).kits.get(source_id)
        if at is None:
            raise InvalidInput("start")
        wanted = Params(
            title or (kit.title if kit else source_id), source, source_id, length, at,
            _audience(topic, province, commune, age, language, channel), spread, weekly, dry_run=dry_run,
        )  # fmt: skip
        by = prove(core, login)
        with core.db.transaction() as session:
            row = acts.create(session, campaign_desk.desk(core), wanted, by)
            problems = acts.problems(session, campaign_desk.desk(core), wanted)
        typer.echo(f"Bản nháp số {row.id}: {row.title}")
        _warn(problems)


@app.command("import")
def import_(file: Path) -> None:
    """Refused: nobody is subscribed by somebody else."""
    typer.echo(f"{words()['campaign']['problems']['no_lists']} [no_lists]", err=True)
    raise typer.Exit(REFUSED)


@app.command()
def preview(number: int) -> None:
    """The message as each channel will show it, its problems, and the seal to agree to."""
    with house() as core, core.db.reading() as session:
        row = acts.get(session, number)
        params = acts.params_of(row)
        typer.echo(f"{row.title}: {_state(row)}; bắt đầu {when(row.start_at)}; mã niêm phong {row.digest or '–'}")
        for line in shown(core, row, params):
            typer.echo(line)
        if row.state in {State.DRAFT.value, State.SUBMITTED.value}:
            _warn(acts.problems(session, campaign_desk.desk(core), params))


@app.command()
def submit(number: int, login: As) -> None:
    """Freeze a draft and ask for a second person. A dry run is ready at once."""
    with house() as core:
        by = prove(core, login)
        with core.db.transaction() as session:
            row = acts.submit(session, campaign_desk.desk(core), number, by)
        typer.echo(f"{_state(row)}; mã niêm phong {row.digest}")


@app.command()
def approve(number: int, seal: Annotated[str, typer.Argument(help="from `preview`")], login: As) -> None:
    """Agree to exactly what carries this seal. Nobody agrees to what they wrote."""
    with house() as core:
        by = prove(core, login)
        with core.db.transaction() as session:
            row = acts.approve(session, campaign_desk.desk(core), number, by, seal)
        typer.echo(f"{_state(row)}; bắt đầu {when(row.start_at)}")


@app.command()
def test(number: int, login: As) -> None:
    """Send the message to yourself, on the channel of your notices."""
    with house() as core:
        by = prove(core, login)
        with core.db.transaction() as session:
            acts.ask_test(session, number, by, core.now())
        typer.echo("Tin thử sẽ tới trong ít phút, nếu bạn đã đặt nơi nhận báo trên Telegram hoặc Zalo Bot.")


def _steer(what: Act) -> Callable[[int, str], None]:
    def run(number: int, login: As) -> None:
        with house() as core:
            by = prove(core, login)
            with core.db.transaction() as session:
                row = acts.act(session, number, what, by, core.now())
            typer.echo(_state(row))

    run.__doc__ = f"{what.value.capitalize()} a campaign."
    return run


for _what in (Act.PAUSE, Act.RESUME, Act.STOP, Act.WITHDRAW):
    app.command(_what.value)(_steer(_what))


@app.command()
def progress(number: int, watch: Annotated[bool, typer.Option(help="go on until it ends")] = False) -> None:
    """A bar, the counts, the rate and the time left."""
    with house() as core:
        while True:
            with core.db.reading() as session:
                row = acts.get(session, number)
                typer.echo(progress_line(row, campaign_report.progress(session, row, core.now())))
            if not watch or row.state in {state.value for state in ENDED}:
                return
            time.sleep(2)


@app.command()
def report(number: int, out: Annotated[Path, typer.Argument(help="a .csv, .xlsx or .svg file")]) -> None:
    """Write the report as tables, or as a chart."""
    with house() as core:
        makers: dict[str, Callable[[Core, int], bytes]] = {".csv": _csv, ".xlsx": _xlsx, ".svg": chart}
        if out.suffix not in makers:
            raise NotAllowed("suffix")
        data = makers[out.suffix](core, number)
        try:
            out.write_bytes(data)
        except OSError:
            raise NotAllowed("file") from None
        typer.echo(f"Đã ghi {out.name}")


def _sheets(core: Core, number: int) -> list[campaign_files.Sheet]:
    with core.db.reading() as session:
        row = acts.get(session, number)
        found, unknown = campaign_report.report(session, row), campaign_report.unknown(session, number)
        names = campaign_files.button_names(row, thaw(row.frozen) if row.frozen else {})
        return campaign_files.sheets(row, found, unknown, names)


def _csv(core: Core, number: int) -> bytes:
    return campaign_files.as_csv(_sheets(core, number))


def _xlsx(core: Core, number: int) -> bytes:
    return campaign_files.as_xlsx(_sheets(core, number))


def _audience(topic: Many, province: Many, commune: Many, age: Many, language: Many, channel: Many) -> Audience:
    return make(topic or (), province or (), commune or (), age or (), language or (), channel or ())


def _state(row: Campaign) -> str:
    said = words()["campaign"]
    why = said["problems"].get(row.reason) or said["codes"].get(row.reason) or row.reason
    return f"{said['states'][row.state]}{f' ({why})' if why else ''}"


def _warn(problems: list[str]) -> None:
    for problem in problems:
        typer.echo(f"! {words()['campaign']['problems'].get(problem, problem)} [{problem}]")
