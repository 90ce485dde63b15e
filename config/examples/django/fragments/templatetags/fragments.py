"""{% load fragments %}"""
from django import template
from django.urls import reverse

register = template.Library()


@register.simple_tag(takes_context=True)
def fragment(context, name, *args, **attributes):
    """{% fragment "cart-part" onerror="continue" maxwait=500 %}: the view of that name, in this place of the page."""
    return context["request"].fragments.show(reverse(name, args=args), **attributes)
