"""Archives: conversations as files with one JSON object on each line, plain or gzip.

{"id": "…", "room": "…", "sent_at": "2004-11-15T15:10:00+00:00",
 "sender": "nick", "text": "…", "reply_to": "id of an earlier message, or null"}
"""
