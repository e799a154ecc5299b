"""How to address a customer: Mr Chen, Ms Thornbury, 陈先生; by surname, family name first where that is the custom."""

from __future__ import annotations

import re

HAN = re.compile(r"[\u3400-\u9fff\U00020000-\U0003ffff]")
DOTS = re.compile("[·•・‧]")
INSIDE_NAMES = re.compile("[-'’]")
_COMPOUND = (
    "欧阳 司马 上官 诸葛 司徒 东方 皇甫 尉迟 公孙 慕容 令狐 长孙 宇文 端木 夏侯 南宫 独孤 轩辕 百里 呼延 申屠 澹台 闻人 钟离 淳于 "
    "太史 濮阳 赫连 拓跋 万俟 闾丘 颛孙 亓官 司寇 仲孙 公冶 公羊 西门 东郭 南门 左丘 梁丘 歐陽 司馬 諸葛 東方 長孫 獨孤 鍾離"
)
_PINYIN = (
    "ai an bai ban bao bi bian bo bu cai cao cen chai chang che chen cheng chi chu cui dai deng di ding dong dou du duan "
    "fan fang fei feng fu gan gao ge geng gong gu guan guo han hao he hong hou hu hua huang huo ji jia jian jiang jiao "
    "jin jing kang ke kong kuang lai lan lang lei leng li lian liang liao lin ling liu long lou lu luo lv ma mao mei meng "
    "mi miao min mo mu ni nie ning niu ou ouyang pan pang pei peng pi pu qi qian qiao qin qiu qu quan ran rao ren rong "
    "ruan shang shangguan shao shen sheng shi shu shui si sima situ song su sui sun tai tan tang tao teng tian tie tong tu "
    "wan wang wei wen weng wu xi xia xiang xiao xie xin xing xiong xu xuan xue yan yang yao ye yi yin ying you yu yuan "
    "yue yun zang zeng zha zhai zhan zhang zhao zheng zhong zhou zhu zhuang zhuge zong zou zuo"
)
COMPOUND_SURNAMES = frozenset(_COMPOUND.split())
PINYIN_SURNAMES = frozenset(_PINYIN.split())
STAND_IN = re.compile(r"(?:[^\W\d]*[\s#.-]*)?\d+")  # Client 12163, C0012163, 12163: the bank knows no name
HAN_LAST = re.compile(r"(?P<en>[^\u3400-\u9fff]*[A-Za-z][^\u3400-\u9fff]*?)\s+(?P<zh>[\u3400-\u9fff][^A-Za-z]*)")
HAN_FIRST = re.compile(r"(?P<zh>[\u3400-\u9fff][^A-Za-z]*?)\s+(?P<en>[A-Za-z][^\u3400-\u9fff]*)")
TITLES = {"en": {"m": "Mr", "f": "Ms"}, "zh": {"m": "先生", "f": "女士"}}


def address(*, name: str, sex: str, chinese: bool) -> str:
    """Title and surname in the customer's language; the whole name where the sex is unknown or no surname is.

    Empty where the bank knows no name and a number stands in for it: nobody is greeted as Mr 12163.
    """
    whole = own_part(name=" ".join(name.split()), chinese=chinese)
    if STAND_IN.fullmatch(whole):
        return ""
    title = TITLES["zh" if chinese else "en"].get(sex)
    called = surname(name=whole)
    if not title or not INSIDE_NAMES.sub("", called).isalpha():
        return whole
    return f"{called}{title}" if chinese else f"{title} {called}"


def own_part(*, name: str, chinese: bool) -> str:
    """The part of a name written in two languages that belongs to this one; any other name as it is."""
    both = HAN_LAST.fullmatch(name) or HAN_FIRST.fullmatch(name)
    return both["zh" if chinese else "en"].strip() if both else name


def surname(*, name: str) -> str:
    """陈 of 陈国华, 欧阳 of 欧阳秀文, Chen of Chen Guohua, Keane of Robert Keane; 古丽努尔, who has none, of herself."""
    if HAN.match(name):
        return _chinese_surname(name)
    words = name.split()
    if len(words) > 1 and words[0].casefold() in PINYIN_SURNAMES:
        return words[0]
    return words[-1] if words else ""


def _chinese_surname(name: str) -> str:
    if DOTS.search(name):
        return DOTS.split(name)[0]
    return name[:2] if name[:2] in COMPOUND_SURNAMES else name[0]
