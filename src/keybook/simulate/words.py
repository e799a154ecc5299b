"""The invented bank's words: names of people of several worlds, companies, shops, banks and streets."""

from __future__ import annotations

# Surname, pinyin, weight: the commonest of China (public counts, rounded), with compound ones.
SURNAMES = [
    ("王", "Wang", 72), ("李", "Li", 71), ("张", "Zhang", 68), ("刘", "Liu", 53), ("陈", "Chen", 46),
    ("杨", "Yang", 31), ("黄", "Huang", 26), ("赵", "Zhao", 23), ("吴", "Wu", 21), ("周", "Zhou", 20),
    ("徐", "Xu", 15), ("孙", "Sun", 15), ("马", "Ma", 13), ("朱", "Zhu", 13), ("胡", "Hu", 12),
    ("林", "Lin", 12), ("郭", "Guo", 12), ("何", "He", 11), ("高", "Gao", 11), ("罗", "Luo", 10),
    ("郑", "Zheng", 9), ("梁", "Liang", 8), ("谢", "Xie", 8), ("宋", "Song", 7), ("唐", "Tang", 7),
    ("许", "Xu", 6), ("邓", "Deng", 6), ("冯", "Feng", 6), ("韩", "Han", 6), ("曹", "Cao", 5),
    ("曾", "Zeng", 5), ("彭", "Peng", 5), ("萧", "Xiao", 4), ("蔡", "Cai", 5), ("潘", "Pan", 4),
    ("田", "Tian", 4), ("董", "Dong", 4), ("袁", "Yuan", 4), ("于", "Yu", 4), ("余", "Yu", 4),
    ("叶", "Ye", 4), ("蒋", "Jiang", 4), ("杜", "Du", 4), ("苏", "Su", 4), ("魏", "Wei", 4),
    ("程", "Cheng", 4), ("吕", "Lü", 4), ("丁", "Ding", 4), ("沈", "Shen", 4), ("任", "Ren", 3),
    ("姚", "Yao", 3), ("卢", "Lu", 3), ("傅", "Fu", 3), ("钟", "Zhong", 3), ("姜", "Jiang", 3),
    ("崔", "Cui", 3), ("谭", "Tan", 3), ("陆", "Lu", 3), ("单", "Shan", 1), ("仇", "Qiu", 1),
    ("欧阳", "Ouyang", 2), ("司马", "Sima", 1), ("上官", "Shangguan", 1), ("诸葛", "Zhuge", 1), ("夏侯", "Xiahou", 1),
]  # fmt: skip

GIVEN_M = [
    ("伟", "wei"), ("强", "qiang"), ("磊", "lei"), ("军", "jun"), ("勇", "yong"), ("杰", "jie"), ("涛", "tao"),
    ("明", "ming"), ("超", "chao"), ("刚", "gang"), ("平", "ping"), ("辉", "hui"), ("鹏", "peng"), ("华", "hua"),
    ("飞", "fei"), ("鑫", "xin"), ("波", "bo"), ("斌", "bin"), ("宇", "yu"), ("浩", "hao"), ("凯", "kai"),
    ("健", "jian"), ("俊", "jun"), ("帆", "fan"), ("帅", "shuai"), ("旭", "xu"), ("宁", "ning"), ("龙", "long"),
    ("林", "lin"), ("阳", "yang"), ("建", "jian"), ("国", "guo"), ("志", "zhi"), ("文", "wen"), ("德", "de"),
    ("家", "jia"), ("子", "zi"), ("海", "hai"), ("峰", "feng"), ("成", "cheng"), ("东", "dong"), ("启", "qi"),
    ("泽", "ze"), ("嘉", "jia"), ("博", "bo"), ("思", "si"), ("远", "yuan"), ("轩", "xuan"), ("毅", "yi"), ("庆", "qing"),
]  # fmt: skip
GIVEN_F = [
    ("芳", "fang"), ("娜", "na"), ("敏", "min"), ("静", "jing"), ("丽", "li"), ("艳", "yan"), ("娟", "juan"),
    ("霞", "xia"), ("燕", "yan"), ("玲", "ling"), ("丹", "dan"), ("萍", "ping"), ("红", "hong"), ("玉", "yu"),
    ("兰", "lan"), ("英", "ying"), ("梅", "mei"), ("琳", "lin"), ("雪", "xue"), ("晶", "jing"), ("倩", "qian"),
    ("颖", "ying"), ("婷", "ting"), ("慧", "hui"), ("莹", "ying"), ("洁", "jie"), ("莉", "li"), ("淑", "shu"),
    ("秀", "xiu"), ("文", "wen"), ("佳", "jia"), ("欣", "xin"), ("怡", "yi"), ("雨", "yu"), ("梓", "zi"),
    ("涵", "han"), ("诗", "shi"), ("琪", "qi"), ("瑶", "yao"), ("蕾", "lei"), ("宁", "ning"), ("春", "chun"),
    ("桂", "gui"), ("凤", "feng"), ("云", "yun"), ("清", "qing"), ("晓", "xiao"), ("美", "mei"), ("珍", "zhen"), ("月", "yue"),
]  # fmt: skip

FIRST_M = [
    "James", "Robert", "Michael", "William", "David", "Richard", "Thomas", "Daniel", "Matthew", "Andrew", "Paul",
    "George", "Edward", "Peter", "Henry", "Samuel", "Oliver", "Arthur", "Frank", "Hugh", "Björn", "Søren", "Jürgen",
    "José", "João", "François", "Łukasz", "Kwame", "Rajesh", "Minh", "Hiroshi", "Olivier", "Siôn", "Pádraig",
]  # fmt: skip
FIRST_F = [
    "Mary", "Patricia", "Jennifer", "Elizabeth", "Susan", "Margaret", "Sarah", "Karen", "Helen", "Emma", "Alice",
    "Grace", "Charlotte", "Rachel", "Catherine", "Julia", "Victoria", "Eleanor", "Zoë", "Chloé", "Aleksandra",
    "Renée", "Ingrid", "Sofía", "Inês", "Małgorzata", "Amara", "Priya", "Linh", "Yuki", "Siobhán", "Anneliese",
]  # fmt: skip
LAST = [
    "Smith", "Jones", "Taylor", "Brown", "Williams", "Wilson", "Johnson", "Davies", "Robinson", "Wright", "Walker",
    "Hall", "Green", "Clarke", "Hughes", "Edwards", "Turner", "Cooper", "Ward", "Morris", "King", "Bennett", "Keane",
    "O’Brien", "MacDonald", "Fitzgerald", "van der Berg", "de Souza", "Müller", "Schäfer", "Nilsson", "Ørsted",
    "García", "Fernández", "Gonçalves", "Lefèvre", "Wiśniewska", "Kowalczyk", "Novák", "Okafor", "Mensah", "Patel",
    "Sharma", "Nguyễn", "Tanaka", "Rossi", "Papadopoulos", "Thornbury", "Castellanos", "Ashworth",
]  # fmt: skip

UYGHUR_F = [
    ("古丽努尔", "Gulnur"),
    ("阿依古丽", "Aygul"),
    ("热依拉", "Reyila"),
    ("迪丽娜尔", "Dilnar"),
    ("帕提古丽", "Patigul"),
]
UYGHUR_M = [
    ("艾尔肯", "Erkin"),
    ("买买提", "Memet"),
    ("吐尔逊", "Tursun"),
    ("阿不都拉", "Abdulla"),
    ("库尔班", "Kurban"),
]
UYGHUR_FATHER = [
    ("阿卜杜热依木", "Abdurehim"), ("买买提江", "Memetjan"), ("吾买尔", "Omer"), ("依明", "Imin"), ("沙比提", "Sabit"),
    ("肉孜", "Rozi"), ("阿布都克里木", "Abdukerim"),
]  # fmt: skip

FIRM_FIRST = [
    ("金禾", "Jinhe"), ("华盛", "Huasheng"), ("瑞丰", "Ruifeng"), ("宏达", "Hongda"), ("天泽", "Tianze"),
    ("恒远", "Hengyuan"), ("嘉合", "Jiahe"), ("明德", "Mingde"), ("新源", "Xinyuan"), ("东方", "Dongfang"),
    ("海川", "Haichuan"), ("博雅", "Boya"), ("永康", "Yongkang"), ("中信达", "Zhongxinda"), ("湖光", "Huguang"),
    ("千岛", "Qiandao"), ("西溪", "Xixi"), ("龙腾", "Longteng"), ("福临", "Fulin"), ("同舟", "Tongzhou"),
]  # fmt: skip
FIRM_TRADE = [
    ("食品", "Foods"), ("餐饮管理", "Catering"), ("科技", "Technology"), ("贸易", "Trading"), ("建材", "Building Materials"),
    ("纺织", "Textiles"), ("物流", "Logistics"), ("医疗器械", "Medical Devices"), ("机械", "Machinery"), ("文化传媒", "Media"),
    ("置业", "Property"), ("茶业", "Tea"), ("汽车服务", "Motor Services"), ("教育咨询", "Education"), ("电子", "Electronics"),
]  # fmt: skip
FIRM_WEST = ["Ltd", "& Sons Ltd", "Partners LLP", "Holdings Ltd", "& Co."]

OCCUPATIONS = [
    ("teacher", "教师"), ("doctor", "医生"), ("engineer", "工程师"), ("civil servant", "公务员"), ("accountant", "会计师"),
    ("lawyer", "律师"), ("nurse", "护士"), ("sales manager", "销售经理"), ("programmer", "程序员"), ("designer", "设计师"),
    ("architect", "建筑师"), ("pilot", "飞行员"), ("professor", "教授"), ("chef", "厨师"), ("logistics manager", "物流经理"),
    ("dentist", "牙医"), ("journalist", "记者"), ("pharmacist", "药剂师"),
]  # fmt: skip
OCCUPATIONS_OWNER = [
    ("restaurants", "餐饮"), ("trading", "贸易"), ("textile mill owner", "纺织厂主"), ("property", "房地产"),
    ("shop owner", "店主"), ("tea merchant", "茶商"), ("e-commerce", "电商"),
]  # fmt: skip

EMPLOYERS = [
    "Lakeside Hospital 湖滨医院", "City University 城市大学", "Tianze Technology 天泽科技", "Metro Group 地铁集团",
    "Huasheng Machinery 华盛机械", "First Middle School 第一中学", "Haichuan Logistics 海川物流", "Municipal Office 市政府",
    "Northern Power 北方电力", "Boya Media 博雅传媒", "Merrow & Lane LLP", "Harbour Airlines 港湾航空",
]  # fmt: skip
SHOPS = [
    "Suning Lane Market 苏宁里超市", "Lakeside Mall 湖滨商场", "Green Grocer 绿野生鲜", "City Petrol 城市加油", "Metro Card 地铁卡",
    "Riverside Pharmacy 江滨药房", "Old Town Noodles 老城面馆", "Blue Door Café", "Page & Pine Books", "Homeware Hall 家居馆",
    "Sunrise Gym 旭日健身", "Little Bear School 小熊幼儿园", "Harbour Hotel 港湾酒店", "Skyline Travel 天际旅行", "Tech Corner 数码角",
]  # fmt: skip
OTHER_BANKS = [
    "Eastgate Bank 东门银行", "Harbour Bank 港湾银行", "Northlake Credit 北湖信用社", "Meridian Bank 子午银行",
    "Silk Road Bank 丝路银行", "First Provincial 第一省银行",
]  # fmt: skip
SUPPLIERS = [
    "Xinyuan Fit-out 新源装饰", "Ruifeng Equipment 瑞丰设备", "Hongda Building 宏达建材", "Qiandao Property 千岛置业",
    "Tongzhou Trading 同舟贸易", "Fulin Catering Supply 福临餐饮设备",
]  # fmt: skip
PAYERS = [
    "Mingde Trading 明德贸易", "Jiahe Property 嘉合置业", "Longteng Motors 龙腾汽车", "Xixi Land Office 西溪土储",
    "Hengyuan Securities 恒远证券", "Merrow Estate LLP",
]  # fmt: skip

BRANCHES = [
    ("Lakeside", "湖滨支行", "Lakeside 湖滨"), ("Drum Tower", "鼓楼支行", "Drum Tower 鼓楼"),
    ("Riverside", "江滨支行", "Riverside 江滨"), ("Old Harbour", "老港支行", "Old Harbour 老港"),
    ("University Town", "大学城支行", "University Town 大学城"), ("North Gate", "北门支行", "North Gate 北门"),
    ("Tea Hills", "茶山支行", "Tea Hills 茶山"), ("Silver Bridge", "银桥支行", "Silver Bridge 银桥"),
]  # fmt: skip
STREETS = [
    ("湖滨路", "Lakeside Road"), ("解放路", "Jiefang Road"), ("中山路", "Zhongshan Road"), ("人民路", "Renmin Road"),
    ("北湖路", "Beihu Road"), ("茶园街", "Tea Garden Street"), ("学府路", "Xuefu Road"), ("江南大道", "Jiangnan Avenue"),
    ("梧桐巷", "Wutong Lane"), ("钟楼街", "Bell Tower Street"),
]  # fmt: skip
RMS = [
    ("Chen Jing", "陈静"), ("Emily Carter", ""), ("Li Ming", "李明"), ("Wang Xiaoyu", "王晓雨"), ("Zhao Yun", "赵云"),
    ("Tomás Herrera", ""), ("Liu Yang", "刘洋"), ("Huang Lei", "黄蕾"), ("Ouyang Na", "欧阳娜"), ("Sun Hao", "孙浩"),
    ("Grace O’Neill", ""), ("Xu Ting", "徐婷"),
]  # fmt: skip
