"""`python -m keybook` is the `keybook` command."""

from keybook.cli import main

main()
