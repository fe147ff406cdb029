"""The reference of the scheme language: `python -m tests.federation.judging.reference` writes docs/schemes.md.

Objects and fields come from the dataclasses themselves, examples from `marking.py` and `placing.py`, where each carries
its expected numbers. `test_reference.py` holds the written file to both.
"""
