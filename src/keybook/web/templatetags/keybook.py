"""`{% asset "keybook.css" %}` in the pages of allauth."""

from __future__ import annotations

from django import template

from keybook.web import assets

register = template.Library()


@register.simple_tag
def asset(name: str) -> str:
    """The address of a built asset."""
    return assets.address(name)
