"""The phone: what is written without a line, and sent once when there is one."""
