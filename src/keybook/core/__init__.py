"""The rules a compliance officer or an analyst would want to read: values in, decisions out."""
