"""What to say to a customer, as data: per reason one fact and one question, in English and in Chinese.

They are spoken to the customer, in the customer's language whatever the banker's screen shows, so they live here and
not in a catalogue of translations. They never threaten, never name another customer, never repeat a banker's private
note, and ask about a transfer rather than reproach it. `also` is the fact alone, said as the second of two; a kind
without it is only ever said alone. The fields in braces are closed: `core.openings` lists them.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple


class Sentence(NamedTuple):
    """A fact, the question that follows it, and the fact as it is said in second place."""

    fact: str
    ask: str
    also: str = ""


class Words(NamedTuple):
    """What joins the parts in one language."""

    hello: str
    hello_nobody: str
    also: str
    between: str


WORDS: Mapping[str, Words] = MappingProxyType(
    {
        "en": Words("Hello {name}.", "Hello.", "Also, ", " "),
        "zh": Words("{name}，您好。", "您好。", "另外，", ""),
    }
)
ENGLISH: Mapping[str, Sentence] = MappingProxyType({
    "promise": Sentence(
        "I promised to come back to you by {due_on}, and here I am.", "Is now a good moment?",
        "I have what I promised you for {due_on}.",
    ),
    "promise_late": Sentence(
        "I promised to come back to you by {due_on}; it took longer, and that is on me.", "May I tell you now?",
        "I still owe you what I promised for {due_on}.",
    ),
    "promise_maturing": Sentence(
        "You asked me to call when your {amount} falls due on {matures_on}.", "What do you have in mind for it?",
        "as you asked, I am calling about the {amount} that falls due on {matures_on}.",
    ),
    "deposit_maturing": Sentence(
        "Your term deposit of {amount} matures on {matures_on}.", "What do you have in mind for it?",
        "your term deposit of {amount} matures on {matures_on}.",
    ),
    "deposit_matured": Sentence(
        "Your term deposit of {amount} matured on {matures_on}.", "What would you like to do with it?",
        "your term deposit of {amount} matured on {matures_on}.",
    ),
    "large_inflow": Sentence(
        "{amount} came in on {booked_on}.", "Will you need it soon, or may I show you what would suit it?",
        "{amount} came in on {booked_on}.",
    ),
    "large_outflow": Sentence(
        "I saw a larger payment of {amount} on {booked_on}.",
        "Did it go through as you wished, and is there a plan behind it that we can help with?",
        "I saw a larger payment of {amount} on {booked_on}.",
    ),
    "outflow_other_bank": Sentence(
        "I saw that {amount} went to {bank}, most recently on {booked_on}.",
        "Is there something you are planning that we could help with?",
        "I saw that {amount} went to {bank}.",
    ),
    "balance_falling": Sentence(
        "I was going through your accounts, and you have been using more of your money these months.",
        "Is there something you are planning that we could help with?",
    ),
    "salary_stopped": Sentence(
        "Your salary last came in on {last_on}.", "Has something changed that I should know, so that I can help?",
    ),
    "pension_stopped": Sentence(
        "Your pension last came in on {last_on}.", "Is everything in order, or may I look into it for you?",
    ),
    "income_stopped": Sentence(
        "A payment that used to come in regularly last arrived on {last_on}.",
        "Is everything in order, or may I look into it for you?",
    ),
    "idle_cash": Sentence(
        "About {amount} has been lying in your current account for {days} days.",
        "Will you need it soon, or shall we see what it could earn?",
        "about {amount} has been lying in your current account.",
    ),
    "dormant": Sentence(
        "It has been a while since you last used your account.", "Is everything there as you need it?",
    ),
    "risk_profile_expiring": Sentence(
        "Your risk profile is valid until {valid_until}, and renewing it takes ten minutes.",
        "Shall we do it together now, or shall I send it to you?",
        "your risk profile is valid until {valid_until}; I can send you the renewal.",
    ),
    "risk_profile_expired": Sentence(
        "Your risk profile was valid until {valid_until}, and renewing it takes ten minutes.",
        "Shall we do it together now, or shall I send it to you?",
        "your risk profile was valid until {valid_until}; I can send you the renewal.",
    ),
    "near_next_tier": Sentence(
        "With {short} more here, our next level of service would be open to you.",
        "May I tell you what it would bring you?",
    ),
    "below_tier": Sentence(
        "I would like to go through your arrangements with you and see that they still fit.",
        "When would twenty minutes suit you?",
    ),
    "potential_key": Sentence(
        "Thank you for the deposit of {amount} on {booked_on}.", "May I introduce myself and what we could do for you?",
        "thank you for the deposit of {amount} on {booked_on}.",
    ),
    "loan_paid_off": Sentence(
        "Your loan has been fully repaid since {paid_on}: congratulations.",
        "What would you like to do with what you now have free each month?",
        "congratulations, your loan has been fully repaid since {paid_on}.",
    ),
    "birthday": Sentence("Happy birthday!", "Have you found time to celebrate?", "happy birthday!"),
    "birthday_ahead": Sentence(
        "Your birthday is on {on}, and I wanted to wish you a happy one.", "Is there something I can do for you?",
        "I wish you a happy birthday on {on}.",
    ),
    "birthday_past": Sentence(
        "A happy belated birthday from all of us.", "Did you have a good day?", "a happy belated birthday!",
    ),
    "anniversary": Sentence(
        "{on} is a special date for you: my best wishes.", "How will you spend the day?", "my best wishes for {on}.",
    ),
    "opening": Sentence(
        "Best wishes for the opening on {on}.", "Is there something we can have ready for you by then?",
        "best wishes for the opening on {on}.",
    ),
    "opening_past": Sentence(
        "Congratulations on the opening on {on}.", "How have the first days been?",
        "congratulations on the opening on {on}.",
    ),
    "wedding": Sentence(
        "Best wishes for the wedding on {on}.", "Is there something we can take off your hands?",
        "best wishes for the wedding on {on}.",
    ),
    "exam": Sentence("I wish you every success for {on}.", "How are the preparations going?"),
    "moving": Sentence("All the best for the move on {on}.", "Is there something we can have ready at the new place?"),
    "memorial": Sentence("I was thinking of you these days.", "How are you?"),
    "other": Sentence("I noted {on} as a day that matters to you.", "How are things going?"),
    "product_bought": Sentence(
        "You bought {name} on {bought_on}.", "Did everything go as you expected, and is any question open?",
        "thank you for buying {name} on {bought_on}.",
    ),
    "standard": Sentence("We last spoke on {last_contact_on}.", "How are you, and what can I do for you?"),
    "campaign": Sentence(
        "I have an invitation for you.", "May I tell you about it in a minute?", "I have an invitation for you.",
    ),
    "invitation": Sentence(
        "I would like to invite you: {event_name}, on {on}.", "May I keep a seat for you?", "we would be glad to see you on {on}: {event_name}.",
    ),
    "invitation_up": Sentence("A seat has come free for you: {event_name}, on {on}.", "Will you still come?"),
    "invitation_moved": Sentence("{event_name} is now on {on}.", "Does that day suit you?"),
    "invitation_cancelled": Sentence("{event_name} on {on} cannot take place, I am afraid.", "May I let you know when there is another?"),
    "campaign_own": Sentence("{opening}", "May I tell you about it in a minute?"),
    "first_contact": Sentence(
        "I look after you at the bank, and we have not had the chance to speak yet.", "When would a few words suit you?",
    ),
    "plain": Sentence("I wanted to hear how you are.", "Is there something I can do for you?"),
})  # fmt: skip
CHINESE: Mapping[str, Sentence] = MappingProxyType({
    "promise": Sentence(
        "之前答应{due_on}前给您答复，现在向您汇报。", "您现在方便吗？", "答应您{due_on}的事，我也准备好了。"
    ),
    "promise_late": Sentence(
        "之前答应{due_on}前给您答复，我这边迟了，向您致歉。", "现在跟您说一下，方便吗？", "答应您{due_on}的事，我也一直记着。"
    ),
    "promise_maturing": Sentence(
        "您有一笔 {amount}的资金{matures_on}到期，之前请我到时提醒您。", "这笔资金您有什么打算？",
        "您让我提醒的那笔 {amount}的资金{matures_on}到期。",
    ),
    "deposit_maturing": Sentence(
        "您有一笔 {amount}的定期存款{matures_on}到期。", "这笔资金您有什么打算？", "您有一笔 {amount}的定期存款{matures_on}到期。"
    ),
    "deposit_matured": Sentence(
        "您有一笔 {amount}的定期存款{matures_on}已经到期。", "这笔资金您想怎么安排？", "您有一笔 {amount}的定期存款{matures_on}已经到期。"
    ),
    "large_inflow": Sentence(
        "您的账户{booked_on}到账 {amount}。", "这笔钱近期要用吗？需要的话我给您看看合适的安排？", "您的账户{booked_on}到账 {amount}。"
    ),
    "large_outflow": Sentence(
        "看到您{booked_on}有一笔 {amount}的支出。", "办得还顺利吗？有什么计划我们可以配合？", "看到您{booked_on}有一笔 {amount}的支出。"
    ),
    "outflow_other_bank": Sentence(
        "看到您有 {amount}转到了{bank}，最近一笔是{booked_on}。", "是不是有新的安排，我们可以一起出力？", "看到您有 {amount}转到了{bank}。"
    ),
    "balance_falling": Sentence("最近整理您的账户，看到您这几个月用款比较多。", "是不是有新的计划，我们可以帮上忙？"),
    "salary_stopped": Sentence("您的工资最近一次到账是{last_on}。", "近来有什么变化，需要我帮忙吗？"),
    "pension_stopped": Sentence("您的养老金最近一次到账是{last_on}。", "一切都好吗？要不要我帮您查一下？"),
    "income_stopped": Sentence("您有一笔定期到账的款项，最近一次是{last_on}。", "一切都好吗？要不要我帮您查一下？"),
    "idle_cash": Sentence(
        "您的活期账户里约有 {amount}，已经放了 {days} 天。", "近期要用吗？还是我们看看怎么让它多一点收益？", "您的活期账户里约有 {amount}放了一阵子。"
    ),
    "dormant": Sentence("您有一段时间没有用到我们的账户了。", "使用上都还顺手吗？"),
    "risk_profile_expiring": Sentence(
        "您的风险测评有效期到{valid_until}，续做只要十分钟。", "现在一起做，还是我发给您？", "您的风险测评有效期到{valid_until}，我可以发给您续做。"
    ),
    "risk_profile_expired": Sentence(
        "您的风险测评{valid_until}已到期，续做只要十分钟。", "现在一起做，还是我发给您？", "您的风险测评{valid_until}已到期，我可以发给您续做。"
    ),
    "near_next_tier": Sentence("您再增加 {short}，就可以享受我们更高一级的服务。", "要不要我给您说说有哪些内容？"),
    "below_tier": Sentence("想和您一起看看目前的安排是否还合适。", "您什么时候方便，留给我二十分钟？"),
    "potential_key": Sentence(
        "谢谢您{booked_on}存入 {amount}。", "方便让我自我介绍一下，说说我们能为您做些什么吗？", "谢谢您{booked_on}存入 {amount}。"
    ),
    "loan_paid_off": Sentence(
        "您的贷款{paid_on}已经全部还清，恭喜您。", "每月省下来的这笔钱，您有什么打算？", "您的贷款{paid_on}已经全部还清，恭喜您。"
    ),
    "birthday": Sentence("祝您生日快乐！", "今天有时间庆祝一下吗？", "祝您生日快乐！"),
    "birthday_ahead": Sentence("{on}是您的生日，提前祝您生日快乐。", "有什么我可以为您做的吗？", "{on}是您的生日，提前祝您快乐。"),
    "birthday_past": Sentence("补祝您生日快乐！", "生日过得开心吗？", "补祝您生日快乐！"),
    "anniversary": Sentence("{on}对您是个特别的日子，送上我的祝福。", "这一天打算怎么过？", "{on}是您的好日子，送上我的祝福。"),
    "opening": Sentence("预祝{on}开业大吉！", "开业前有什么需要我们准备的吗？", "预祝{on}开业大吉！"),
    "opening_past": Sentence("恭喜您{on}开业！", "这几天生意怎么样？", "恭喜您{on}开业！"),
    "wedding": Sentence("恭贺{on}新婚大喜！", "筹备上有什么我们可以帮忙的吗？", "恭贺{on}新婚大喜！"),
    "exam": Sentence("预祝{on}考试顺利！", "准备得还顺利吗？"),
    "moving": Sentence("恭喜{on}乔迁之喜！", "新居那边有什么需要我们准备的吗？"),
    "memorial": Sentence("这几天一直惦记着您。", "您近来好吗？"),
    "other": Sentence("记得{on}是您看重的日子。", "近来一切都好吗？"),
    "product_bought": Sentence("您{bought_on}购买了{name}。", "办理还顺利吗？有什么疑问？", "谢谢您{bought_on}购买{name}。"),
    "standard": Sentence("我们上次联系是{last_contact_on}。", "您近来好吗？有什么我可以为您做的？"),
    "campaign": Sentence("有一个活动想邀请您。", "耽误您一分钟，说给您听听？", "有一个活动想邀请您。"),
    "invitation": Sentence("想邀请您参加{on}的{event_name}。", "给您留一个位子好吗？", "诚邀您参加{on}的{event_name}。"),
    "invitation_up": Sentence("{on}的{event_name}给您腾出位子了。", "您还来吗？"),
    "invitation_moved": Sentence("{event_name}改到{on}了。", "这个时间您方便吗？"),
    "invitation_cancelled": Sentence("{on}的{event_name}不能如期举办了，抱歉。", "下次有活动再告诉您好吗？"),
    "campaign_own": Sentence("{opening}", "耽误您一分钟，说给您听听？"),
    "first_contact": Sentence("我是您在我行的客户经理，一直还没有机会和您聊聊。", "您什么时候方便说几句？"),
    "plain": Sentence("想问候您一声。", "有什么我可以为您做的吗？"),
})  # fmt: skip
SENTENCES: Mapping[str, Mapping[str, Sentence]] = MappingProxyType({"en": ENGLISH, "zh": CHINESE})
