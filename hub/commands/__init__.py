"""What the commands do; ``hub.cli`` only parses their arguments."""
