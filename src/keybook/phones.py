"""Knows the world's phone numbers, from the `phonenumbers` library: the core is given what it needs as a callable."""

from __future__ import annotations

from functools import lru_cache, partial

from keybook.core.reading.phones import Known


class UnknownRegionError(ValueError):
    """No phone numbers are known for this country."""


def known(region: str) -> Known:
    """A function that turns the digits of a phone, dialled from this country (ISO 3166-1), into their international form.

    It gives nothing for a number that no country has: a digit too few, an area that does not exist.
    """
    from phonenumbers import SUPPORTED_REGIONS

    if region not in SUPPORTED_REGIONS:
        raise UnknownRegionError(f"No phone numbers are known for the country {region!r}.")
    return partial(_international, region)


@lru_cache(maxsize=4096)
def _international(region: str, digits: str) -> str:
    import phonenumbers

    number, _, extension = digits.partition("x")
    dialled = f"+{number[2:]}" if number.startswith("00") else number
    try:
        parsed = phonenumbers.parse(dialled, region)
    except phonenumbers.NumberParseException:
        return ""
    if not phonenumbers.is_valid_number(parsed):
        return ""
    written = str(phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164))
    return f"{written}x{extension}" if extension else written
