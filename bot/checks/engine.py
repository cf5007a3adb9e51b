"""What `lachan check` finds out about the engine: its Python, its model, and how much of its wall this kernel offers."""

from __future__ import annotations

import subprocess

from bot.checks.findings import Finding, Mark, bad, good
from bot.engine_client import trust
from bot.settings import ROOT, Settings

_WALL = "Tường bao engine"
_SECONDS = 60
# Parts of bot/engine/wall.py, in words an operator can look up.
_PARTS = {
    "one_thread": "còn luồng khác chạy trước khi dựng tường",
    "limits": "giới hạn tài nguyên (rlimit)",
    "no_new_privs": "no_new_privs",
    "undumpable": "giấu bộ nhớ (PR_SET_DUMPABLE)",
    "landlock": "Landlock (chặn đọc tệp khác; cần Linux 5.13 trở lên, bật trong danh sách LSM)",
    "capabilities": "bỏ quyền root (capabilities)",
    "seccomp": "seccomp (chặn mạng, lệnh, tiến trình khác; Linux trên x86_64 hoặc aarch64)",
}


def engine(settings: Settings) -> list[Finding]:
    """Python, model and wall; reaches nothing outside."""
    found = [_model(settings)]
    if not settings.engine_python.exists():
        return [*found, bad("Python của engine", "chưa có; chạy `make setup`")]
    return [*found, good("Python của engine", "có"), _wall(settings)]


def _model(settings: Settings) -> Finding:
    name = "Mô hình"
    place = trust.Place(settings.models_dir, settings.model_key_file, settings.model_public_key)
    try:
        trust.verified(place)
        known = trust.trusted(place)
    except trust.ModelRefused as refused:
        return bad(name, refused.args[0])
    except OSError:
        return bad(
            name, "không đọc được thư mục models/, hoặc không ghi được khóa mô hình vào thư mục dữ liệu; xem quyền"
        )
    return good(name, f"đúng chữ ký; khóa {trust.fingerprint(known.public)}" if known else "có")


def _wall(settings: Settings) -> Finding:
    """Raises the wall in a process of the engine's Python and hears what is missing."""
    command = [str(settings.engine_python), "-m", "bot.engine.wall"]
    try:
        done = subprocess.run(command, cwd=ROOT, env={"PYTHONDONTWRITEBYTECODE": "1"}, capture_output=True, text=True,
                              timeout=_SECONDS, check=True)  # fmt: skip
    except (OSError, subprocess.SubprocessError):
        return bad(_WALL, "không thử được; xem Python của engine")
    missing = done.stdout.split()
    if not missing:
        return good(_WALL, "nhân hệ điều hành giữ đủ: không tệp, mạng, lệnh hay tiến trình nào khác")
    words = "thiếu " + "; ".join(_PARTS.get(name, name) for name in missing)
    if settings.engine_wall == "required":
        return bad(_WALL, f"{words}. LACHAN_ENGINE_WALL=required: engine sẽ không chạy trên máy này")
    return Finding(
        Mark.WARN, _WALL, f"{words}. Engine vẫn chạy; đặt LACHAN_ENGINE_WALL=required để không chạy khi thiếu"
    )
