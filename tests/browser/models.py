"""What the state machine counts in, so that a write that rolled back is a real one."""

from django.db import models


class Tally(models.Model):
    owner = models.CharField(max_length=20, blank=True)
    n = models.IntegerField(default=1)
    value = models.IntegerField(default=0)
