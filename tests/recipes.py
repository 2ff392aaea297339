"""The smallest recipe that reads a file, for tests that vary one thing of it."""

CALLS_BY_DAY = """shape = "aggregates"
source = "acd"
[dimensions]
period_start = {column = "Date", grain = "day"}
vendor = {column = "Vendor"}
[measures]
contacts_offered = {column = "Calls"}
"""
