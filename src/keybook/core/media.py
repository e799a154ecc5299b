"""What a file is, told by its first bytes: the photos and voice notes that are kept, and nothing a browser would run."""

from __future__ import annotations

_STARTS = (
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\x1aE\xdf\xa3", "audio/webm"),
    (b"OggS", "audio/ogg"),
    (b"ID3", "audio/mpeg"),
    (b"\xff\xfb", "audio/mpeg"),
    (b"\xff\xf3", "audio/mpeg"),
)
_RIFF = {b"WEBP": "image/webp", b"WAVE": "audio/wav"}
_BRANDS = {
    b"heic": "image/heic", b"heix": "image/heic", b"mif1": "image/heic", b"avif": "image/avif",
    b"isom": "audio/mp4", b"iso5": "audio/mp4", b"mp42": "audio/mp4", b"M4A ": "audio/mp4",
}  # fmt: skip


def media_type(*, data: bytes) -> str | None:
    """The media type of a JPEG, PNG, WebP, HEIC, AVIF, WebM, Ogg, MP3, MP4 or WAV; None for everything else.

    A format that can carry script (SVG, HTML, PDF) is everything else.
    """
    if data[:4] == b"RIFF":
        return _RIFF.get(data[8:12])
    if data[4:8] == b"ftyp":
        return _BRANDS.get(data[8:12])
    return next((kind for start, kind in _STARTS if data.startswith(start)), None)
