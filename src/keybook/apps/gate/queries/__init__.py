"""What the gate reads and says."""
