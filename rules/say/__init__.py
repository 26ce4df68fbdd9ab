"""The law said in words: formulas, conditions, rows and whole definitions as Vietnamese and English sentences."""
