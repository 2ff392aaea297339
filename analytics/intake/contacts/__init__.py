"""Contacts: files with a row per contact (interactions) or per event, read as a stream and rolled up into additive measures.

A row of the file becomes one staged row (`staging`), staged rows are rolled up by the SQL texts in data/rollup (`rollup`),
what cannot be read is refused with its line (`refused`). Cells written in the ordinary way are read by SQL (`ordinary`),
all others by the very functions that read every other file, so that both agree to the last digit.
"""

from analytics.intake.contacts.reading import read_contacts

__all__ = ["read_contacts"]
