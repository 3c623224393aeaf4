"""Whether a line is running text, and the stock phrases that never are.

The signals are general ones: a sentence ends in a full stop, furniture does not; a teaser ends in an ellipsis; links
make a line a signpost. Stock phrases are those that papers everywhere print around an article, in the languages that
were to hand.
"""

from __future__ import annotations

import re

SHORT = 20  # weight below which a line is no paragraph
_SENTENCE = 60
_TEASER = 0.2  # of its size is what a line without an end of sentence weighs
_LINKED = 0.5
_END = re.compile(r"(?:[!?。！？」』]|(?<![.…·])\.|[다요죠임음함까][.]?|:)[\"'”’»)\]」』*†]*$")
_INNER = re.compile(r"[a-zа-яß-ÿ\])%”\"0-9][.!?][\"”’)]*\s+\S|[。！？]|[다요]\.\s")
_HALF = re.compile(r"[,;—–、，\"”’)]$")
_CREDIT_OPENS = re.compile(
    r"\(?(?:image|photo|picture|foto|video)s?(?: credits?| courtesy| by)?\s*[:/]|[©ⓒ]|image \d+ of \d+$|\(published \w+|photograph by "
    r"|photograph: |写真[=＝]|사진\s?[=/:]",
    re.IGNORECASE,
)
_CREDIT_HINT = re.compile(r"[(\[/:=＝©ⓒ]|(?<!\w)(?:[Pp]hoto|[Ii]mage|[Pp]icture|via |credit |courtesy )")
_CREDIT = re.compile(
    r"\((?:image|photo|picture|pic|foto|credit|getty|ap photo|file)\b[^()]{0,80}\)\s*$"
    r"|(?<![.!?\"”] )\((?:reuters|afp|epa)\b[^()]{0,80}\)\s*$"
    r"|\[(?:image|photo|foto)\b[^\[\]]{0,80}\]\s*$"
    r"|(?:/\s?|via |credit |courtesy )(?:getty images|ap photo|shutterstock|reuters|afp|epa|istock)\s*[)\]]?$"
    r"|\b(?:photos?|images?|pictures?)\s?(?:©|\(c\)|:|courtesy|by (?-i:[A-Z]))"
    r"|photograph: |[=＝]\S{0,20}撮影$|/\s?(?:사진|뉴스1|뉴시스|연합뉴스)\s?(?:제공|DB)?$"
    r"|(?:사진|자료|이미지)\s?(?:제공\s?)?[=:/]\s?\S{1,20}$|\[사진[^\]]{0,40}\]$",
    re.IGNORECASE,
)
# What opens a list of other articles: it and the list below it are none of this one.
_POINTER = re.compile(
    r"^\W{0,3}(?:"
    r"related(?: \w+){0,3}|recommended.{0,30}|trending.{0,20}|most (?:read|popular|viewed).{0,20}|see also.{0,120}|also read\b.{0,120}"
    r"|read (?:more|next|also)\b.{0,120}|don['’]t miss.{0,80}|must read.{0,80}|up next|what to (?:read|watch) next"
    r"|more(?: great| top| latest)?(?: [\w.'’]+){0,3} (?:stories|news|articles|coverage|videos|posts)|more (?:from|on|about|in|like this)\b.{0,60}|more"
    r"|you (?:may|might) (?:also )?(?:like|be interested).{0,20}|in other news|top stories|latest news|next article|previous article|popular (?:posts|stories|articles)"
    r"|lesen sie auch.{0,120}|mehr zum thema.{0,40}|(?:à )?lire aussi.{0,120}|leia (?:também|mais).{0,120}|lea también.{0,120}|читайте также.{0,120}|leggi anche.{0,120}|baca juga.{0,120}"
    r"|関連(?:記事|キーワード|ニュース|トピックス|リンク).{0,20}|あわせて読みたい|おすすめ(?:記事|情報)?|この記事の.{0,12}|(?:記事)?ランキング|こんな記事も.{0,20}"
    r"|相关(?:新闻|阅读|报道|链接|文章).{0,20}|推荐阅读.{0,20}|延伸閱讀.{0,20}|相關(?:新聞|文章|報導).{0,20}"
    r"|관련\s?(?:기사|뉴스|콘텐츠).{0,20}|.{0,12}(?:많이|함께) (?:본|볼만한) (?:기사|뉴스).{0,10}|추천\s?(?:기사|뉴스|콘텐츠).{0,10}|(?:실시간 )?인기\s?(?:기사|뉴스).{0,10}|.{0,8}주요\s?(?:뉴스|기사).{0,10}|이 시각.{0,20}|당신이 .{0,20}이슈|랭킹\s?뉴스.{0,10}"
    r")\W{0,3}$",
    re.IGNORECASE,
)
_STOCK = re.compile(
    r"^\W{0,3}(?:"
    r"advertise?ments?|ad|anzeige|publicidad|publicidade|реклама|広告|광고|continue reading(?: below| the main story)?|story continues below.{0,40}|(?:article|story) continues.{0,40}"
    r"|read the full.{0,120}|sign up\b.{0,160}|subscribe\b.{0,160}|get (?:unlimited |full )?access\b.{0,190}|follow (?:us|him|her|me|@|\w+ on)\b.{0,160}|follow .{1,60} on (?:facebook|twitter|instagram).{0,80}"
    r"|like us on .{0,80}|join (?:us|our)\b.{0,120}|download (?:our|the) .{0,80}app.{0,40}|click here .{0,120}"
    r"|share(?: this\b.{0,40}| on \w+| via .{0,20}| article)?|tweet|pin it|print|email(?: this)?|whatsapp|facebook|twitter|linkedin|reddit|copy link|comments?(?: \(\d+\))?"
    r"|\d+ comments?|leave a (?:comment|reply)|post a comment|view comments|join the conversation|show comments|load more.{0,20}|view gallery|play video|watch(?: now|:).{0,100}|listen(?: now|:).{0,60}"
    r"|tags?:?|topics?:?|filed under:?.{0,80}|categor(?:y|ies):.{0,80}|source: .{0,40}|first published.{0,60}|last (?:updated|modified).{0,60}|published:?.{0,50}|updated:?.{0,50}|posted (?:on|by|in).{0,80}|originally published.{0,120}"
    r"|all rights reserved.{0,80}|copyright\b.{0,160}|terms of (?:use|service).{0,60}|privacy policy.{0,60}|back to top|skip to .{0,30}|report a typo.{0,40}"
    r"|email .{0,40}@.{0,160}|contact .{0,60}@.{0,60}|.{0,80}contributed (?:to this (?:report|story|article)|reporting).{0,20}|(?:additional )?reporting by .{0,180}|фото:.{0,80}"
    r"|続きを読む|続きが読め.{0,20}|この記事は有料会員限定です.{0,40}|有料会員限定.{0,30}|残り\d+文字.{0,30}|ログイン.{0,30}|会員登録.{0,30}|無料登録.{0,30}"
    r"|シェア(?:する)?|ツイート|フォロー(?:する)?|ブックマーク|印刷|すべて見る|カテゴリーをフォローする|無断転載.{0,30}"
    r"|责任编辑.{0,30}|分享(?:到|至)?.{0,12}|(?:来源|來源)[:：].{0,30}|责编[:：].{0,40}|编辑[:：].{0,20}"
    r"|(?:카카오톡|페이스북|트위터|밴드)?\s?공유(?:하기)?|글자\s?크기.{0,20}|댓글.{0,12}|구독(?:하기)?|스크랩|인쇄(?:하기)?|좋아요\s?\d*|싫어요\s?\d*|기사\s?듣기|(?:AI|인공지능)\s?(?:기사\s?)?요약.{0,40}|요약은 (?:AI|인공지능).{0,60}|(?:AI|인공지능)(?:가|이) (?:자동으로 )?(?:요약|생성).{0,60}|(?:네이버|구글).{0,20}구독.{0,20}"
    r")\W{0,3}$",
    re.IGNORECASE,
)
_MASTHEAD = re.compile(
    r"^(?:by|von|por|par|di|автор|text|文|作者|記者|기자|입력|등록|승인|수정|송고)\b.{0,80}$|\d{4}\s?[-./年년]\s?\d{1,2}\s?[-./月월]|\b\d{1,2}:\d{2}\b|\b(?:19|20)\d\d\b|\d+ (?:min|minutes?|hours?|days?)\b|\|",
    re.IGNORECASE,
)
_DIGEST = re.compile(
    r"^\W{0,3}(?:(?:AI|인공지능)[\s-]{0,2}(?:로 |가 |의 )?(?:기사\s?|뉴스\s?|자동\s?)?(?:요약|브리핑)|기사\s?(?:AI\s?)?요약|세\s?줄\s?요약|3줄\s?요약|한\s?눈에\s?보기"
    r"|(?:AI|machine)[\s-](?:generated )?summary|summary by AI|AI要約|AI摘要)",
    re.IGNORECASE,
)
_LONGEST_DIGEST = 40
_LONGEST_STOCK = 200


def size(text: str) -> int:
    """Return how much a text says: its bytes in UTF-8, so that a Chinese or Korean character counts as three letters."""
    return len(text) if text.isascii() else len(text.encode("utf-8", "replace"))


def weight(text: str, linked: int, *, lenient: bool = False) -> float:
    """Return how much running text a line is; `linked` of its characters stand inside links. 0 for a signpost.

    `lenient` takes lines without an end of sentence for full: of lists, verse, and papers that spare full stops.
    """
    if linked > _LINKED * len(text):
        return 0.0
    own = size(text) * (1 - linked / len(text)) if linked else float(size(text))
    if own < SHORT:
        return 0.0
    if lenient:
        return own
    if sentence(text):
        return own if own > _SENTENCE else own * 0.5
    return own * 0.8 if own > _SENTENCE and _INNER.search(text) else own * _TEASER


def sentence(text: str) -> bool:
    """Return whether a line ends as sentences do; an ellipsis is the end of a teaser."""
    return _END.search(text[-24:]) is not None


def stock(text: str) -> bool:
    """Return whether a line is one of the phrases that stand around every article."""
    return len(text) <= _LONGEST_STOCK and _STOCK.match(text) is not None


def pointer(text: str) -> bool:
    """Return whether a line is the heading of a list of other articles."""
    return len(text) <= _LONGEST_STOCK and _POINTER.match(text) is not None


def digest(text: str) -> bool:
    """Return whether a line is the heading of a summary that no reporter wrote."""
    return len(text) <= _LONGEST_DIGEST and _DIGEST.match(text) is not None


def masthead(text: str) -> bool:
    """Return whether a short line names who wrote when: it stands above the text."""
    return len(text) <= _LONGEST_STOCK and _MASTHEAD.search(text) is not None


def credit(text: str) -> bool:
    """Return whether a line names who took a picture: it is a caption wherever it stands."""
    if len(text) > _LONGEST_STOCK:
        return False
    if _CREDIT_OPENS.match(text):
        return True
    return _CREDIT_HINT.search(text) is not None and _CREDIT.search(text) is not None
