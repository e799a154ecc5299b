"""Files from the bank: what was loaded, kept aside and why; the nightly run."""
