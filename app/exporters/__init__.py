"""What leaves the program for a person's hand: printed papers, their codes to scan, their amounts in words."""
