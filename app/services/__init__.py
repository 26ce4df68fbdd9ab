"""The acts of the office: one act is one function, one transaction, one audit line."""
