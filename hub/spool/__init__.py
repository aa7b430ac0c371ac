"""Bytes on disk: durable writes, blobs named after their SHA-256, and what a restart clears away."""
