"""The register feeds: branch, staff, customer, relation, risk_profile, with names of several worlds."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from keybook.simulate import words as w
from keybook.simulate.columns import (
    Flags,
    Ints,
    codes,
    dates,
    day_number,
    day_of,
    joined,
    money,
    pick,
    rates,
    where,
    words,
)
from keybook.simulate.people import ALONE, CHILD, CHINESE, OWNER, PARENT, PENSIONER, SPOUSE, UYGHUR, WESTERN, People
from keybook.simulate.plan import Plan

LUNAR_AT_MOST = 3_000  # the library converts one in a millisecond; a big bank for benchmarks need not wait for it


def numbers_of(rows: Ints) -> pa.Array:
    """The customer numbers of these rows."""
    return codes("C", rows + 1, 7)


def speaks_english(people: People) -> Flags:
    """Who is spoken to in English: Western customers and three in a hundred of the others."""
    english: Flags = (people.world == WESTERN) | (np.arange(people.size) * 2_654_435_761 % 100 < 3)
    return english


def branch_code(number: int) -> str:
    """The code of a branch; 0 is the first below the head office."""
    return f"B{number + 1:02d}"


def rm_code(number: int) -> str:
    """The code of a relationship manager."""
    return f"R{number + 1:03d}"


def branch_table(plan: Plan) -> pa.Table:
    """The head office and the branches below it."""
    rows = [{"code": "B00", "name": "Head office", "name_zh": "总行", "parent": None, "district": None}]
    for number in range(plan.branches):
        name, name_zh, district = w.BRANCHES[number % len(w.BRANCHES)]
        again = number // len(w.BRANCHES) + 1
        rows.append({
            "code": branch_code(number), "name": name if again == 1 else f"{name} {again}",
            "name_zh": name_zh if again == 1 else f"{name_zh[:-2]}第{again}支行", "parent": "B00", "district": district,
        })  # fmt: skip
    return pa.Table.from_pylist(rows)


def staff_table(plan: Plan) -> pa.Table:
    """A head and a lobby manager a branch, the relationship managers, and the head office."""
    rows = [
        ("A001", "Lin Hao", "林浩", "admin", "B00"), ("K001", "Daniel Okafor", "", "compliance", "B00"),
        ("M001", "Sofia Marques", "", "campaign", "B00"),
    ]  # fmt: skip
    heads = [
        ("Zhou Kai", "周凯"),
        ("Helen Ashworth", ""),
        ("Xie Wenbo", "谢文博"),
        ("Tang Rui", "唐蕊"),
        ("Feng Qing", "冯庆"),
    ]
    lobby = [("Wu Lan", "吴兰"), ("Guo Meng", "郭萌"), ("Rosa Keane", ""), ("Deng Fei", "邓飞"), ("Han Xue", "韩雪")]
    for number in range(plan.branches):
        rows.append((f"H{number + 1:03d}", *heads[number % 5], "head", branch_code(number)))
        rows.append((f"L{number + 1:03d}", *lobby[number % 5], "lobby", branch_code(number)))
    rng = np.random.default_rng([plan.seed, 77])
    extra = _chinese_names(rng.integers(0, 2, plan.rms) > 0, pick(rng, _surname_weights(), plan.rms), rng)
    for number in range(plan.rms):
        name, name_zh = w.RMS[number] if number < len(w.RMS) else (extra[0][number].as_py(), extra[1][number].as_py())
        rows.append((rm_code(number), name, name_zh, "rm", branch_code(number % plan.branches)))
    return pa.Table.from_pylist([
        {"code": code, "name": name, "name_zh": name_zh or None, "role": role, "branch": branch,
         "email": f"{code.lower()}@bank.example"}
        for code, name, name_zh, role, branch in rows
    ])  # fmt: skip


def _surname_weights() -> list[float]:
    return [float(weight) for _zh, _py, weight in w.SURNAMES]


def _chinese_names(woman: np.ndarray, surname: Ints, rng: np.random.Generator) -> tuple[pa.Array, pa.Array]:
    """Latin and Chinese names: Zhang Wei 张伟, Ouyang Xiuwen 欧阳秀文."""
    n = len(surname)
    first, second = rng.integers(0, 50, n), rng.integers(0, 50, n)
    two = rng.random(n) < 0.72
    two &= first != second
    given_py = [py for _zh, py in w.GIVEN_M] + [py for _zh, py in w.GIVEN_F]
    given_zh = [zh for zh, _py in w.GIVEN_M] + [zh for zh, _py in w.GIVEN_F]
    shift = np.where(woman, 50, 0)
    capital = [py.capitalize() for py in given_py]
    name = joined(
        words([py for _zh, py, _w in w.SURNAMES], surname), " ", words(capital, first + shift),
        where(two, words(given_py, second + shift), ""),
    )  # fmt: skip
    name_zh = joined(
        words([zh for zh, _py, _w in w.SURNAMES], surname), words(given_zh, first + shift),
        where(two, words(given_zh, second + shift), ""),
    )  # fmt: skip
    return name, name_zh


def _western_names(woman: np.ndarray, last: Ints, rng: np.random.Generator) -> pa.Array:
    """Western names, one in twelve with two family names joined by a hyphen."""
    n = len(last)
    double = rng.random(n) < 0.08
    first = where(
        woman,
        words(w.FIRST_F, rng.integers(0, len(w.FIRST_F), n)),
        words(w.FIRST_M, rng.integers(0, len(w.FIRST_M), n)),
    )
    tail = where(double, joined("-", words(w.LAST, (last * 7 + 3) % len(w.LAST))), "")
    return joined(first, " ", words(w.LAST, last), tail)


def _uyghur_names(woman: np.ndarray, father: Ints, rng: np.random.Generator) -> tuple[pa.Array, pa.Array]:
    """A given and a father's name: Gulnur Abdurehim 古丽努尔·阿卜杜热依木."""
    n = len(father)
    given = w.UYGHUR_F + w.UYGHUR_M
    number = rng.integers(0, 5, n) + np.where(woman, 0, 5)
    fathers = father % len(w.UYGHUR_FATHER)
    name = joined(words([py for _zh, py in given], number), " ", words([py for _zh, py in w.UYGHUR_FATHER], fathers))
    zh = joined(words([zh for zh, _py in given], number), "·", words([zh for zh, _py in w.UYGHUR_FATHER], fathers))
    return name, zh


def _firm_names(world: Ints, rng: np.random.Generator) -> tuple[pa.Array, pa.Array]:
    """Jinhe Foods Co., Ltd. 金禾食品有限公司, or Ashworth & Sons Ltd."""
    n = len(world)
    first, trade = rng.integers(0, len(w.FIRM_FIRST), n), rng.integers(0, len(w.FIRM_TRADE), n)
    last, tail = rng.integers(0, len(w.LAST), n), rng.integers(0, len(w.FIRM_WEST), n)
    west = world == WESTERN
    name = where(
        west, joined(words(w.LAST, last), " ", words(w.FIRM_WEST, tail)),
        joined(words([en for _zh, en in w.FIRM_FIRST], first), " ", words([en for _zh, en in w.FIRM_TRADE], trade),
               " Co., Ltd."),
    )  # fmt: skip
    zh = joined(words([z for z, _en in w.FIRM_FIRST], first), words([z for z, _en in w.FIRM_TRADE], trade), "有限公司")
    return name, where(west, pa.scalar(None, pa.string()), zh)


def names_of(people: People, rng: np.random.Generator) -> tuple[pa.Array, pa.Array]:
    """Latin and Chinese names of all customers; children and parents bear the head's family name."""
    n = people.size
    surname, last = pick(rng, _surname_weights(), n), rng.integers(0, len(w.LAST), n)
    same = (people.place == CHILD) | (people.place == PARENT)
    surname, last = np.where(same, surname[people.head], surname), np.where(same, last[people.head], last)
    last = np.where((people.place == SPOUSE) & (people.world == WESTERN), last[people.head], last)
    surname[_kin_of_the_first(people)] = [zh for zh, _py, _weight in w.SURNAMES].index("陈")  # Chen Guohua's children
    chinese, chinese_zh = _chinese_names(people.woman, surname, rng)
    uyghur, uyghur_zh = _uyghur_names(people.woman, last, rng)
    firm, firm_zh = _firm_names(people.world, rng)
    western = _western_names(people.woman, last, rng)
    nothing = pa.scalar(None, pa.string())
    name = where(people.world == CHINESE, chinese, where(people.world == UYGHUR, uyghur, western))
    zh = where(people.world == CHINESE, chinese_zh, where(people.world == UYGHUR, uyghur_zh, nothing))
    return where(people.company, firm, name), where(people.company, firm_zh, zh)


def customer_table(plan: Plan, people: People, rng: np.random.Generator) -> pa.Table:
    """The customer feed."""
    n = people.size
    name, name_zh = names_of(people, rng)
    rows = np.arange(n)
    person = ~people.company
    nothing = pa.scalar(None, pa.string())
    home = people.head  # a family lives together, a company sits where its owner lives
    spend = people.income // 100 // 100 * 70
    table = {
        "number": numbers_of(rows),
        "kind": words(["person", "organisation"], people.company.astype(np.int64)),
        "name": name, "name_zh": name_zh,
        "sex": where(person, words(["m", "f"], people.woman.astype(np.int64)), nothing),
        "born_on": dates(people.born, known=rng.random(n) < 0.98),
        "lunar_birthday": _lunar_birthdays(plan, people, rng),
        "id_number": _id_numbers(people, rng), "phone": _phones(people, rng), "email": _emails(people, rng),
        "address": _addresses(people.world, home, rng), "district": words([b[2] for b in w.BRANCHES], people.branch % 8),
        "language": words(["zh-hans", "en"], speaks_english(people).astype(np.int64)),
        "occupation": _occupations(plan, people, rng),
        "branch": words([branch_code(b) for b in range(plan.branches)], people.branch),
        "rm": words([rm_code(r) for r in range(plan.rms)], np.maximum(people.rm, 0), known=people.rm >= 0),
        "opened_on": dates(people.since),
        "need": money(spend * 100, known=people.key),
    }  # fmt: skip
    return with_cast(pa.table(table), people)


CAST = [
    ("Chen Guohua", "陈国华", "restaurants 餐饮", "zh-hans", "m", "+86 139 0571 5521"),
    ("Margaret Thornbury-Castellanos", None, "retired surgeon 退休外科医生", "en", "f", "+44 7700 900415"),
    ("Huang Shumin", "黄淑敏", "retired teacher 退休教师", "zh-hans", "f", "+86 137 0571 2208"),
    ("Ouyang Xiuwen", "欧阳秀文", "logistics 物流", "zh-hans", "f", "+86 136 0571 7316"),
    ("Aleksandra Wiśniewska-Kowalczyk", None, "architect 建筑师", "en", "f", "+48 601 555 018"),
    ("Gulnur Abdurehim", "古丽努尔·阿卜杜热依木", "e-commerce 电商", "zh-hans", "f", "+86 158 0571 9042"),
    ("Zhao Qiming", "赵启明", "property 房地产", "zh-hans", "m", "+86 139 0571 8861"),
    ("Robert Keane", None, "pilot 飞行员", "en", "m", "+44 7700 900672"),
    ("Sun Li", "孙丽", "dentist 牙医", "zh-hans", "f", "+86 135 0571 4470"),
]  # fmt: skip


PLACES = (6, 9, 30, 50, 60, 1, 55, 40)  # how far down the book, by wealth, the other eight stand


def cast_rows(people: People) -> Ints:
    """The rows of the nine customers every screenshot shows, all in the first RM's book; the first has a family."""
    book = np.flatnonzero((people.rm == 0) & ~people.company)
    order = book[np.argsort(-people.wealth[book], kind="stable")]
    if len(order) < 70:
        return order[: len(CAST)]
    family = np.bincount(people.head, minlength=people.size)[people.head]
    rich = order[:10]
    star = rich[~people.woman[rich] & (people.world[rich] == CHINESE)]
    taken = [int(star[np.argmax(family[star])]) if len(star) else int(order[0])]
    for member, near in zip(CAST[1:], PLACES, strict=True):
        fits = order[near:][_suits(people, order[near:], member)]
        taken.append(next(int(row) for row in [*fits, *order] if int(row) not in taken))
    return np.array(taken, dtype=np.int64)


def _kin_of_the_first(people: People) -> Flags:
    """The children and parents of the first of the cast, who bear his surname."""
    first = cast_rows(people)[:1]
    kin: Flags = np.isin(people.head, people.head[first]) & ((people.place == CHILD) | (people.place == PARENT))
    return kin


def _suits(people: People, rows: Ints, member: tuple[str | None, ...]) -> Flags:
    """Which of these customers could be that member of the cast: sex, world, and an age at which one has retired."""
    name_zh, occupation, sex = str(member[1] or ""), str(member[2]), member[4]
    world = WESTERN if not name_zh else UYGHUR if "·" in name_zh else CHINESE
    retired = people.work[rows] == PENSIONER
    suits: Flags = (people.woman[rows] == (sex == "f")) & (people.world[rows] == world)
    suits &= retired == occupation.startswith("retired")
    return suits


def with_cast(table: pa.Table, people: People) -> pa.Table:
    """The customer table in which the cast bear their names."""
    rows = cast_rows(people)
    for position, column in enumerate(("name", "name_zh", "occupation", "language", "sex", "phone")):
        values = table[column].combine_chunks()
        new = pa.array([member[position] for member in CAST[: len(rows)]], pa.string())
        index = np.full(len(values), -1, dtype=np.int64)
        index[rows] = np.arange(len(rows))
        replaced = pc.if_else(pa.array(index >= 0), new.take(pa.array(np.maximum(index, 0))), values)
        table = table.set_column(table.schema.get_field_index(column), column, replaced)
    return table


def _lunar_birthdays(plan: Plan, people: People, rng: np.random.Generator) -> pa.Array:
    """Part of the older Chinese customers keep the lunar birthday; converted by a proven library."""
    old = people.born < day_number(plan.until) - 50 * 365
    keeps = old & (people.world == CHINESE) & ~people.company & people.key & (rng.random(people.size) < 0.3)
    keeps &= np.cumsum(keeps) <= LUNAR_AT_MOST
    born = people.born[keeps]
    found: list[str | None] = [None]
    index = np.zeros(people.size, dtype=np.int64)
    index[keeps] = np.arange(1, len(born) + 1)
    found.extend(_lunar(int(day)) for day in born)
    return words(found, index)


@cache
def _lunar(day: int) -> str:
    from lunar_python import Solar

    on = day_of(day)
    lunar = Solar.fromYmd(on.year, on.month, on.day).getLunar()
    month = lunar.getMonth()
    return f"{'L' if month < 0 else ''}{abs(month):02d}-{lunar.getDay():02d}"


def _id_numbers(people: People, rng: np.random.Generator) -> pa.Array:
    """Eighteen digits with a right check digit, of a region that does not exist (990000 and on)."""
    n = people.size
    dates_ = people.born.astype("datetime64[D]")
    year = dates_.astype("datetime64[Y]").astype(np.int64) + 1970
    month = dates_.astype("datetime64[M]").astype(np.int64) % 12 + 1
    day = (dates_ - dates_.astype("datetime64[M]")).astype(np.int64) + 1
    serial = rng.integers(0, 500, n) * 2 + np.where(people.woman, 0, 1)
    body = ((990_000 + people.branch) * 10**8 + year * 10_000 + month * 100 + day) * 1000 + serial
    total = np.zeros(n, dtype=np.int64)
    rest = body.copy()
    for place in range(17):  # ISO 7064 MOD 11-2, from the right
        total += rest % 10 * (2 ** (place + 1) % 11)
        rest //= 10
    check = words(list("0123456789X"), (12 - total % 11) % 11)
    return where(~people.company, joined(codes("", body, 17), check), codes("9133", rng.integers(0, 10**14, n), 14))


def _phones(people: People, rng: np.random.Generator) -> pa.Array:
    """Mobile numbers of China, and of the ranges Britain and America keep for fiction."""
    n = people.size
    starts = ["134", "135", "136", "137", "138", "139", "150", "151", "158", "159", "186", "188", "189"]
    chinese = joined(
        "+86 ", words(starts, rng.integers(0, len(starts), n)), " ", codes("", rng.integers(0, 10_000, n), 4), " ",
        codes("", rng.integers(0, 10_000, n), 4),
    )  # fmt: skip
    british = joined("+44 7700 900", codes("", rng.integers(0, 1000, n), 3))
    american = joined("+1 ", codes("", rng.integers(201, 990, n), 3), " 555 01", codes("", rng.integers(0, 100, n), 2))
    foreign = where(rng.random(n) < 0.5, british, american)
    return where((people.world == WESTERN) & (rng.random(n) < 0.6), foreign, chinese)


def _emails(people: People, rng: np.random.Generator) -> pa.Array:
    """Addresses in the domains that belong to nobody; not everybody has one."""
    domain = words(["example.com", "example.net", "example.org"], rng.integers(0, 3, people.size))
    address = joined("c", codes("", np.arange(people.size) + 1, 7), "@", domain)
    return where(rng.random(people.size) < 0.7, address, pa.scalar(None, pa.string()))


def _addresses(world: Ints, home: Ints, rng: np.random.Generator) -> pa.Array:
    """Postal addresses written as the customer would; drawn per home, so that a family shares one."""
    n = len(world)
    street, house = rng.integers(0, len(w.STREETS), n)[home], rng.integers(1, 300, n)[home]
    block, room = rng.integers(1, 12, n)[home], (rng.integers(1, 30, n) * 100 + rng.integers(1, 5, n))[home]
    number = pa.array(house).cast(pa.string())
    chinese = joined(
        words([zh for zh, _en in w.STREETS], street), number, "号", pa.array(block).cast(pa.string()), "幢",
        pa.array(room).cast(pa.string()), "室",
    )  # fmt: skip
    western = joined(
        "Flat ", pa.array(room).cast(pa.string()), ", ", number, " ", words([en for _z, en in w.STREETS], street)
    )
    return where(world == WESTERN, western, chinese)


def _both(pairs: Sequence[tuple[str, str]]) -> list[str]:
    return [f"{en} {zh}" for en, zh in pairs]


def _occupations(plan: Plan, people: People, rng: np.random.Generator) -> pa.Array:
    n = people.size
    trade, shop = rng.integers(0, len(w.OCCUPATIONS), n), rng.integers(0, len(w.OCCUPATIONS_OWNER), n)
    employee, owner = words(_both(w.OCCUPATIONS), trade), words(_both(w.OCCUPATIONS_OWNER), shop)
    work = where(people.work == OWNER, owner, employee)
    retired = words([f"retired {en} 退休{zh}" for en, zh in w.OCCUPATIONS], trade)
    work = where(people.work == PENSIONER, retired, work)
    minor = people.born > day_number(plan.until) - 20 * 365
    nothing = pa.scalar(None, pa.string())
    return where(people.company, nothing, where(minor, "student 学生", work))


def relation_table(people: People, rng: np.random.Generator) -> pa.Table:
    """Families and companies: who is what to whom, with a role at both ends."""
    rows = np.flatnonzero(people.company | (people.place != ALONE))
    head = people.head[rows]
    rows, head = rows[rows != head], head[rows != head]
    firm, place = people.company[rows], people.place[rows]
    woman, other_woman = people.woman[rows].astype(np.int64), people.woman[head].astype(np.int64)
    kind = np.where(firm, 4, place)
    roles = ["", "", "husband", "wife", "son", "daughter", "father", "mother", "company", "company"]
    other = ["", "", "husband", "wife", "father", "mother", "son", "daughter", "owner", "owner"]
    share = rng.integers(3, 11, len(rows)) * 100_000
    return pa.table({
        "customer": numbers_of(rows), "other": numbers_of(head), "role": words(roles, kind * 2 + woman),
        "other_role": words(other, kind * 2 + other_woman), "household": pa.array(~firm), "share": rates(share, known=firm),
    })  # fmt: skip


def risk_profile_table(plan: Plan, people: People, expiring: Ints, rng: np.random.Generator) -> pa.Table:
    """Risk profiles of most key customers and some others, valid a year; `expiring` rows end in the coming weeks."""
    until = day_number(plan.until)
    has = (people.key | (rng.random(people.size) < 0.15)) & (rng.random(people.size) < 0.92)
    has[expiring] = True
    valid = until + rng.integers(45, 365, people.size)
    lapsed = rng.random(people.size) < 0.08
    valid = np.where(lapsed, until - rng.integers(40, 300, people.size), valid)
    valid[expiring] = until + rng.integers(2, 25, len(expiring))
    rows = np.flatnonzero(has)
    level = pick(rng, [0.15, 0.30, 0.30, 0.18, 0.07], len(rows))
    return pa.table({
        "customer": numbers_of(rows), "level": words(["C1", "C2", "C3", "C4", "C5"], level),
        "assessed_on": dates(valid[rows] - 365), "valid_until": dates(valid[rows]),
    })  # fmt: skip
