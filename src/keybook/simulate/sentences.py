"""What bankers write down: topics, contents, next steps, preferences and hearsay, in both languages."""

from __future__ import annotations

from typing import NamedTuple


class Talk(NamedTuple):
    """One conversation: topic, what was said, and the step that follows from it; each in English and Chinese."""

    topic: tuple[str, str]
    content: tuple[str, str]
    step: tuple[str, str] = ("", "")


TALKS = (
    Talk(("Term deposit", "定期存款"), ("Wants the deposit rolled for another twelve months.", "到期后想再续一年。"),
         ("Send the new deposit rates", "发送新的定期利率")),
    Talk(("Term deposit", "定期存款"), ("Compares our rate with Eastgate Bank, theirs is a little higher.",
         "在比较东门银行的利率，他们略高一点。"), ("Ask for a rate approval and call back", "申请利率优惠后回电")),
    Talk(("Wealth products", "理财产品"), ("Asked what Steady Income 90 paid last quarter.", "询问稳盈90天上季度的收益。"),
         ("Send the product's last report", "发送产品运作报告")),
    Talk(("Funds", "基金"), ("Worried by the fall of the equity fund; stays in for now.", "股票基金下跌有些担心，暂时持有。"),
         ("Review the funds together", "一起做一次基金检视")),
    Talk(("Family", "家庭"), ("The son studies in London from autumn; tuition is due in pounds.", "儿子秋天去伦敦读书，学费用英镑交。"),
         ("Ask about the limit for tuition abroad", "询问留学购汇额度")),
    Talk(("Family", "家庭"), ("A grandchild was born last week; everybody is well.", "上周添了孙子，母子平安。"),
         ("Send congratulations and the children's account leaflet", "送祝福和儿童账户资料")),
    Talk(("Housing", "住房"), ("Looks at a flat near the lake; may need the money before New Year.", "在看湖边的房子，年前可能用钱。"),
         ("Prepare a mortgage quotation", "准备按揭方案")),
    Talk(("Fees", "费用"), ("Asked why the POS fee is higher than elsewhere.", "问为什么刷卡手续费比别家高。"),
         ("Send the fee comparison", "发送费率对比")),
    Talk(("Pension", "养老"), ("Retires next spring and wants a steady monthly income.", "明年春天退休，想要稳定的月收入。"),
         ("Bring the pension plan", "带上养老规划方案")),
    Talk(("Insurance", "保险"), ("Declined insurance again; do not raise it before summer.", "再次婉拒保险，夏天前不要再提。")),
    Talk(("Business", "生意"), ("Opens a second shop; needs change money and a POS terminal.", "要开第二家店，需要零钱和POS机。"),
         ("Arrange the POS terminal", "安排安装POS机")),
    Talk(("Business", "生意"), ("Cash flow is tight until the big customer pays.", "大客户回款前资金有点紧。"),
         ("Check the credit line", "核查授信额度")),
    Talk(("Mobile bank", "手机银行"), ("Could not confirm a transfer on the phone; solved together.", "手机转账确认失败，已一起解决。")),
    Talk(("Card", "银行卡"), ("The card was refused abroad; annoyed, but understands the reason.", "境外刷卡被拒，不太高兴，已解释原因。"),
         ("Confirm that the limit was raised", "确认额度已调高")),
    Talk(("Gold", "黄金"), ("Buys a little gold every month and wants to go on.", "每月定投一点黄金，打算继续。")),
    Talk(("Greeting", "问候"), ("Thanked us for the Mid-Autumn tea.", "感谢中秋节送的茶。")),
    Talk(("Health", "健康"), ("Was in hospital for a small operation, is at home again.", "做了个小手术，已经出院在家。"),
         ("Call to ask how the recovery goes", "电话问候恢复情况")),
    Talk(("Review", "资产检视"), ("Went through all holdings; content with the plan.", "一起看了所有资产，对规划满意。"),
         ("Send the summary of the review", "发送检视小结")),
    Talk(("Risk profile", "风险测评"), ("Will renew the risk profile in the app.", "会在手机上更新风险测评。")),
    Talk(("Event", "活动"), ("Interested in the salon on inheritance.", "对财富传承沙龙感兴趣。"),
         ("Send the invitation to the salon", "发送沙龙邀请")),
)  # fmt: skip
TRIES = (
    ("No answer.", "无人接听。"), ("Busy, asked to call later.", "正忙，稍后再打。"), ("Switched off.", "手机关机。"),
    ("Left a message with the assistant.", "已请助理转告。"), ("Sent a message, no reply yet.", "已发信息，暂未回复。"),
)  # fmt: skip
LIKES = (
    ("travel, photography", "旅行、摄影"), ("tea, calligraphy", "茶、书法"), ("golf", "高尔夫"), ("her grandchildren", "孙辈"),
    ("football", "足球"), ("cooking", "烹饪"), ("the stock market", "股市"), ("gardening", "园艺"), ("his son in London", "在伦敦的儿子"),
)  # fmt: skip
AVOIDS = (("", ""), ("", ""), ("insurance: said no twice", "保险：已两次婉拒"), ("calls at noon", "中午不要打电话"),
          ("structured products", "结构性产品"))  # fmt: skip
OCCASIONS = {
    "opening": ("Opening of the new shop", "新店开业"), "anniversary": ("Wedding anniversary", "结婚纪念日"),
    "memorial": ("Memorial day of the father", "父亲忌日"), "other": ("Founding day of the company", "公司成立纪念日"),
}  # fmt: skip
HEARSAY = (
    ("term_deposit", "Said so at the counter: a deposit there", "柜台闲聊时提到那边有定期"),
    ("wealth", "Mentioned by the spouse: a wealth product", "家人提到在那边买了理财"),
    ("current", "Runs the shop's receipts there", "店里的流水走那边"),
    ("fund", "Showed the other bank's app", "给看了那边手机银行的基金"),
)  # fmt: skip
