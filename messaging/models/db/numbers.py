LARGEST_ID = 2**63 - 1  # the largest value of an id or version column
