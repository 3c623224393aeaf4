"""Nouns that begin with a shorter noun and go on like a particle or an ending."""

from __future__ import annotations

from typing import Final

_LIST: Final = """메타인지 메타버스 메타데이터 메타포 메타볼릭 메타세쿼이아 한국인 미국인 중국인 일본인 현대인 외국인 경기도 인도네시아 인도양 인도인 인도차이나"""
NOUNS: Final = frozenset(_LIST.split())
