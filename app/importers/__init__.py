"""What people hand in as files, read strictly and with the place of every problem."""
