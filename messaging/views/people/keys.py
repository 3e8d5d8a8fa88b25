"""Which keys there are, and what they do: for the list that people read, and for static/js/keys.js."""

import re
from typing import NamedTuple

from django.utils.translation import gettext as _
from django.utils.translation import pgettext


class Key(NamedTuple):
    """Keys that do the same.

    `bindings` are separated by spaces, each as `static/js/keys.js` names what is pressed: "j", "Shift+n",
    "Alt+ArrowUp". `command` names what they do (static/js/commands.js). `label` stands for keys that
    have no binding, because the script does not bind them.
    """

    bindings: str
    command: str
    does: str
    label: str = ""

    @property
    def shown(self) -> list[list[str]]:
        """What a list shows: for each binding the keys that are pressed together."""
        if self.label:
            return [[self.label]]
        # Not at a plus that is the key itself.
        chords = (re.split(r"(?<=.)\+(?=.)", binding) for binding in self.bindings.split())
        return [[_shown(key) for key in chord] for chord in chords]

    @property
    def has_control(self) -> bool:
        """Whether the first key is Ctrl, which is another one on Apple's keyboards."""
        return self.bindings.startswith("Control+")

    def bindings_for(self, single_keys: bool) -> list[str]:
        """The bindings, without single letters and signs if the person has switched these off."""
        return [one for one in self.bindings.split() if single_keys or not is_single(one)]


class KeyGroup(NamedTuple):
    name: str
    keys: list[Key]

    @property
    def is_single(self) -> bool:
        """Whether the group has keys that do nothing while somebody types, and that can be switched off."""
        return any(is_single(binding) for key in self.keys for binding in key.bindings.split())


def is_single(binding: str) -> bool:
    """Whether this is a letter or a sign, with Shift or without."""
    return len(binding.removeprefix("Shift+")) == 1


def key_groups() -> list[KeyGroup]:
    """All keys, in the order of a list; those that lead to pages are in `pages_with_letters`."""
    return [
        KeyGroup(
            _("Anywhere"),
            [
                Key("Control+k", "switcher", _("Go to a room, a person, a thread or a page")),
                Key("Alt+ArrowUp", "above", _("Conversation above")),
                Key("Alt+ArrowDown", "below", _("Conversation below")),
                Key("Alt+Shift+ArrowUp", "unread-above", _("Unread conversation above")),
                Key("Alt+Shift+ArrowDown", "unread-below", _("Unread conversation below")),
                Key(
                    "Escape",
                    "close",
                    _("Close what is open; otherwise go to the field where you write, or back"),
                ),
            ],
        ),
        KeyGroup(
            _("While you are not typing"),
            [
                Key("?", "keys", _("Show these keys")),
                Key("n", "next-unread", _("Next unread message, anywhere")),
                Key("Shift+n", "next-thread", _("Next unread thread")),
                Key("/", "search", _("Search messages")),
                Key("f", "search-here", _("Search this conversation")),
                Key("", "write", _("Go to the field where you write"), label=_("Any other letter")),
            ],
        ),
        KeyGroup(
            _("In a list"),
            [
                Key("j ArrowDown", "next", _("Next message or line")),
                Key("k ArrowUp", "previous", _("Previous message or line")),
                Key("Enter", "open", _("Open the thread of the message")),
                Key("", "follow", _("Open what the line leads to"), label=_("Enter")),
                Key("", "controls", _("Go to the buttons and links of a message"), label=_("Tab")),
                Key("r", "reply", _("Reply")),
                Key("+", "react", _("React with an emoji")),
                Key("e", "edit", _("Edit your message")),
                Key("h", "history", _("Earlier versions of the message")),
                Key("p", "pin", _("Pin the message, or unpin it")),
                Key("s", "save", _("Save the message, or remove it from what you saved")),
                Key("u", "unread", _("Mark as unread from here")),
                Key("m", "done", _("Mark as done (inbox group, reminder or saved message)")),
                Key("b", "later", _("Postpone the inbox group, or choose the time of a reminder")),
                Key("z", "undo", _("Undo what was done in the inbox")),
                Key("l", "copy", _("Copy the link")),
            ],
        ),
        KeyGroup(
            _("While you are writing"),
            [
                Key("", "send", _("Send"), label=_("Enter")),
                Key("Shift+Enter", "new-line", _("New line")),
                Key("", "mention", _("Mention somebody"), label="@"),
                Key("", "emoji", _("An emoji by its name"), label=":"),
                Key("", "command", _("A command, at the start of a message"), label="/"),
                Key("Control+b", "bold", _("Bold")),
                Key("Control+i", "italic", _("Italic")),
                Key("Control+Shift+x", "strike", _("Strikethrough")),
                Key("Control+k", "link", _("Make the selected text a link")),
                Key("Control+Shift+c", "code", pgettext("formatting", "Code")),
                Key("Control+Shift+6", "tasks", _("Task list")),
                Key("Control+Shift+7", "numbers", _("Numbered list")),
                Key("Control+Shift+8", "bullets", _("Bulleted list")),
                Key("Control+Shift+9", "quote", _("Quote")),
                Key("", "indent", _("Indent an item of a list; with Shift, move it back"), label=_("Tab")),
                Key("Control+Alt+p", "preview", _("Preview, and back")),
                Key("Control+Shift+v", "paste-plain", _("Paste without formatting")),
                Key("", "edit-last", _("Edit your last message, in an empty field"), label="↑"),
            ],
        ),
    ]


def bindings_for_script(single_keys: bool) -> str:
    """The keys and their commands, as the script reads them: "j:next ArrowDown:next …".

    Those with Ctrl belong to other scripts: the switcher's, and that of the fields in which one writes.
    """
    keys = [key for group in key_groups() for key in group.keys if not key.has_control]
    return " ".join(f"{one}:{key.command}" for key in keys for one in key.bindings_for(single_keys))


def _shown(key: str) -> str:
    names = {
        "ArrowUp": "↑",
        "ArrowDown": "↓",
        "Alt": _("Alt"),
        "Control": _("Ctrl"),
        "Enter": _("Enter"),
        "Escape": _("Esc"),
        "Shift": _("Shift"),
    }
    return names.get(key, key.upper())
