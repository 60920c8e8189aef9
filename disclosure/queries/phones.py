"""已经公布的办公电话：the only phones a notice may carry."""

from django.db.models import QuerySet

from portal.models import Office, Post, Township, Village


def public_phones(township: Township) -> frozenset[str]:
    """本乡镇公布过的电话: hotline, complaints, offices, posts, village service points."""
    lists: list[QuerySet[Office, str] | QuerySet[Post, str] | QuerySet[Village, str]] = [
        Office.objects.filter(township=township).values_list("phone", flat=True),
        Post.objects.filter(township=township).values_list("phone", flat=True),
        Village.objects.filter(township=township).values_list("phone", flat=True),
    ]
    found = {phone for rows in lists for phone in rows if phone}
    return frozenset(found | {township.hotline, township.complaint_phone})
