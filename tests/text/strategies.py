"""Text for property tests: any character, and pieces that mean something to Markdown, links or mentions."""

from hypothesis import strategies as st

PIECES = [
    *"[]()!*_~`<>&;:|-+#=\\ \"'@./,?^${}0aZ",
    *(
        "\n",
        "\n\n",
        "\r\n",
        "\t",
        "\x00",
        "\x85",
        "\xa0",
        "\u200b",
        "\u200d",
        "\u2028",
        "\u202e",
        "\u3000",
        "\ud800",
    ),
    *(
        "](",
        "![",
        "http://",
        "https://a.de/_x_",
        "mailto:",
        "a@b.de",
        "@ada",
        "@Ada.",
        "ada",
        "www.a.com",
        "main.py",
    ),
    *(
        "**",
        "~~",
        "||",
        "```",
        "```py\n",
        "\n> ",
        "\n- ",
        "\n- [ ] ",
        "- [x] ",
        "\n1. ",
        "    ",
        "|-",
        "\n|",
        "&amp;",
        "&#8238;",
        ":tada:",
        ":nope:",
    ),
    *(
        "1. ",
        "# ",
        "> ",
        "---",
        "===",
        "\u0301",
        "\u0915",
        "\u0627",
        "\U0001f600",
        "\U0001f3f4",
        "\U000e0067",
        "<b>",
    ),
]


def pieces() -> st.SearchStrategy[str]:
    """Texts of up to 30 pieces, many of them markup."""
    return st.lists(st.sampled_from(PIECES) | st.characters(), max_size=30).map("".join)
