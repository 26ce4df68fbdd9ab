"""The door messages come in by: thin tasks that call services, and the timetable that wakes them."""
