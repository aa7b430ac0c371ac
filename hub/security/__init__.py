"""Keys, certificates and signatures: what proves who wrote a message, and that it is unaltered."""
