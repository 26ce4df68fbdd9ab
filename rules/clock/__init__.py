"""The clock (thời hạn): calendars, hours, limits, and the ledger that counts them over the events of a dossier."""
