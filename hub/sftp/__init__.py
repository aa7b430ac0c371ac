"""SFTP for both sides: an SSH transport with strict algorithms, the packets of SFTP version 3, and a small client."""
