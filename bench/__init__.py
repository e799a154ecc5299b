"""The numbers of Keybook, measured on this machine beside the floors taken in the same run."""
