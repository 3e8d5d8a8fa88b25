"""From messages to HTML that is the same for every reader (`rows`), and what is personal about it, in
stylesheets (`personal_css`)."""
