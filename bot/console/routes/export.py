"""A referral as a download: Word, PDF, or a ZIP with the attachments. Made in memory, kept nowhere."""

from __future__ import annotations

import asyncio
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from bot.console.documents import archive, pdf, sheet, word
from bot.console.guard import READERS, page
from bot.services.tips import export
from bot.services.tips.export import Exported

_TYPES = {
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "pdf": "application/pdf",
    "zip": "application/zip",
}


@page("/referrals/{id}/export", roles=READERS, method="POST")
async def make(request: Request) -> Response:
    core, officer, form = request.app.state.core, request.state.officer, await request.form()
    kind, referral_id = str(form.get("format", "")), request.path_params["id"]
    if kind == "pdf":
        pdf.fonts()  # before anything is written down as taken out
    exported = await core.db.run(lambda s: export.gather(s, officer, referral_id, kind, core.now()))
    data = await asyncio.to_thread(_bytes, core, exported, kind)
    return Response(
        data, media_type=_TYPES[kind],
        headers={"Content-Disposition": f'attachment; filename="{_name(exported)}.{kind}"',
                 "Content-Security-Policy": "default-src 'none'; sandbox"},
    )  # fmt: skip


def _bytes(core: Any, exported: Exported, kind: str) -> bytes:
    made = sheet.compose(exported, core.books["vi"], core.gazetteer)
    if kind == "pdf":
        return pdf.write(made)
    document = word.write(made, exported.at)
    if kind == "docx":
        return document
    files = export.originals(core.settings.blobs_dir, exported)
    return archive.write([(f"{_name(exported)}.docx", document), *files], exported.at)


def _name(exported: Exported) -> str:
    return f"phieu-chuyen-{exported.referral.id[:8]}"
