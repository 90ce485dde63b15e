"""Products, what visitors say about them, and what they write to the shop."""
from django.db import models
from django.utils.translation import get_language


class Product(models.Model):
    slug = models.SlugField(unique=True)
    name_en = models.CharField(max_length=80)
    name_de = models.CharField(max_length=80)
    name_fr = models.CharField(max_length=80)
    price = models.DecimalField(max_digits=8, decimal_places=2)
    stock = models.PositiveIntegerField(default=0)
    updated = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ["slug"]

    @property
    def name(self):
        """The name in the language of the request."""
        return getattr(self, f"name_{get_language()}", self.name_en)

    def __str__(self):
        return self.name_en


class Comment(models.Model):
    product = models.ForeignKey(Product, on_delete=models.CASCADE, related_name="comments")
    author = models.CharField(max_length=40)
    text = models.CharField(max_length=400)
    created = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["created"]

    def __str__(self):
        return f"{self.author}: {self.text}"


class Enquiry(models.Model):
    sender = models.CharField(max_length=40)
    text = models.CharField(max_length=400)
    created = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["created"]
        verbose_name_plural = "enquiries"

    def __str__(self):
        return f"{self.sender}: {self.text}"
