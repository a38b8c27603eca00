"""Addresses for people who are not staff."""

from django.urls import path

from portals.views.asking import Ask
from portals.views.chatting import BeginChat, ChatLines, ChatPage, ChatSay, ChatWidget, LeaveChat
from portals.views.feedback import Feedback
from portals.views.reading import ReadContract
from portals.views.signing import Sign

app_name = "portals"

urlpatterns = [
    path("contact-us/", Ask.as_view(), name="ask"),
    path("chat/", BeginChat.as_view(), name="chat"),
    path("chat/widget.js", ChatWidget.as_view(), name="chat_widget"),
    path("chat/<str:token>/", ChatPage.as_view(), name="chat_page"),
    path("chat/<str:token>/lines/", ChatLines.as_view(), name="chat_lines"),
    path("chat/<str:token>/say/", ChatSay.as_view(), name="chat_say"),
    path("chat/<str:token>/leave/", LeaveChat.as_view(), name="chat_leave"),
    path("feedback/<str:token>/", Feedback.as_view(), name="feedback"),
    path("sign/<str:token>/", Sign.as_view(), name="sign"),
    path("sign/<str:token>/contract.pdf", ReadContract.as_view(), name="read_contract"),
]
