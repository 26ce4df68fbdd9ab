"""The space of dossiers: every fact an axis, every row of a table a box in it; what no box covers, what two share."""
