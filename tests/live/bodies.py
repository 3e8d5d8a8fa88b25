"""Parts of the HTML that the stream sends."""

from messaging.models import Message


def row_of(message: Message) -> str:
    return f'<div class="row" id="m-{message.pk}" data-seq="{message.seq}">'


def upserted(message: Message) -> str:
    newest = "#timeline:not(:has(> .newer:last-child))"
    return f'<hx-upsert hx-target="{newest}" key="data-seq" sort>\n' + row_of(message)


def replaced(message: Message) -> str:
    return f'<hx-partial hx-target="#m-{message.pk} > .message" hx-swap="outerHTML">'
