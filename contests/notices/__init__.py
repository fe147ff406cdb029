"""The public notice (公示): how long it runs, between which hours, and what stands against its end."""
