"""The commands: each takes its options from the command line and calls one verb."""
