"""A seeded writer of plausible Korean IT news. Every name in it is invented, the watched terms excepted."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta

from tests.replica.korean import Word
from tests.replica.piece import ECONOMY, IT, RETAIL, SURFACES, Mention, Piece

COMPANY_HEADS = [
    "해솔",
    "다온별",
    "미르내",
    "여울림",
    "새벽강",
    "가람누",
    "온새미",
    "늘품",
    "도담채",
    "라온결",
    "마루빛",
    "바람꽃",
    "아라솔",
    "하늬담",
]
COMPANY_TAILS = [
    "시스템즈",
    "랩스",
    "네트웍스",
    "클라우드",
    "로보틱스",
    "데이터",
    "소프트",
    "모빌리티",
    "반도체",
    "게임즈",
]
PRODUCT_HEADS = ["나래", "소담", "이든", "보듬", "가온", "한결", "단비", "모아", "누림", "바로"]
PRODUCT_TAILS = ["챗", "비서", "엔진", "보드", "링크", "스토어", "페이", "맵"]
FAMILY, GIVEN = (
    "김이박최정강조윤장임한오",
    ["가람", "나린", "도율", "라희", "마루", "보결", "새론", "아린", "이솔", "주빈", "하람", "윤슬"],
)
ROLES = ["대표", "부사장", "전무", "최고기술책임자", "연구소장", "본부장"]
FIELDS = [
    "생성형 인공지능",
    "거대언어모델",
    "음성 합성",
    "클라우드 보안",
    "자율주행",
    "차세대 메모리",
    "양자 암호",
    "디지털 트윈",
    "로봇 제어",
]
PLACES = ["판교", "성수", "대전", "광주", "송도", "구미", "부산", "세종"]

TITLES = (
    "{co}, {field} '{product}' 공개…{place}서 첫선",
    "{co}·{co2}, {field} 공동 개발 나선다",
    '[현장] {co} "{year}년까지 {field} 매출 {won}억원"',
    "{co}, {place}에 {field} 연구 거점 마련",
    "{field} 경쟁 본격화…{co} '{product}' {pct}% 할인",
    '{person} {co} {role} "{field}‧보안 함께 간다"',
)
SUBTITLES = (
    "{year}년까지 {won}억원 투자, 인력 {count}명 채용",
    "{co2:과와} 손잡고 {place} 실증 착수",
    '업계 "{field} 시장 재편 빨라질 것"',
)
ENTRIES = (
    "{co:이가} {field} 서비스 '{product}'{product_particle} {day}일 공개했다. {place}에서 열린 설명회에는 협력사 관계자 {count}명이 참석했다.",
    "{co:은는} {co2:과와} {field} 분야에서 협력하기로 했다고 {day}일 밝혔다. 두 회사는 {place}에 공동 연구실을 연다.",
    "{day}일 업계에 따르면 {co:은는} {field} 사업에 {won}억 원을 투자한다. 지난해보다 {pct}% 늘어난 금액이다.",
)
SENTENCES = (
    "{co:은는} {year}년까지 관련 인력을 {count}명으로 늘릴 계획이다.",
    '{person} {co} {role:은는} "{field} 기술은 고객이 체감할 수 있어야 한다"라고 말했다.',
    "시장조사업체는 국내 {field} 시장이 해마다 {pct}%씩 성장할 것으로 내다봤다.",
    "{product:은는} 이용자가 질문을 적으면 자료를 찾아 요약해 준다.",
    "다만 {field} 도입 비용이 높다는 점은 과제로 꼽힌다.",
    '업계 관계자는 "{co2:도도} 비슷한 서비스를 준비하고 있다"라고 전했다.',
    "{co2:은는} {place} 데이터센터의 전력 사용량을 {pct}% 줄였다고 설명했다.",
    "이번 사업에는 {won}억 원이 들어가며 {place} 지역 기업도 참여한다.",
    "{person} {role:은는} 설명회에서 시험 결과를 직접 시연했다.",
    "정부는 {field} 분야의 규제를 {year}년까지 정비하기로 했다.",
    "증권가는 {co}의 올해 매출을 {won}억 원으로 추정한다.",
    "양사는 하반기에 시범 서비스를 시작하고 결과를 공개할 예정이다.",
    "{co:은는} 지난해에도 {place}에서 같은 실험을 했으나 응답 속도가 {pct}% 느렸다.",
    "이용 요금은 한 달에 {count}0원부터 시작한다.",
    "학계에서는 자료의 출처를 밝히는 절차가 먼저라고 지적한다.",
    '{co2} 관계자는 "고객사 {count}곳이 시험에 참여했다"라고 덧붙였다.',
    "{product:을를} 쓰려면 별도 장비 없이 웹 브라우저만 있으면 된다.",
    "회사는 {year}년 해외 진출을 목표로 {field} 특허를 {count}건 출원했다.",
)
SUBHEADS = ("◆ {co}, {field} 승부수", "◆ {place}에서 시작되는 '{product}'", "◆ 남은 과제는 비용과 인력")
PLANTED = (
    "{term:이가} 내놓은 모델과 견줘도 성능이 뒤지지 않는다는 평가다.",
    "{co:은는} {term:과와} 협업하는 방안도 검토하고 있다.",
    "업계는 {term}의 행보에 주목한다.",
    "{term:을를} 둘러싼 논의가 국내에서도 이어지고 있다.",
    "앞서 {term:은는} {place}에서 개발자 행사를 열었다.",
)
PLANTED_TITLES = (
    "{co}, {term:과와} {field} 협력 논의",
    "{term} 여파…{co} {field} 전략 수정",
    '"{term} 넘는다" {co}의 도전',
)
DECOYS = ("딥시크릿", "오픈에어", "오픈애니", "스타게임")  # words that only begin alike


class Writer:
    """Writes piece after piece; the same seed writes the same pieces.

    `rate` is the share of pieces that mention watched terms, `decoy_rate` the share of the others that hold a word
    which merely begins like one. Numbers begin at `first` and grow by one to three, as a shared counter does.
    """

    def __init__(self, seed: int = 7, *, rate: float = 0.1, decoy_rate: float = 0.0, first: int = 977_900) -> None:
        self.number = first
        self._rate = rate
        self._decoy_rate = decoy_rate
        self._chance = random.Random(seed)

    def piece(self, published_at: datetime, *, terms: tuple[str, ...] | None = None, layout: str = "") -> Piece:
        """Write one piece. `terms` are ids of SURFACES; None leaves them to chance, () writes of none."""
        rng = self._chance
        self.number += rng.randint(1, 3)
        words = self._words()
        if terms is None:
            terms = (rng.choice(list(SURFACES)),) if rng.random() < self._rate else ()
        paragraphs = self._paragraphs(words)
        title, caption, mentions = self._plant(terms, words, paragraphs)
        if not terms and rng.random() < self._decoy_rate:
            paragraphs.append(f"행사에서는 '{rng.choice(DECOYS)}' 시연도 이어졌다.")
        return Piece(
            self.number,
            title,
            published_at.astimezone(UTC).replace(microsecond=0),
            rng.choice(SUBTITLES).format_map(words),
            tuple(paragraphs),
            caption,
            reporter=self._person(),
            section=rng.choice((IT, IT, ECONOMY, RETAIL)),
            note="",
            layout=layout,
            mentions=mentions,
        )

    def day(self, count: int, last: datetime, apart: timedelta = timedelta(minutes=6)) -> list[Piece]:
        """Write `count` pieces, oldest first, the newest of them published at `last`."""
        return [self.piece(last - apart * (count - 1 - i)) for i in range(count)]

    def _plant(
        self, terms: tuple[str, ...], words: dict[str, Word], paragraphs: list[str]
    ) -> tuple[str, str, tuple[Mention, ...]]:
        """Put terms into body, sometimes title and caption; answer title, caption and what was put where."""
        rng = self._chance
        title, mentions = rng.choice(TITLES).format_map(words), []
        caption = "{co} {role:이가} {place}에서 발표하고 있다./사진={co} 제공".format_map(words)
        for term in terms:
            surfaces = SURFACES[term]
            for _ in range(rng.randint(1, 4)):
                surface = rng.choice(surfaces)
                line = rng.choice(PLANTED).format_map(words | {"term": Word(surface)})
                place = rng.randrange(len(paragraphs))
                paragraphs.insert(place + 1, line)
                mentions.append(Mention(term, surface, "body"))
            if rng.random() < 0.4 and term == terms[0]:
                title = rng.choice(PLANTED_TITLES).format_map(words | {"term": Word(surfaces[0])})
                mentions.append(Mention(term, surfaces[0], "title"))
            if rng.random() < 0.3 and term == terms[0]:
                caption = f"{words['co']} 관계자가 {surfaces[0]} 관련 발표를 듣고 있다./사진={words['co']} 제공"
                mentions.append(Mention(term, surfaces[0], "caption"))
        return title, caption, tuple(mentions)

    def _paragraphs(self, words: dict[str, Word]) -> list[str]:
        """Write an entry and eight paragraphs without a repeated sentence, a subhead in the middle."""
        rng = self._chance
        lines = [rng.choice(ENTRIES).format_map(words)]
        deck = rng.sample(SENTENCES, len(SENTENCES))
        for index in range(0, len(deck), 2):
            if index == 6:
                lines.append(rng.choice(SUBHEADS).format_map(words))
            lines.append(" ".join(text.format_map(words | self._figures()) for text in deck[index : index + 2]))
        return lines

    def _figures(self) -> dict[str, Word]:
        """Draw fresh figures."""
        rng = self._chance
        return {
            "day": Word(rng.randint(1, 28)),
            "year": Word(rng.randint(2026, 2031)),
            "won": Word(rng.randint(12, 980) * 10),
            "pct": Word(rng.randint(3, 60)),
            "count": Word(rng.randint(20, 400)),
        }

    def _words(self) -> dict[str, Word]:
        """Invent the names and figures of one piece."""
        rng = self._chance
        product = rng.choice(PRODUCT_HEADS) + rng.choice(PRODUCT_TAILS)
        words = {
            "co": self._company(),
            "co2": self._company(),
            "product": product,
            "person": self._person(),
            "role": rng.choice(ROLES),
            "field": rng.choice(FIELDS),
            "place": rng.choice(PLACES),
        }
        made = {key: Word(value) for key, value in words.items()}
        return made | self._figures() | {"product_particle": Word(f"{made['product']:을를}"[len(product) :])}

    def _company(self) -> str:
        return self._chance.choice(COMPANY_HEADS) + self._chance.choice(COMPANY_TAILS)

    def _person(self) -> str:
        return self._chance.choice(FAMILY) + self._chance.choice(GIVEN)
