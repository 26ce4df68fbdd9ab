"""Proof before publication: what is missing, unused, contradictory or uncountable in a definition that reads well."""
