"""Addresses of the pages that belong to no room."""

from django.urls import path

from . import pages

app_name = "site"

urlpatterns = [
    path("about/", pages.AboutView.as_view(), name="about"),
    path("accessibility/", pages.AccessibilityView.as_view(), name="accessibility"),
    path("privacy/", pages.PrivacyView.as_view(), name="privacy"),
    path("terms/", pages.TermsView.as_view(), name="terms"),
    path("sitemap/", pages.SitemapView.as_view(), name="sitemap"),
    path("care/", pages.switch_care, name="care"),
    path("robots.txt", pages.robots, name="robots"),
    path(".well-known/security.txt", pages.security, name="security"),
    path("manifest.webmanifest", pages.manifest, name="manifest"),
    path("favicon.ico", pages.favicon, name="favicon"),
]
