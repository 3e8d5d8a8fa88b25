"""The values that the state machine chooses from: few, so that the same ones are chosen again."""

from uuid import UUID

from hypothesis import strategies as st

from messaging.models import Message, ThreadedMessage
from tests.models.machine import NAMES

names = st.sampled_from(NAMES)
editors = st.none() | st.integers(0, 9)
members = st.integers(0, 9)  # 9 may be a stranger
rooms = st.sampled_from(["harbour", "attic", "trio"])
numbers = st.integers(0, 9)  # 0 is the latest message
lists_of_numbers = st.lists(numbers, min_size=1, max_size=4)
texts = st.sampled_from(
    ["yes", "no", "no ", "@ada", "@ben yes", "@cleo @dan", "@ada @ben no", "@dan", "@nobody", " "]
)
client_ids = st.none() | st.sampled_from([UUID(int=number) for number in (1, 2, 3)])
revisions_behind = st.sampled_from([None, 0, 0, 1])
kinds = st.sampled_from([Message, ThreadedMessage])
ways_to_save = st.sampled_from(["kept", "loaded", "threaded", "only", "unread", "fields", "update_or_create"])
ways_to_erase = st.sampled_from(["delete", "queryset"])
