"""The names of money: ISO 4217 codes with their words and signs in English and Chinese; older money keeps its word."""

from __future__ import annotations

import re
from fractions import Fraction
from typing import NamedTuple

_NAMES = """
USD: us dollar, us dollars, u.s. dollar, u.s. dollars, united states dollar, united states dollars, american dollar, american dollars, us $, us$, u.s $, u.s. $, u.s.$, u.s$, usd$, usd, us dol, 美元, 美金, 美刀, 美圆
HKD: hong kong dollar, hong kong dollars, hk dollar, hk dollars, hk $, hk$, hkd$, hkd, 港元, 港币, 港幣, 港圆, 港纸
CNY: chinese yuan, yuan, renminbi, rmb¥, rmb, cny, cnh, kuai, 人民币, 人民幣, ¥
EUR: euro, euros, eur, €, 欧元, 歐元
GBP: british pound, british pounds, pound sterling, pounds sterling, sterling, gbp, gbp£, 英镑, 英鎊
JPY: japanese yen, yen, jpy, jp¥, 日元, 日圆, 日幣, 日币, 円
CAD: canadian dollar, canadian dollars, c $, c$, ca$, can$, cad$, cad, 加元, 加币, 加拿大元
AUD: australian dollar, australian dollars, aussie dollar, aussie dollars, a$, au$, aud$, aud, 澳元, 澳币, 澳大利亚元
NZD: new zealand dollar, new zealand dollars, nz $, nz$, nzd$, nzd, 新西兰元, 纽元, 纽币
SGD: singapore dollar, singapore dollars, s$, sg$, sgd$, sgd, 新加坡元, 新币, 坡币, 新元
TWD: new taiwan dollar, new taiwan dollars, taiwan dollar, taiwan dollars, nt $, nt$, ntd, twd, 新台币, 台币, 新台幣, 台幣
CHF: swiss franc, swiss francs, chf, 瑞士法郎, 瑞郎
KRW: south korean won, korean won, krw, ₩, 韩元, 韩币, 韓元, 韩圆
INR: indian rupee, indian rupees, inr, ₹, 印度卢比
THB: thai baht, baht, bahts, thb, ฿, 泰铢, 泰銖
MYR: malaysian ringgit, ringgit, ringgits, myr, 马币, 林吉特, 马来西亚林吉特, 令吉
IDR: indonesian rupiah, rupiah, rupiahs, idr, 印尼盾, 印尼卢比
VND: vietnamese dong, vnd, ₫, 越南盾
PHP: philippine peso, philippine pesos, ₱, 菲律宾比索
MOP: macanese pataca, macau pataca, pataca, patacas, 澳门元, 澳门币, 葡币
RUB: russian ruble, russian rubles, russian rouble, russian roubles, rub, ₽, 俄罗斯卢布
SEK: swedish krona, swedish kronor, sek, 瑞典克朗
NOK: norwegian krone, norwegian kroner, nok, 挪威克朗
DKK: danish krone, danish kroner, dkk, 丹麦克朗
ISK: icelandic krona, icelandic króna, isk, 冰岛克朗
PLN: polish zloty, polish zlotys, zloty, zlotys, złoty, pln, zł, 波兰兹罗提, 兹罗提
CZK: czech koruna, czech korunas, koruna, korunas, czk, 捷克克朗
HUF: hungarian forint, forint, forints, huf, 匈牙利福林, 福林
RON: romanian leu, ron, 罗马尼亚列伊
BGN: bulgarian lev, bgn, 保加利亚列弗
TRY: turkish lira, turkish liras, ₺, 土耳其里拉
ILS: israeli shekel, israeli new shekel, shekel, shekels, ils, ₪, 新谢克尔, 以色列谢克尔
SAR: saudi riyal, saudi riyals, sar, 沙特里亚尔, 沙特阿拉伯里亚尔
AED: united arab emirates dirham, uae dirham, emirati dirham, uae dirhams, aed, 阿联酋迪拉姆, 迪拉姆
QAR: qatari riyal, qatari rial, qar, 卡塔尔里亚尔
KWD: kuwaiti dinar, kuwaiti dinars, kwd, 科威特第纳尔
BHD: bahraini dinar, bahraini dinars, bhd, 巴林第纳尔
OMR: omani rial, omr, 阿曼里亚尔
JOD: jordanian dinar, jordanian dinars, jod, 约旦第纳尔
IQD: iraqi dinar, iraqi dinars, iqd, 伊拉克第纳尔
IRR: iranian rial, iranian rials, irr, 伊朗里亚尔
EGP: egyptian pound, egyptian pounds, egp, 埃及镑
MAD: moroccan dirham, moroccan dirhams, 摩洛哥迪拉姆
TND: tunisian dinar, tunisian dinars, tnd, 突尼斯第纳尔
NGN: nigerian naira, naira, ngn, ₦, 尼日利亚奈拉, 奈拉
GHS: ghanaian cedi, cedi, cedis, ghs, ₵, 塞地, 加纳塞地
KES: kenyan shilling, kenyan shillings, kes, 肯尼亚先令
ZAR: south african rand, rand, zar, 南非兰特, 兰特
BRL: brazilian real, brazilian reals, brazilian reais, reais, r$, brl, 巴西雷亚尔, 雷亚尔
MXN: mexican peso, mexican pesos, mex$, mxn$, mxn, 墨西哥比索
ARS: argentine peso, argentine pesos, ars, 阿根廷比索
CLP: chilean peso, chilean pesos, clp, 智利比索
COP: colombian peso, colombian pesos, 哥伦比亚比索
PEN: peruvian sol, peruvian soles, nuevo sol, 秘鲁索尔
CRC: costa rican colón, costa rican colon, ₡, crc, 哥斯达黎加科朗
GEL: georgian lari, lari, ₾, 格鲁吉亚拉里
LAK: lao kip, laotian kip, kip, kips, ₭, 老挝基普, 基普
LKR: sri lankan rupee, sri lankan rupees, ரூ, lkr, 斯里兰卡卢比
PKR: pakistani rupee, pakistani rupees, pkr, 巴基斯坦卢比
NPR: nepalese rupee, nepalese rupees, npr, 尼泊尔卢比
BDT: bangladeshi taka, taka, bdt, ৳, 孟加拉塔卡
KZT: kazakhstani tenge, tenge, kzt, ₸, 哈萨克斯坦坚戈, 坚戈
UAH: ukrainian hryvnia, hryvnia, hryvnias, uah, ₴, 乌克兰格里夫纳, 格里夫纳
MNT: mongolian tugrik, mongolian tögrög, tugrik, ₮, 蒙古图格里克
KHR: cambodian riel, riel, riels, ៛, 柬埔寨瑞尔
MMK: burmese kyat, kyat, kyats, mmk, 缅甸元
Bitcoin: bitcoin, bitcoins, btc, ₿, 比特币, 比特幣
Satoshi: satoshi, satoshis
Dollar: dollar, dollars, $, ＄, 刀
Pound: pound, pounds, £, 镑
Franc: franc, francs, 法郎
Peso: peso, pesos, 比索
Rupee: rupee, rupees, rs, rs., 卢比
Krona: krona, kronor, kronas, 克朗
Ruble: ruble, rubles, rouble, roubles, 卢布
Dinar: dinar, dinars, 第纳尔
Dirham: dirham, dirhams
Riyal: riyal, riyals, 里亚尔
Lira: lira, liras, lire, 里拉
Peseta: peseta, pesetas, 比塞塔
Finnish markka: finnish markka, finnish markkas, finnmark, 芬兰马克
Deutsche mark: deutsche mark, deutsche marks, deutschmark, deutschmarks, deutschemark, deutschemarks, german mark, german marks, west german mark, west german marks, 德国马克, 马克
Netherlands guilder: dutch guilder, dutch guilders, guilder, guilders, netherlands guilder, netherlands guilders, 荷兰盾
French franc: french franc, french francs, 法国法郎
Belgian franc: belgian franc, belgian francs, 比利时法郎
Italian lira: italian lira, italian lire, 意大利里拉
Austrian schilling: austrian schilling, austrian schillings
Greek drachma: greek drachma, drachma, drachmas
Portuguese escudo: portuguese escudo, escudo, escudos
Irish pound: irish pound, irish pounds, punt, punts
Sen: sen
Cent: cent, cents, ¢, 美分
Pence: pence
Penny: penny, pennies
Fen: 分钱
YUAN: 元, 块钱, 塊錢, 块, 圆
JIAO: 角, 毛钱, 毛, jiao, mao
"""
WORDS = {
    name.strip(): code for line in _NAMES.strip().splitlines() for code, _, names in [line.partition(":")] for name in names.split(",")
}  # fmt: skip
PREFIXED = {"dollar", "sen", "rmb", "yuan", "euro", "rs", "rs."}
"""Words that may stand before their amount, beside signs, codes and Chinese names."""
DOUBTFUL = {
    "all",
    "try",
    "cup",
    "top",
    "bob",
    "pen",
    "gel",
    "mad",
    "lak",
    "cop",
    "sos",
    "sen",
    "kip",
    "rand",
    "taka",
    "ron",
    "sar",
    "kes",
    "ars",
}
BARE = {"dollar", "dollars", "rmb"}
CODE = 3
_MILLIONS = {
    f"m{word}": code
    for word, code in WORDS.items()
    if len(word) == CODE and word.isascii() and word.isalpha() and code.lower() == word
}
WORDS |= _MILLIONS
_ALL = "|".join(re.escape(word).replace("\\ ", "[ ]{1,3}") for word in sorted(WORDS, key=len, reverse=True))
UNIT = re.compile(rf"(?<![a-z])(?:{_ALL})(?![a-z])")


class Unit(NamedTuple):
    """A name of money in the text: its code or word, and how much of it one is (0.1 of a yuan for 角)."""

    start: int
    end: int
    code: str
    word: str
    factor: Fraction = Fraction(1)

    @property
    def before(self) -> bool:
        """Whether it may stand before its amount."""
        signs = (
            not (self.word[-1].isascii() and self.word[-1].isalpha()) and self.word not in "元块圆角毛块钱毛钱刀分钱镑¢"
        )
        return (
            signs
            or self.word in PREFIXED
            or (len(self.word) == CODE and self.word not in {"mao", "sen", "yen", "won"})
            or self.word in _MILLIONS
        )

    @property
    def loose(self) -> bool:
        """A name that only repeats what a sign before the amount has said: ￥100元, HK$5元, $10 dollars."""
        return self.word in {"元", "块", "块钱", "圆", "dollar", "dollars", "yuan"}


def units(text: str) -> list[Unit]:
    """Every name of money in a folded text."""
    return [_unit(found) for found in UNIT.finditer(text)]


def _unit(found: re.Match[str]) -> Unit:
    word = re.sub(r" {2,}", " ", found[0])
    code = WORDS[word]
    if code in {"YUAN", "JIAO", "Fen"}:
        return Unit(
            found.start(),
            found.end(),
            "CNY",
            word,
            {"YUAN": Fraction(1), "JIAO": Fraction(1, 10)}.get(code, Fraction(1, 100)),
        )
    factor = Fraction(10**6 if word in _MILLIONS else 1)
    return Unit(found.start(), found.end(), code, word, factor)
