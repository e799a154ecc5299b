"""What a file is, told by its first bytes."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keybook.core.media import media_type

KEPT = {
    b"\xff\xd8\xff\xe0\x00\x10JFIF": "image/jpeg",
    b"\x89PNG\r\n\x1a\n\x00": "image/png",
    b"RIFF\x00\x00\x00\x00WEBPVP8 ": "image/webp",
    b"\x00\x00\x00\x18ftypheic": "image/heic",
    b"\x1aE\xdf\xa3\x01": "audio/webm",
    b"OggS\x00": "audio/ogg",
    b"\x00\x00\x00\x20ftypM4A ": "audio/mp4",
    b"ID3\x03": "audio/mpeg",
    b"RIFF\x00\x00\x00\x00WAVEfmt ": "audio/wav",
}
REFUSED = [
    b"", b"GIF89a", b"<svg xmlns='http://www.w3.org/2000/svg'/>", b"<!doctype html>", b"%PDF-1.7", b"PK\x03\x04",
    b"RIFF\x00\x00\x00\x00AVI ", b"\x00\x00\x00\x18ftypqt  ", b"MZ", b" \xff\xd8\xff",
]  # fmt: skip


@pytest.mark.parametrize(("data", "kind"), KEPT.items())
def test_a_photo_or_a_voice_note_is_known_by_its_first_bytes(data: bytes, kind: str) -> None:
    assert media_type(data=data) == kind


@pytest.mark.parametrize("data", REFUSED)
def test_what_a_browser_could_run_is_refused(data: bytes) -> None:
    assert media_type(data=data) is None


@given(st.binary(max_size=64))
def test_any_bytes_are_one_of_our_kinds_or_refused(data: bytes) -> None:
    assert (media_type(data=data) or "image/").startswith(("image/", "audio/"))
