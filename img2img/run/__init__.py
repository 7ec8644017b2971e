"""A run: its folder, its data, its networks in memory, and what happens between its steps."""
