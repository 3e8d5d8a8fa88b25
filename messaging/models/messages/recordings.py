"""Sounds that were recorded in a composer: voice messages."""

import re
from typing import Final

from django.core.validators import MaxValueValidator, RegexValidator
from django.db import models

MAX_SECONDS: Final = 15 * 60
BYTES_PER_SECOND: Final = 5_000  # a little more than the recorder asks for (recording.js)
MAX_BARS: Final = 64
WAVEFORM: Final = re.compile(rf"[0-9a-f]{{1,{MAX_BARS}}}")
LOUDEST: Final = 15
HEIGHT: Final = 32  # of the drawing, which is as many units wide as there are bars


class Recording(models.Model):
    """What is known of a recorded sound besides its bytes.

    Attributes:
        waveform: how loud each part of it is, from 0 to f; empty if it was not recorded here. The recorder in
            the sender's browser computes it, so it is only ever drawn.
        seconds: how long it is, rounded up; files of browsers' recorders do not say it.
    """

    waveform = models.CharField(
        max_length=MAX_BARS,
        blank=True,
        default="",
        db_default="",
        validators=[RegexValidator(rf"^{WAVEFORM.pattern}\Z")],
    )
    seconds = models.PositiveSmallIntegerField(
        default=0, db_default=0, validators=[MaxValueValidator(MAX_SECONDS)]
    )

    class Meta:
        abstract = True

    @property
    def is_sound(self) -> bool:
        raise NotImplementedError

    @property
    def is_voice(self) -> bool:
        return self.is_sound and bool(self.waveform) and self.seconds > 0

    @property
    def length(self) -> str:
        """How long it is: "0:07"."""
        return f"{self.seconds // 60}:{self.seconds % 60:02}"

    @property
    def bars(self) -> str:
        """The waveform as the path of an SVG: a vertical line for each part."""
        heights = (2 + int(loudness, 16) * (HEIGHT - 4) // LOUDEST for loudness in self.waveform)
        return "".join(f"M{x}.5 {(HEIGHT - y) / 2:g}v{y}" for x, y in enumerate(heights))


def recorded(waveform: str, seconds: str) -> dict[str, object]:
    """The values of the columns, as a recorder says them; empty if they are not valid."""
    if not WAVEFORM.fullmatch(waveform) or not re.fullmatch(r"[0-9]{1,4}", seconds):
        return {}
    length = int(seconds)
    return {"waveform": waveform, "seconds": length} if 0 < length <= MAX_SECONDS else {}
