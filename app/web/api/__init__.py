"""Doors for programs: the same acts and lists as the pages, in JSON."""
