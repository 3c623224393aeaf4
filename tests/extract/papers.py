"""Pages as the outlets lay them out, around text that a test gives. Built from what is publicly known of the sites."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

RELATED = "관련 없는 기사 제목은 본문이 아니다"


@dataclass(frozen=True)
class Story:
    """An invented or given article, in the parts that MediaPen prints."""

    title: str
    subtitle: str
    paragraphs: tuple[str, ...]
    caption: str = ""
    byline: str = "[미디어펜=이승규 기자]"
    number: int = 978113
    date: str = "2025-02-05 14:21:33"
    unix: int = 1738732800


INVENTED = Story(
    title="한빛전자, 새 연구소 문 연다…'바다 위 데이터센터' 도전",
    subtitle="파도 힘으로 식히는 서버, 내년 봄 첫 가동",
    paragraphs=(
        "[미디어펜=이승규 기자] 한빛전자가 남해에 새 연구소를 연다. 회사는 5일 이같이 밝혔다.",
        "연구소는 바닷물로 서버를 식히는 방법을 시험한다. 전기를 3할 아낄 수 있을 것으로 회사는 본다.",
        "◆ 바다로 간 서버",
        '김바다 연구소장은 "해마다 늘어나는 전기를 줄일 길을 찾겠다"라고 말했다.',
        "첫 서버는 내년 봄에 돌기 시작한다.",
    ),
    caption="▲ 한빛전자 직원들이 남해 앞바다에서 장비를 살피고 있다./사진=한빛전자 제공",
)


def seed_story(text: str) -> Story:
    """Take the seed apart: title, subtitle, paragraphs, caption, and the byline in its last line."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    caption = next(line for line in lines if line.startswith("▲"))
    body = tuple(line for line in lines[2:-1] if line != caption)
    return Story(lines[0], lines[1], body, caption, lines[-1].replace("▶다른기사보기", "").strip())


def _head(story: Story, *, image: bool = True, extra: str = "") -> str:
    image_tag = (
        f'<meta property="og:image" content="https://image.mediapen.com/news/202502/news_{story.number}_{story.unix}_m.jpg">'
        if image
        else ""
    )
    return (
        '<meta http-equiv="Content-Type" content="text/html; charset=utf-8">'
        f"<title>{escape(story.title)} - 미디어펜</title>"
        f'<meta property="og:site_name" content="미디어펜"><meta property="og:type" content="article">'
        f'<meta property="og:url" content="https://www.mediapen.com/news/view/{story.number}">'
        f'<meta property="og:title" content="{escape(story.title)}">'
        f'<meta property="og:description" content="{escape(story.paragraphs[0][:60])}">{image_tag}{extra}'
    )


def _body(story: Story) -> str:
    first, *rest = story.paragraphs
    parts = [escape(first), "<br><br>"]
    if story.caption:
        parts.append(
            '<figure><img src="https://image.mediapen.com/x.jpg"></figure><script>var ad = "광고 글";</script>'
            f"<div>{escape(story.caption)}</div><br><br>"
        )
    for number, paragraph in enumerate(rest):
        parts.append(f"<div>{escape(paragraph)}</div>" if number % 3 == 2 else f"{escape(paragraph)}<br><br>")
    parts.append(f"<div>▶ {RELATED}<br>▶ {RELATED}</div><iframe src='/ad'></iframe>")
    parts.append(f'{escape(story.byline)} <a href="/news/lists/?reporter=1">▶다른기사보기</a>')
    return "".join(parts)


def _shell(story: Story, container: str, date: str) -> str:
    related = "".join(f'<li><a href="/news/view/{n}">{RELATED} {n}</a></li>' for n in range(978001, 978009))
    return (
        '<!DOCTYPE html PUBLIC "-//W3C//DTD HTML 4.01//EN"><html lang="ko"><head>{head}</head><body><div id="wrap">'
        '<ul><li class="update">UPDATE : 2026.03.18 18:36 일</li></ul><div class="container"><div>'
        '<div class="article-warp"><div class="article-content pt-20 text-center"><div>'
        f'<div class="article-top pt-20"><h1>{escape(story.title)}</h1>'
        f'<div class="subtitle">{escape(story.subtitle)}</div>{date}</div></div>'
        f"<div {container}>{_body(story)}</div>"
        f'<div class="related"><ul>{related}</ul></div></div></div></div></div></div></body></html>'
    )


def v1(story: Story) -> str:
    """Desktop: body by id, date line under the title."""
    date = f'<div class="date-repoter">{story.date} | 이승규 기자 | gyu@mediapen.com</div>'
    return _shell(story, 'id="articleBody"', date).replace("{head}", _head(story))


def v2(story: Story) -> str:
    """Desktop without the id; the only clock is in the image's name."""
    return _shell(story, 'class="article-body"', "").replace("{head}", _head(story))


def v3(story: Story) -> str:
    """AMP: no shell, custom elements, JSON-LD."""
    ld = (
        '<script type="application/ld+json">{"@context":"http://schema.org","@type":"NewsArticle",'
        f'"mainEntityOfPage":"https://www.mediapen.com/news/view/{story.number}",'
        f'"datePublished":"{story.date.replace(" ", "T")}+09:00","dateModified":"2025-02-05T15:00:00+09:00",'
        '"author":{"@type":"Person","name":"이승규 기자"}}</script>'
    )
    canonical = f'<link rel="canonical" href="https://www.mediapen.com/news/view/{story.number}">'
    return (
        f'<!doctype html><html amp lang="ko"><head>{_head(story, image=False, extra=canonical + ld)}</head><body>'
        "<amp-sidebar><ul><li>메뉴</li></ul></amp-sidebar><article>"
        f'<h1>{escape(story.title)}</h1><div class="subtitle">{escape(story.subtitle)}</div>'
        '<amp-img src="x.jpg" width="1" height="1"></amp-img>'
        f'<div class="article-body">{_body(story)}</div></article>'
        f'<div class="related"><a href="/news/view/1">{RELATED}</a></div></body></html>'
    )


def ndsoft(story: Story) -> str:
    """A page of the ndsoft system: paragraphs, naive meta time, reporter in an information list."""
    body = "".join(f"<p>{escape(paragraph)}</p>" for paragraph in story.paragraphs)
    return (
        f'<html lang="ko"><head><title>{escape(story.title)} - 시험타임스</title>'
        f'<meta property="og:title" content="{escape(story.title)} - 시험타임스"><meta property="og:site_name" content="시험타임스">'
        f'<meta property="article:published_time" content="{story.date}"><meta property="article:section" content="산업">'
        "</head><body><nav><p>차림표에 든 긴 글은 본문이 아니며 읽을 까닭이 전혀 없다는 것을 모두 안다.</p></nav>"
        f'<h3 class="heading">{escape(story.title)}</h3><h4 class="subheading">{escape(story.subtitle)}</h4>'
        '<ul class="infomation"><li>이승규 기자</li><li>입력 2025.02.05 14:21</li></ul>'
        '<article id="article-view-content-div"><div class="ai-summary"><p>기계가 줄인 글</p></div>'
        f"<figure><img src='a.jpg'><figcaption>{escape(story.caption)}</figcaption></figure>{body}"
        "<p>저작권자 © 시험타임스 무단전재 및 재배포 금지</p></article></body></html>"
    )


def list_page(items: Sequence[tuple[int, str]], host: str = "http://www.mediapen.com") -> str:
    """A list with all the traps that were seen on the outlet's front page."""
    rows = []
    for number, title in items:
        href = f"{host}/news/view/{number}"
        rows.append(
            f'<div class="list_news2"><a href="{href}"><img src="/t.jpg"></a>'
            f'<div class="list_title2"><a href="{href}">{title}</a></div>'
            f'<div class="list_title3"><a href="{href}">기사 첫머리가 길게 이어지다가 어딘가에서 잘리고 마는 요약 글이 여기에 온다...</a></div>'
            '</div><div id="con_t_news"></div>'
        )
    first = items[0][0]
    return (
        "<!DOCTYPE html PUBLIC '-//W3C//DTD HTML 4.01//EN'><html><head><title>시장경제 정론지 미디어펜</title>"
        '<meta property="og:title" content=""></head><body><a href="#">눌러도 아무 데도 가지 않는 머리기사</a>'
        '<a href="/news/lists?series_cd=20038"><img src="/promo.png"></a>'
        f'<!-- <a href="{host}/news/view/{first + 500}">주석 속 기사</a> -->'
        f"{''.join(rows)}"
        f'<div id="popup"><a href="{host}/news/view/{first - 28000}">넉 달 전 알림 창</a></div>'
        f'<li class="issue_txt"><a href="{host}/news/view/{first + 1}"><font color=db0000>[속보]</font> 바다  위 서버‧첫 가동… </a></li>'
        f'</body></html><div><a href="{host}/newsamp/view/{first + 2}">문서 끝난 뒤의 기사</a></div>'
    )
