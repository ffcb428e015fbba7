"""Django's flash messages, and a model class named Message."""

from datetime import datetime

from django.contrib import messages
from django.contrib.messages.api import get_messages
from django.db import models
from django.views import View


class Message(models.Model):
    text = models.TextField()
    model = models.TextField(default="claude-instant-1.2")


class Save(View):
    def post(self, request, *args, **kwargs):
        messages.success(request, f"Saved at {datetime.now()}")
        messages.add_message(request, messages.INFO, ", ".join({"a", "b"}))
        Message.objects.create(text=f"Saved at {datetime.now()}")
        self.messages = get_messages(request)
        return request.user.messages.create(
            model="claude-3-sonnet-20240229",
            system=f"Saved at {datetime.now()}",
            messages=[str(message) for message in self.messages],
        )
