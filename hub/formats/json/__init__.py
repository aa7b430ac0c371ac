"""JSON (RFC 8259): messages of any type in and out, in the plain form of `hub.formats.form`."""
