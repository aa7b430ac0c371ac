"""Rules: what a service may demand of the facts of its legs, one small module a rule."""
