"""The words of the language in Swedish and English: two tables over one grammar.

Each entry lists the forms that are understood; the first is the one that the printer writes.
The parser, the printer, the finder of near misses and the manual all read these tables.
"""

from collections.abc import Mapping
from typing import Literal

from dsl.numbers import Language

Forms = Mapping[Language, tuple[str, ...]]


def _both(sv: str, en: str) -> Forms:
    """Forms separated by ``|``, the canonical one first."""
    return {"sv": tuple(sv.split("|")), "en": tuple(en.split("|"))}


# Words that open a line.
HEADS: Mapping[str, Forms] = {
    "RULESET": _both("regelverk", "ruleset"),
    "YEAR": _both("budgetår", "budget year"),
    "DECISION": _both("beslut", "decision"),
    "RECIPIENTS": _both("mottagare", "recipients"),
    "OTHERS": _both("övriga mottagare", "other recipients"),
    "ROUND": _both("avrunda", "round"),
    "STATISTIC": _both("underlag", "statistic"),
    "FROM": _both("från", "from"),
    "FROM_RULESET": _both("från regelverket", "from ruleset"),
    "SOURCE": _both("källa", "source"),
    "AS_OF": _both("avser", "as of"),
    "RECOVERED": _both("återskapat", "recovered"),
    "AT_LEAST": _both("minst", "at least"),
    "AT_MOST": _both("högst", "at most"),
    "APPROPRIATION": _both("anslag", "appropriation"),
    "POST": _both("post", "item"),
    "POT": _both("pott", "pot"),
    "ADJUST": _both("justera", "adjust"),
    "AMOUNT": _both("belopp", "amount"),
    "VALUE": _both("värde", "value"),
    "CHECK": _both("kontroll", "check"),
    "TABLE": _both("tabell", "table"),
    "COLUMN": _both("kolumn", "column"),
    "SUM": _both("summa", "total"),
    "FACIT": _both("facit", "published"),
    "REMARK": _both("anmärkning", "remark"),
    "LIST": _both("lista", "list"),
    "STEPS": _both("trappa", "steps"),
    "BELOW": _both("under", "below"),
    "FROM_VALUE": _both("från och med", "from and including"),
    "SUMS_TO": _both("summerar till", "sums to"),
    "BUILDS_ON": _both("bygger på", "builds on"),
    "REPLACES": _both("ersätter", "replaces"),
    "IN_FORCE": _both("gäller från", "in force from"),
    "AMENDMENT": _both("ändring från", "amendment from"),
    "WHAT_IF": _both("om", "what if"),
    "AMEND": _both("ändra", "amend"),
    "DELETE": _both("stryk", "delete"),
    "GROWS": _both("växer med", "grows by"),
    "FALLS": _both("minskar med", "falls by"),
    "DIMENSION": _both("indelning", "dimension"),
    "ROW_PER": _both("en rad per", "one row per"),
    "ALWAYS": _both("alltid", "always"),
}

# Words that stand within a line and end a name.
INNER: Mapping[str, Forms] = {
    "TO_EACH": _both("till varje", "to each"),
    "TO": _both("till", "to"),
    "BY": _both("efter", "by"),
    "REST": _both("resten", "rest|the rest"),
    "ALL": _both("allt", "all|everything"),
    "SHARE": _both("andel", "share of"),
    "ALL_POSTS": _both("summan av alla poster", "sum of all items"),
    "SUM_OF": _both("summan av", "sum of"),
    "SUM_TO": _both("summan till", "sum to"),
    "PER": _both("per", "per"),
    "AS": _both("som", "as"),
    "KR": _both("kr|kronor|krona", "kr|kronor|krona|SEK"),
    "ORE": _both("öre", "öre"),
    "WITH": _both("med", "with"),
    "DECIMALS": _both("decimaler|decimal", "decimals|decimal"),
    "LARGEST_REMAINDER": _both("största rest", "largest remainder"),
    "SAINTE_LAGUE": _both("uddatalsmetoden", "Sainte-Laguë|Sainte-Lague|Webster"),
    "NEAREST_DIFFERENCE": _both("närmast, skillnaden till", "nearest, difference to"),
    "NEAREST": _both("närmast", "nearest"),
    "DOWN_REST": _both("nedåt, resten till", "down, rest to"),
    "DOWN": _both("nedåt", "down"),
    "UP": _both("uppåt", "up"),
    "LARGEST": _both("den största", "the largest"),
    "EQUALLY": _both("lika till varje", "equally to each"),
    "EACH_ONE": _both("var", "each"),
    "OR": _both("eller", "or"),
    "MIX": _both("blandning", "mix"),
    "PHASE_IN": _both("infasning", "phase-in"),
    "OVER": _both("över", "over"),
}

# Of these, words that nothing can have after a name: they are reserved only as its beginning.
FREE_WITHIN_NAMES = ("SHARE", "PER")

# Words that can stand only where no name does (after a comma, a number or an axis), or where the
# only name is that of a demand.
OPTIONS: Mapping[str, Forms] = {
    "PAID": _both("redan utbetalt|redan utbetald|redan utbetalda", "already paid"),
    "SAYS": _both("i beslutet står", "the decision says"),
    "IN_PERCENT": _both("i procent", "in percent"),
    "IN_MILLIONS": _both("i miljoner kr", "in millions of kr"),
    "TIES_CODE": _both("vid lika lägst kod", "ties to lowest code"),
    "TIES_LARGEST": _both("vid lika den största", "ties to the largest"),
    "IF": _both("om", "if"),
    "IN_PROPORTION": _both(
        "i proportion om potten inte räcker", "in proportion if the pot falls short"
    ),
    "WITHIN_EACH": _both("inom varje", "within each"),
    "UP_TO": _both("upp till", "up to"),
    "GIVES": _both("ger", "gives"),
    "AND": _both("och", "and"),
    "MORE_OF": _both("mer", "more"),
    "EQUAL_OF": _both("lika", "equal"),
    "DOUBLE_OF": _both("dubbel", "double"),
    "GIVES_NO_LESS": _both("ger aldrig mindre", "never gives less"),
    "GIVES_EQUAL": _both("ger lika", "gives equal"),
    "GIVES_SAME": _both("ger samma", "gives the same"),
    "FROM_POT": _both("ur", "from"),
}

# How a claim about what recipients get begins and ends, around the name that it is about.
BEHAVIOURS: Mapping[Literal["more", "equal", "double"], tuple[str, str]] = {
    "more": ("MORE_OF", "GIVES_NO_LESS"),
    "equal": ("EQUAL_OF", "GIVES_EQUAL"),
    "double": ("DOUBLE_OF", "GIVES_SAME"),
}

KEYWORDS: Mapping[str, Forms] = {**HEADS, **INNER, **OPTIONS}

# Kinds of recipients that the language knows: plural, singular, definite plural, then other forms.
NOUNS: Mapping[str, Forms] = {
    "region": _both("regioner|region|regionerna", "regions|region|the regions"),
    "county": _both("län|län|länen", "counties|county|the counties"),
    "municipality": _both(
        "kommuner|kommun|kommunerna", "municipalities|municipality|the municipalities"
    ),
    "recipient": _both("mottagare|mottagare|mottagarna", "recipients|recipient|the recipients"),
}

# Units of measure: as written after a number, as written after “per”, then other forms.
UNITS: Mapping[str, Forms] = {
    "kr": _both("kr|kr|kronor|krona", "kr|kr|kronor|krona|SEK"),
    "person": _both("personer|person|invånare", "persons|person|people|inhabitants"),
    "count": _both("antal|antal|st|stycken", "count|count|counts|number"),
    "share": _both("andel|andel|andelar", "share|share|shares"),
    "percent": _both(
        "procent|procent|%|procentenheter|procentenhet",
        "percent|percent|%|per cent|percentage points|percentage point",
    ),
    "point": _both("poäng|poäng", "points|point"),
    "hour": _both("timmar|timme", "hours|hour"),
    "day": _both("dagar|dag", "days|day"),
    "km2": _both("km²|km²|km2|kvadratkilometer", "km²|km²|km2"),
}

# Numerals of shares: (numerator, denominator) of a pot.
PARTS: Mapping[tuple[int, int], Forms] = {
    (1, 2): _both("hälften", "half"),
    (1, 3): _both("en tredjedel", "one third|a third"),
    (2, 3): _both("två tredjedelar", "two thirds"),
    (1, 4): _both("en fjärdedel", "one quarter|a quarter"),
    (3, 4): _both("tre fjärdedelar", "three quarters"),
}

# Scales are understood only to be refused with the number written out.
SCALES: Mapping[Language, Mapping[str, tuple[int, str]]] = {
    "sv": {
        "tusen": (10**3, ""),
        "miljoner": (10**6, ""),
        "miljon": (10**6, ""),
        "miljarder": (10**9, ""),
        "miljard": (10**9, ""),
        "tkr": (10**3, "kr"),
        "mnkr": (10**6, "kr"),
        "mkr": (10**6, "kr"),
        "mdkr": (10**9, "kr"),
        "msek": (10**6, "kr"),
        "mdr": (10**9, ""),
        "mn": (10**6, ""),
    },
    "en": {
        "thousand": (10**3, ""),
        "million": (10**6, ""),
        "millions": (10**6, ""),
        "billion": (10**9, ""),
        "tkr": (10**3, "kr"),
        "mkr": (10**6, "kr"),
        "mnkr": (10**6, "kr"),
        "msek": (10**6, "kr"),
    },
}

# Words that experts write for ours: understood well enough to propose the right one. The words of
# the other language need not stand here, nor misspelt ones; nothing means that they go out.
SYNONYMS: Mapping[Language, Mapping[str, str]] = {
    "sv": {
        # to share by
        "enligt": "efter",
        "utifrån": "efter",
        "baserat på": "efter",
        "baserad på": "efter",
        "i proportion till": "efter",
        "i förhållande till": "efter",
        "proportionellt mot": "efter",
        "proportionellt efter": "efter",
        "viktat efter": "efter",
        "med avseende på": "efter",
        "beroende på": "efter",
        "fördelas efter": "efter",
        "fördelas enligt": "efter",
        "fördelat efter": "efter",
        "fördelad efter": "efter",
        "fördelade efter": "efter",
        # the rest, all, parts
        "återstoden": "resten",
        "återstående": "resten",
        "återstående medel": "resten",
        "återstående belopp": "resten",
        "övrigt": "resten",
        "överskottet": "resten",
        "resterande": "resten",
        "resterande medel": "resten",
        "resterande belopp": "resten",
        "kvarvarande medel": "resten",
        "det som återstår": "resten",
        "det som blir över": "resten",
        "det som är kvar": "resten",
        "rest": "resten",
        "alltihop": "allt",
        "alla medel": "allt",
        "hela potten": "allt",
        "hela beloppet": "allt",
        "halva": "hälften",
        "halva potten": "hälften",
        "halva beloppet": "hälften",
        "hälften av potten": "hälften",
        "en halv": "hälften",
        "tredjedelen": "en tredjedel",
        "fjärdedelen": "en fjärdedel",
        "av potten": "",
        "av beloppet": "",
        "av medlen": "",
        # to each
        "till alla": "till varje",
        "till samtliga": "till varje",
        "till respektive": "till varje",
        "åt varje": "till varje",
        "för varje": "till varje",
        "per region": "till varje region",
        "per län": "till varje län",
        "per kommun": "till varje kommun",
        "per mottagare": "till varje mottagare",
        "till var och en": "till varje mottagare",
        "vardera": "till varje mottagare",
        "var": "till varje mottagare",
        # within each area
        "inom respektive": "inom varje",
        "inom vart och ett av": "inom varje",
        "i varje": "inom varje",
        "i respektive": "inom varje",
        "inom länen": "inom varje län",
        "inom län": "inom varje län",
        "inom regionerna": "inom varje region",
        "inom regioner": "inom varje region",
        ", efter": " efter",
        "åt": "till",
        "går till": "till",
        "betalas till": "till",
        "överförs till": "till",
        # paid
        "utbetalt": "redan utbetalt",
        "utbetalat": "redan utbetalt",
        "redan utbetalat": "redan utbetalt",
        "redan betalt": "redan utbetalt",
        "tidigare utbetalt": "redan utbetalt",
        "hittills utbetalt": "redan utbetalt",
        "(redan utbetalt)": ", redan utbetalt",
        # rounding
        "avrundning": "avrunda",
        "avrundas": "avrunda",
        "avrundat": "avrunda",
        "avrunda enligt": "avrunda",
        "avrunda med": "avrunda",
        "avrunda uppåt": "avrunda till 1 kr, uppåt",
        "till hela kronor": "till 1 kr",
        "hela kronor": "1 kr",
        "till närmaste krona": "till 1 kr, närmast, skillnaden till den största",
        "belopp till närmaste krona": "belopp till 1 kr, närmast",
        "närmaste": "närmast",
        "webster": "uddatalsmetoden",
        "udda tal": "uddatalsmetoden",
        "uddatal": "uddatalsmetoden",
        "sainte-laguë": "uddatalsmetoden",
        "sainte-lague": "uddatalsmetoden",
        "sainte lague": "uddatalsmetoden",
        "hamilton": "största rest",
        "största resten": "största rest",
        "skillnaden på": "skillnaden till",
        "differensen till": "skillnaden till",
        "resten på": "resten till",
        # heads
        "pot": "pott",
        "ram": "pott",
        "summa pengar": "pott",
        "statistik": "underlag",
        "data": "underlag",
        "indata": "underlag",
        "nyckel": "underlag",
        "fil": "från",
        "filen": "från",
        "ur": "från",
        "hämtas från": "från",
        "hämtat från": "från",
        "anslagspost": "post",
        "anslagsposten": "post",
        "år": "budgetår",
        "dnr": "beslut",
        "diarienummer": "beslut",
        "regeringsbeslut": "beslut",
        "regel": "regelverk",
        "regelverket": "regelverk",
        "variabel": "värde",
        "kontrollera": "kontroll",
        "kontrollsumma": "kontroll",
        "totalt": "summa",
        "total": "summa",
        "fotnot": "anmärkning",
        "övriga": "övriga mottagare",
        "andra mottagare": "övriga mottagare",
        # units and recipients
        "sek": "kr",
        "landsting": "regioner",
        "landstingen": "regioner",
        "sjukvårdsregioner": "regioner",
        "regionen": "region",
        "kommunen": "kommun",
        # in a formula
        "gånger": "×",
        "multiplicerat med": "×",
        "plus": "+",
        "minus": "−",
        "delat med": "/",
        "dividerat med": "/",
        "är": "=",
        "ska vara": "=",
        "är lika med": "=",
        "blir": "=",
        "högst lika med": "≤",
        "andel av": "andel",
        "andelen": "andel",
        "andelen av": "andel",
        "summa av": "summan av",
        "totala": "summan av",
        "summan": "summan av",
        "x": "×",
        "i region": "per region",
        "i län": "per län",
        "i kommun": "per kommun",
        "/region": " per region",
        "/län": " per län",
        "/kommun": " per kommun",
        "antal personer": "personer",
        "antal invånare": "personer",
        "och": "+",
        # bounds and comparisons
        "dock minst": "minst",
        "dock lägst": "minst",
        "dock högst": "högst",
        "lägst": "minst",
        "som lägst": "minst",
        "inte mindre än": "minst",
        "ingen mindre än": "minst",
        "som mest": "högst",
        "maximalt": "högst",
        "inte mer än": "högst",
        "ingen mer än": "högst",
        "når": "≥",
        "uppnår": "≥",
        "uppgår till minst": "≥",
        "är minst": "≥",
        "är högst": "≤",
        "överstiger": ">",
        "understiger": "<",
        "är större än": ">",
        "är mindre än": "<",
        "större än": ">",
        "mindre än": "<",
        # demands
        "garantera": "alltid",
        "aldrig mer än": "≤",
        "är aldrig mer än": "≤",
        "överstiger aldrig": "≤",
        "aldrig mindre än": "≥",
        "är aldrig mindre än": "≥",
        "understiger aldrig": "≥",
        "alltid fler": "alltid mer",
        "alltid mera": "alltid mer",
        "alltid större": "alltid mer",
        "alltid högre": "alltid mer",
        "alltid samma": "alltid lika",
        "alltid lika stor": "alltid lika",
        "alltid lika många": "alltid lika",
        "alltid dubbla": "alltid dubbel",
        "alltid dubbelt": "alltid dubbel",
        "alltid dubbelt så många": "alltid dubbel",
        "alltid dubbelt så stor": "alltid dubbel",
        "ger inte mindre": "ger aldrig mindre",
        "ger minst lika mycket": "ger aldrig mindre",
        "ger lika mycket": "ger lika",
        "ger samma belopp": "ger samma",
        "ger samma resultat": "ger samma",
        "mindre i": "mindre ur",
        "lika i": "lika ur",
        "samma i": "samma ur",
        "mindre från": "mindre ur",
        "lika från": "lika ur",
        "samma från": "samma ur",
    },
    "en": {
        "according to": "by",
        "based on": "by",
        "on the basis of": "by",
        "in proportion to": "by",
        "proportional to": "by",
        "in relation to": "by",
        "allocated by": "by",
        "distributed by": "by",
        "shared by": "by",
        "split by": "by",
        "remainder": "rest",
        "remaining": "rest",
        "the remainder": "rest",
        "the remaining": "rest",
        "remaining funds": "rest",
        "what is left": "rest",
        "whole pot": "all",
        "the whole pot": "all",
        "half of the pot": "half",
        "a half": "half",
        "one half": "half",
        "of the pot": "",
        "to every": "to each",
        "to all": "to each",
        "for each": "to each",
        "per region": "to each region",
        "per county": "to each county",
        "per municipality": "to each municipality",
        "per recipient": "to each recipient",
        "each": "to each recipient",
        "apiece": "to each recipient",
        "goes to": "to",
        "go to": "to",
        "paid": "already paid",
        "previously paid": "already paid",
        "(already paid)": ", already paid",
        "rounding": "round",
        "rounded": "round",
        "round by": "round",
        "round using": "round",
        "whole kronor": "1 kr",
        "to the nearest krona": "to 1 kr, nearest, difference to the largest",
        "amount to the nearest krona": "amount to 1 kr, nearest",
        "hamilton": "largest remainder",
        "largest remainders": "largest remainder",
        "st lague": "Sainte-Laguë",
        "sainte lague": "Sainte-Laguë",
        "sainte laguë": "Sainte-Laguë",
        "pool": "pot",
        "fund": "pot",
        "data": "statistic",
        "key": "statistic",
        "input": "statistic",
        "file": "from",
        "year": "budget year",
        "fiscal year": "budget year",
        "rules": "ruleset",
        "rule set": "ruleset",
        "variable": "value",
        "assert": "check",
        "others": "other recipients",
        "note": "remark",
        "footnote": "remark",
        "in each": "within each",
        "inside each": "within each",
        "within every": "within each",
        "within the counties": "within each county",
        "within counties": "within each county",
        "within the regions": "within each region",
        "within regions": "within each region",
        ", by": " by",
        "x": "×",
        "times": "×",
        "multiplied by": "×",
        "plus": "+",
        "minus": "−",
        "divided by": "/",
        "/region": " per region",
        "/county": " per county",
        "is": "=",
        "equals": "=",
        "must be": "=",
        "share": "share of",
        "the share of": "share of",
        "sum": "sum of",
        "the sum of": "sum of",
        "total of": "sum of",
        "and": "+",
        "is at least": "≥",
        "is at most": "≤",
        "exceeds": ">",
        "is more than": ">",
        "is less than": "<",
        # demands
        "guarantee": "always",
        "never more than": "≤",
        "is never more than": "≤",
        "never exceeds": "≤",
        "never less than": "≥",
        "is never less than": "≥",
        "never falls below": "≥",
        "always greater": "always more",
        "always larger": "always more",
        "always a larger": "always more",
        "always higher": "always more",
        "always the same": "always equal",
        "always twice the": "always double",
        "always doubled": "always double",
        "never less": "never gives less",
        "gives never less": "never gives less",
        "gives no less": "never gives less",
        "gives at least as much": "never gives less",
        "gives equally": "gives equal",
        "gives as much": "gives equal",
        "gives same": "gives the same",
        "gives less in": "gives less from",
        "gives less out of": "gives less from",
        "equal in": "equal from",
        "equal out of": "equal from",
        "the same in": "the same from",
        "the same out of": "the same from",
    },
}

# Words between a recipient and an amount, in a line that has them the wrong way round.
GETS: Mapping[Language, tuple[str, ...]] = {
    "sv": ("får", "ska få", "erhåller", "tilldelas", "ges"),
    "en": ("gets", "receives", "is given", "is allocated"),
}

# Words for no part at all: in a formula, 0 %.
NOTHING: Mapping[Language, tuple[str, ...]] = {
    "sv": ("inget", "ingenting", "noll", "ingen"),
    "en": ("nothing", "none", "zero"),
}

RELATIONS: Mapping[str, tuple[str, ...]] = {
    "equal": ("=",),
    "at_most": ("≤", "<="),
    "at_least": ("≥", ">="),
    "less": ("<",),
    "more": (">",),
}


def canonical(token: str, language: Language) -> str:
    """The form of a keyword that the printer writes."""
    return KEYWORDS[token][language][0]


def key_of(table: Mapping[str, Forms], text: str, language: Language) -> str | None:
    """The language-neutral key of a word in one of the tables, or None."""
    wanted = text.casefold()
    for key, forms in table.items():
        if any(form.casefold() == wanted for form in forms[language]):
            return key
    return None


def as_number(word: str, language: Language) -> str | None:
    """What a part of a whole is in a formula: “hälften” is 50 %, “inget” is 0 %."""
    text = word.casefold()
    if text in NOTHING[language]:
        return "0 %"
    if text in INNER["ALL"][language]:
        return "100 %"
    part = next((one for one, forms in PARTS.items() if text in forms[language]), None)
    if part is None:
        return None
    above, below = part
    return f"{above} / {below}" if 100 % below else f"{100 * above // below} %"
