"""Two versions of a procedure compared: which dossiers change, from what to what, because of which rows."""
