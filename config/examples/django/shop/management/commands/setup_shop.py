"""manage.py setup_shop: tables, products and users. May be run again."""
import os

from django.contrib.auth.models import User
from django.core.management import call_command
from django.core.management.base import BaseCommand

from shop.models import Product

PRODUCTS = [
    ("honey", "Honey", "Honig", "Miel", "7.50"),
    ("jam", "Strawberry jam", "Erdbeermarmelade", "Confiture de fraises", "4.20"),
    ("cheese", "Mountain cheese", "Bergkäse", "Fromage de montagne", "12.00"),
    ("pickles", "Pickles", "Essiggurken", "Cornichons", "3.10"),
]
STAFF = ["anna", "ben"]


class Command(BaseCommand):
    help = "Creates the tables, four products, the superuser admin and the staff users anna and ben."

    def handle(self, *args, **options):
        call_command("migrate", verbosity=0)
        for slug, english, german, french, price in PRODUCTS:
            Product.objects.update_or_create(
                slug=slug,
                defaults={"name_en": english, "name_de": german, "name_fr": french, "price": price, "stock": 10},
            )
        password = os.environ.get("SHOP_PASSWORD", "larder")
        self.user("admin", password, is_superuser=True)
        for name in STAFF:
            self.user(name, password, is_superuser=False)
        self.stdout.write("The shop is set up: users admin, anna and ben.")

    def user(self, name, password, is_superuser):
        user, _ = User.objects.get_or_create(username=name)
        user.is_staff = True
        user.is_superuser = is_superuser
        user.set_password(password)
        user.save()
