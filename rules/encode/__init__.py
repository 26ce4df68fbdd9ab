"""Values of the law to plain data: the canonical form that is hashed, kept and read back to the same."""
