"""Scripts without spaces between words or between a name and its ending, such as Chinese, Korean and Thai."""

from typing import Final

# The inside of a character class: Thai and Lao, Myanmar, Hangul, Khmer, kana, Han, and their other forms.
UNSPACED_CLASS: Final = (
    "\u0e00-\u0eff\u1000-\u109f\u1100-\u11ff\u1780-\u17ff\u19e0-\u19ff"
    "\u3005-\u3007\u3021-\u3029\u3031-\u3035\u3040-\u30ff\u3105-\u318e\u31a0-\u31bf\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\ua960-\ua97f\uaa60-\uaa7f"
    "\uac00-\ud7ff\uf900-\ufaff\uff66-\uffdc\U0001b000-\U0001b16f\U00020000-\U0003ffff"
)
# A character of a word that spaces or punctuation end. It is what \w means, without the scripts above.
SPACED_LETTER: Final = rf"(?:(?![{UNSPACED_CLASS}])\w)"
