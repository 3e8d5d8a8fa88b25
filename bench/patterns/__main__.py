import argparse

from bench.installation import empty_installation
from bench.patterns import __doc__ as description

TOPICS = {
    "signals": ("history", "notify", "delete"),
    "orm": ("threads", "related", "access", "indexes", "lock"),
    "caching": ("pages", "fragments"),
}


def main() -> None:
    every = [topic for topics in TOPICS.values() for topic in topics]
    parser = argparse.ArgumentParser(
        prog="bench.patterns", description=description, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    # `[]`, because argparse also checks the empty list of no topics against the choices
    parser.add_argument("topics", nargs="*", choices=[*every, []], metavar="topic", help=", ".join(every))
    asked = parser.parse_args().topics or every
    with empty_installation():
        from bench.patterns import caching, orm, signals

        modules = {"signals": signals, "orm": orm, "caching": caching}
        for module, topics in TOPICS.items():
            for topic in topics:
                if topic in asked:
                    getattr(modules[module], topic)()


if __name__ == "__main__":
    main()
