"""The law, pure: plain values in, plain values out. No web, no database, no clock of its own."""
