"""Reading what people write: dates and times, numbers, money and phones in Chinese and English, each with its readings.

Pure: text and the moment it was written go in, entities come out. Nothing is guessed: where a text can be read in two
ways both readings stand there, and what looks like a date that no calendar has is an entity without a reading.
"""

from keybook.core.reading.entity import Entity, Reading

__all__ = ["Entity", "Reading"]
