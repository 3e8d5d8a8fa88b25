"""Plays all scenes in seeded orders, small ones in all orders: `python -m tests.live.orders 500`."""

import os
import sys

import django


def main(runs: int) -> int:
    """Print a line for each scene. Returns how many scenes broke a law."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
    django.setup()
    from tests.live.orders.choices import every_order, seeded_orders
    from tests.live.orders.scenes import SCENES, first_fault

    broken = 0
    for name, scene in SCENES.items():
        found = first_fault(scene, seeded_orders(runs), in_detail=True)
        if scene.is_small:
            found = found or first_fault(scene, every_order())
        print(f"{name}: {'; '.join(found) or 'no order breaks a law'}", flush=True)
        broken += bool(found)
    return broken


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 500))
