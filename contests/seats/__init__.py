"""Judges' seats: who sits where, the links to sit down by, own units, the judge's sheets, spreads.

Ask the modules themselves: `seating`, `links`, `own_units`, `sheets`, `handing_in`, `spreads`, `refereeing`.
"""
