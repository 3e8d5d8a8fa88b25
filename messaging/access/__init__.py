"""Access control: look-ups by id (`lookups`), and decorators for views that use them (`decorators`)."""
