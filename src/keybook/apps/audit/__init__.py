"""Who saw and changed what, when and why."""
