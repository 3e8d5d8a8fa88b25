"""Rendering of messages to HTML that is the same for every reader (`rows`).

What differs between readers is in personal stylesheets (`personal_css`).
"""
