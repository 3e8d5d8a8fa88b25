"""The erasure of a person against everything that others, and they themselves, are doing."""
