"""A bundle: every publication of an event category in one file that proves itself, without server or database. Pure."""
