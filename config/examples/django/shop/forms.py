"""The one form that visitors fill in."""
from django import forms

from shop.models import Comment


class CommentForm(forms.ModelForm):
    class Meta:
        model = Comment
        fields = ["author", "text"]
