"""Staff, roles, branches, deputies, and who may see which customers."""
