"""Implementation guidelines: messages narrowed, or widened, for a partner, an agency or an industry."""
