"""What messages look like: one tree of nodes for every format, and its loaders."""
