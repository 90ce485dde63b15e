"""The shop's tables in Django's admin."""
from django.contrib import admin

from shop.models import Comment, Product


@admin.register(Product)
class ProductAdmin(admin.ModelAdmin):
    list_display = ["slug", "name_en", "price", "stock", "updated"]


@admin.register(Comment)
class CommentAdmin(admin.ModelAdmin):
    list_display = ["product", "author", "text", "created"]
