from django.shortcuts import render

from tests.library.mizan import rename
from tests.library.models import Shelf

__all__ = ["rename", "shelf_page"]


def shelf_page(request, shelf_id):
    found = Shelf.objects.get(pk=shelf_id)
    context = {"shelf": found, "books": found.books.order_by("id")}
    return render(request, "library/shelf.html", context)
