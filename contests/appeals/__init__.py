"""申诉: the leader of a delegation appeals to the panel, within a window from a recorded moment."""
