"""Conversations, their messages and files, and where they come from."""

from conversations.models.attachment import Attachment
from conversations.models.chat import ChatSession
from conversations.models.conversation import Conversation
from conversations.models.draft import ReplyDraft
from conversations.models.handover import Handover
from conversations.models.mailbox import Mailbox
from conversations.models.message import Message
from conversations.models.reply_file import ReplyFile
from conversations.models.reply_template import ReplyTemplate

__all__ = [
    "Attachment",
    "ChatSession",
    "Conversation",
    "Handover",
    "Mailbox",
    "Message",
    "ReplyDraft",
    "ReplyFile",
    "ReplyTemplate",
]
