from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.extract.generic.naming import BODY, CAPTION, FURNITURE, verdict


@pytest.mark.parametrize(
    "names",
    [
        "articleBody",
        "article-body",
        "article__body",
        "article_content wide",
        "entry-content",
        "post-content clearfix",
        "story-text",
        "news_body_area",
        "end-body",
        "view_con",
        "art_txt",
        "newsct_article",
        "dic_area",
        "body-copy",
    ],
)
def test_names_of_a_body(names: str) -> None:
    assert verdict(names) == BODY


@pytest.mark.parametrize(
    "names",
    [
        "related-articles",
        "relatedArticles",
        "article_related",
        "share",
        "socialShare",
        "sns_share",
        "comment-list",
        "commentList",
        "newsletter-signup",
        "sidebar right",
        "breadcrumbs",
        "ad",
        "adBox",
        "ad_unit",
        "cookie-banner",
        "tag_list",
        "byline",
        "reporter_info",
        "copyright",
        "ai-summary",
        "recommendedForYou",
        "ranking_news",
        "main-menu",
    ],
)
def test_names_of_furniture(names: str) -> None:
    assert verdict(names) == FURNITURE


@pytest.mark.parametrize("names", ["caption", "photo-caption", "wp-caption-text", "imageCredit", "figcaption"])
def test_names_of_captions(names: str) -> None:
    assert verdict(names) == CAPTION


@pytest.mark.parametrize(
    "names",
    [
        "",
        "shareholders",
        "header-image",
        "loading",
        "story",
        "css-1abc2de",
        "paragraph",
        "l-wrap",
        "page-without-sidebar",
        "has-sidebar",
        "with-comments",
        "authority",
    ],
)
def test_names_that_say_nothing(names: str) -> None:
    assert verdict(names) == 0


@pytest.mark.parametrize(
    "names",
    [
        "print:w-full",
        "lg:hidden",
        "md:sidebar",
        "sc-kLAdNQ",
        "sc-adXyz1",
        "css-tag12",
        "comments-open",
        "is-share-enabled",
        "tag-economy",
        "tag-ai-chips",
        "author-shown",
        "author-kim",
        "category-video",
        "scroll-hidden",
        "sidebar-wide__main",
        "ad3f90c1-12ab-4c0d-9e77-0a1b2c3d4e5f",
        "0ad1b2c3-aaaa-4bbb-8ccc-1234567890ad",
        "page--sidebar",
        "grid--has-ads",
        "Layout_main__ad4K9",
        "text_body__k4AD9",
        "printArea",
    ],
)
def test_made_names_states_variants_and_subjects_say_nothing(names: str) -> None:
    assert verdict(names) != FURNITURE


@pytest.mark.parametrize(
    "names", ["tag-list", "author-box", "Sidebar_root__k4AD9", "share--wide", "comment-list sc-abc1", "related__item"]
)
def test_furniture_with_such_pieces_stays_furniture(names: str) -> None:
    assert verdict(names) == FURNITURE


def test_a_body_inside_another_word_is_none() -> None:
    assert verdict("antibody") == 0
    assert verdict("article-bodyguard") == 0


@given(st.text(max_size=400))
def test_any_name_is_borne(names: str) -> None:
    assert verdict(names) in {0, BODY, FURNITURE, CAPTION}
