"""How bytes reach the hub and leave it: the SFTP server, folder drops, and SFTP as a client of a partner's server."""
