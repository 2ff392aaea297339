"""The command line, one module per concern; each offers its commands as COMMANDS."""
