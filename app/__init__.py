"""The application around the law: storage, rights, acts, and the doors people and machines come in by."""
