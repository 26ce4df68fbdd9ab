"""The doors people come in by: pages. They ask who it is, read a form, call an act, and show what came of it."""
