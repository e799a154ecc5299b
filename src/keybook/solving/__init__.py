"""The mathematics that needs a library: planning problems solved for `core.planning`, in values and out."""
