"""The demonstration federation: invented people, enterprises, studios and contests, the same at every loading."""
