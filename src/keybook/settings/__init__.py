"""Settings of the shell: base, and on top of it demo, production and test."""
