"""A lending library: shelves of books."""

from django.conf import settings
from django.db import models


class Shelf(models.Model):
    name = models.CharField(max_length=50)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.CASCADE)


class Book(models.Model):
    shelf = models.ForeignKey(Shelf, related_name="books", on_delete=models.CASCADE)
    title = models.CharField(max_length=200)
    lent = models.BooleanField(default=False)
