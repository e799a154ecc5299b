"""A demo bank made from a seed, with the truth it was made from kept beside it; and big banks for benchmarks."""

from keybook.simulate.bank import Made, simulate

__all__ = ["Made", "simulate"]
