"""Small files that take a picture's decoder long or much memory."""

from io import BytesIO

from PIL import Image

SIDE = 5_000  # 25 million pixels, the most that are decoded


def encoded(image: Image.Image, kind: str, **options: object) -> bytes:
    written = BytesIO()
    image.save(written, kind, **options)
    return written.getvalue()


def scans(count: int, side: int = 64) -> bytes:
    """A progressive JPEG that repeats its last scan."""
    picture = encoded(Image.effect_noise((side, side), 50), "JPEG", progressive=True)
    last_scan = picture[picture.rindex(b"\xff\xda") : -2]
    return picture[:-2] + last_scan * count + picture[-2:]


def bombs() -> list[bytes]:
    """Eight of them: half are refused by their headers, half have to be decoded."""
    flat = Image.new("L", (SIDE, SIDE))
    return [
        scans(4_000, side=32),
        scans(200, side=512),
        encoded(Image.new("1", (1, 25_000_000)), "PNG"),
        encoded(Image.new("1", (14_000, 14_000)), "PNG"),
        encoded(flat, "PNG"),
        encoded(flat.convert("RGBA"), "WEBP", lossless=True),
        encoded(flat, "JPEG", progressive=True),
        scans(90, side=1_000),
    ]
