"""The files of a tip: clean copies, downloads, and originals against a written reason."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from bot.console.guard import READERS, page
from bot.core.errors import InvalidInput
from bot.services.tips import files, original_files, reading


@page("/referrals/{id}/files/{file}/view", roles=READERS)
async def view_file(request: Request) -> Response:
    """The clean copy of a picture, drawn anew without metadata; never the original."""
    ref = await _file(request, "file_viewed")
    if not ref.view:
        raise InvalidInput("file_gone")
    data = files.fetch(request.app.state.core.settings.blobs_dir, ref, view=True)
    return Response(data, media_type="image/jpeg", headers={"Content-Security-Policy": "default-src 'none'; sandbox"})


@page("/referrals/{id}/files/{file}/original", roles=READERS)
async def original_file(request: Request) -> Response:
    """What has no clean copy, and what officers sent, as a download; of the reporter's pictures the clean copy."""
    core, officer = request.app.state.core, request.state.officer
    ids = request.path_params["id"], request.path_params["file"]
    ref, clean = await core.db.run(lambda s: original_files.take(s, officer, *ids, core.now()))
    return _download(request, ref, clean=clean)


@page("/referrals/{id}/files/{file}/open", roles=READERS, method="POST")
async def open_original(request: Request) -> Response:
    """The original of a reporter's picture, as a download, after the officer wrote down why."""
    core, officer, form = request.app.state.core, request.state.officer, await request.form()
    ids, reason = (request.path_params["id"], request.path_params["file"]), str(form.get("reason", ""))
    ref = await core.db.run(lambda s: original_files.reveal(s, officer, *ids, reason, core.now()))
    return _download(request, ref, clean=False)


def _download(request: Request, ref: files.FileRef, *, clean: bool) -> Response:
    """Bytes under a name of ours."""
    data = files.fetch(request.app.state.core.settings.blobs_dir, ref, view=clean)
    ending = "jpg" if clean else files.EXTENSIONS[ref.mime]
    name = f"tep-{ref.id[:8]}.{ending}"
    return Response(
        data, media_type="application/octet-stream",
        headers={"Content-Disposition": f'attachment; filename="{name}"', "Content-Security-Policy": "default-src 'none'; sandbox"},
    )  # fmt: skip


async def _file(request: Request, action: str) -> files.FileRef:
    core, officer = request.app.state.core, request.state.officer
    ids = request.path_params["id"], request.path_params["file"]
    return await core.db.run(lambda s: reading.file_of(s, officer, *ids, core.now(), action))
