"""Panels of figures over the register: the numbers of one audience's view, each with the address of its rows.

Two pages are made of them, the officers' dashboard and the public page of achievements.
"""
