"""Pages of the desk: reception, worklist, dossier, and the inspection of what was decided."""
