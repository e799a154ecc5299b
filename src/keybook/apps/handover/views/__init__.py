"""The pages of handover."""
