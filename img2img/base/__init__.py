"""The unconditional core: any game between networks, and the machinery around it."""
