"""Forms as data: a procedure definition becomes a WTForms class, a submitted form becomes facts. Never Flask."""
