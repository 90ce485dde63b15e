"""The shop's tables in Django's admin."""
from django.contrib import admin

from shop.models import Comment, Enquiry, Product


@admin.register(Product)
class ProductAdmin(admin.ModelAdmin):
    list_display = ["slug", "name_en", "price", "stock", "updated"]


@admin.register(Comment)
class CommentAdmin(admin.ModelAdmin):
    list_display = ["product", "author", "text", "created"]


@admin.register(Enquiry)
class EnquiryAdmin(admin.ModelAdmin):
    list_display = ["sender", "text", "created"]
    search_fields = ["text"]
