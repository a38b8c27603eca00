"""Addresses of conversations."""

from django.urls import path

from conversations.views import (
    acting,
    attaching,
    chatting,
    drafting,
    incoming,
    listing,
    mailboxes,
    scanning,
    showing,
)

app_name = "conversations"

urlpatterns = [
    path("", listing.Conversations.as_view(), name="list"),
    path("letter/", scanning.Scan.as_view(), name="scan"),
    path("mailboxes/", mailboxes.Mailboxes.as_view(), name="mailboxes"),
    path("mailboxes/<uuid:uuid>/check/", mailboxes.CheckMailbox.as_view(), name="check_mailbox"),
    path("mailboxes/<uuid:uuid>/incoming/", incoming.IncomingMail.as_view(), name="incoming"),
    path("files/<uuid:uuid>/", showing.FileOfMessage.as_view(), name="file"),
    path("of-contact/<uuid:uuid>/", showing.RailCard.as_view(), name="rail"),
    path("<uuid:uuid>/", showing.ConversationPage.as_view(), name="detail"),
    path("<uuid:uuid>/reply/", acting.Reply.as_view(), name="reply"),
    path("<uuid:uuid>/draft/", drafting.Draft.as_view(), name="draft"),
    path("<uuid:uuid>/draft/<uuid:draft>/", drafting.OtherDraft.as_view(), name="other_draft"),
    path("<uuid:uuid>/files/", attaching.Attach.as_view(), name="attach"),
    path("<uuid:uuid>/files/<uuid:file>/", attaching.Detach.as_view(), name="detach"),
    path("<uuid:uuid>/template/", drafting.Insert.as_view(), name="insert"),
    path("<uuid:uuid>/pass-on/", acting.PassOn.as_view(), name="pass_on"),
    path("<uuid:uuid>/back/", acting.PutBack.as_view(), name="put_back"),
    path("<uuid:uuid>/finish/", acting.Finish.as_view(), name="finish"),
    path("<uuid:uuid>/spam/", acting.MarkSpam.as_view(), name="spam"),
    path("<uuid:uuid>/reopen/", acting.Reopen.as_view(), name="reopen"),
    path("<uuid:uuid>/lines/", chatting.Lines.as_view(), name="lines"),
    path("<uuid:uuid>/say/", chatting.Say.as_view(), name="say"),
]
