"""Simulators of agencies and of a trader. They know only what a stranger could: SFTP, the formats and public keys."""
