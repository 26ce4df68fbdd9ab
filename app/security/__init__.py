"""Rights: who may do what, for which unit, field of work and procedure, since when."""
