"""Other banks by the names people use for them; one that is not here is asked about."""

from __future__ import annotations

import re

_BANKS = """
ICBC: 工商银行, 中国工商银行, 工行, icbc, industrial and commercial bank
CCB: 建设银行, 中国建设银行, 建行, ccb, china construction bank, construction bank
ABC: 农业银行, 中国农业银行, 农行, agricultural bank, agricultural bank of china
BOC: 中国银行, 中行, 中银香港, 中银, bank of china, bochk
BOCOM: 交通银行, 交行, bocom, bank of communications
PSBC: 邮储银行, 邮储, 邮政储蓄, 邮政银行, postal savings bank, psbc
CMB: 招商银行, 招行, 招商, cmb, china merchants bank, merchants bank
CITIC: 中信银行, 中信, citic bank, citic
CEB: 光大银行, 光大, everbright bank, everbright
SPDB: 浦发银行, 浦发, 浦东发展银行, spdb
CMBC: 民生银行, 民生, minsheng bank, minsheng, cmbc
CIB: 兴业银行, 兴业, industrial bank, cib
PAB: 平安银行, ping an bank, pingan bank
HXB: 华夏银行, 华夏, hua xia bank, huaxia bank
CGB: 广发银行, 广发, cgb
CZB: 浙商银行, 浙商
BOHAI: 渤海银行, 恒丰银行
BOB: 北京银行, bank of beijing
BOSH: 上海银行, bank of shanghai
NBCB: 宁波银行, bank of ningbo
JSB: 江苏银行, bank of jiangsu
NJCB: 南京银行, bank of nanjing
HZB: 杭州银行, bank of hangzhou
WEBANK: 微众银行, 微众, webank
MYBANK: 网商银行, mybank
ALIPAY: 余额宝, 支付宝, alipay, yu'e bao
WECHATPAY: 零钱通, 理财通
HSBC: 汇丰银行, 汇丰, hsbc
SC: 渣打银行, 渣打, standard chartered, stanchart
HASE: 恒生银行, 恒生, hang seng bank, hang seng
BEA: 东亚银行, bank of east asia
CITI: 花旗银行, 花旗, citibank, citi
DBS: 星展银行, 星展, dbs
OCBC: 华侨银行, ocbc
UOB: 大华银行, uob
UBS: 瑞银, 瑞士银行, ubs
CS: 瑞信, credit suisse
JPM: 摩根大通, 摩根, jp morgan, j.p. morgan, jpmorgan, chase
GS: 高盛, goldman sachs, goldman
MS: 摩根士丹利, morgan stanley
BAC: 美国银行, bank of america
WFC: 富国银行, wells fargo
DB: 德意志银行, 德银, deutsche bank
CBK: 德国商业银行, commerzbank
BARC: 巴克莱, barclays
LLOY: 劳埃德, lloyds
NWG: 国民西敏寺, natwest
SAN: 桑坦德, santander
BNP: 法国巴黎银行, 法巴, bnp paribas, bnp
SG: 法国兴业银行, societe generale
ING: ing bank
MUFG: 三菱日联, 三菱银行, mufg
SMBC: 三井住友, smbc
ANZ: 澳新银行, anz
CBA: 澳洲联邦银行, commonwealth bank
"""
BANKS = {
    name.strip(): code.strip()
    for line in _BANKS.strip().splitlines()
    for code, _, names in [line.partition(":")]
    for name in names.split(",")
}
_LATIN = "|".join(re.escape(name) for name in sorted(BANKS, key=len, reverse=True) if name.isascii())
_CHINESE = "|".join(re.escape(name) for name in sorted(BANKS, key=len, reverse=True) if not name.isascii())
KNOWN = re.compile(rf"(?<![a-z])(?:{_LATIN})(?![a-z])|(?:{_CHINESE})")
NAMED = re.compile(
    r"(?P<zh>(?:[一-鿿]{2,4}?)(?:银行|农商行|农信社|信用社|证券|城商行))|(?P<en>(?<![A-Za-z])(?:(?:[A-Z][\w&'-]{0,20}) ){1,3}(?:Bank|Trust|Securities|Savings|Credit Union)\b)"
)
NOT_A_BANK = re.compile(
    r"^(?:[在去的到从跟和与我有把问来]|手机|网上|我们|其他|别的|另|外面|外边|几家|哪家|一家|电子|电话|私人|投资|(?:Our|The|My|Private|Mobile|Phone|Another|Other) )"
)
ELSEWHERE = re.compile(
    r"他行|别的银行|其他银行|另(?:外)?一?家银行|外面(?:的)?(?:银行)?|外行|(?<![a-z])(?:another|other|different|some other|a second) banks?(?![a-z])"
)


def known(name: str) -> str:
    """The code of a bank's name, folded to small letters."""
    return BANKS[name]
