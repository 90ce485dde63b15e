"""The forms that visitors fill in."""
from django import forms

from shop.models import Comment, Enquiry


class CommentForm(forms.ModelForm):
    class Meta:
        model = Comment
        fields = ["author", "text"]


class EnquiryForm(forms.ModelForm):
    class Meta:
        model = Enquiry
        fields = ["sender", "text"]
