"""The pages about being told, and the addresses that carry their own token."""
