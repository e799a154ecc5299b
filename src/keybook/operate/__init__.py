"""Running an installation: where it lives, its processes, the demo bank, the doctor."""
