"""Set-up and supervision of one deployment: it installs, starts, watches and stops; it knows nothing of procedures.

Standard library first: `launcher.setup` runs before anything is installed.
"""
