"""What the rows of each kind of rule mean. Kinds do not import each other."""
