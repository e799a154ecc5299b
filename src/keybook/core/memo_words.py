"""The words bankers write in a memorandum, in Chinese and English, and the codes they stand for."""

from __future__ import annotations

import re
from typing import NamedTuple


class Word(NamedTuple):
    """A pattern and the code it stands for; `act` is the code when it is promised and not done."""

    pattern: re.Pattern[str]
    code: str = ""
    act: str = ""


def _word(pattern: str, code: str = "", act: str = "") -> Word:
    return Word(re.compile(pattern), code, act)


SURNAMES = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪范金石廖贾夏韦付方白邹孟熊秦邱"
    "江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤常温康施文牛樊葛邢安齐易乔伍庞颜倪庄聂章鲁岳翟殷詹申欧耿关兰焦俞左柳甘祝包宁尚符舒阮柯"
    "纪梅童凌毕单季裴霍涂成苗谷盛曲翁冉骆蓝路游辛靳欧阳管柴蒙鲍华喻祁蒲房滕屈饶解牟艾尤阳时穆农司卓古吉缪简车项连芦麦褚娄窦戚岑景党宫费卜冷晏席卫米柏宗"
    "瞿桂全佟应臧闵苟邬边卞姬师和仇栾隋商刁沙荣巫寇桑郎甄丛仲虞敖巩明佘池查麻苑迟邝薄鞠诸洪阎涂池薛"
)
DOUBLE = "欧阳|司马|诸葛|上官|皇甫|尉迟|令狐|夏侯|慕容|司徒|公孙|端木|东方|独孤|南宫|轩辕|宇文|长孙|司空|闻人|澹台|古丽"
TITLES = "先生|女士|小姐|太太|夫人|总经理|老板|老师|医生|教授|经理|主任|局长|处长|科长|院长|校长|书记|律师|会计|师傅|阿姨|叔叔|大爷|大妈|大姐|大哥|总|董|姐|哥|叔|姨|伯|嫂|行长"
CHINESE_NAME = re.compile(
    rf"(?P<who>(?:{DOUBLE}|[{SURNAMES}])(?P<given>[一-鿿]{{1,2}}?)??)(?P<title>{TITLES})(?![一-鿿]?行卡)"
)
OLD_NAME = re.compile(rf"(?<![一-鿿])(?:老|小|阿)[{SURNAMES}](?![一-鿿]{{0,1}}[时的区额])")
BARE_NAME = re.compile(
    rf"(?:^[\s\W]*|客户[:： ]?|潜客[:： ]?)(?P<who>(?:{DOUBLE}|[{SURNAMES}])[一-鿿]{{1,2}})(?=[ ，,:：]|1[3-9]\d{{9}}|来|说|打电话|微信|想|要|电话|有|$)"
)
NOT_A_NAME = re.compile(
    r"^(?:和|时|关|成|连|向|全|应|米|车|华|金|黄|石|安|方|高|万|钱|单|明|商|曲|路|党|文|白|包|管|常|平|农|查|房|古|席|解|简)(?:[一-鿿]?(?:银|行|期|款|卡|额|币|产|户|金|险|融|元|贷|单|后|天|年|月|老|他|她|客|便|点|本)|[一-鿿]?$)"
)
ENGLISH_NAME = re.compile(
    r"(?<![A-Za-z])(?P<title>[Mm]r|[Mm]rs|[Mm]s|[Mm]iss|[Dd]r|[Pp]rof|[Mm]adam|[Mm]dm|[Mm]me|[Ss]ir|[Ll]ady|MR|MRS|MS|DR)\.? (?P<who>[A-ZÀ-Þ][\w'’-]{0,30}(?: (?:van|von|de|da|del|der|bin|al|le|la)(?= [A-ZÀ-Þ])){0,2}(?: [A-ZÀ-Þ][a-zà-ÿ'’-]{1,30}(?![A-Za-z])){0,2}|[a-z][a-z'’-]{1,30})"
)
FULL_NAME = re.compile(
    r"^\W*(?P<who>[A-ZÀ-Þ][a-zà-ÿ'’-]{1,20}(?: [A-Z]\.?)?(?: [A-ZÀ-Þ][\w'’-]{1,30}){1,2})(?=,|:| called| came| visited| phoned| emailed| wants| has| is| said| \+?\d| asked| walked)"
)
NOT_PART_OF_A_NAME = re.compile(
    r" (?:CD|CDs|Bank|Called|Has|Wants|Came|Mon|Tue|Wed|Thu|Fri|Sat|Sun|Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday|January|February|March|April|May|June"
    r"|July|August|September|October|November|December|HSBC|ICBC|Citi|DBS|UOB|OCBC|WhatsApp|WeChat|Will|Said|Next|JPY|USD|HKD|EUR|GBP)\b.*$"
)
NOT_A_BANK_NAME = re.compile(r"^(?:Bank|Fixed|Term|Standard|Harbour|Deutsche|Hang)\b")
RELATIVE = re.compile(
    r"(?:他|她|客户|其)?(?:太太|妻子|老婆|丈夫|老公|先生的|儿子|女儿|妹妹|姐姐|哥哥|弟弟|妈妈|爸爸|母亲|父亲|朋友|同事|爱人|孩子)"
    r"|(?:her|his|their|'s) (?:sister|brother|wife|husband|son|daughter|mother|father|friend|partner|child|colleague|parents?)",
    re.IGNORECASE,
)
CHANNELS = (
    _word(r"(?<!再)打(?:了|过)?(?:个)?电话(?:来|过来)?|来电话?(?!网|店)|(?<![银]行)电话(?![:： ]{0,2}[0-9(+]|号|银行)(?:联系|沟通|回访)?|通话|接通", "call", "call"),
    _word(r"\b(?:called|phoned|rang|telephoned|on the phone|spoke (?:to|with)|returned the call)\b(?: back)?", "call"),
    _word(r"加?了?微信(?!支付|号|银行)", "wechat", "wechat"),
    _word(r"\b(?:wechat|we chat|weixin)(?:ed)?\b", "wechat", "wechat"),
    _word(r"来(?:我们)?(?:网点|行里|行|店|支行|银行|柜台)|到(?:网点|行里|店|行|柜台|支行)(?!期)|到访|进店|到店", "branch", "meet"),
    _word(r"\b(?:walked in|came in|came to the branch|visited (?:the |our )?branch|at the branch|walk-in|in the lobby)\b", "branch"),
    _word(r"上门(?:拜访)?|拜访|登门|家访|去(?:他|她)?(?:公司|家里|单位)", "visit", "visit"),
    _word(r"\bvisited (?=m(?:r|rs|s|iss|dr)\b|him|her|them)", "visit"),
    _word(r"\bvisited\b", "branch"),
    _word(r"发?短信", "sms", "sms"),
    _word(r"\b(?:texted|sms)\b", "sms", "sms"),
    _word(r"发?(?:电子)?邮件", "email", "email"),
    _word(r"\b(?:emailed|e-mailed|by e?-?mail)\b", "email"),
    _word(r"收到.{0,3}信(?!用)", "letter"),
)  # fmt: skip
ACTS = (
    _word(r"回(?:她|他)?(?:个)?电话?(?![^ ，,]{0,1}(?:说|了))|打(?:个)?电话给(?:她|他)?|打给(?:她|他)?|给(?:她|他)打(?:个)?电话|再(?:次)?(?:打|联系|致电)|致电|跟进|(?<!电话)(?<!微信)联系(?:她|他|客户)?(?!方式|了|人)", "", "call"),
    _word(r"\b(?:please )?(?:call|phone|ring)(?: back)?\b(?! centre| center|ed)(?: (?:him|her|them)\b)?|\bfollow(?:-| )up\b|\btry again\b", "", "call"),
    _word(r"(?<!别)提醒(?:他|她|客户|我)?", "", "remind"),
    _word(r"\bremind(?: (?:him|her|them|me))?\b", "", "remind"),
    _word(r"(?<!短信)(?<!邮件)发(?:送|一份|一下)?(?:给(?:他|她))?[^ ，,。0-9发我]{0,4}(?:资料|方案|报价|清单|价目表|利率|产品|说明|报告|合同|链接)(?:给(?:他|她))?|寄(?:资料|合同)", "", "send"),
    _word(r"\bsend (?!flowers|a gift|gift|cake)(?:\w+ ){0,3}(?:list|brochure|rates?|proposal|details|documents?|info|report|prospectus|quote|form)\b", "", "send"),
    _word(r"约(?:她|他|在)?(?:见面?|吃饭|一天|谈|喝茶|面谈)?|见面|面谈|(?<!带)来办|来取|来签|再来(?:看看|行里|一趟)?", "", "meet"),
    _word(r"\bmeet(?:ing)?\b|\bcoffee\b|\blunch\b|\bappointment\b|\bcome in\b", "", "meet"),
    _word(r"发微信(?:给(?:他|她))?", "", "wechat"),
    _word(r"\b(?:wechat|message) (?:him|her|them)\b", "", "wechat"),
    _word(r"短信通知(?:他|她)?|发短信(?:给(?:他|她))?", "", "sms"),
    _word(r"\btext (?:him|her|them)\b", "", "sms"),
    _word(r"发邮件(?:给(?:他|她))?", "", "email"),
    _word(r"\b(?:e-?mail) (?:him|her|them)\b", "", "email"),
    _word(r"寄信(?:给)?|写信", "", "letter"),
    _word(r"\bwrite to (?:him|her|them)\b", "", "letter"),
    _word(r"\bvisit (?:him|her|them|m(?:r|rs|s)\b)", "", "visit"),
)  # fmt: skip
NOT_AN_ACT = re.compile(
    r"(?:不要|别|不用|无需|没|未|等(?:她|他)?|do not |don't |don’t |never |no need to |not to |asked to |returned the )$"
)
DONE = re.compile(r"[ ，,]?(?:来|过来)?(?:说|问|聊|谈|告知|反映|咨询|未接|没接|无人|不通|接通|沟通|了解|回复|表示)")
MATURITY = (
    _word(r"到期(?:日(?:期)?)?(?:是|为|[:：])?(?!后?不|了吗|前)"),
    _word(r"到期前"),
    _word(r"\b(?:matur(?:es?|ing|ity)(?: date)?|due(?: date)?(?: on)?|expir(?:es|ing|y)|ends? on|until|comes? due|falls? due|roll(?:s|ing)? over|mat(?= \d))\b(?: is| on)?"),
)  # fmt: skip
OCCASIONS = (
    _word(r"周年(?:庆)?|开(?:业|张)(?:周年|纪念日?)", "opening"),
    _word(r"开业|开张|新店|开新店", "opening"),
    _word(r"\b(?:open(?:s|ed|ing)?)\b(?! an? account|ed an? account)(?: anniversary)?", "opening"),
    _word(r"生日|寿辰|大寿|过寿|出生(?:日期)?|生于", "birthday"),
    _word(r"\b(?:birthday|bday|b-day|born)\b", "birthday"),
    _word(r"高考|中考|考试|升学|考研|考大学", "exam"),
    _word(r"\b(?:exams?|gaokao)\b", "exam"),
    _word(r"结婚纪念日?|纪念日", "anniversary"),
    _word(r"\bwedding anniversary\b|\banniversary\b", "anniversary"),
    _word(r"结婚|婚礼|喜酒|大婚", "wedding"),
    _word(r"\b(?:wedding|gets? married|getting married|marries)\b", "wedding"),
    _word(r"搬家|乔迁|搬新家", "moving"),
    _word(r"\b(?:moving (?:house|home)|moves house|house ?warming)\b", "moving"),
    _word(r"忌日|祭日|忌辰|扫墓", "memorial"),
    _word(r"\b(?:memorial|death anniversary)\b", "memorial"),
)  # fmt: skip
YEARLY = frozenset({"birthday", "memorial", "anniversary"})
PRODUCTS = (
    _word(r"大额存单|存单|定期存款|定期|定存|dingqi", "term_deposit"),
    _word(r"\b(?:cds?|(?:term|fixed|time) deposits?|fds?|certificates? of deposit)\b", "term_deposit"),
    _word(r"活期(?:存款)?|(?<!定期)存款|余额(?!宝)", "deposit"),
    _word(r"(?<!term )(?<!fixed )(?<!time )(?<!of )(?<!to )(?<!will )(?<!can )(?<!and )\bdeposit\b", "deposit"),
    _word(r"理财(?:产品)?|结构性存款|信托|资管", "wealth"),
    _word(r"\b(?:wealth (?:product|management)|structured (?:deposit|note|product)s?|trust product)\b", "wealth"),
    _word(r"(?<!公积)基金(?!会)|定投", "fund"),
    _word(r"\b(?:(?:mutual |pension |index )?funds?|etfs?)\b(?! transfer)", "fund"),
    _word(r"保险(?!柜|箱)|年金|重疾|寿险", "insurance"),
    _word(r"\b(?:insurance|annuity|annuities)\b", "insurance"),
    _word(r"黄金|金条|积存金|贵金属", "metal"),
    _word(r"\b(?:gold|bullion|silver bars?)\b", "metal"),
    _word(r"房贷|按揭|(?:经营|消费|抵押)?贷款?", "loan"),
    _word(r"\b(?:mortgage|loans?)\b", "loan"),
    _word(r"信用卡|办卡|销卡", "card"),
    _word(r"\bcredit cards?\b", "card"),
)  # fmt: skip
TOPICS = (
    _word(r"投诉|抱怨|\b(?:complain(?:ed|s|ing|ts?)?)\b", "complaint"),
    _word(r"利率|利息|收益率|\b(?:interest(?: rates?)?(?! in\b)|rates?(?! us)|yields?)\b", "rate"),
    _word(r"手续费|年费|管理费|\b(?:fees?|charges?)\b", "fee"),
    _word(r"转账|汇款|\b(?:remittances?|wire transfers?|bank transfers?)\b", "transfer"),
    _word(r"换汇|购汇|结汇|外汇|\b(?:fx|foreign exchange|currency exchange)\b", "exchange"),
    _word(r"续存|转存|续期|帮[他她您]?续(?!费)|不续(?!费)|\b(?:renew(?:s|al|ing)?|roll(?:s|ed|ing)? (?:it )?over|rollover)\b", "renewal"),
    _word(r"赎回|\b(?:redeem(?:s|ed|ing)?|redemption)\b", "redemption"),
    _word(r"开户|销户|\b(?:open(?:s|ed|ing)? an? account|clos(?:e|es|ed|ing) (?:the|his|her|all) accounts?)\b", "account"),
    _word(r"手机银行|网银|网上银行|\b(?:mobile|online) banking\b|\bbanking app\b", "online"),
    _word(r"买房|购房|换房|\b(?:buy(?:s|ing)?|bought) an? (?:new )?(?:house|flat|home|apartment)\b", "property"),
    _word(r"留学|学费|\b(?:stud(?:y|ies|ying) abroad|tuition|school fees)\b", "study"),
    _word(r"养老|退休|\b(?:retire(?:s|d|ment|ing)?|pensions?(?! fund))\b", "retirement"),
    _word(r"传承|遗产|遗嘱|继承|\b(?:inherit(?:ance|ed|s)?|estate planning)\b", "inheritance"),
    _word(r"税(?!后)|\btax(?:es)?\b", "tax"),
    _word(r"代发|工资|发薪|\b(?:payroll|salar(?:y|ies))\b", "salary"),
    _word(r"沙龙|讲座|\b(?:salons?|seminars?|lectures?)\b", "event"),
)  # fmt: skip
"""What was spoken of, besides products and occasions: the words banks use, and nothing that has to be guessed."""
OUTCOMES = (
    _word(r"没接|未接(?:通)?|没人接|无人接听|打不通|没打通|关机|占线|\b(?:no answer|not reached|didn't answer|did not answer|no reply|busy)\b", "not_reached"),
    _word(r"留言|\b(?:left (?:a )?(?:message|voicemail)|voicemail)\b", "left_message"),
    _word(r"接通|聊了|通话|沟通了|\b(?:spoke|talked|returned the call|called back)\b", "reached"),
    _word(r"见了面|当面|面谈了|\b(?:met (?:with )?)\b", "met"),
)  # fmt: skip
SENTIMENTS = (
    _word(r"很?满意|很?高兴|很?开心|感谢|表扬|喜欢(?=我们)|\b(?:happy|pleased|delighted|grateful|satisfied)\b(?<!un)", "pleased"),
    _word(r"不满|生气|抱怨|投诉|失望|不高兴|\b(?:angry|upset|unhappy|complain(?:ed|s|ing)?|disappointed|annoyed)\b", "displeased"),
)  # fmt: skip
EFFECTS = (
    _word(r"已销户|不再合作|全部销户|断了联系|\b(?:closed (?:all|his|her|the) accounts?|left the bank|ended the relationship)\b", "ended"),
    _word(r"不满|生气|投诉|要(?:销户|销卡|转走)|关系(?:变差|紧张|疏远)|\b(?:angry|unhappy|complain(?:ed|s|ing)?|wants? to close|upset|moving (?:her|his|the) money away)\b", "weakened"),
    _word(r"更信任|介绍朋友|推荐朋友|转介绍?(?:朋友|客户)|关系更?(?:近|好|亲)了?|\b(?:trusts? us more|referred (?:a |her |his )?friends?|closer to us|recommend(?:ed|s) us)\b", "strengthened"),
)  # fmt: skip
BEFORE_HAND = re.compile(
    r"(?:提前|到期前|前)(?P<zh>[半一二两三四五六七八九十\d]{1,3})个?(?P<unit>天|日|周|星期|月|工作日)|(?P<en>\d{1,2}|an?|one|two|three|four|five|six|seven|ten) (?P<span>day|week|month)s? (?:before|ahead|earlier|prior)"
)
LEAD = re.compile(r"提前|到期前|\bb4\b|\bbefore(?:hand| it| that| then| maturity| the)\b|\bin advance\b|\bahead of\b")
ASKED = re.compile(
    r"想(?:存|买|贷|要|转进|转过来)|打算|需要|\b(?:wants? to|would like|budget|looking for|needs?|bring)\b"
)
FLOW = re.compile(r"转出|转走|转到|汇出|取走|\b(?:transferred (?:out|to)|withdrew|moved (?:out|to))\b")
DEPOSITED = re.compile(
    r"(?:存了?|放了?|转了?|买了?|定期|存款|理财|余额|还有|\bdeposit(?:s|ed|ing)?(?: of)?|\bcd of|\bamount(?: of)?|\bholds|\bhas)[ ]?$"
)
HERE = re.compile(r"(?:我行|我们行|本行|我们这|我们这边|在我们)|\b(?:with us|at our bank|at us|with our bank)\b")
