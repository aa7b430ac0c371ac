"""The frozen values that all parts of the hub hand to one another."""
