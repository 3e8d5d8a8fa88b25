"""Who may see what: look-ups by id (`lookups`), and the decorators of views that use them (`decorators`)."""
