"""Pages of the people who keep the system and its catalogue: users, rights, registers, catalogue, procedures."""
