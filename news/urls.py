from django.contrib.auth.decorators import login_not_required
from django.urls import path

from . import feeds, views

app_name = "news"
rss, atom = login_not_required(feeds.NewsFeed()), login_not_required(feeds.AtomFeed())
urlpatterns = [
    path("", views.home, name="home"),
    path("rss.xml", rss, name="rss"),
    path("atom.xml", atom, name="atom"),
    path("articles/<int:pk>/", views.article, name="article"),
    path("articles/<int:pk>/preview/", views.preview, name="article-preview"),
    path("articles/<int:pk>/publish/", views.ArticlePublishView.as_view(), name="article-publish"),
    path("articles/<int:pk>/withdraw/", views.ArticleWithdrawView.as_view(), name="article-withdraw"),
    path("<slug:slug>/", views.column, name="column"),
    path("<slug:slug>/rss.xml", rss, name="column-rss"),
    path("<slug:slug>/atom.xml", atom, name="column-atom"),
]
