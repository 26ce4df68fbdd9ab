"""Which rows of a table hit: answered twice, by an interpreter and by a sealed kernel that must agree."""
