"""The tip interview: its draft, what each answer means, what is asked next. Pure."""
