"""The sample province: its units, people, calendar, procedures and dossiers, written as data."""
