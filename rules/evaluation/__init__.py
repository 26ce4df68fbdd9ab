"""The evaluation of one dossier on one day, and its outcome as data that explains itself."""
